"""A publication in a reader's words."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.campaigns.front import Reader
from convoca.campaigns.poster import label_of
from convoca.core.dates import moment_words, number_words
from convoca.counting.models import Publication
from convoca.counting.notes import Part, counted_once, notes, parts
from convoca.counting.results import Row, bar
from convoca.counting.tally import Tally
from convoca.counting.tally.words import tally_people, tally_words
from convoca.places.names import country_name

WHAT = {
    "actions": gettext_lazy("Actions"),
    "reported": pgettext_lazy("actions", "Reported"),
    "unknown": gettext_lazy("Number unknown"),
    "to_come": gettext_lazy("Still to come"),
    "called_off": gettext_lazy("Called off"),
    "low": gettext_lazy("People, low total"),
    "high": gettext_lazy("People, high total"),
    "set_aside": gettext_lazy("Figures set aside"),
}


@dataclass(frozen=True)
class Correction:
    """What a publication says otherwise than the one before."""

    where: str
    what: str
    was: str
    now: str


@dataclass(frozen=True)
class ShownPublication:
    """Totals as they stood."""

    row: Publication
    who: Reader

    @property
    def url(self) -> str:
        campaign = self.row.campaign
        return reverse("counting:publication", args=[campaign.code, campaign.slug(), self.row.code])

    @property
    def as_of(self) -> str:
        """The instant in UTC, the same for every reader."""
        return moment_words(self.row.published_at, "UTC", self.who.language)

    @property
    def of_what(self) -> str:
        one = self.row.moment
        return str(label_of(one, self.who.language, self.who.fallbacks)) if one else ""

    @cached_property
    def tally(self) -> Tally:
        return Tally.from_json(self.row.figures["total"])

    @property
    def people(self) -> str:
        return tally_words(self.tally)

    @property
    def counted_people(self) -> str:
        return tally_people(self.tally)

    @property
    def parts(self) -> list[Part]:
        return parts(self.tally)

    @property
    def once(self) -> str:
        return counted_once(self.tally)

    @property
    def notes(self) -> list[str]:
        figures = self.row.figures
        return notes(self.tally, unplaced=figures["unplaced"], elsewhere=figures["elsewhere"])

    @property
    def countries(self) -> list[Row]:
        found = {code: Tally.from_json(one) for code, one in self.row.figures["countries"].items()}
        widest = max((one.high for one in found.values()), default=0)
        return [Row(self._country(code), "", one, bar(one, widest)) for code, one in found.items()]

    @property
    def corrections(self) -> list[Correction]:
        return [
            Correction(
                self._country(one["country"]) if one["country"] else _("In all"),
                str(WHAT[one["what"]]),
                number_words(one["was"]),
                number_words(one["now"]),
            )
            for one in self.row.corrections
            if one["what"] in WHAT
        ]

    def _country(self, code: str) -> str:
        return country_name(code, self.who.language) if code.strip("-") else _("Online")
