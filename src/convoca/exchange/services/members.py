"""A list of members: its columns are mapped, its rows handed to the network's own import."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.core.errors import Refusal
from convoca.exchange.models import Import, LeftOut
from convoca.exchange.reading import Mapping, OpenedFile, RefusedRow
from convoca.exchange.reading.reasons import SAID, Reason
from convoca.exchange.services.importing import end, keep_left_out, note
from convoca.network import services as network
from convoca.network.services.importing import PORTION, Tally
from convoca.network.spreadsheets import tame

_WHICH = ("code", "name", "country", "part_of")
"""The columns by which an organisation is found, and what it is part of."""


@dataclass
class MembersReport:
    """What became of a list of members."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    committees: int = 0
    invitations: int = 0
    affiliated: int = 0

    def add(self, tally: Tally) -> None:
        self.rows += len(tally.rows)
        self.new += tally.added
        self.changed += tally.changed
        self.same += tally.same
        self.refused += tally.wrong
        self.committees += tally.committees
        self.invitations += tally.invitations


@dataclass(frozen=True)
class MemberRow:
    """A row under the network's own names of columns; `record` is as it stands in the file."""

    number: int
    cells: dict[str, str]
    record: list[str]


def rows_of(file: OpenedFile, mapping: Mapping) -> Iterator[MemberRow | RefusedRow]:
    """Each row that says anything in columns that are used."""
    at = {name: n for n, name in enumerate(file.columns)}
    used = [(at[column], meant) for column, meant in mapping.columns.items() if meant != "other"]
    heading = [column.strip() for column in file.columns]
    for record in file.records():
        cells = record.cells
        if record.reason:
            yield RefusedRow(record.number, (record.reason,), cells)
        elif [cell.strip() for cell in cells] != heading:
            said = {meant: tame(cells[n]) if n < len(cells) else "" for n, meant in used}
            if any(said.values()):
                yield MemberRow(record.number, said, cells)


def import_members(
    file: OpenedFile, mapping: Mapping, *, by: Person | None, dry_run: bool
) -> tuple[Tally, list[RefusedRow]]:
    """Take a list of members in, all of it; what became of its rows, and those that cannot be read.
    With `dry_run` nothing is written, and the answer is the same.
    """
    if not any(
        meant == "code" or meant.split(":")[0] == "name" for meant in mapping.columns.values()
    ):
        raise Refusal("column-missing", _("Say which column holds the name of the organisation."))
    unread: list[RefusedRow] = []

    def numbered() -> Iterator[tuple[int, dict[str, str]]]:
        for row in rows_of(file, mapping):
            if isinstance(row, RefusedRow):
                unread.append(row)
            else:
                yield row.number, row.cells

    return network.import_organisations(numbered(), by=by, dry_run=dry_run), unread


def go_on(
    run: Import, file: OpenedFile, mapping: Mapping, *, by: Person, may_go_on: Callable[[], bool]
) -> bool:
    """Take in what is left, in short transactions; False where it may not go on before the end.

    First all organisations, then what they are part of: a body may stand below its chapter.
    """
    if not run.is_read:
        rows = islice(rows_of(file, mapping), run.done, None)
        while portion := list(islice(rows, PORTION)):
            _take(run, portion, by)
            if not may_go_on():
                return False
        note(run, run.counts, is_read=True)
    bodies = islice(_chapters(file, mapping), run.settled, None)
    while chapters := list(islice(bodies, PORTION)):
        _affiliate(run, chapters, by)
        if not may_go_on():
            return False
    end(run)
    return True


@transaction.atomic
def _take(run: Import, portion: list[MemberRow | RefusedRow], by: Person) -> None:
    report = MembersReport(**run.counts)
    refused = [row for row in portion if isinstance(row, RefusedRow)]
    rows = {row.number: row for row in portion if isinstance(row, MemberRow)}
    told = [(row.number, {**row.cells, "part_of": ""}) for row in rows.values()]
    tally = network.import_organisations(told, by=by, dry_run=False)
    report.add(tally)
    report.rows += len(refused)
    report.refused += len(refused)
    refused += [_refused(rows[one.number], one.notes) for one in tally.of("wrong")]
    keep_left_out(run, sorted(refused, key=lambda row: row.number))
    note(run, asdict(report), done=run.done + len(portion))


@transaction.atomic
def _affiliate(run: Import, chapters: list[MemberRow], by: Person) -> None:
    report = MembersReport(**run.counts)
    rows = {row.number: row for row in chapters}
    left_out = LeftOut.objects.filter(of=run, number__in=rows).values_list("number", flat=True)
    standing = [row for row in chapters if row.number not in set(left_out)]
    told = [
        (
            row.number,
            {
                name: cell
                for name, cell in row.cells.items()
                if name in _WHICH or name.startswith("name:")
            },
        )
        for row in standing
    ]
    tally = network.import_organisations(told, by=by, dry_run=False)
    report.affiliated += tally.changed
    keep_left_out(run, [_refused(rows[one.number], one.amiss) for one in tally.rows if one.amiss])
    note(run, asdict(report), settled=run.settled + len(chapters))


def _chapters(file: OpenedFile, mapping: Mapping) -> Iterator[MemberRow]:
    for row in rows_of(file, mapping):
        if isinstance(row, MemberRow) and row.cells.get("part_of"):
            yield row


def _refused(row: MemberRow, why: list[str]) -> RefusedRow:
    reasons = tuple(Reason(SAID, {"text": one}) for one in why)
    return RefusedRow(row.number, reasons, row.record)
