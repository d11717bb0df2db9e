"""From a working copy to what readers have: hand in, review, publish, withdraw."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.audit.services import Authority
from convoca.core.dates import number_words
from convoca.core.errors import Refusal
from convoca.texts import markdown as md
from convoca.texts.models import RESTORABLE, Paragraph, Text, Translation
from convoca.texts.models.text import TITLE
from convoca.texts.services import notices
from convoca.texts.services.source import mark_authoritative
from convoca.texts.services.standing import locked, recount, take_down, touch, wanted
from convoca.texts.signals import translation_published


def _locked(translation: Translation) -> Translation:
    """Text first, then translation: in the order in which publishing a version takes them."""
    Text.objects.select_for_update().get(pk=translation.text_id)
    return locked(translation)


@transaction.atomic
def submit(translation: Translation, *, by: Person, under: Authority | None = None) -> Translation:
    """Hand the working copy in. Another translator of the pair reviews it; where there is none
    it is published at once and marked "unreviewed". Handing in twice changes nothing.

    The first time every paragraph must have words; a renewal may come in parts.
    """
    held = _locked(translation)
    if held.stage == Translation.Stage.REVIEW:
        return _as(translation, held)
    recount(held.text, held)
    if held.missing_count and not held.is_published:
        raise Refusal(
            "translation-incomplete",
            ngettext(
                "%(count)s paragraph has no words yet.",
                "%(count)s paragraphs have no words yet.",
                held.missing_count,
            )
            % {"count": number_words(held.missing_count)},
        )
    if held.stage == Translation.Stage.PUBLISHED and held.is_published:
        raise Refusal("translation-unchanged", _("Readers have exactly this already."))
    held.submitted_by, held.submitted_at, held.note, held.noted_by = by, timezone.now(), "", None
    reviewers = notices.people_for(held.text, held.language, by)
    if not reviewers:
        _publish(held, by=by, reviewed=False, under=under)
        return _as(translation, held)
    held.stage = Translation.Stage.REVIEW
    held.save()
    audit.record("translation.submitted", about=held, by=by, under=under)
    notices.tell_reviewers(held, reviewers, by)
    return _as(translation, held)


def _as(translation: Translation, held: Translation) -> Translation:
    """Bring the caller's object to what is stored now."""
    translation.refresh_from_db()
    return translation


@transaction.atomic
def approve(
    translation: Translation,
    *,
    by: Person,
    seen_revision: int | None = None,
    under: Authority | None = None,
) -> Translation:
    """Publish what another person handed in. Refused if it changed since the reviewer looked."""
    held = _locked(translation)
    if held.stage != Translation.Stage.REVIEW:
        raise Refusal("translation-not-in-review", _("This translation is not in review."))
    if held.submitted_by_id == by.pk or _wrote_all(held, by):
        raise Refusal(
            "review-own", _("A second person has to review this: you wrote or handed it in.")
        )
    if seen_revision is not None and seen_revision != held.revision:
        raise Refusal(
            "translation-changed",
            _("The translation has changed since you opened it. Look at it once more."),
        )
    _publish(held, by=by, reviewed=True, under=under)
    notices.tell_translators(held, "texts/published", by)
    return _as(translation, held)


def _wrote_all(translation: Translation, person: Person) -> bool:
    """Whether every paragraph that readers do not have yet comes from this one person."""
    authors = {
        row.by_id
        for row in translation.paragraphs.all()
        if row.body and row.body != translation.published_body(row.key)
    }
    return authors == {person.pk}


@transaction.atomic
def send_back(translation: Translation, note: str, *, by: Person) -> Translation:
    """Return it to its translators with a note; who handed it in may take it back without one."""
    held = _locked(translation)
    if held.stage != Translation.Stage.REVIEW:
        raise Refusal("translation-not-in-review", _("This translation is not in review."))
    note = note.strip()
    if not note and held.submitted_by_id != by.pk:
        raise Refusal("note-missing", _("Say in a sentence what should be looked at again."))
    held.stage, held.note, held.noted_by = Translation.Stage.DRAFT, note[:5000], by
    held.changed_at = timezone.now()
    held.save()
    audit.record("translation.sent-back", about=held, by=by)
    notices.tell_translators(held, "texts/sent-back", by)
    return _as(translation, held)


@transaction.atomic
def publish_unreviewed(
    translation: Translation, *, by: Person, under: Authority | None = None
) -> Translation:
    """A steward does not wait for the review: published, and marked "unreviewed"."""
    held = _locked(translation)
    recount(held.text, held)
    if held.missing_count and not held.is_published:
        raise Refusal("translation-incomplete", _("Some paragraphs have no words yet."))
    _publish(held, by=by, reviewed=False, under=under)
    return _as(translation, held)


@transaction.atomic
def publish_authors_own(translation: Translation) -> Translation:
    """What those whose text it is wrote in another language needs no second person: published at
    once and marked as theirs. A paragraph without words stands in the source language; without
    any, the translation is taken from readers.
    """
    held = _locked(translation)
    if held.paragraphs.exclude(body="").exists():
        _publish(held, by=None, reviewed=False, under=None, is_authors_own=True)
    else:
        withdraw(held, by=None)
    return _as(translation, held)


def _publish(
    translation: Translation,
    *,
    by: Person | None,
    reviewed: bool,
    under: Authority | None,
    is_authors_own: bool = False,
) -> None:
    """Give the working copy to readers; paragraphs without words keep what they had, unless they
    were emptied by those whose text it is.
    """
    text = translation.text
    rows = {row.key: row for row in translation.paragraphs.all()}
    before, snapshot = translation.published, {}
    for source in wanted(text):
        row = rows.get(source.key)
        if row is not None and row.body:
            snapshot[str(source.key)] = {"body": row.body, "base": row.base_digest}
        elif str(source.key) in before and not is_authors_own:
            snapshot[str(source.key)] = before[str(source.key)]
    translation.published = snapshot
    translation.published_at, translation.published_by = timezone.now(), by
    translation.is_reviewed, translation.withdrawn_at = reviewed, None
    translation.is_authors_own = is_authors_own
    translation.stage, translation.note, translation.noted_by = "published", "", None
    translation.save()
    _publish_title(translation, before, by)
    recount(text, translation)
    touch(text)
    audit.record(
        "translation.published",
        about=translation,
        by=by,
        under=under,
        language=translation.language,
        reviewed=reviewed,
    )
    translation_published.send(Translation, translation=translation)


def _publish_title(translation: Translation, before: dict[str, Any], by: Person | None) -> None:
    """Give the owner the translated title; one that its editors have changed since stays theirs."""
    words, present = translation.published_body(TITLE), _title(translation)
    was = before.get(str(TITLE), {}).get("body", "")
    if words and words != present and (not present or words != was):
        _set_title(translation, words, by)


def _withdraw_title(translation: Translation, by: Person | None) -> None:
    """The title goes with its translation; one that the owner's editors wrote stays, and so does
    the only one there is."""
    words = translation.published_body(TITLE)
    if words and words == _title(translation) and len(translation.text.names) > 1:
        _set_title(translation, "", by)


def _restore_title(translation: Translation, by: Person) -> None:
    words = translation.published_body(TITLE)
    if words and not _title(translation):
        _set_title(translation, words, by)


def _title(translation: Translation) -> str:
    """What the owner is called in this language."""
    return translation.text.names.get(translation.language, "")


def _set_title(translation: Translation, words: str, by: Person | None) -> None:
    kind, owner = translation.text.kind, translation.text.owner
    if kind and owner is not None:
        kind.set_title(owner, translation.language, words, by=by)


@transaction.atomic
def withdraw(
    translation: Translation, *, by: Person | None, under: Authority | None = None
) -> Translation:
    """Take it and its title from readers, who get the fallback. It can come back for 30 days."""
    held = _locked(translation)
    if held.is_published:
        held.withdrawn_at = held.changed_at = timezone.now()
        held.stage = Translation.Stage.DRAFT
        held.save()
        _withdraw_title(held, by)
        if held.text.authoritative_language == held.language:
            mark_authoritative(held.text, "", by=by, under=under)
        take_down(held.text)
        audit.record("translation.withdrawn", about=held, by=by, under=under)
    return _as(translation, held)


@transaction.atomic
def restore(translation: Translation, *, by: Person) -> Translation:
    """Bring a withdrawn translation back as readers had it, with its title. Repeatable."""
    held = _locked(translation)
    if held.is_published:
        return _as(translation, held)
    if held.withdrawn_at is None or timezone.now() > held.withdrawn_at + RESTORABLE:
        raise Refusal(
            "translation-gone",
            _("It was withdrawn more than 30 days ago. Hand it in again to publish it."),
        )
    held.withdrawn_at = None
    same = all(_is_published(held, row) for row in held.paragraphs.all() if row.body)
    held.stage = Translation.Stage.PUBLISHED if same else Translation.Stage.DRAFT
    held.save()
    _restore_title(held, by)
    recount(held.text, held)
    touch(held.text)
    audit.record("translation.restored", about=held, by=by)
    return _as(translation, held)


def _is_published(translation: Translation, row: Paragraph) -> bool:
    """Whether readers have exactly these words, made from exactly this source."""
    entry = translation.published.get(str(row.key), {})
    return bool(row.body == entry.get("body") and row.base_digest == entry.get("base"))


def forget_withdrawn() -> int:
    """After the 30 days what readers had is dropped; the working copy stays, as a draft like any
    other. For the tick."""
    gone = Translation.objects.filter(withdrawn_at__lt=timezone.now() - RESTORABLE)
    return gone.update(
        published={}, published_at=None, published_by=None, behind_count=0, withdrawn_at=None
    )


def strange_links(translation: Translation) -> dict[int, list[str]]:
    """Links per paragraph that the source has not: the reviewer looks at them twice."""
    known = {link for source in translation.text.sources() for link in md.links(source.body)}
    found = {}
    for row in translation.paragraphs.all():
        extra = [link for link in md.links(row.body) if link not in known]
        if extra and not row.is_title:
            found[row.key] = extra
    return found
