"""The rows of the translation editor, as a person has them before their eyes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from convoca.texts.digests import fingerprint
from convoca.texts.markdown import has_words
from convoca.texts.models import Paragraph, Source, Translation
from convoca.texts.services.translating import shown_first

PER_PAGE = 60


@dataclass
class EditRow:
    """One paragraph: the source, the words so far, and what there is to know about them."""

    source: Source
    version: int
    body: str
    row: Paragraph | None = None
    person_id: int | None = None
    error: str = ""
    was: str = ""
    seen: int = 0
    suggestions: int = 0
    links: list[str] = field(default_factory=list)

    @property
    def key(self) -> int:
        return self.source.key

    @property
    def is_title(self) -> bool:
        return self.source.is_title

    @property
    def is_silent(self) -> bool:
        """No words to translate: readers get it as it is."""
        return not has_words(self.source.body)

    @property
    def is_older(self) -> bool:
        return (
            bool(self.row and self.row.body and self.row.base_digest != self.source.digest)
            and not self.is_silent
        )

    @property
    def base(self) -> str:
        """The source words that the present translation was made from."""
        return self.row.base if self.row else ""

    @property
    def is_claimed_by_other(self) -> bool:
        return bool(self.row and self.row.is_held_against(self.person_id))

    @property
    def is_mine(self) -> bool:
        return bool(self.row and self.row.is_claimed and self.row.claimed_by_id == self.person_id)

    @property
    def tone(self) -> str:
        return "wait" if self.is_older else ("ok" if self.body else "")

    @property
    def word(self) -> str:
        """The state at the end of the row."""
        if self.is_silent:
            return _("As it is")
        if self.is_older:
            return _("Older")
        return _("Done") if self.body else _("Missing")

    @property
    def height(self) -> int:
        """Lines for the field, so that a long paragraph is seen whole."""
        return min(24, max(3, len(self.source.body) // 45 + self.source.body.count("\n") + 1))


def edit_rows(
    translation: Translation,
    sources: Iterable[Source],
    *,
    person_id: int | None,
    posted: Mapping[str, Any] | None = None,
    errors: Mapping[int, str] | None = None,
) -> list[EditRow]:
    """Rows for these sources; what was posted and refused stays in the fields."""
    text = translation.text
    version = text.current.number if text.current else 0
    known = (
        {row.key: row for row in translation.paragraphs.select_related("by", "claimed_by")}
        if translation.pk
        else {}
    )
    rows = []
    for source in sources:
        row = known.get(source.key)
        body = row.body if row and row.revision else shown_first(translation, source.key)
        made = EditRow(
            source, version, body, row, person_id, (errors or {}).get(source.key, ""),
            was=fingerprint(body), seen=row.revision if row else 0,
        )  # fmt: skip
        if posted is not None and f"body-{source.key}" in posted:
            made.body = str(posted[f"body-{source.key}"])
            made.was = str(posted.get(f"was-{source.key}", made.was))
            made.seen = number(posted.get(f"seen-{source.key}"), made.seen)
        rows.append(made)
    return rows


@dataclass(frozen=True)
class Posted:
    """What one paragraph's fields say."""

    key: int
    body: str
    seen: int
    base: int | None
    is_touched: bool
    despite_claim: bool
    is_right: bool


def posted_rows(data: Mapping[str, Any], only: int | None = None) -> list[Posted]:
    """The paragraphs of a posted page; with `only`, that one."""
    found = []
    for name in list(data):
        key = name.removeprefix("body-")
        if key == name or not key.isascii() or not key.isdigit() or len(key) > 9:
            continue
        if only is not None and int(key) != only:
            continue
        body = str(data[name])
        found.append(
            Posted(
                key=int(key),
                body=body,
                seen=number(data.get(f"seen-{key}"), 0),
                base=number(data.get(f"base-{key}"), 0) or None,
                is_touched=fingerprint(body) != data.get(f"was-{key}"),
                despite_claim=bool(data.get(f"despite-{key}")),
                is_right=bool(data.get(f"right-{key}")),
            )
        )
    return found


def number(value: Any, otherwise: int) -> int:
    """A whole number from a field that anybody may have written into."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
