"""A text is read, kept while people look through it, and forgotten."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.drafting.found import Item, facts_of, in_text, items_of, key_of, merged
from convoca.drafting.models import ReadText
from convoca.drafting.services.recognising import campaign_like
from convoca.network.models import Organisation
from convoca.places import services as places
from convoca.reading.draft import Draft
from convoca.reading.reader import read as read_text
from convoca.texts.services.source import check_source, check_words


def keep(
    text: str,
    *,
    name: str = "",
    received_on: date,
    notes: Sequence[str] = (),
    by: Person,
) -> ReadText:
    """Read a text and keep it with what was found. Refused where there is nothing to read, or more
    than a call may hold: then nothing is kept."""
    words = check_words(text.replace("\f", "\n").removeprefix("\ufeff"))
    if not words.strip():
        raise Refusal("text-empty", _("There is no text. Paste the call, or choose a file."))
    check_source(words)
    draft = _read(words, received_on)
    return ReadText.objects.create(
        name=name[:200],
        text=draft.text,
        received_on=received_on,
        facts=facts_of(draft),
        items=_items(draft),
        notes=[*notes, *draft.notes],
        like=campaign_like(draft, by),
        kept_by=by,
    )


def _read(words: str, received_on: date) -> Draft:
    draft = read_text(words, received=received_on, places=places.gazetteer())
    if "binary" in draft.notes:
        raise Refusal(
            "document-binary", _("This is no text. Copy the words once more and paste them.")
        )
    return draft


def _items(draft: Draft) -> list[Item]:
    """What was found, with the members that the text names, whether or not the reader saw them."""
    members = _members()
    known = {key_of(words): pk for words, pk in members}
    seen = in_text(draft.text, members, beside=draft)
    return items_of(draft, known=known, members=seen)


def _members() -> list[tuple[str, int]]:
    """Each name of each member, the oldest member of a name last."""
    rows = Organisation.objects.members().order_by("-pk").values_list("names", "pk")
    return [(words, pk) for names, pk in rows for words in names.values() if key_of(words)]


def recognised(items: Sequence[Item]) -> list[Item]:
    """The items, with each organisation's member looked up anew: its name may be corrected."""
    if not any(one["group"] == "organisations" for one in items):
        return list(items)
    known = {key_of(words): pk for words, pk in _members()}
    return [
        {**one, "known": known.get(key_of(one["name"])) or known.get(key_of(one["acronym"]) or "-")}
        if one["group"] == "organisations"
        else one
        for one in items
    ]


@transaction.atomic
def save(
    read: ReadText, *, facts: dict[str, Any], items: Sequence[Item], received_on: date
) -> ReadText:
    """Keep what people have answered so far. A text that has been used is left alone."""
    read = ReadText.objects.select_for_update(of=("self",)).get(pk=read.pk)
    if read.used_at is None:
        if facts.get("issued", "") != read.facts.get("issued", ""):
            facts = {**facts, "issued_touched": True}
        read.facts = {**read.facts, **facts}
        read.items, read.received_on = recognised(items), received_on
        read.keep_on()
        read.save()
    return read


def read_again(read: ReadText) -> ReadText:
    """Read it once more, as received on the day that stands there now. What people have answered
    stays as they left it."""
    draft = _read(read.text, read.received_on)
    like = campaign_like(draft, read.kept_by)
    with transaction.atomic():
        read = ReadText.objects.select_for_update(of=("self",)).get(pk=read.pk)
        if read.used_at is None:
            read.items = merged(read.items, _items(draft))
            if not read.facts.get("issued_touched"):
                read.facts = {**read.facts, "issued": facts_of(draft)["issued"]}
            read.like = like
            read.keep_on()
            read.save()
    return read


@transaction.atomic
def drop(read: ReadText, *, by: Person) -> None:
    """Forget a text at once. What nobody works at is forgotten by the vault on its day."""
    audit.record("text.forgotten", about=read, by=by, person=read.kept_by_id)
    ReadText.objects.filter(pk=read.pk).delete()
