"""Where a translation stands against its source: counts that boards read without paragraphs."""

from django.db import transaction

from convoca.pages import services as pages
from convoca.texts.markdown import has_words
from convoca.texts.models import Paragraph, Source, Text, Translation


def touch(text: Text) -> None:
    """Make every page that shows this text old."""
    pages.touch(*_tags(text))


def take_down(text: Text) -> None:
    """Have no page that shows this text as it was shown to anybody."""
    pages.take_down(*_tags(text))


def _tags(text: Text) -> list[str]:
    kind, owner = text.kind, text.owner
    return [*text.page_tags(), *(kind.tags(owner) if kind and owner is not None else ())]


def wanted(text: Text) -> list[Source]:
    """The title and the paragraphs that have words; a line of dashes needs no translator."""
    return [source for source in text.sources() if has_words(source.body)]


def is_missing(source: Source, row: Paragraph | None, title: str) -> bool:
    """Nothing is there yet. A title counts where the owner already has one in the language."""
    return not (row and row.body) and not (source.is_title and title)


def is_older(source: Source, row: Paragraph | None) -> bool:
    """There are words, but for an earlier wording of the source."""
    return row is not None and bool(row.body) and row.base_digest != source.digest


def is_behind(source: Source, translation: Translation, title: str) -> bool:
    """What readers have of this paragraph is missing or older than the source."""
    entry = translation.published.get(str(source.key))
    if entry is None:
        return not (source.is_title and title)
    return bool(entry.get("base") != source.digest)


@transaction.atomic
def recount(text: Text, *translations: Translation) -> None:
    """Bring the counts of these translations (of all, if none is named) up to date."""
    sources, names = wanted(text), text.names
    found = translations or tuple(
        text.translations.select_for_update().order_by("pk").prefetch_related("paragraphs")
    )
    for translation in found:
        rows = {row.key: row for row in translation.paragraphs.all()}
        title = names.get(translation.language, "")
        translation.total_count = len(sources)
        translation.missing_count = sum(is_missing(s, rows.get(s.key), title) for s in sources)
        translation.older_count = sum(is_older(s, rows.get(s.key)) for s in sources)
        translation.behind_count = (
            sum(is_behind(s, translation, title) for s in sources)
            if translation.published_at
            else 0
        )
        translation.save(
            update_fields=["total_count", "missing_count", "older_count", "behind_count"]
        )


def locked(translation: Translation) -> Translation:
    """The translation as it is now, locked; its text is read after the lock, so it is current."""
    return Translation.objects.select_for_update().get(pk=translation.pk)
