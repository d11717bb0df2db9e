"""Translating, one paragraph at a time."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.core.dates import day_words
from convoca.core.errors import Refusal
from convoca.core.names import LONGEST, tidy_name
from convoca.texts.models import Paragraph, Source, Text, Translation
from convoca.texts.models.text import MOST_IN_ONE, TITLE
from convoca.texts.services import notices
from convoca.texts.services.source import Conflict, check_words, language_tag
from convoca.texts.services.standing import locked, recount

EARLIER_KEPT = 10


@transaction.atomic
def open_translation(text: Text, language: str, *, by: Person | None) -> Translation:
    """The translation into this language, begun if need be."""
    tag = language_tag(language)
    if tag == text.source_language:
        raise Refusal("language-is-source", _("The text is written in this language already."))
    if text.current_id is None:
        raise Refusal(
            "text-unpublished", _("There is nothing to translate before a version is published.")
        )
    translation, is_new = Translation.objects.get_or_create(text=text, language=tag)
    if is_new:
        recount(text, translation)
        audit.record("translation.started", about=translation, by=by, language=tag)
    return translation


def source_of(translation: Translation, key: int, version: int | None = None) -> tuple[Source, int]:
    """The source paragraph that a translator had before their eyes, and its version's number.

    Refused where the paragraph is no longer in the text.
    """
    text = translation.text
    current = text.current.number if text.current else 0
    if version and version != current and key != TITLE:
        older = text.versions.filter(number=version).first()
        for source in older.sources() if older else []:
            if source.key == key:
                return source, version
    for source in text.sources():
        if source.key == key:
            return source, current
    raise Refusal(
        "paragraph-gone", _("This paragraph is no longer in the text. Your words are still here.")
    )


def _row(translation: Translation, key: int) -> Paragraph:
    """The paragraph's row, locked; a new one where nobody has written yet."""
    source_of(translation, key)
    found = Paragraph.objects.select_for_update().filter(translation=translation, key=key).first()
    return found or Paragraph(translation=translation, key=key)


def _pk(person: Person | None) -> int | None:
    return person.pk if person is not None else None


def _check_free(row: Paragraph, by: Person | None) -> None:
    if row.is_held_against(_pk(by)) and row.claimed_by and row.free_again_at:
        raise Refusal(
            "paragraph-claimed",
            _("%(person)s has claimed this paragraph; it is free again on %(day)s.")
            % {"person": row.claimed_by, "day": day_words(row.free_again_at.date())},
        )


@transaction.atomic
def claim(translation: Translation, key: int, *, by: Person) -> Paragraph:
    """Say "I am on it". Untouched for seven days, the paragraph is free again."""
    held = locked(translation)
    row = _row(held, key)
    _check_free(row, by)
    row.claimed_by, row.claimed_at = by, timezone.now()
    row.save()
    return row


@transaction.atomic
def claim_open(translation: Translation, *, by: Person) -> int:
    """Claim every paragraph that needs a hand and that nobody has. Returns how many."""
    held = locked(translation)
    rows = {row.key: row for row in held.paragraphs.all()}
    taken = 0
    for source in held.text.sources():
        row = rows.get(source.key) or Paragraph(translation=held, key=source.key)
        is_open = not row.body or row.base_digest != source.digest
        if is_open and not row.is_claimed:
            row.claimed_by, row.claimed_at = by, timezone.now()
            row.save()
            taken += 1
    return taken


@transaction.atomic
def release(translation: Translation, key: int, *, by: Person) -> None:
    """Give a claim back; somebody else's stays. Harmless to repeat."""
    mine = Paragraph.objects.filter(translation=translation, key=key, claimed_by=by)
    mine.update(claimed_by=None, claimed_at=None)


@transaction.atomic
def save_paragraph(
    translation: Translation,
    key: int,
    body: str,
    *,
    seen_revision: int,
    by: Person | None,
    base_version: int | None = None,
    despite_claim: bool = False,
    hand: str = "",
) -> Paragraph:
    """Keep the words of one paragraph in the working copy; readers see nothing of it yet.

    `base_version` is the source version that the translator had before them: words made from an
    older one stay marked as older. Raises `Conflict` if somebody saved other words since
    `seen_revision`. The same words again change nothing. `hand` names an open page: what it saves
    as it is typed in, faster than a slow line answers, never conflicts with itself. Without `by`
    it was somebody who has no account, as hosts have none.
    """
    held = locked(translation)
    words = check_body(key, body)
    row = _row(held, key)
    if words == row.body or (row.revision == 0 and words == shown_first(held, key)):
        return row
    if row.revision != seen_revision and not (hand and hand == row.hand and row.by_id == _pk(by)):
        raise Conflict(mine=body, theirs=row.body, revision=row.revision, by=row.by, key=key)
    if row.is_held_against(_pk(by)):
        if not despite_claim:
            _check_free(row, by)
        if by is not None:
            notices.tell_claimer(row, by)
        row.claimed_by = row.claimed_at = None
    source, version = source_of(held, key, base_version)
    if row.body and row.by_id != _pk(by):
        _keep_earlier(row)
    row.body, row.base, row.base_version = words, source.body if words else "", version
    row.hand = hand[:16]
    _saved(held, row, by)
    translation.refresh_from_db()
    return row


def shown_first(translation: Translation, key: int) -> str:
    """What a row that nobody has saved yet is shown with: the words that readers have."""
    if key == TITLE:
        return translation.text.names.get(translation.language, "")
    return translation.published_body(key)


@transaction.atomic
def still_right(
    translation: Translation,
    key: int,
    *,
    seen_revision: int,
    by: Person | None,
    base_version: int,
) -> Paragraph:
    """Say that the words also fit the changed source, so that the paragraph is not older."""
    held = locked(translation)
    row = _row(held, key)
    if row.revision != seen_revision:
        raise Conflict(mine=row.body, theirs=row.body, revision=row.revision, by=row.by, key=key)
    source, version = source_of(held, key, base_version)
    if row.body and row.base_digest != source.digest:
        row.base, row.base_version = source.body, version
        _saved(held, row, by)
        translation.refresh_from_db()
    return row


def check_body(key: int, body: str) -> str:
    """The tidied words of one paragraph or of the title; refused where they do not fit."""
    if key == TITLE:
        words = tidy_name(check_words(body))
        if len(words) > LONGEST:
            raise Refusal(
                "title-too-long",
                _("A title has at most %(most)d characters; this has %(count)d.")
                % {"most": LONGEST, "count": len(words)},
            )
        return words
    return check_words(body, most=MOST_IN_ONE)


def _keep_earlier(row: Paragraph) -> None:
    """The wording of a colleague that is about to be replaced can be looked up later."""
    at = row.at.isoformat(timespec="seconds") if row.at else ""
    entry = {"body": row.body, "by": str(row.by or ""), "at": at}
    row.earlier = [entry, *row.earlier][:EARLIER_KEPT]


def _saved(translation: Translation, row: Paragraph, by: Person | None) -> None:
    now = timezone.now()
    row.by, row.at = by, now
    row.revision += 1
    if by is not None and row.claimed_by_id == by.pk:
        row.claimed_at = now
    row.save()
    translation.revision += 1
    translation.changed_at = now
    if translation.stage == Translation.Stage.PUBLISHED:
        translation.stage = Translation.Stage.DRAFT
    translation.save(update_fields=["revision", "changed_at", "stage"])
    recount(translation.text, translation)
