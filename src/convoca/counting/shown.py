"""What is said of one action, in words: for its public page, and for the desk."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action
from convoca.counting.models import Claim, Estimate, Photo, Report
from convoca.counting.models.claim import ClaimQuerySet
from convoca.counting.models.report import WAITED_FOR, is_reported_by_hosts
from convoca.counting.tally.rows import Figure, Range, voice_of
from convoca.counting.tally.words import counted_people, people_words, range_words
from convoca.pages.public import draw_again_at

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,'’\s\u00a0\u202f](?=\d{3}\b)")
_BETWEEN_NUMBERS = re.compile(r"\s*(?:-|–|to)\s*")


@dataclass(frozen=True)
class ShownEstimate:
    """A figure, and how it was arrived at."""

    row: Estimate

    @property
    def people(self) -> str:
        return range_words(self.row.low, self.row.high)

    @property
    def words(self) -> str:
        """As its source wrote it, where that says more than the numbers do."""
        row = self.row
        numbers = {str(one) for one in (row.low, row.high) if one is not None}
        plain = _BETWEEN_DIGITS.sub("", row.words.strip())
        said = set(_BETWEEN_NUMBERS.split(plain))
        return "" if said == numbers and row.high is not None else row.words

    @property
    def is_struck(self) -> bool:
        return self.row.set_aside_at is not None


@dataclass(frozen=True)
class ShownClaim:
    """What one source says."""

    claim: Claim
    estimates: Sequence[ShownEstimate]
    reasons: str = ""
    """Why it is of its action, where somebody or a score said so and it is told."""

    @property
    def who(self) -> str:
        return str(self.claim.source)

    @property
    def kind(self) -> str:
        """What kind of source it is, where its name does not say so."""
        return str(self.claim.source.get_kind_display()) if self.claim.source.name else ""

    @property
    def is_called_off(self) -> bool:
        return self.claim.state == Claim.State.CANCELLED

    @property
    def links(self) -> list[str]:
        """Where its source says it: on the web, nowhere else may a list lead."""
        return [one for one in map(str, self.claim.urls) if one.startswith(("https://", "http://"))]

    @property
    def is_without_original(self) -> bool:
        """Whether nothing leads to where its source says it."""
        return not (self.links or any(one.row.url for one in self.estimates))

    @property
    def figures(self) -> Iterable[Figure]:
        """What counts of it."""
        if self.is_called_off:
            return
        for one in self.estimates:
            row = one.row
            if not one.is_struck:
                yield Figure(
                    pk=row.pk,
                    low=row.low,
                    high=row.high,
                    method=row.method,
                    voice=voice_of(row.method, self.claim.source.kind),
                )


@dataclass
class Told:
    """All that is said of an action."""

    action: Action
    claims: list[ShownClaim] = field(default_factory=list)

    @cached_property
    def report(self) -> Report | None:
        return Report.objects.filter(action=self.action).first()

    @property
    def is_asked_of_hosts(self) -> bool:
        return is_reported_by_hosts(self.action)

    @property
    def happened(self) -> str:
        """What its hosts say, in a sentence; "no report" where they say nothing."""
        report, action = self.report, self.action
        if report is not None and report.is_sent:
            return {
                Report.Happened.YES: _("It took place."),
                Report.Happened.OTHERWISE: _("It took place, other than planned."),
                Report.Happened.NO: _("It did not take place."),
            }[Report.Happened(report.happened)]
        if not self.is_asked_of_hosts or action.over_at is None:
            return ""
        given_up = action.over_at + WAITED_FOR
        draw_again_at(given_up)
        return _("No report yet.") if given_up > timezone.now() else _("No report.")

    @property
    def sent(self) -> Report | None:
        return self.report if self.report is not None and self.report.is_sent else None

    @cached_property
    def all_photos(self) -> list[Photo]:
        """Those that nobody sees, too: for the desk."""
        return list(self.sent.photos.kept()) if self.sent is not None else []

    @cached_property
    def photos(self) -> list[Photo]:
        return list(self.sent.photos.shown()) if self.sent is not None else []

    @cached_property
    def range(self) -> Range:
        """The lowest and the highest of what counts; never a sum."""
        return Range.around([figure for one in self.claims for figure in one.figures])

    @property
    def people(self) -> str:
        """The range in words; nothing where nobody says how many."""
        found = self.range
        return (
            counted_people(found.low, found.high, people_words(found)) if found != Range() else ""
        )

    @property
    def is_worth_a_part(self) -> bool:
        """Whether the public page has anything to say of it."""
        return bool(self.happened) or any(one.estimates or one.links for one in self.claims)


def told_of(action: Action) -> Told:
    """What stands of it now, its hosts' own words first, in three queries."""
    rows = (
        claims_of(action.pk)
        .select_related("source")
        .prefetch_related(Prefetch("estimates", Estimate.objects.named()))
        .order_by("pk")
    )
    claims = [ShownClaim(row, [ShownEstimate(e) for e in row.estimates.all()]) for row in rows]
    claims.sort(key=lambda one: one.claim.source.kind != "hosts")
    return Told(action, claims)


def claims_of(pk: int) -> ClaimQuerySet:
    """Of it, and of what turned out to be it."""
    return Claim.objects.standing().filter(Q(action=pk) | Q(action__same_as=pk))


def tags_of(pk: int) -> list[str]:
    """What all of this is kept by."""
    same = Action.objects.filter(same_as=pk).values_list("pk", flat=True)
    sources = claims_of(pk).values_list("source", flat=True)
    return [
        *(f"claims:{one}" for one in (pk, *same)),
        *(f"source:{one}" for one in sorted(set(sources))),
    ]
