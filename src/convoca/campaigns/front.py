"""What a reader of a campaign's pages gets, gathered in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from babel.units import format_unit
from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from convoca.campaigns.addresses import root
from convoca.campaigns.editions import Editions, by_edition
from convoca.campaigns.figures import Figures, figures_of
from convoca.campaigns.models import Campaign, Demand, Endorsement, Material, Moment
from convoca.campaigns.models.campaign import CampaignQuerySet
from convoca.campaigns.models.endorsement import EndorsementQuerySet
from convoca.campaigns.poster import Poster, Words, label_of, poster_of, where_of, words_in
from convoca.campaigns.sharing import links_to_share
from convoca.core.clocks import next_midnight
from convoca.core.dates import day_words, days_words, moment_words
from convoca.core.languages import UI_LANGUAGES, autonym, direction, locale_for
from convoca.core.names import Names
from convoca.network.models import Network, Organisation
from convoca.pages.public import draw_again_at
from convoca.texts import services as texts
from convoca.texts.markdown import plain
from convoca.texts.services import Reading

WORDS_SHOWN = 120
SIGNERS_SHOWN = 200
WITHDRAWN_SHOWN = 50
MATERIALS_SHOWN = 100


@dataclass(frozen=True)
class Reader:
    """In which language somebody reads, what stands in for it, and which day it is there."""

    language: str
    fallbacks: Mapping[str, str]
    network: Network

    @cached_property
    def today(self) -> date:
        """The network's day. A page that is drawn with it is drawn again when that is over."""
        draw_again_at(next_midnight(self.network.zone))
        return timezone.localdate(timezone=ZoneInfo(self.network.zone))

    def words(self, names: Names) -> Words:
        return words_in(names, self.language, self.fallbacks)


def reader(network: Network | None = None, *, language: str = "") -> Reader:
    """A reader of this language, else of the one that is active; their day is the network's."""
    network = network or Network.load()
    return Reader(
        language=language or translation.get_language() or "en",
        fallbacks=network.fallbacks,
        network=network,
    )


@dataclass(frozen=True)
class ShownMoment:
    """A moment as a list shows it."""

    moment: Moment
    label: Words
    where: Words
    days: str
    was: str
    closes: str
    is_over: bool


def shown(moments: Sequence[Moment], who: Reader) -> list[ShownMoment]:
    """Moments in the reader's words."""
    return [
        ShownMoment(
            moment=moment,
            label=label_of(moment, who.language, who.fallbacks),
            where=where_of(moment, who.language, who.fallbacks),
            days=days_words(moment.starts_on, moment.ends_on, who.language),
            was=day_words(moment.first_ended_on, who.language) if moment.first_ended_on else "",
            closes=closing_words(moment, who.language),
            is_over=moment.is_over(who.today),
        )
        for moment in moments
    ]


def closing_words(moment: Moment, language: str) -> str:
    """The hour of a deadline with its zone; empty where it is the whole day."""
    return moment_words(moment.closes_at, moment.zone, language) if moment.closes_at else ""


@dataclass(frozen=True)
class PageLanguage:
    """A language that this page, or the call on it, can be read in."""

    tag: str
    url: str

    @property
    def autonym(self) -> str:
        return autonym(self.tag)

    @property
    def dir(self) -> str:
        return direction(self.tag)


@dataclass(frozen=True)
class Opening:
    """A paragraph of the call's beginning, in its language."""

    html: SafeString
    lang: str

    @property
    def dir(self) -> str:
        return direction(self.lang)


def opening_of(reading: Reading) -> list[Opening]:
    """The first 120 words of a call, paragraph by paragraph, the last one cut."""
    left, found = WORDS_SHOWN, []
    for part in reading.paragraphs:
        words = plain(part.body).split()
        whole = len(words) <= left
        html = part.html_in_section if whole else format_html("<p>{}…</p>", " ".join(words[:left]))
        found.append(Opening(html, part.language or reading.language))
        left -= len(words)
        if left <= 0:
            break
    return found


@dataclass
class Front:
    """A campaign's page."""

    campaign: Campaign
    who: Reader
    poster: Poster
    reading: Reading
    figures: Figures
    editions: Editions
    demands: list[Words] = field(default_factory=list)
    convenors: list[Organisation] = field(default_factory=list)
    signers: list[Endorsement] = field(default_factory=list)
    withdrawn: list[Endorsement] = field(default_factory=list)
    siblings: list[Campaign] = field(default_factory=list)
    materials: list["ShownMaterial"] = field(default_factory=list)

    @property
    def moments(self) -> list[ShownMoment]:
        return shown(self.editions.present, self.who)

    @property
    def later(self) -> list[tuple[str, list[ShownMoment]]]:
        return [(name, shown(group, self.who)) for name, group in self.editions.later.items()]

    @property
    def past_editions(self) -> list[str]:
        return list(self.editions.past)

    @property
    def is_cut(self) -> bool:
        """Whether the list of names goes on on a page of its own."""
        return self.figures.organisations > len(self.signers)

    @property
    def newer(self) -> Campaign | None:
        """The edition of this series that runs now, if it is another."""
        return next((one for one in self.siblings if one.is_open), None)

    @property
    def past_siblings(self) -> list["Sibling"]:
        return [Sibling(one, self.who.words(one.names)) for one in self.siblings if not one.is_open]

    @cached_property
    def address(self) -> str:
        """The whole address in the reader's language."""
        return f"{root()}{self.campaign.get_absolute_url()}"

    @property
    def root(self) -> str:
        return root()

    @property
    def opening(self) -> list[Opening]:
        return opening_of(self.reading)

    @property
    def call_url(self) -> str:
        code, slug = self.campaign.code, self.campaign.slug()
        return reverse("campaigns:call", args=[code, slug, self.reading.language])

    @property
    def languages(self) -> list[PageLanguage]:
        return languages_of(self.campaign, self.reading, self.who)

    @property
    def share(self) -> "Share":
        return Share(self.poster.title.text, self.poster.lead.text, self.address)


@dataclass(frozen=True)
class ShownMaterial:
    """A file with its size in words; nothing of it is loaded before a tap."""

    material: Material
    title: Words

    @property
    def url(self) -> str:
        material = self.material
        if material.picture is not None:
            return material.picture.url("full")
        return (material.recording or material.document).url  # type: ignore[union-attr]

    @property
    def size(self) -> str:
        return size_words(self.material.file.bytes)

    @property
    def language(self) -> str:
        """The file's language in itself; empty where it is for all."""
        return autonym(self.material.language) if self.material.language else ""


def size_words(size: int) -> str:
    """Bytes as readers know them: "1.2 MB"."""
    locale = locale_for(translation.get_language() or "en")
    if size < 1_000_000:
        return format_unit(max(1, round(size / 1_000)), "digital-kilobyte", "short", locale=locale)
    return format_unit(round(size / 1_000_000, 1), "digital-megabyte", "short", locale=locale)


def materials_of(campaign: Campaign, who: Reader) -> list[ShownMaterial]:
    """The files on offer: those in the reader's language first, then those for all."""
    rows = Material.objects.filter(campaign=campaign, withdrawn_at=None).select_related(
        "document", "picture", "recording"
    )[:MATERIALS_SHOWN]
    ordered = sorted(rows, key=lambda m: (m.language != who.language, m.language != ""))
    return [ShownMaterial(one, who.words(one.names)) for one in ordered]


@dataclass(frozen=True)
class Sibling:
    """Another edition of the series, by its title."""

    campaign: Campaign
    title: Words


@dataclass(frozen=True)
class Share:
    """Plain links that open a reader's own programs, and a text to copy."""

    title: str
    lead: str
    url: str

    @property
    def words(self) -> str:
        return " ".join(part for part in (f"{self.title}.", self.lead) if part)

    @property
    def text(self) -> str:
        return f"{self.words} {self.url}"

    @property
    def links(self) -> list[tuple[str, str]]:
        return links_to_share(title=self.title, text=self.text, url=self.url)


def languages_of(campaign: Campaign, reading: Reading, who: Reader) -> list[PageLanguage]:
    """The page in every interface language of the network, its own first; then the languages that
    only the call is in.
    """
    offered = [tag for tag in who.network.languages if tag in UI_LANGUAGES]
    offered = [who.language, *(tag for tag in offered if tag != who.language)]
    pages = []
    for tag in offered:
        with translation.override(tag):
            pages.append(PageLanguage(tag, campaign.get_absolute_url()))
    further = [one for one in reading.available if one.language not in offered]
    return pages + [PageLanguage(one.language, one.address) for one in further]


@dataclass(frozen=True)
class Sheet:
    """The call in one language, with the interface language of what stands around it."""

    reading: Reading
    interface: str


def sheets_of(campaign: Campaign, who: Reader) -> list[Sheet]:
    """The call in every language it is published in, the original first."""
    prefetch_related_objects([campaign.call], "translations")
    fallbacks = dict(who.fallbacks)
    first = texts.reading(campaign.call, campaign.call.source_language, fallbacks)
    return [
        Sheet(
            texts.reading(campaign.call, one.language, fallbacks),
            texts.interface_language(one.language, fallbacks),
        )
        for one in first.available
    ]


def call_languages(reading: Reading) -> list[PageLanguage]:
    """The languages of the call, the one that is read first."""
    pages = [PageLanguage(one.language, one.address) for one in reading.available]
    return sorted(pages, key=lambda page: page.tag != reading.language)


def for_reading(rows: CampaignQuerySet) -> CampaignQuerySet:
    """With everything that a poster needs; the words of the call are fetched where it is read."""
    return (
        rows.select_related("call", "call__current")
        .defer("call__draft", "call__current__paragraphs")
        .prefetch_related(Prefetch("moments", Moment.objects.with_places()))
    )


def front_of(campaign: Campaign, who: Reader) -> Front:
    """Gather a campaign's page."""
    return Front(
        campaign=campaign,
        who=who,
        poster=poster_for(campaign, who),
        reading=texts.reading(campaign.call, who.language, dict(who.fallbacks)),
        figures=figures_of([campaign])[campaign.pk],
        editions=editions_of(campaign, who),
        demands=[who.words(one.names) for one in Demand.objects.kept().filter(campaign=campaign)],
        convenors=list(campaign.convenors.order_by("sorted_by", "pk")),
        signers=list(signers_of(campaign)[:SIGNERS_SHOWN]),
        withdrawn=list(withdrawn_of(campaign)[:WITHDRAWN_SHOWN]),
        materials=materials_of(campaign, who),
        siblings=list(
            Campaign.objects.published()
            .filter(series=campaign.series)
            .exclude(pk=campaign.pk)
            .order_by("-published_at")[:30]
        ),
    )


def editions_of(campaign: Campaign, who: Reader) -> Editions:
    """The campaign's moments by edition, as of the reader's day."""
    return by_edition(campaign.moments.all(), who.today)


def poster_for(campaign: Campaign, who: Reader) -> Poster:
    """The campaign's poster today; its moments are taken from what was prefetched."""
    return poster_of(
        campaign,
        list(campaign.moments.all()),
        today=who.today,
        language=who.language,
        fallbacks=who.fallbacks,
    )


def signers_of(campaign: Campaign) -> EndorsementQuerySet:
    """Who has signed, by name."""
    return (
        campaign.endorsements.standing()
        .select_related("organisation")
        .order_by("organisation__sorted_by", "organisation_id")
    )


def withdrawn_of(campaign: Campaign) -> EndorsementQuerySet:
    """Who had signed and has taken it back, and has not signed again since."""
    return (
        campaign.endorsements.latest_each()
        .filter(withdrawn_at__isnull=False)
        .select_related("organisation")
        .order_by("-withdrawn_at", "pk")
    )


def running(*, most: int = 2) -> list[Poster]:
    """The posters of the campaigns that run now, for the front page: the next moment first."""
    who = reader()
    rows = for_reading(Campaign.objects.open().order_by("-published_at"))[:20]
    posters = [poster_for(campaign, who) for campaign in rows]
    order = {"now": 0, "before": 1, "undated": 2, "after": 3}
    posters.sort(
        key=lambda p: (order[p.phase], p.moment.starts_on if p.moment else date.max, p.campaign.pk)
    )
    return posters[:most]
