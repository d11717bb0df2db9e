"""An action's description: a text in its host's language, kept and published in one step."""

from collections.abc import Mapping

from convoca.actions.models import Action
from convoca.texts import services as texts
from convoca.texts.markdown import has_words
from convoca.texts.models import Source, Text


def describe(action: Action, words: str) -> None:
    """Make these the words of the description; none takes it away. Until the public reads the
    action, its text stands in no translator's queue. In the caller's transaction.
    """
    text = action.description
    if not words.strip():
        if text is not None:
            action.description = None
            action.save(update_fields=["description"])
            forget_text(text)
        return
    if text is None:
        text = texts.start(action.language)
        if not action.is_public:
            texts.close(text)
        action.description = text
        action.save(update_fields=["description"])
    texts.save_source(text, words, seen_revision=text.revision, by=None)
    texts.publish_version(text, by=None)


def translate(action: Action, language: str, words: Mapping[int, str]) -> None:
    """The description in another language as its host writes it, paragraph by paragraph (`words`
    by their keys): with readers at once, and marked as the host's own. In the caller's
    transaction.
    """
    text = action.description
    if text is None or not (any(words.values()) or _has(text, language)):
        return
    translation = texts.open_translation(text, language, by=None)
    rows = {row.key: row for row in translation.paragraphs.all()}
    for source in paragraphs_of(text):
        row = rows.get(source.key)
        kept = texts.save_paragraph(
            translation,
            source.key,
            words.get(source.key, ""),
            seen_revision=row.revision if row else 0,
            by=None,
            despite_claim=True,
        )
        if kept.body and text.current is not None:  # the host had the words of today before them
            texts.still_right(
                translation,
                source.key,
                seen_revision=kept.revision,
                by=None,
                base_version=text.current.number,
            )
    texts.publish_authors_own(translation)


def _has(text: Text, language: str) -> bool:
    return text.translations.filter(language=language).exists()


def paragraphs_of(text: Text) -> list[Source]:
    """What there is to translate of a description."""
    return [one for one in text.sources() if not one.is_title and has_words(one.body)]


def words_in(action: Action, language: str) -> dict[int, str]:
    """What readers have of the description in a language, by paragraph."""
    text = action.description
    found = text.translations.published().filter(language=language).first() if text else None
    if text is None or found is None:
        return {}
    return {one.key: found.published_body(one.key) for one in paragraphs_of(text)}


def words_of(action: Action) -> str:
    """The description as it was written, in its own language."""
    return action.description.draft if action.description is not None else ""


def carry_translations(first: Action, copy: Action) -> None:
    """What the host of the first wrote in other languages stands on its copy, too."""
    if first.description is None or copy.description is None:
        return
    keys = [one.key for one in paragraphs_of(copy.description)]
    for one in first.description.translations.published().filter(is_authors_own=True):
        words = words_in(first, one.language).values()
        translate(copy, one.language, dict(zip(keys, words, strict=True)))


def forget_text(text: Text) -> None:
    """Delete a text that no action holds any more, with all its versions and translations."""
    text.current = None
    text.save(update_fields=["current"])
    text.delete()
