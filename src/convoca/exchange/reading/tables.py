"""Sheets as text: CSV and TSV, a row at a time, whatever stands in them."""

import csv
import gzip
import io
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple, cast

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal
from convoca.exchange.reading import encodings, limits
from convoca.exchange.reading.reasons import Reason

DELIMITERS = ",;\t|"
GZIP = b"\x1f\x8b"


class Record(NamedTuple):
    """A row as it stands in the file. `number` counts as a spreadsheet program does."""

    number: int
    cells: list[str]
    reason: Reason | None = None
    """Why the row cannot be read, where it cannot."""
    notes: tuple[Reason, ...] = ()


@contextmanager
def unpacked(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked where it is packed with gzip. Refuses what breaks off."""
    with path.open("rb") as packed:
        is_packed = packed.read(2) == GZIP
    try:
        with gzip.open(path) if is_packed else path.open("rb") as file:
            yield cast("IO[bytes]", file)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = _("This file is packed and breaks off. Send it again, please.")
        raise Refusal("file-packed-broken", message) from error


class _LoneQuote(Exception):
    """So much text between two quotation marks that the first was none."""


class _Lines:
    """Lines for a `csv.reader`, with those of the present row at hand to be given once more."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self.stream = stream
        self.again: deque[str] = deque()
        self.row: list[str] = []
        self.size = 0
        self.total = 0
        self.has_ended = self.is_long = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self._read()
        if not line:
            self.has_ended = True
            raise StopIteration
        self.row.append(line)
        self.size += len(line)
        if self.size > limits.RECORD:
            raise _LoneQuote
        return line

    def _read(self) -> str:
        line = self.stream.readline(limits.LINE)
        self.total += len(line)
        if self.total > limits.UNPACKED:
            raise Refusal("file-large", _("This file is too large to read."))
        if len(line) == limits.LINE and line[-1] not in "\r\n":
            self.is_long = True
            while (more := self.stream.readline(limits.LINE)) and more[-1] not in "\r\n":
                self.total += len(more)
        return line.replace("\0", "") if "\0" in line else line

    def begin(self) -> None:
        self.row, self.size, self.is_long = [], 0, False

    def give_back(self) -> str:
        """All lines of the row but the first will be given again; the first is the answer."""
        first, *rest = self.row
        self.again.extendleft(reversed(rest))
        self.has_ended = False
        return first


def rows(stream: io.TextIOBase, delimiter: str, width: int = 0) -> Iterator[Record]:
    """Each row of a sheet. A lone quotation mark costs no other row.

    With `width`, a row of several lines that has another number of cells is read as if its
    quotation mark were a letter, where it then has that number.
    """
    csv.field_size_limit(limits.RECORD)
    lines, number = _Lines(stream), 0
    # Strict, so that a quotation mark that is closed by another lone one is seen.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _LoneQuote):
            cells = _alone(lines.give_back(), delimiter, width)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        else:
            if len(lines.row) > 1:
                bare = _bare(lines.row[0], delimiter)
                if len(bare) == width != len(cells):
                    lines.give_back()
                    cells = bare
        if lines.is_long:
            yield Record(number, [], Reason.about("row-long", most=limits.LINE))
            continue
        yield Record(number, cells)


def _alone(line: str, delimiter: str, width: int) -> list[str]:
    """The cells of a line whose quotation marks are not as they should be."""
    cells = next(csv.reader([line], delimiter=delimiter), [])
    bare = _bare(line, delimiter)
    return bare if abs(len(bare) - width) < abs(len(cells) - width) or not width else cells


def _bare(line: str, delimiter: str) -> list[str]:
    """The cells of a line in which a quotation mark is a letter."""
    return [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(delimiter)]


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[io.TextIOBase]:
    """The text of a file, from its beginning."""
    with unpacked(path) as raw:
        yield io.TextIOWrapper(
            raw, encoding=encoding, errors=encodings.errors_for(encoding), newline=""
        )


def delimiter_of(sample: str) -> str:
    """What parts the cells: the sign by which most rows have the same number of cells."""
    best, best_score = "", 0.0
    for sign in DELIMITERS:
        found = islice(rows(io.StringIO(sample, newline=""), sign), 200)
        widths = Counter(len(record.cells) for record in found if any(record.cells))
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda pair: (pair[0] > 1) * pair[1])
        score = times / widths.total() * (width - 1) ** 0.5
        if score > best_score:
            best, best_score = sign, score
    return best
