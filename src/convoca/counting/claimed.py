"""What everybody may read of the claims of one action: who says what, and why they are of one."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from convoca.counting.linking import wording
from convoca.counting.linking.reasons import Reason
from convoca.counting.models import Claim, Estimate, Link
from convoca.counting.shown import ShownClaim, ShownEstimate
from convoca.counting.tally import Counted


def of_action(one: Counted) -> list[ShownClaim]:
    """All that stands of what was said of it. Four queries."""
    claims = (
        Claim.objects.filter(pk__in=[claim.pk for claim in one.claims])
        .select_related("source", "place")
        .prefetch_related(Prefetch("estimates", Estimate.objects.named()))
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
