"""What a reader gets of a campaign's results, in their language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.campaigns.front import Reader
from convoca.campaigns.models import Campaign, Moment
from convoca.campaigns.poster import Words, label_of
from convoca.core.dates import days_words, moment_words, number_words
from convoca.counting.models import Contest, Showing
from convoca.counting.notes import Part, notes, parts
from convoca.counting.tally import Counted, Ledger, Tally, read, total, totals_by
from convoca.counting.tally.words import tally_people, tally_words
from convoca.network.models import Organisation
from convoca.pages.keeping import Kept
from convoca.pages.public import draw_again_at
from convoca.places.map import Spot
from convoca.places.models import Place
from convoca.places.names import country_name

TAGS = ("claims", "actions", "campaigns", "organisations", "places", "sources", "site")
"""What any page of results shows."""
MOST_ROWS = 300
BAR = 100.0
_ledgers: "Kept[Ledger]" = Kept(most=3)


def ledger_of(campaign: Campaign, moment: Moment | None) -> Ledger:
    """All rows of a campaign or moment; kept while nothing of them changes, as many pages, one
    after the other, are drawn from the same.
    """
    found = _ledgers.get(
        (campaign.pk, moment.pk if moment else None),
        tags=lambda: [*TAGS, f"campaign:{campaign.pk}"],
        make=lambda: read(campaign, moment),
        still=lambda kept: kept.next_at is None or kept.next_at > timezone.now(),
    )
    assert found is not None  # noqa: S101  for types
    draw_again_at(found.next_at)
    return found


@dataclass(frozen=True)
class Bar:
    """A range as a bar, in hundredths of the widest; words for an SVG, free of any locale."""

    start: str
    width: str


@dataclass(frozen=True)
class Row:
    """One line of a table: a country, a city, a moment, an organisation."""

    name: str
    url: str
    tally: Tally
    bar: Bar | None
    lang: str = ""

    @property
    def people(self) -> str:
        return tally_words(self.tally)


@dataclass(frozen=True)
class Results:
    """The results of a campaign, or of one of its moments."""

    campaign: Campaign
    moment: Moment | None
    who: Reader
    ledger: Ledger

    @cached_property
    def tally(self) -> Tally:
        return total(self.ledger.actions)

    @cached_property
    def showing(self) -> Showing | None:
        return Showing.objects.filter(campaign=self.campaign).first()

    @property
    def is_shown(self) -> bool:
        """Whether a steward said that totals are shown, and enough actions have a figure."""
        return self.showing is not None and self.showing.lets_read(self.tally.with_figure)

    # --- words --------------------------------------------------------------------------------

    @property
    def title(self) -> Words:
        return self.who.words(self.campaign.names)

    @property
    def moment_label(self) -> Words | None:
        one = self.moment
        return label_of(one, self.who.language, self.who.fallbacks) if one else None

    @property
    def days(self) -> str:
        one = self.moment
        return days_words(one.starts_on, one.ends_on, self.who.language) if one else ""

    @property
    def contested(self) -> int:
        """How many of its actions have a figure that is contested and not answered yet."""
        open_ones = Contest.objects.open().filter(
            action__attachments__campaign=self.campaign, action__attachments__listed=True
        )
        if self.moment is not None:
            open_ones = open_ones.filter(
                action__attachments__moment=self.moment,
                action__attachments__campaign=self.campaign,
            )
        return open_ones.values("action").order_by().distinct().count()

    @property
    def people(self) -> str:
        return tally_words(self.tally)

    @property
    def counted_people(self) -> str:
        return tally_people(self.tally)

    @property
    def reported(self) -> str:
        """ "412 of 630 actions reported"; before any is over, how many are to come."""
        one = self.tally
        if not one.actions and one.to_come:
            return ngettext(
                "%(number)s action is still to come",
                "%(number)s actions are still to come",
                one.to_come,
            ) % {"number": number_words(one.to_come)}
        words = ngettext(
            "%(reported)s of %(actions)s action reported",
            "%(reported)s of %(actions)s actions reported",
            one.actions,
        )
        return words % {
            "reported": number_words(one.reported),
            "actions": number_words(one.actions),
        }

    @property
    def changed(self) -> str:
        """When something of it last changed."""
        at = self.ledger.changed_at
        return moment_words(at, self.who.network.zone, self.who.language) if at else ""

    @property
    def unplaced(self) -> int:
        return sum(self.ledger.unplaced.values())

    @property
    def notes(self) -> list[str]:
        """What is not known, what is left out, and what waits; each a sentence with its number."""
        return notes(self.tally, unplaced=self.unplaced, elsewhere=self.ledger.elsewhere)

    @property
    def parts(self) -> list[Part]:
        return parts(self.tally)

    # --- addresses ----------------------------------------------------------------------------

    def address(self, name: str = "results", *last: str, **query: object) -> str:
        """A page of these results: `results`, `counted-actions`, `results-csv` …; `last` is what
        its address ends with.
        """
        args = [self.campaign.code, self.campaign.slug()]
        if self.moment is not None:
            name, args = f"{name}-of-moment", [*args, self.moment.code]
        args += last
        asked = urlencode({key: value for key, value in query.items() if value not in (None, "")})
        return f"{reverse(f'counting:{name}', args=args)}{'?' if asked else ''}{asked}"

    def opened(self, **query: object) -> str:
        """The actions of which a figure is made."""
        return self.address("counted-actions", **query)

    @property
    def address_of_press(self) -> str:
        return self.address("press")

    @property
    def address_of_pdf(self) -> str:
        return self.address("press-pdf")

    def address_of(self, action: Counted) -> str:
        """The page of one action and its figures: of the campaign, whatever its moment."""
        campaign = self.campaign
        return reverse(
            "counting:counted-action", args=[campaign.code, campaign.slug(), action.code]
        )

    @property
    def files(self) -> list[tuple[str, str]]:
        """What can be taken along: words and address of each."""
        return [
            (_("All figures with their sources (CSV)"), self.address("results-csv")),
            (_("Totals, with the rule (JSON)"), self.address("results-json")),
            (_("The actions on a map (GeoJSON)"), self.address("results-geojson")),
            (_("The actions as a calendar (iCalendar)"), self.address("results-ics")),
        ]

    # --- tables -------------------------------------------------------------------------------

    @cached_property
    def countries(self) -> list[Row]:
        return self._rows(
            lambda one: [one.country],
            lambda code: country_name(code, self.who.language) if code else _("Online"),
            lambda code: {"country": code or "-"},
        )

    def cities(self, actions: Iterable[Counted]) -> list[Row]:
        names = {one.place: one.town for one in self.ledger.actions}
        return self._rows(
            lambda one: [one.place] if one.place else [],
            lambda place: names[place],
            lambda place: {"city": place},
            actions,
        )

    @cached_property
    def moments(self) -> list[Row]:
        """Of a campaign: its moments, in their order."""
        if self.moment is not None:
            return []
        by_moment = totals_by(self.ledger.actions, lambda one: [one.moment])
        rows = [one for one in self.campaign.moments.all() if one.pk in by_moment]
        return [
            Row(
                str(label_of(one, self.who.language, self.who.fallbacks)),
                Results(self.campaign, one, self.who, self.ledger).address(),
                by_moment[one.pk],
                None,
                label_of(one, self.who.language, self.who.fallbacks).lang,
            )
            for one in rows
        ]

    @cached_property
    def organisations(self) -> list[Row]:
        members = Organisation.objects.in_bulk(
            {host for one in self.ledger.actions for host in one.hosts}
        )
        return self._rows(
            lambda one: [host for host in one.hosts if host in members],
            lambda pk: str(self.who.words(members[pk].names)),
            lambda pk: {"organisation": members[pk].code},
        )

    def _rows(
        self,
        keys: Callable[[Counted], list[object]],
        name: Callable[..., str],
        query: Callable[..., dict[str, object]],
        actions: Iterable[Counted] | None = None,
    ) -> list[Row]:
        """The largest first, with bars of one measure."""
        found = totals_by(self.ledger.actions if actions is None else actions, keys)
        widest = max((one.high for one in found.values()), default=0)
        rows = list(found.items())[:MOST_ROWS]
        return [
            Row(name(key), self.opened(**query(key)), one, bar(one, widest)) for key, one in rows
        ]

    def spots(self) -> list[Spot]:
        """A dot for each town, which leads to what is counted there."""
        towns = totals_by(
            (one for one in self.ledger.actions if one.took_place),
            lambda one: [one.place] if one.place else [],
        )
        places = Place.objects.in_bulk(list(towns))
        return [
            Spot(
                places[pk].latitude,
                places[pk].longitude,
                places[pk].name,
                self.opened(city=pk),
                one.actions,
            )
            for pk, one in towns.items()
        ]


def bar(tally: Tally, widest: int) -> Bar | None:
    """From the low to the high end; at least so wide that it is seen."""
    if not tally.with_figure or not widest:
        return None
    start, end = BAR * tally.low / widest, BAR * tally.high / widest
    width = max(end - start, 1.0)
    return Bar(f"{min(start, BAR - width):.2f}", f"{width:.2f}")
