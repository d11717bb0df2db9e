"""What people have confirmed becomes a campaign's draft, or a translation of a call here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Campaign, Moment
from convoca.core.errors import Refusal
from convoca.core.fold import fold
from convoca.core.names import Names
from convoca.counting.models import Source
from convoca.counting.services import summing
from convoca.drafting.calling import call_of
from convoca.drafting.found import Item, day_of
from convoca.drafting.models import Named, ReadText
from convoca.drafting.same import arranged
from convoca.network.models import Mandate, Organisation
from convoca.places import services as places
from convoca.places.names import country_name
from convoca.texts import markdown
from convoca.texts import services as texts
from convoca.texts.models.text import TITLE
from convoca.texts.services.source import language_tag


@dataclass(frozen=True)
class Told:
    """Where a report's figures can be read, and who says them."""

    name: str
    url: str


@transaction.atomic
def accept(
    read: ReadText,
    *,
    convenors: Iterable[Organisation],
    told: Told | None = None,
    under: Mandate,
) -> Campaign:
    """Make the campaign: a draft with its call, its dates, its demands, and the list of those whom
    the text names. Nothing is published and nobody is written to. With `told`, the figures that
    were taken are noted beside their moments. The text is forgotten. Repeating it answers the same
    one.
    """
    read = _locked(read)
    if read.campaign is not None:
        return read.campaign
    _check_unused(read)
    title = str(read.facts.get("title") or "")
    language = _language(read)
    campaign = campaigns.start(
        Names({language: title}), source_language=language, convenors=convenors, under=under
    )
    texts.save_source(
        campaign.call, call_of(read.text, title=title), seen_revision=0, by=under.person
    )
    moments = {
        item["id"]: _add_moment(read, item, campaign, under) for item in _taken(read, "moments")
    }
    _set_demands(read, campaign, under)
    _name(read, campaign)
    if told is not None:
        _note_figures(read, moments, told, under)
    audit.record("campaign.drafted", about=campaign, under=under, moments=len(moments))
    _used(read, campaign)
    return campaign


def _locked(read: ReadText) -> ReadText:
    return ReadText.objects.select_for_update(of=("self",)).get(pk=read.pk)


def _check_unused(read: ReadText) -> None:
    if read.used_at is not None:
        raise Refusal("draft-used", _("This text was used already, and is no longer kept."))


def _language(read: ReadText) -> str:
    if not read.language:
        raise Refusal("language-missing", _("Say in which language the text is written."))
    return language_tag(read.language)


def _taken(read: ReadText, group: str) -> list[Item]:
    return [item for item in read.of(group) if item["take"] == "yes"]


def _add_moment(read: ReadText, item: Item, campaign: Campaign, under: Mandate) -> Moment:
    first = day_of(item, "starts")
    if first is None:
        raise Refusal("moment-dayless", _("A date of the campaign needs its day."))
    return campaigns.add_moment(
        campaign,
        kind=item["kind"],
        starts_on=first,
        ends_on=day_of(item, "ends") or first,
        **_where(read, str(item.get("place") or "")),
        under=under,
    )


def _where(read: ReadText, wanted: str) -> dict[str, Any]:
    """A town by its row; a country or a region, which have none, in the words of the text."""
    place = next((one for one in read.of("places") if one["id"] == wanted), None)
    if place is None or place["take"] == "no":
        return {}
    if place["number"]:
        return {"place": places.place_for(place["number"])}
    language = read.language
    words = place["name"]
    if place["kind"] == "country" and place["country"]:
        words = country_name(place["country"], language) or words
    return {"where": Names({language: words})}


def _set_demands(read: ReadText, campaign: Campaign, under: Mandate) -> None:
    words = [item["words"] for item in _taken(read, "lines") if item["words"]]
    if words:
        wanted = [Names({read.language: one}) for one in words]
        campaigns.set_demands(campaign, wanted, under=under)


def _name(read: ReadText, campaign: Campaign) -> None:
    """Whom the text names, but for those who call themselves."""
    calling = set(campaign.convenors.values_list("pk", flat=True))
    rows: dict[str, Named] = {}
    for item in _taken(read, "organisations"):
        if item["known"] in calling or not item["name"]:
            continue
        row = Named(
            campaign=campaign,
            organisation=Organisation.objects.members().filter(pk=item["known"]).first(),
            name=item["name"],
            acronym=item["acronym"],
            language=read.language,
        )
        rows.setdefault(fold(item["name"]), row)
    Named.objects.bulk_create({row.name: row for row in rows.values()}.values())


def _note_figures(read: ReadText, moments: dict[str, Moment], told: Told, under: Mandate) -> None:
    said_on = read.issued_on or read.received_on
    for item in _taken(read, "figures"):
        if item["moment"] in moments:
            summing.note_summary(
                moments[item["moment"]],
                name=told.name,
                kind=Source.Kind.NETWORK,
                words=item["words"],
                url=told.url,
                said_on=said_on,
                under=under,
            )


def _used(read: ReadText, campaign: Campaign) -> None:
    """Keep what became of it, and nothing of what it said."""
    read.campaign, read.used_at = campaign, timezone.now()
    read.keep_on()
    read.text, read.name, read.facts, read.items, read.notes = "", "", {}, [], []
    read.like = None
    read.save()


@dataclass(frozen=True)
class Added:
    """A translation that was added, and whether its paragraphs stood one beside the other."""

    campaign: Campaign
    language: str
    is_even: bool
    kept: int
    """Paragraphs that somebody had translated already; their words stayed."""


@transaction.atomic
def accept_as_translation(read: ReadText, campaign: Campaign, *, by: Person) -> Added:
    """Put the text beside the call as a working copy of its translation, for a translator to look
    through and hand in; readers see nothing of it yet. What was translated already stays. The text
    is forgotten. Refused while the call has no published version, and where nothing is missing."""
    read = _locked(read)
    if read.campaign is not None:
        return Added(read.campaign, "", is_even=True, kept=0)
    _check_unused(read)
    language = _language(read)
    translation = texts.open_translation(campaign.call, language, by=by)
    title = str(read.facts.get("title") or "")
    sources = [one for one in campaign.call.sources() if one.key != TITLE]
    paragraphs = _paragraphs(read.text, title, len(sources))
    bodies = arranged([one.body for one in sources], paragraphs)
    pairs = [(TITLE, title), *zip([one.key for one in sources], bodies, strict=False)]
    rows = {row.key: row for row in translation.paragraphs.all()}
    here = {key for key, row in rows.items() if row.body or row.is_held_against(by.pk)}
    here |= {key for key, _body in pairs if translation.published_body(key)}
    if all(key in here for key, body in pairs if body):
        raise Refusal("call-elsewhere", _("This call can take no translation at present."))
    for key, body in pairs:
        if body and key not in here:
            seen = rows[key].revision if key in rows else 0
            texts.save_paragraph(translation, key, body, seen_revision=seen, by=by)
    audit.record("campaign.call_translated", about=campaign, by=by, language=language)
    _used(read, campaign)
    kept = len(here & {key for key, body in pairs if body})
    return Added(campaign, language, is_even=len(sources) == len(paragraphs), kept=kept)


def _paragraphs(text: str, title: str, wanted: int) -> list[str]:
    """The paragraphs of the text, with its heading or without, as the original has them."""
    whole, bare = markdown.split(call_of(text)), markdown.split(call_of(text, title=title))
    return whole if len(whole) == wanted else bare
