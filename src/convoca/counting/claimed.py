"""What everybody may read of the claims of one action: who says what, and why they are of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from convoca.core.dates import day_words
from convoca.counting.linking import wording
from convoca.counting.linking.reasons import Reason
from convoca.counting.models import Claim, Link
from convoca.counting.shown import ShownEstimate, web_addresses
from convoca.counting.tally import Counted


@dataclass(frozen=True)
class ShownClaim:
    """What one source says of an action."""

    claim: Claim
    estimates: Sequence[ShownEstimate]
    reasons: str
    """Why it is of this action, where somebody or a score said so."""

    @property
    def is_off(self) -> bool:
        return self.claim.state == Claim.State.CANCELLED

    @property
    def day(self) -> str:
        return day_words(self.claim.day) if self.claim.day else ""

    @property
    def links(self) -> list[str]:
        """Where the source says it."""
        return web_addresses(self.claim)


def of_action(one: Counted) -> list[ShownClaim]:
    """All that stands of what was said of it. Four queries."""
    claims = (
        Claim.objects.filter(pk__in=[claim.pk for claim in one.claims])
        .select_related("source", "place")
        .prefetch_related("estimates__set_aside_under__person")
        .order_by("-founds", "pk")
    )
    links = Link.objects.filter(claim__in=claims, action=one.pk, state=Link.State.LINKED)
    why = {link.claim_id: _why(link) for link in links}
    return [
        ShownClaim(
            claim,
            [ShownEstimate(estimate) for estimate in claim.estimates.all()],
            why.get(claim.pk, ""),
        )
        for claim in claims
    ]


def _why(link: Link) -> str:
    """The reasons of the score; a person's word, where it was a person."""
    reasons = [Reason(code, tuple(values)) for code, *values in link.reasons]
    words = wording.sentence(reasons) if reasons else ""
    if link.decided_under_id is None:
        return words
    said = _("a person looked at it")
    return _("%(one)s; %(other)s") % {"one": words, "other": said} if words else said
