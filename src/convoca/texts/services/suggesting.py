"""What readers suggest, and what translators answer."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from convoca.texts.digests import digest
from convoca.texts.markdown import split
from convoca.texts.models import Suggestion, Text, Translation
from convoca.texts.models.text import MOST_IN_ONE, TITLE
from convoca.texts.services import notices
from convoca.texts.services.reading import reading
from convoca.texts.services.source import check_words, save_source
from convoca.texts.services.translating import save_paragraph

MOST_OPEN = 200
"""Open suggestions per text and language: more would drown the translators."""
KEPT = timedelta(days=90)


def words_of(text: Text, language: str, key: int) -> str:
    """What readers of this language have of one paragraph; empty if nothing of their own."""
    found = reading(text, language, {})
    if found.language != language:
        return ""
    if key == TITLE:
        return found.title if found.title_language == language else ""
    return next((p.body for p in found.paragraphs if p.key == key and not p.is_missing), "")


@transaction.atomic
def suggest(
    text: Text, language: str, key: int, words: str, *, note: str = "", address: str = ""
) -> Suggestion:
    """Put a reader's better words into the translators' queue. Sending it twice is once."""
    before = words_of(text, language, key)
    if not before:
        raise Refusal("paragraph-gone", _("This paragraph is no longer in the text."))
    words = check_words(words, most=MOST_IN_ONE).strip()
    if not words or digest(words) == digest(before):
        raise Refusal("suggestion-same", _("Change the words as you would rather read them."))
    mine = Suggestion.objects.filter(text=text, language=language).open()
    again = mine.filter(key=key, words=words).first()
    if again is not None:
        return again
    if mine.count() >= MOST_OPEN:
        raise Refusal(
            "suggestions-full",
            _("Very many suggestions wait to be read. Please come back in some days."),
        )
    return Suggestion.objects.create(
        text=text,
        language=language,
        key=key,
        before=before,
        words=words,
        note=check_words(note, most=500).strip(),
        address=address,
        address_language=get_language() or "en",
    )


@transaction.atomic
def accept(suggestion: Suggestion, *, by: Person) -> Suggestion:
    """Take the words over into the working copy, where they wait for publication like all others.

    Refused where the paragraph has changed since: then the translator writes it by hand.
    """
    held = _open(suggestion)
    text = held.text
    if held.language == text.source_language:
        _into_source(text, held, by)
    else:
        translation = Translation.objects.get(text=text, language=held.language)
        row = translation.paragraphs.filter(key=held.key).first()
        if row is not None and row.revision and digest(row.body) != digest(held.before):
            raise Refusal(
                "suggestion-overtaken",
                _("The paragraph has changed since. Write what you take from it by hand."),
            )
        save_paragraph(
            translation,
            held.key,
            held.words,
            seen_revision=row.revision if row else 0,
            by=by,
            base_version=row.base_version if row and row.revision else None,
            despite_claim=True,
        )
    return _decided(suggestion, held, Suggestion.State.ACCEPTED, by)


def _into_source(text: Text, suggestion: Suggestion, by: Person) -> None:
    if suggestion.key == TITLE:
        raise Refusal("suggestion-title", _("Change the title where it was given, by hand."))
    paragraphs = split(text.draft)
    places = [n for n, p in enumerate(paragraphs) if digest(p) == digest(suggestion.before)]
    if len(places) != 1:
        raise Refusal(
            "suggestion-overtaken",
            _("The paragraph has changed since. Write what you take from it by hand."),
        )
    paragraphs[places[0]] = suggestion.words
    save_source(text, "\n\n".join(paragraphs), seen_revision=text.revision, by=by)


@transaction.atomic
def decline(suggestion: Suggestion, *, by: Person) -> Suggestion:
    """Leave the words as they are."""
    return _decided(suggestion, _open(suggestion), Suggestion.State.DECLINED, by)


def _open(suggestion: Suggestion) -> Suggestion:
    found = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if found.state != Suggestion.State.OPEN:
        raise Refusal("suggestion-answered", _("This suggestion has been answered already."))
    return found


def _decided(given: Suggestion, held: Suggestion, state: str, by: Person) -> Suggestion:
    """Tell the reader if they left an address, and forget the address."""
    address, held.address = held.address, ""
    held.state, held.decided_at, held.decided_by = state, timezone.now(), by
    held.save()
    if address:
        outbox.mail(
            "texts/suggestion-answered",
            to=address,
            language=held.address_language,
            about=held,
            context={"suggestion": held, "accepted": state == Suggestion.State.ACCEPTED},
        )
    event = "suggestion.accepted" if state == "accepted" else "suggestion.declined"
    audit.record(event, about=held, by=by)
    given.refresh_from_db()
    return given


def forget_old() -> int:
    """Delete addresses that waited too long, and suggestions long after their answer."""
    limit = timezone.now() - KEPT
    Suggestion.objects.open().filter(created_at__lt=limit).exclude(address="").update(address="")
    gone, _each = Suggestion.objects.filter(decided_at__lt=limit).delete()
    return gone


def tell_of_new() -> int:
    """Once a day: translators (of the original, its last writer) hear what came in since."""
    since = timezone.now() - timedelta(days=1)
    fresh = Suggestion.objects.open().filter(created_at__gte=since).select_related("text__draft_by")
    groups: dict[tuple[int, str], list[Suggestion]] = {}
    for suggestion in fresh[:1000]:
        groups.setdefault((suggestion.text_id, suggestion.language), []).append(suggestion)
    told = 0
    for (_text, language), found in groups.items():
        text = found[0].text
        people = notices.people_for(text, language)
        if language == text.source_language:  # who wrote it last knows what to do with it
            people = [text.draft_by] if text.draft_by and text.draft_by.is_active else []
        for person in people:
            notices.tell_of_suggestions(person, text, language, len(found))
            told += 1
    return told
