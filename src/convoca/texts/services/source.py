"""Writing a text in its own language, and publishing versions of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
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
from convoca.core.fold import fold
from convoca.core.languages import UnknownTag, tidy_tag
from convoca.core.names import Names
from convoca.texts import markdown as md
from convoca.texts import registry
from convoca.texts.digests import digest
from convoca.texts.matching import match
from convoca.texts.models import MOST_CHARACTERS, MOST_PARAGRAPHS, Text, Translation, Version
from convoca.texts.models.text import MOST_IN_ONE
from convoca.texts.services import notices
from convoca.texts.services.standing import recount, touch
from convoca.texts.signals import version_published

LOOKED_BACK = 20
"""How many earlier versions are searched for a paragraph that comes back."""


class Conflict(Refusal):
    """Somebody saved in between. Both wordings are here, so that a person can choose."""

    def __init__(
        self, *, mine: str, theirs: str, revision: int, by: Person | None, key: int | None = None
    ) -> None:
        super().__init__(
            "text-changed",
            _("Somebody else has changed this while you were writing. Nothing is lost: choose."),
        )
        self.mine = mine
        self.theirs = theirs
        self.revision = revision
        self.by = by
        self.key = key


def language_tag(typed: str) -> str:
    """The canonical tag; refused with a sentence if there is no such language."""
    try:
        return tidy_tag(typed)
    except UnknownTag as error:
        raise Refusal(
            "language-unknown",
            _("“%(tag)s” is no language tag. Examples: es, pt-BR, zh-Hant, qu.")
            % {"tag": typed[:35]},
        ) from error


def start(source_language: str, *, by: Person | None = None) -> Text:
    """Begin an empty text in any language that BCP 47 can name."""
    text = Text.objects.create(source_language=language_tag(source_language))
    audit.record("text.started", about=text, by=by, language=text.source_language)
    return text


def check_words(markdown: str, *, most: int = MOST_CHARACTERS) -> str:
    """The tidied text; refused where it is no text, or too long to keep."""
    if len(markdown) > most:
        raise Refusal(
            "text-too-long",
            _("This has %(count)d characters; at most %(most)d fit. Divide it into several texts.")
            % {"count": len(markdown), "most": most},
        )
    hidden = md.invisible(markdown)
    if hidden:
        raise Refusal(
            "text-unreadable",
            _("This holds a character that is no text (%(code)s). Copy the words once more.")
            % {"code": hidden},
        )
    return md.tidy(markdown)


def check_source(markdown: str) -> list[str]:
    """The paragraphs of a text to be published; refused where there are none or too many."""
    paragraphs = md.split(markdown)
    if not paragraphs:
        raise Refusal("text-empty", _("There is nothing to publish yet: the text is empty."))
    if len(paragraphs) > MOST_PARAGRAPHS:
        raise Refusal(
            "text-too-many-paragraphs",
            _("This has %(count)d paragraphs; at most %(most)d fit. Divide it into several texts.")
            % {"count": len(paragraphs), "most": MOST_PARAGRAPHS},
        )
    for body in paragraphs:
        if len(body) > MOST_IN_ONE:
            raise Refusal(
                "paragraph-too-long",
                _(
                    "The paragraph that begins “%(words)s” has %(count)d characters; at most "
                    "%(most)d fit. Put an empty line in the middle."
                )
                % {"words": body[:40], "count": len(body), "most": MOST_IN_ONE},
            )
    return paragraphs


@transaction.atomic
def save_source(
    text: Text, markdown: str, *, seen_revision: int, by: Person | None, hand: str = ""
) -> Text:
    """Keep the working draft. Readers see nothing of it before the next version.

    Raises `Conflict` if somebody saved other words since `seen_revision`. Saving what is there
    already changes nothing. `hand` names an open page: what it saves as it is typed in, faster
    than a slow line answers, never conflicts with itself.
    """
    words = check_words(markdown)
    if words:
        check_source(words)
    held = Text.objects.select_for_update().get(pk=text.pk)
    if held.draft != words:
        if held.revision != seen_revision and not (hand and hand == held.draft_hand):
            raise Conflict(
                mine=markdown, theirs=held.draft, revision=held.revision, by=held.draft_by
            )
        held.draft, held.draft_by, held.draft_at = words, by, timezone.now()
        held.revision, held.draft_hand = held.revision + 1, hand[:16]
        held.save(update_fields=["draft", "draft_by", "draft_at", "draft_hand", "revision"])
    text.draft, text.draft_by, text.draft_at = held.draft, held.draft_by, held.draft_at
    text.revision = held.revision
    return text


@dataclass(frozen=True)
class PlannedParagraph:
    """One paragraph of the version to come, and what it was before."""

    kind: str  # "same", "moved", "changed", "new", "back"
    key: int | None
    body: str
    before: str = ""


@dataclass(frozen=True)
class Plan:
    """What publishing the draft would do; shown before it is done."""

    number: int
    paragraphs: list[PlannedParagraph]
    removed: list[str]
    stale: list[Translation]

    def count(self, kind: str) -> int:
        return sum(part.kind == kind for part in self.paragraphs)

    @property
    def changed(self) -> list[PlannedParagraph]:
        return [part for part in self.paragraphs if part.kind == "changed"]

    @property
    def changes_nothing(self) -> bool:
        return not self.removed and all(part.kind == "same" for part in self.paragraphs)

    @property
    def sentence(self) -> str:
        """What happens, in words: the label beside the button."""
        changed = sum(map(self.count, ("changed", "new", "back"))) + len(self.removed)
        words = ngettext(
            "%(count)s paragraph changes.", "%(count)s paragraphs change.", changed
        ) % {"count": number_words(changed)}
        if not self.stale:
            return words
        stale = ngettext(
            "%(count)s translation becomes stale.",
            "%(count)s translations become stale.",
            len(self.stale),
        ) % {"count": number_words(len(self.stale))}
        return f"{words} {stale}"


def plan_version(text: Text) -> Plan:
    """Compare the draft with what readers have. Refused where the draft cannot be published."""
    bodies = check_source(text.draft)
    old = text.current.sources() if text.current else []
    words = {source.key: source.body for source in old}
    matches = match([(source.key, source.body) for source in old], bodies)
    parts = _with_those_back(
        text,
        [
            PlannedParagraph(m.kind, m.key, body, words.get(m.key, "") if m.key else "")
            for m, body in zip(matches, bodies, strict=True)
        ],
    )
    kept = {part.key for part in parts}
    needs_hands = any(part.kind in {"changed", "new"} and md.has_words(part.body) for part in parts)
    return Plan(
        number=text.current.number + 1 if text.current else 1,
        paragraphs=parts,
        removed=[source.body for source in old if source.key not in kept],
        stale=list(text.translations.published().listed().filter(behind_count=0))
        if needs_hands
        else [],
    )


def _with_those_back(text: Text, parts: list[PlannedParagraph]) -> list[PlannedParagraph]:
    """A paragraph that was taken out and stands here again gets its key back, and with it what
    translators had written for it."""
    lost = {digest(part.body): at for at, part in enumerate(parts) if part.key is None}
    if not lost or text.current is None:
        return parts
    used = {part.key for part in parts}
    for version in text.versions.filter(number__lt=text.current.number)[:LOOKED_BACK]:
        for source in version.sources():
            if source.digest in lost and source.key not in used:
                at = lost.pop(source.digest)
                used.add(source.key)
                parts[at] = replace(parts[at], kind="back", key=source.key)
    return parts


@transaction.atomic
def publish_version(
    text: Text,
    *,
    by: Person | None,
    under: Authority | None = None,
    seen_revision: int | None = None,
    spelling_only: Collection[int] = (),
) -> Version:
    """Give the draft to readers of the source language as the next version.

    Paragraphs keep their keys as far as they can be recognised, so translations stay right where
    nothing changed. `spelling_only` names keys whose change needs no new translation. Translators
    whose work waits are told. Publishing an unchanged draft changes nothing. Refused if the draft
    has changed since `seen_revision`: nobody publishes words that they have not seen.
    """
    held = Text.objects.select_for_update().get(pk=text.pk)
    if seen_revision is not None and seen_revision != held.revision:
        raise Refusal("text-changed", _("The text has changed since. Look at it once more."))
    plan = plan_version(held)
    if held.current is not None and plan.changes_nothing:
        held.published_revision = held.revision
        held.save(update_fields=["published_revision"])
        _take_over(text, held)
        return held.current
    paragraphs = []
    for part in plan.paragraphs:
        key = part.key
        if key is None:
            key, held.next_key = held.next_key, held.next_key + 1
        paragraphs.append({"key": key, "body": part.body, "digest": digest(part.body)})
    version = Version.objects.create(
        text=held, number=plan.number, title=held.title, paragraphs=paragraphs, published_by=by
    )
    held.current, held.published_revision = version, held.revision
    held.save(update_fields=["current", "next_key", "published_revision"])
    _carry_spelling(held, plan, spelling_only)
    recount(held)
    touch(held)
    audit.record("text.published", about=held, by=by, under=under, version=version.number)
    if not held.closed_at:
        notices.tell_of_version(held, plan.number, besides=by)
    version_published.send(Text, text=held, version=version)
    _take_over(text, held)
    return version


def _take_over(text: Text, held: Text) -> None:
    for name in ("current", "next_key", "published_revision", "draft", "revision"):
        setattr(text, name, getattr(held, name))


def _carry_spelling(text: Text, plan: Plan, keys: Collection[int]) -> None:
    """Let translations count as made from the corrected words, where they were from the old."""
    for part in plan.changed:
        if part.key is None or part.key not in keys:
            continue
        before, after = digest(part.before), digest(part.body)
        for translation in text.translations.all():
            entry = translation.published.get(str(part.key))
            if entry and entry.get("base") == before:
                entry["base"] = after
                translation.save(update_fields=["published"])
            for row in translation.paragraphs.filter(key=part.key, base_digest=before):
                row.base, row.base_version = part.body, plan.number
                row.save(update_fields=["base", "base_digest", "base_version"])


@transaction.atomic
def set_source_language(
    text: Text, language: str, *, by: Person | None, under: Authority | None = None
) -> Text:
    """Correct the language a text is written in; refused once a version is published."""
    tag = language_tag(language)
    if text.current_id is not None and tag != text.source_language:
        raise Refusal(
            "text-published",
            _("The language of a text cannot change any more once a version is published."),
        )
    if tag != text.source_language:
        text.source_language = tag
        text.save(update_fields=["source_language"])
        audit.record("text.language-set", about=text, by=by, under=under, language=tag)
    return text


@transaction.atomic
def mark_authoritative(
    text: Text, language: str, *, by: Person | None, under: Authority | None = None
) -> Text:
    """Say which language holds in case of doubt; an empty one says that none does."""
    tag = language_tag(language) if language else ""
    held = Text.objects.select_for_update().get(pk=text.pk)  # no withdrawal comes in between
    known = {
        text.source_language,
        *text.translations.published().values_list("language", flat=True),
    }
    if tag and tag not in known:
        raise Refusal(
            "language-unpublished", _("Only a published language can hold in case of doubt.")
        )
    text.authoritative_language = tag
    if tag != held.authoritative_language:
        text.save(update_fields=["authoritative_language"])
        touch(text)
        audit.record("text.authority-set", about=text, by=by, under=under, language=tag)
    return text


def close(text: Text, *, by: Person | None = None, under: Authority | None = None) -> None:
    """Take the text off the translators' queues: its owner has ended. Readers keep it."""
    if text.closed_at is None:
        text.closed_at = timezone.now()
        text.save(update_fields=["closed_at"])
        audit.record("text.closed", about=text, by=by, under=under)


def reopen(text: Text, *, by: Person | None = None, under: Authority | None = None) -> None:
    """Offer the text to translators again."""
    if text.closed_at is not None:
        text.closed_at = None
        text.save(update_fields=["closed_at"])
        audit.record("text.reopened", about=text, by=by, under=under)


@transaction.atomic
def learn_of_owner(text: Text, owner: Any, kind: registry.TextOwner) -> None:
    """Remember the owner's kind and titles, for boards and searches. Harmless to repeat."""
    names: Names = kind.title(owner)
    title = names.in_language(text.source_language)
    search = fold(" ".join(names.values()))
    if (text.owner_kind, text.title, text.search) == (kind.kind, title, search):
        return
    text.owner_kind, text.title, text.search = kind.kind, title, search
    text.save(update_fields=["owner_kind", "title", "search"])
    recount(text)
