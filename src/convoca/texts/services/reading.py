"""What a reader gets: the best published words, and honest notices about them."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from convoca.core.access import STRANGER
from convoca.core.languages import autonym, direction, fallbacks, language_name, script_of
from convoca.texts import markdown as md
from convoca.texts import registry
from convoca.texts.models import Text, Translation
from convoca.texts.models.text import TITLE
from convoca.texts.rules import may_suggest
from convoca.texts.services.standing import is_behind


@dataclass(frozen=True)
class ReadParagraph:
    """One paragraph as a reader gets it. `language` is empty where it is the reading's own."""

    key: int
    body: str
    is_older: bool = False
    language: str = ""
    deeper: int = 1

    @property
    def is_missing(self) -> bool:
        """Shown in the source language, because this language has no words for it yet."""
        return bool(self.language)

    @property
    def dir(self) -> str:
        return direction(self.language) if self.language else ""

    @cached_property
    def html(self) -> SafeString:
        return md.render(self.body, deeper=self.deeper)

    @property
    def html_in_section(self) -> SafeString:
        """The same under a heading of the page's own: one level deeper."""
        return md.render(self.body, deeper=self.deeper + 1)

    @property
    def opening(self) -> str:
        """The first words, to be recognised by."""
        words = md.plain(self.body)
        return words if len(words) <= 70 else f"{words[:70].rsplit(' ', 1)[0]}…"


@dataclass(frozen=True)
class Available:
    """A language that the text can be read in."""

    language: str
    is_source: bool
    is_stale: bool
    is_reviewed: bool
    address: str = ""

    @property
    def name(self) -> str:
        """In its own language and script."""
        return autonym(self.language)

    @property
    def dir(self) -> str:
        return direction(self.language)


@dataclass(frozen=True)
class Reading:
    """A text for one reader: `wanted` is what they asked for, `language` what they get."""

    text: Text
    wanted: str
    language: str
    paragraphs: list[ReadParagraph] = field(default_factory=list)
    available: list[Available] = field(default_factory=list)
    unreviewed: bool = False
    is_authors_own: bool = False
    authoritative_language: str = ""
    title: str = ""
    title_language: str = ""
    takes_suggestions: bool = False

    @property
    def dir(self) -> str:
        return direction(self.language)

    @property
    def is_empty(self) -> bool:
        """Nothing is published yet, in any language."""
        return not self.paragraphs

    @property
    def is_fallback(self) -> bool:
        """The reader gets another language than the one asked for."""
        return not self.is_empty and self.language != self.wanted and not self._is_close

    @property
    def _is_close(self) -> bool:
        """Another form of the language that was asked for, in a writing that its readers read."""
        scripts = {script_of(tag) for tag in (self.language, self.wanted)} - {""}
        return self.language.split("-")[0] == self.wanted.split("-")[0] and len(scripts) < 2

    @property
    def is_source(self) -> bool:
        return self.language == self.text.source_language

    @property
    def stale(self) -> list[ReadParagraph]:
        """Paragraphs older than the original, and those that are not here yet."""
        return [part for part in self.paragraphs if part.is_older or part.is_missing]

    @property
    def older(self) -> list[ReadParagraph]:
        return [part for part in self.paragraphs if part.is_older]

    @property
    def missing(self) -> list[ReadParagraph]:
        return [part for part in self.paragraphs if part.is_missing]

    @property
    def own(self) -> list[ReadParagraph]:
        """Paragraphs with words in the reading's own language: what a reader can correct."""
        return [part for part in self.paragraphs if not part.is_missing and md.has_words(part.body)]

    @property
    def page_language(self) -> str:
        """The language of the page around the text, for notices inside it."""
        return get_language() or "en"

    @property
    def page_dir(self) -> str:
        return direction(self.page_language)

    @property
    def source_language_name(self) -> str:
        """The original's language, in the language of the page."""
        return language_name(self.text.source_language)

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def wanted_name(self) -> str:
        return language_name(self.wanted)

    @property
    def authoritative_name(self) -> str:
        """The language that holds in case of doubt; empty for its own readers."""
        tag = self.authoritative_language
        return language_name(tag) if tag and tag != self.language else ""

    @cached_property
    def html(self) -> SafeString:
        """The whole text as safe HTML; paragraphs in another language say so by `lang`."""
        return format_html_join(
            "\n",
            "{}",
            (
                (
                    format_html(
                        '<div lang="{}" dir="{}">{}</div>', part.language, part.dir, part.html
                    )
                    if part.language
                    else part.html,
                )
                for part in self.paragraphs
            ),
        )

    def excerpt(self, words: int = 120) -> str:
        """The first words without Markdown; an ellipsis where more follow."""
        found: list[str] = []
        for part in self.paragraphs:
            found += md.plain(part.body).split()
            if len(found) > words:
                return " ".join(found[:words]) + "…"
        return " ".join(found)


def reading(text: Text, language: str, chosen_fallbacks: dict[str, str] | None = None) -> Reading:
    """What a reader of `language` gets: its published translation, else by fallbacks another,
    else the source. Two queries, whatever the length and however many languages."""
    chosen = registry.roster().fallbacks() if chosen_fallbacks is None else chosen_fallbacks
    found = _published(text)
    available = _available(text, found, chosen)
    if text.current is None:
        return Reading(text, language, text.source_language)
    got = _language_for(text, language, found, chosen)
    names = text.names
    translation = found.get(got)
    return Reading(
        text,
        language,
        got,
        paragraphs=_paragraphs(text, translation),
        available=available,
        unreviewed=translation is not None and not _needs_no_review(translation),
        is_authors_own=translation is not None and translation.is_authors_own,
        authoritative_language=text.authoritative_language,
        title=names.in_language(got, chosen),
        title_language=names.language_for(got, chosen),
        takes_suggestions=may_suggest(STRANGER, text),
    )


def _needs_no_review(translation: Translation) -> bool:
    return translation.is_reviewed or translation.is_authors_own


def _published(text: Text) -> dict[str, Translation]:
    """What readers can read, by language; only the one that is drawn fetches its words."""
    is_prefetched = "translations" in getattr(text, "_prefetched_objects_cache", {})
    rows = text.translations.all() if is_prefetched else text.translations.listed()
    return {row.language: row for row in rows if row.is_published}


def _language_for(
    text: Text, language: str, found: dict[str, Translation], chosen: dict[str, str]
) -> str:
    has = {text.source_language, *found}
    line = fallbacks(language, chosen)
    for tag in line:
        if tag in has:
            return tag
        kin = sorted(t for t in has if t.split("-")[0] == tag)
        if kin and "-" not in tag:  # a reader of `pt` is served by `pt-BR`
            return kin[0]
    return text.source_language


def _available(
    text: Text, found: dict[str, Translation], chosen: dict[str, str]
) -> list[Available]:
    if text.current is None:
        return []
    source = text.source_language
    own = Available(source, True, False, True, text.address_in(source, chosen))
    others = [
        Available(t.language, False, t.is_stale, t.is_reviewed, text.address_in(t.language, chosen))
        for t in sorted(found.values(), key=lambda t: t.language)
    ]
    return [own, *others]


def _paragraphs(text: Text, translation: Translation | None) -> list[ReadParagraph]:
    sources = [source for source in text.sources() if source.key != TITLE]
    deeper = 2 - md.top_heading(source.body for source in sources)
    if translation is None:
        return [ReadParagraph(source.key, source.body, deeper=deeper) for source in sources]
    parts = []
    for source in sources:
        body = translation.published_body(source.key)
        if body:
            parts.append(
                ReadParagraph(
                    source.key,
                    body,
                    is_older=is_behind(source, translation, ""),
                    deeper=deeper,
                )
            )
        else:
            silent = not md.has_words(source.body)
            parts.append(
                ReadParagraph(
                    source.key,
                    source.body,
                    language="" if silent else text.source_language,
                    deeper=deeper,
                )
            )
    return parts


def addresses(text: Text, chosen: dict[str, str]) -> list[tuple[str, str]]:
    """Each language the text can be read in with its address, the source first. `chosen` are the
    network's fallbacks."""
    found = _published(text)
    return [(entry.language, entry.address) for entry in _available(text, found, chosen)]
