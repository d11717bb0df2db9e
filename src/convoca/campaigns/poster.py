"""What a campaign's poster and its stub say, in one language on one day. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convoca.campaigns.addresses import root
from convoca.campaigns.editions import Phase, by_edition, main_moment, phase_of
from convoca.campaigns.inks import ink_of, ink_url
from convoca.campaigns.models import Campaign, Moment, State
from convoca.core.dates import day_figure, days_words, month_words
from convoca.core.ink import Ink
from convoca.core.languages import direction, locale_for
from convoca.core.names import Names


@dataclass(frozen=True)
class Words:
    """Words in the language they could be had in, for the attributes `lang` and `dir`."""

    text: str
    lang: str

    @property
    def dir(self) -> str:
        return direction(self.lang or "en")

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def words_in(names: Names, language: str, fallbacks: Mapping[str, str]) -> Words:
    """The words that a reader of `language` gets."""
    return Words(names.in_language(language, fallbacks), names.language_for(language, fallbacks))


@dataclass(frozen=True)
class Poster:
    """The printed field and its stub."""

    campaign: Campaign
    ink: Ink
    ink_url: str
    title: Words
    lead: Words
    kind: Words
    where: Words
    moment: Moment | None
    phase: Phase
    figure: str
    days: str
    edition: str
    is_past: bool

    @property
    def figure_class(self) -> str:
        """How broad the day figure stands."""
        return "wide" if len(self.figure) > 2 else ""

    @property
    def month(self) -> str:
        """Month and year, short, for under the figure in a list."""
        if self.moment is None:
            return ""
        locale = locale_for(translation.get_language() or "en")
        return str(format_date(self.moment.starts_on, "LLL y", locale=locale))

    @property
    def when(self) -> str:
        """The day or days in words, without the figure; empty where none is set."""
        if self.moment is None:
            return ""
        return days_words(self.moment.starts_on, self.moment.ends_on)

    @property
    def is_ahead(self) -> bool:
        """Whether there is still something to come to, and so something to take along."""
        is_cancelled = self.moment is not None and self.moment.is_cancelled
        return not (self.is_past or self.phase == "after" or is_cancelled)

    @property
    def short_address(self) -> str:
        """What can be typed from paper: it leads each reader to the page in their language."""
        return root().partition("://")[2] + reverse("campaign-id", args=[self.campaign.code])

    @property
    def stands(self) -> str:
        """A word on the time, where the days alone would mislead."""
        if self.moment is not None and self.moment.is_cancelled:
            return pgettext("a moment", "Cancelled")
        if self.is_past:
            return _("%(edition)s, past") % {"edition": self.edition}
        if self.campaign.is_closed:
            return str(self.campaign.get_state_display())
        if self.phase == "now":
            return _("Happening now")
        return pgettext("a moment", "Over") if self.phase == "after" else ""


def poster_of(
    campaign: Campaign,
    moments: Sequence[Moment],
    *,
    today: date,
    language: str,
    fallbacks: Mapping[str, str],
) -> Poster:
    """The poster of a campaign; it speaks of one moment of the present edition."""
    editions = by_edition(moments, today)
    moment = main_moment(editions.present, today)
    phase = phase_of(moment, today)
    began = campaign.published_at or campaign.created_at
    return Poster(
        campaign=campaign,
        ink=ink_of(campaign.ink),
        ink_url=ink_url(campaign.ink),
        title=words_in(campaign.names, language, fallbacks),
        lead=words_in(campaign.lead, language, fallbacks),
        kind=label_of(moment, language, fallbacks) if moment else Words("", language),
        where=where_of(moment, language, fallbacks) if moment else Words("", language),
        moment=moment,
        phase=phase,
        figure=day_figure(moment.starts_on, moment.ends_on, language) if moment else "",
        days=_days_beside_figure(moment, language) if moment else "",
        edition=campaign.edition or editions.name or str(began.year),
        is_past=campaign.state in (State.CLOSED, State.ARCHIVED) and phase in ("after", "undated"),
    )


def where_of(moment: Moment, language: str, fallbacks: Mapping[str, str]) -> Words:
    """Where a moment is: its own words, else its town."""
    own = words_in(moment.where, language, fallbacks)
    return own or Words(str(moment.place) if moment.place else "", language)


def label_of(moment: Moment, language: str, fallbacks: Mapping[str, str]) -> Words:
    """What a moment is called: its own name, else its kind."""
    own = words_in(moment.names, language, fallbacks)
    return own or Words(str(moment.get_kind_display()), language)


def _days_beside_figure(moment: Moment, language: str) -> str:
    """Month and year beside the figure; the whole interval where it goes over a month's end."""
    first, last = moment.starts_on, moment.ends_on
    if (first.year, first.month) == (last.year, last.month):
        return month_words(first, language)
    return days_words(first, last, language)
