"""Which column means what: suggested by headings, changed by a person, saved for next time."""

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Self

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal
from convoca.exchange.reading import headers
from convoca.exchange.reading.days import DayReader, Style
from convoca.exchange.reading.fields import FIELDS, MEMBERS, Field, field_of
from convoca.exchange.reading.files import OpenedFile

SETTINGS = {
    "country": "",  # ISO 3166 code of rows that name none
    "town": "",  # "Erfurt" or "Erfurt, Thüringen": of rows that name none
    "zone": "",
    "dates": "",  # "dmy" or "mdy"; empty is decided by the file
    "numbers": "",  # "point" or "comma": which sign groups thousands; empty is decided by the file
    "z": "",  # "local": a Z after a time is wrong, as some servers write it
    "ids": "",  # "no": the column of ids is none
}
"""What holds for the whole file: `@country=DE` on the command line."""
LEAST = 0.4
"""Less confidence than this is no suggestion."""


@dataclass(frozen=True)
class Mapping:
    """Each column of a file and the field it means; "other" is kept beside, as it is written."""

    columns: dict[str, str]
    settings: dict[str, str] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    """How sure each suggestion is, from 0 to 1; what a person chose is 1."""
    kind: str = "actions"
    """What is listed: "actions" or "members"."""

    def may_repeat(self, name: str) -> bool:
        """Whether several columns may mean this field. Refuses one that does not exist."""
        return _field(name, self.kind).many

    def setting(self, name: str) -> str:
        return self.settings.get(name, SETTINGS[name])

    def columns_of(self, name: str) -> list[str]:
        """The columns that mean a field, in the order of the file."""
        return [column for column, meant in self.columns.items() if meant == name]

    def with_changes(self, changes: Iterable[str]) -> Self:
        """The mapping with "column=field" and "@setting=value"; "column=" means nothing.

        Refuses a column, a field or a setting that does not exist, with the names that do.
        """
        columns, settings, sure = dict(self.columns), dict(self.settings), dict(self.confidence)
        for change in changes:
            name, sign, value = change.rpartition("=")
            name, value = name.strip(), value.strip()
            if not sign:
                message = _("Write a mapping as column=field, not “%(text)s”.") % {"text": change}
                raise Refusal("mapping-unread", message)
            if name.startswith("@"):
                settings[_setting(name[1:])] = value
                continue
            column = _column(name, columns)
            columns[column] = _field(value or "other", self.kind).name
            sure[column] = 1.0
            if not self.may_repeat(columns[column]):
                for other, meant in columns.items():
                    if other != column and meant == columns[column]:
                        columns[other] = "other"
        return replace(self, columns=columns, settings=settings, confidence=sure)

    def recalling(self, columns: AnyMapping[str, str], settings: AnyMapping[str, str]) -> Self:
        """This mapping with what a person said of an earlier list: its columns, as far as they are
        here, and its settings. What is new keeps its suggestion where that is still free.
        """
        said = {
            column: meant
            for column, meant in columns.items()
            if column in self.columns and field_of(self.kind, meant)
        }
        taken = {meant for meant in said.values() if not self.may_repeat(meant)}
        fresh = {
            column: "other" if meant in taken else meant
            for column, meant in self.columns.items()
            if column not in said
        }
        return replace(
            self,
            columns={column: said.get(column) or fresh[column] for column in self.columns},
            settings={name: value for name, value in settings.items() if name in SETTINGS},
            confidence={**self.confidence, **dict.fromkeys(said, 1.0)},
        )


def suggest(file: OpenedFile, kind: str = "actions") -> Mapping:
    """What the headings of a file mean, as far as they are known. One column for each field."""
    guesses = {column: headers.guess(column, kind) for column in file.columns}
    columns = dict.fromkeys(file.columns, "other")
    sure: dict[str, float] = {}
    order = sorted(
        (column for column in file.columns if guesses[column]),
        key=lambda column: -_confidence(guesses[column]),
    )
    taken: set[str] = set()
    for column in order:
        found = guesses[column]
        if found is None or found.confidence < LEAST:
            continue
        if found.field in taken and not _field(found.field, kind).many:
            continue
        taken.add(found.field)
        columns[column] = found.field
        sure[column] = round(found.confidence, 2)
    has_days = kind != "actions" or taken & {"day", "start"}
    if not has_days and (column := _column_of_days(file, columns)):
        columns[column], sure[column] = "day", 0.5
    return Mapping(columns, {}, sure, kind)


def _column_of_days(file: OpenedFile, columns: AnyMapping[str, str]) -> str:
    """The first column without a meaning that holds days, whatever it is called."""
    days = DayReader(Style())
    first = [record.cells for record in islice(file.records(), 50)]
    for at, column in enumerate(file.columns):
        cells = [row[at] for row in first if at < len(row) and row[at].strip()]
        read = sum(isinstance(days.read(cell), list) and not cell.isdecimal() for cell in cells)
        if columns[column] == "other" and cells and read >= 0.8 * len(cells):
            return column
    return ""


def _confidence(guess: headers.Guess | None) -> float:
    return guess.confidence if guess else 0.0


def _column(name: str, columns: AnyMapping[str, str]) -> str:
    if name in columns:
        return name
    same = [column for column in columns if headers.key(column) == headers.key(name)]
    if len(same) == 1:
        return same[0]
    names = ", ".join(columns)[:500]
    message = _("There is no column “%(name)s”. There are: %(names)s") % {
        "name": name,
        "names": names,
    }
    raise Refusal("mapping-no-column", message)


def _field(name: str, kind: str) -> Field:
    if found := field_of(kind, name):
        return found
    names = ", ".join(FIELDS if kind == "actions" else MEMBERS)
    message = _("There is no field “%(name)s”. There are: %(names)s") % {
        "name": name,
        "names": names,
    }
    raise Refusal("mapping-no-field", message)


def _setting(name: str) -> str:
    if name in SETTINGS:
        return name
    names = ", ".join(SETTINGS)
    message = _("There is no setting “%(name)s”. There are: %(names)s") % {
        "name": name,
        "names": names,
    }
    raise Refusal("mapping-no-setting", message)
