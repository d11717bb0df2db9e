"""An action in one language as it stands on paper and in pictures, and what it is passed on with.

Everybody may read all of it: places come from the shown columns, which a hidden address never
enters.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from convoca.actions.front import ActionFront, ShownStop
from convoca.actions.models import Action
from convoca.actions.models.action import Kind, State
from convoca.actions.printing import papers, picture, qr
from convoca.actions.printing.facts import DayWords, PosterFacts, words_of_days
from convoca.actions.printing.sharing import share_links, share_text, share_words
from convoca.campaigns.addresses import interface_language, root
from convoca.campaigns.front import Reader
from convoca.campaigns.inks import ink_of, ink_url
from convoca.core.clocks import zone_words
from convoca.core.languages import UI_LANGUAGES, autonym, direction

NO_DAY = DayWords(day="", month="", weekday="", date_words="")


def poster_facts(action: Action, who: Reader) -> PosterFacts:
    """What is printed of an action in the reader's language. Asks for nothing that
    `views.reading.for_reading` has not fetched.
    """
    front, lang = ActionFront(action, who), who.language
    with translation.override(interface_language(lang)):
        return PosterFacts(
            title=front.title.text,
            title_lang="" if front.title.lang == lang else front.title.lang,
            lang=lang,
            ink=ink_of(action.campaign.ink),
            short_address=short_url(action).partition("://")[2],
            url=short_url(action),
            kind="" if action.kind == Kind.OTHER else front.kind,
            clock=_clock(front),
            place=_place(front),
            hosts=tuple(str(host) for host in front.hosts),
            campaign=front.campaign_title.text,
            network=who.network.names.in_language(lang, who.fallbacks),
            state=_state(front),
            is_off=action.is_cancelled,
            is_demo=settings.DEMO,
            **(words_of_days(action.day, action.last_told_day, lang) if action.day else NO_DAY),
        )


def short_url(action: Action) -> str:
    """The address that can be said aloud; the permanent one while it has none."""
    if action.short_code:
        return f"{root()}{reverse('action-short', args=[action.short_code])}"
    return f"{root()}{reverse('action-id', args=[action.code])}"


def _clock(front: ActionFront) -> str:
    """The hours with the zone by name; with its offset where people come from everywhere."""
    if not front.clock:
        return ""
    is_far = front.action.is_online_only
    zone = front.zone if is_far else zone_words(front.action.zone, front.who.language)
    return f"{front.clock} {zone}"


def _place(front: ActionFront) -> tuple[str, ...]:
    """The town, then venue and street as everybody may read them; of a route, its stops."""
    stops = [shown.stop for shown in front.stops]
    if not stops:
        return (front.where,)
    spots = [stops[0].shown_venue, stops[0].shown_street]
    if front.is_route:
        spots = [
            _spot(shown, is_elsewhere=shown.stop.place != stops[0].place) for shown in front.stops
        ]
    return tuple(line for line in (str(stops[0].place), *spots, front.hidden_words) if line)


def _spot(shown: ShownStop, *, is_elsewhere: bool) -> str:
    """A stop of a route: when it comes by, and where."""
    stop = shown.stop
    where = [stop.shown_venue or stop.shown_street, stop.place.name if is_elsewhere else ""]
    words = ", ".join(word for word in where if word)
    return f"{shown.clock} {words or stop.place.name}" if shown.clock else words


def _state(front: ActionFront) -> str:
    """What must be known before coming; nothing for what takes place as it says."""
    action = front.action
    if action.state == State.POSTPONED:
        return _("Postponed, no new day yet")
    if front.trigger:
        return _("On standby: %(trigger)s") % {"trigger": front.trigger}
    if action.state in (State.CANCELLED, State.STANDBY, State.TENTATIVE):
        return str(action.get_state_display())
    return "" if action.day else _("Day not set")


# --- passing it on --------------------------------------------------------------------------


@dataclass(frozen=True)
class TextToCopy:
    """The text in one language."""

    tag: str
    text: str

    @property
    def autonym(self) -> str:
        return autonym(self.tag)

    @property
    def dir(self) -> str:
        return direction(self.tag)


@dataclass(frozen=True)
class Share:
    """What the page of an action and its page "Pass it on" offer to take along."""

    action: Action
    who: Reader

    @cached_property
    def facts(self) -> PosterFacts:
        return poster_facts(self.action, self.who)

    @property
    def url(self) -> str:
        """The page that offers all of it."""
        return reverse("actions:share", args=[self.action.code])

    @property
    def ink_url(self) -> str:
        return ink_url(self.action.campaign.ink)

    @property
    def words(self) -> str:
        """The text without the address, for a phone's own share sheet."""
        return share_words(self.facts)

    @property
    def links(self) -> list[tuple[str, str]]:
        return share_links(self.facts)

    @property
    def texts(self) -> list[TextToCopy]:
        """The text in every language of the network that has an interface and in those in which the
        title is written, the reader's own first.
        """
        offered = [tag for tag in self.who.network.languages if tag in UI_LANGUAGES]
        tags = dict.fromkeys([self.who.language, *offered, *self.action.names])
        return [TextToCopy(tag, share_text(self._facts_in(tag))) for tag in tags]

    def _facts_in(self, tag: str) -> PosterFacts:
        if tag == self.who.language:
            return self.facts
        return poster_facts(self.action, replace(self.who, language=tag))

    # --- pictures and papers --------------------------------------------------------------------

    @property
    def code(self) -> SafeString:
        """The QR code for a page."""
        title = _("QR code of %(address)s") % {"address": self.facts.short_address}
        return qr.svg_for_page(self.facts.url, title)

    @property
    def picture_path(self) -> str:
        """Where the picture is: its address names its content."""
        return reverse("actions:poster-picture", args=[self.action.code, self.facts.stamp])

    @property
    def picture_url(self) -> str:
        return f"{root()}{self.picture_path}"

    def png(self) -> bytes:
        return picture.draw(self.facts)

    @cached_property
    def makes_pdf(self) -> bool:
        """Whether a PDF can be made here of these words; else there are the pages to print."""
        return papers.can_set(self.facts)

    @property
    def poster_pdfs(self) -> list[tuple[str, str]]:
        """Label and address of each; none where this server makes no PDF."""
        return self._pdfs("actions:poster-pdf", "a4", "a3", "letter")

    @property
    def card_pdfs(self) -> list[tuple[str, str]]:
        return self._pdfs("actions:cards-pdf", "a4", "letter")

    def _pdfs(self, name: str, *sizes: str) -> list[tuple[str, str]]:
        if not self.makes_pdf:
            return []
        urls = (reverse(name, args=[self.action.code, size]) for size in sizes)
        return [(f"PDF\u00a0{SIZES[size]}", url) for size, url in zip(sizes, urls, strict=True)]


SIZES = {"a4": "A4", "a3": "A3", "letter": "Letter"}
"""Papers by their names, which are the same in every language."""
