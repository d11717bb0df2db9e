"""A translation as CSV, for translators who work offline; and back, all of it or nothing.

Columns: `text` (its code), `language` of the translation, `version` and `paragraph` (the number it
keeps from version to version; `title` for the title), `digest` of the source words, `revision` of
the translated words, `source`, `translation`.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.texts.models import Paragraph, Source, Translation
from convoca.texts.models.text import TITLE
from convoca.texts.services.standing import locked, wanted
from convoca.texts.services.translating import (
    check_body,
    open_translation,
    save_paragraph,
    shown_first,
)

COLUMNS = [
    "text", "language", "version", "paragraph", "digest", "revision", "source", "translation",
]  # fmt: skip
NEEDED = [name for name in COLUMNS if name != "revision"]
LARGEST = 5_000_000
_FORMULA = re.compile(r"^'*[=+\-@\t\r]")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What was meant by a cell that `guarded` wrote."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def export(translation: Translation) -> bytes:
    """The whole translation as CSV in UTF-8, with the mark that spreadsheets recognise it by.

    One that nobody has begun has no words yet; writing it out begins nothing.
    """
    text = translation.text
    rows = {row.key: row for row in _rows(translation)}
    number = text.current.number if text.current else 0
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for source in wanted(text):
        row = rows.get(source.key)
        body = row.body if row and row.revision else shown_first(translation, source.key)
        writer.writerow(
            [
                text.code,
                translation.language,
                number,
                "title" if source.is_title else source.key,
                source.digest,
                row.revision if row else 0,
                guarded(source.body),
                guarded(body),
            ]
        )
    return out.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class Line:
    """One line of a file, and what importing it would do."""

    number: int
    key: int
    version: int
    digest: str
    body: str
    kind: str  # "same", "new", "changed", "contested", "moved-on"
    source: str = ""
    here: str = ""
    revision: int = 0


@dataclass(frozen=True)
class ImportPlan:
    """What a file would do; nothing is written before a person has seen it."""

    lines: list[Line]

    def of(self, kind: str) -> list[Line]:
        return [line for line in self.lines if line.kind == kind]

    @property
    def writes(self) -> list[Line]:
        """Lines that will be written without a further question."""
        return [line for line in self.lines if line.kind in {"new", "changed"}]

    @property
    def contested(self) -> list[Line]:
        """Lines whose paragraph somebody has changed here since the export."""
        return self.of("contested")

    @property
    def moved_on(self) -> list[Line]:
        """Lines made from a source that has changed since."""
        return self.of("moved-on")

    @property
    def same(self) -> list[Line]:
        return self.of("same")


def read_file(data: bytes) -> str:
    """The text of an uploaded file; refused where it is no UTF-8 or too large."""
    if len(data) > LARGEST:
        raise Refusal("file-too-large", _("The file is too large: at most 5 MB fit."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refusal(
            "file-not-utf8",
            _("Line %(line)d: this is not UTF-8. Save the file once more as “CSV UTF-8”.")
            % {"line": line},
        ) from error


def plan_import(translation: Translation, content: str) -> ImportPlan:
    """What importing the file would do, line by line. A broken file is refused with the line."""
    text = translation.text
    rows = {row.key: row for row in _rows(translation)}
    now = {source.key: source for source in wanted(text)}
    versions: dict[int, dict[int, Source]] = {}
    seen: dict[int, int] = {}
    lines = []
    for number, cells in _lines(content):
        if cells["text"].strip() != text.code:
            raise _broken(number, _("this line belongs to another text."))
        if cells["language"].strip().lower() != translation.language.lower():
            raise _broken(number, _("this line belongs to another language."))
        key, version = _key(number, cells["paragraph"]), _number(number, cells["version"])
        if key in seen:
            raise _broken(
                number, _("the paragraph stands in line %(line)d already.") % {"line": seen[key]}
            )
        seen[key] = number
        if version not in versions:
            versions[version] = _version(translation, number, version)
        source = now.get(key) if key == TITLE else versions[version].get(key)
        if source is None:
            raise _broken(
                number, _("version %(number)d has no such paragraph.") % {"number": version}
            )
        if key != TITLE and cells["digest"].strip().lower() != source.digest:
            raise _broken(number, _("the digest does not belong to this paragraph."))
        body = unguarded(cells["translation"])
        try:
            body = check_body(key, body)
        except Refusal as refusal:
            raise _broken(number, str(refusal)) from refusal
        revision = _number(number, cells.get("revision") or "0")
        lines.append(
            _planned(
                Line(number, key, version, cells["digest"].strip().lower(), body, "same"),
                source,
                now.get(key),
                rows.get(key),
                revision,
                shown_first(translation, key),
                has_revision=bool(cells.get("revision")),
            )
        )
    return ImportPlan(lines)


def _planned(
    line: Line,
    source: Source,
    now: Source | None,
    row: Paragraph | None,
    revision: int,
    first: str,
    *,
    has_revision: bool,
) -> Line:
    here = row.body if row and row.revision else first
    kind = "changed" if here else "new"
    if not line.body or line.body == here:
        kind = "same"
    elif now is None or now.digest != line.digest:
        kind = "moved-on"
    elif row is not None and has_revision and row.revision != revision:
        kind = "contested"
    return Line(
        line.number, line.key, line.version, line.digest, line.body, kind,
        source=source.body, here=here, revision=row.revision if row else 0,
    )  # fmt: skip


@transaction.atomic
def import_lines(
    translation: Translation, content: str, *, by: Person, take: frozenset[int] = frozenset()
) -> int:
    """Write the file's words into the working copy, all or nothing; one that nobody has begun is
    begun. Returns how many changed.

    `take` names paragraphs that were changed here meanwhile and for which the file's words win;
    the words they replace stay among the earlier wordings. Lines made from a source that has
    moved on are never written.
    """
    if translation.pk is None:
        translation = open_translation(translation.text, translation.language, by=by)
    translation = locked(translation)
    plan = plan_import(translation, content)
    chosen = plan.writes + [line for line in plan.contested if line.key in take]
    for line in chosen:
        save_paragraph(
            translation,
            line.key,
            line.body,
            seen_revision=line.revision,
            by=by,
            base_version=line.version,
            despite_claim=True,
        )
    if chosen:
        audit.record("translation.imported", about=translation, by=by, paragraphs=len(chosen))
    return len(chosen)


def _rows(translation: Translation) -> "list[Paragraph]":
    return list(translation.paragraphs.all()) if translation.pk else []


def _lines(content: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Numbered lines as dictionaries, however the spreadsheet parted the cells."""
    head = content.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    if "\x00" in content:
        line = content[: content.index("\x00")].count("\n") + 1
        raise _broken(line, _("this is no text (it holds a NUL)."))
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=mark, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise _broken(1, _("the column “%(column)s” is missing.") % {"column": missing[0]})
        if len(set(names)) != len(names):
            raise _broken(1, _("a column stands there twice."))
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                if len(cells) != len(names):
                    raise _broken(
                        line,
                        _("%(count)d cells, but the head has %(most)d.")
                        % {"count": len(cells), "most": len(names)},
                    )
                yield line, dict(zip(names, cells, strict=True))
    except csv.Error as error:
        raise _broken(reader.line_num, _("the quotation marks do not close.")) from error


def _broken(line: int, reason: str) -> Refusal:
    return Refusal(
        "file-broken",
        _("Line %(line)d: %(reason)s Nothing was imported.") % {"line": line, "reason": reason},
    )


def _key(line: int, cell: str) -> int:
    return TITLE if cell.strip().lower() == "title" else _number(line, cell)


def _number(line: int, cell: str) -> int:
    tidy = cell.strip()
    if not (tidy.isascii() and tidy.isdigit() and len(tidy) < 10):
        raise _broken(line, _("“%(typed)s” is no number.") % {"typed": tidy[:20]})
    return int(tidy)


def _version(translation: Translation, line: int, number: int) -> dict[int, Source]:
    found = translation.text.versions.filter(number=number).first()
    if found is None:
        raise _broken(line, _("this text has no version %(number)d.") % {"number": number})
    return {source.key: source for source in found.sources()}
