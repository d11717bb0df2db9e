"""For the desk: which reports speak of an action, who or what linked each, and what came along."""

from dataclasses import dataclass

from convoca.actions.models import Action
from convoca.counting.compared import likely_words, reason_words, shown_claim
from convoca.counting.models import Claim, Link, Source
from convoca.counting.shown import ShownClaim, claims_of


@dataclass(frozen=True)
class Speaks:
    """A report of an action, and how it came to be of it."""

    said: ShownClaim
    link: Link | None
    along: list[Claim]
    """Those that spoke of the same as this one before it was linked: they part with it."""

    @property
    def is_hosts_own(self) -> bool:
        return self.said.claim.source.kind == Source.Kind.HOSTS

    @property
    def likely(self) -> str:
        return likely_words(self.link.score) if self.link else ""

    @property
    def reasons(self) -> str:
        return reason_words(self.link) if self.link and self.link.reasons else ""


def speaking_of(action: Action) -> list[Speaks]:
    """All that stands of what was said of it, what it was made of first. Three queries."""
    rows = claims_of(action.pk).select_related("source", "place", "action")
    claims = list(rows.prefetch_related("estimates").order_by("pk"))
    linked = Link.objects.filter(claim__in=claims, state=Link.State.LINKED)
    links = {one.claim_id: one for one in linked.select_related("action", "decided_under__person")}
    claims.sort(key=lambda one: (one.action_id != action.pk, not one.founds, one.pk))
    return [
        Speaks(
            shown_claim(one),
            links.get(one.pk),
            _along(one, claims) if one.action_id != action.pk and one.founds else [],
        )
        for one in claims
    ]


def _along(founder: Claim, claims: list[Claim]) -> list[Claim]:
    return [one for one in claims if one.action_id == founder.action_id and one.pk != founder.pk]
