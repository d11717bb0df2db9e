"""A list that a source hands in becomes claims, and claims find their actions."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import islice, zip_longest
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns.models import Campaign
from convoca.core.bulk import much_to_write
from convoca.core.errors import Refusal
from convoca.counting import services as counting
from convoca.counting.models import Claim, Estimate, Source
from convoca.counting.said import HowMany, Said
from convoca.exchange.kinds import kind_of
from convoca.exchange.models import LEASE, Import, ImportQuerySet, LeftOut
from convoca.exchange.reading import (
    Mapping,
    OpenedFile,
    Places,
    ReadRow,
    RefusedRow,
    Study,
    Tally,
    read_rows,
    suggest,
)
from convoca.exchange.services.filing import drop_files
from convoca.network.models import Mandate
from convoca.places.index import Found
from convoca.places.services import keep_all
from convoca.vault.keyring import today

AT_ONCE = 500
"""Rows of one transaction: what others write waits no longer than that."""
MOST_KEPT = 10_000
"""Refused rows that are kept with their reasons; the rest is counted."""
LEFT_OUT_KEPT = timedelta(days=30)
CELL = 5_000
"""Characters of a cell of such a row."""
Step = Callable[[float, float], None]

_METHODS = {
    Source.Kind.NETWORK: Estimate.Method.ESTIMATED,
    Source.Kind.PRESS: Estimate.Method.PRESS,
    Source.Kind.RESEARCH: Estimate.Method.PRESS,
}
"""How a source of a kind arrives at its figures, where its list does not say."""


@dataclass(frozen=True)
class Opened:
    """A list, with all that was decided on how to read it."""

    file: OpenedFile
    mapping: Mapping
    study: Study
    places: Places


@dataclass
class Report:
    """What became of a list, or would. `refused_rows` are those that were left out, and why."""

    rows: int = 0
    blank: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    undated: int = 0
    """Of what was read, rows that say no single day."""
    unplaced: int = 0
    """Of what was read, rows that say no town that is known."""
    vanished: int = 0
    linked: int = 0
    doubtful: int = 0
    founded: int = 0
    refused_rows: list[RefusedRow] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = asdict(self)
        del found["refused_rows"]
        return found


def remembered(source: Source, file: OpenedFile) -> Mapping | None:
    """What the columns of this source's lists were taken for last; None where nothing is known."""
    return recalled(source.imports.begun(), file)


def recalled(past: "ImportQuerySet", file: OpenedFile, kind: str = "actions") -> Mapping | None:
    """The same of any lists of a kind: of the last one with these columns, else with most of
    them.
    """
    columns = set(file.columns)
    rows = [one for one in past.order_by("-pk")[:20] if columns & set(one.columns)]
    if not rows:
        return None
    best = max(rows, key=lambda one: len(columns & set(one.columns)))
    if len(columns & set(best.columns)) * 2 < len(columns):
        return None
    return suggest(file, kind).recalling(best.columns, best.settings)


def import_list(
    file: OpenedFile,
    source: Source,
    campaign: Campaign,
    mapping: Mapping,
    study: Study,
    places: Places,
    *,
    name: str,
    is_whole: bool = False,
    under: Mandate | None = None,
    dry_run: bool = False,
    step: Step | None = None,
) -> Report:
    """Take a list in: its rows become claims of the source, and these find their actions.

    The same list once more changes nothing; one that was cut off goes on when it is handed in
    again. Each portion is a transaction of its own. With `dry_run` rows are read and compared, and
    nothing is written. Refused while another list of this source comes in.
    """
    opened = Opened(file, mapping, study, places)
    if dry_run:
        return _rehearse(opened, source, step)
    other = source.imports.begun().unfinished().first()
    if other is not None:
        words = _("Another list of this source is coming in: %(name)s. Wait until it is in.")
        raise Refusal("import-beside", words % {"name": other.name})
    run = Import.objects.create(
        source=source,
        campaign=campaign,
        name=name[:200],
        headings=file.columns,
        columns=mapping.columns,
        settings=mapping.settings,
        is_whole=is_whole,
        under=under,
        started_at=timezone.now(),
        total=study.rows,
    )
    go_on(run, opened, step=step)
    report = report_of(run)
    report.refused_rows = [row.as_refused() for row in run.left_out.all()]
    return report


def go_on(
    run: Import,
    opened: Opened,
    *,
    may_go_on: Callable[[], bool] = lambda: True,
    step: Step | None = None,
) -> bool:
    """Take in what is left of a list, in short transactions; False where it may not go on before
    the end. Whoever was killed in the middle is followed by another, who ends as it would have.
    """
    if not run.is_read and not _read_on(run, opened, may_go_on, step):
        return False
    return link_on(run, may_go_on)


@much_to_write()
def _read_on(run: Import, opened: Opened, may_go_on: Callable[[], bool], step: Step | None) -> bool:
    tally, source, campaign = Tally(), run.source, run.campaign
    kept: dict[int, int] = {}
    assert source is not None and campaign is not None  # noqa: PT018, S101  for types
    rows = read_rows(opened.file, opened.mapping, opened.study, opened.places, tally)
    deque(islice(rows, run.done), maxlen=0)  # these are in, but a row is judged by those before
    while portion := list(islice(rows, AT_ONCE)):
        report = report_of(run)
        with transaction.atomic():
            said = _in_words(list(_read(portion, report)), source, kept)
            taken = counting.take(source, campaign, said, run=run.pk)
            report.new += len(taken.new)
            report.changed += len(taken.changed)
            report.same += len(taken.same)
            report.rows, report.blank = tally.rows, tally.blank
            keep_left_out(run, report.refused_rows)
            note(run, report.counts, done=run.done + len(portion))
        if step:
            step(tally.rows, max(opened.study.rows, tally.rows))
        if not may_go_on():
            return False
    with transaction.atomic():
        report = report_of(run)
        report.rows, report.blank = tally.rows, tally.blank
        if run.is_whole:
            later = source.imports.filter(started_at__gt=run.started_at).values_list(
                "pk", flat=True
            )
            report.vanished = counting.forget_unsaid(source, campaign, run=run.pk, later=later)
        note(run, report.counts, is_read=True)
    return may_go_on()


@much_to_write()
def link_on(run: Import, may_go_on: Callable[[], bool]) -> bool:
    """Let the claims of a list whose rows are in find their actions; the end of it, or False."""
    before = report_of(run)
    assert run.source is not None  # noqa: S101  for types

    def write(linked: "counting.Linked") -> None:
        report = report_of(run)
        report.linked = before.linked + linked.linked
        report.doubtful = before.doubtful + linked.doubtful
        report.founded = before.founded + linked.founded
        note(run, report.counts, settled=run.settled + 1)

    if not counting.link_new(run.source, noted=write, may_go_on=may_go_on).is_over:
        return False
    end(run)
    return True


def _rehearse(opened: Opened, source: Source, step: Step | None) -> Report:
    report, tally = Report(), Tally()
    rows = read_rows(opened.file, opened.mapping, opened.study, opened.places, tally)
    while portion := list(islice(rows, AT_ONCE)):
        _compare(source, list(_read(portion, report)), report)
        if step:
            step(tally.rows, max(opened.study.rows, tally.rows))
    report.rows, report.blank = tally.rows, tally.blank
    return report


def report_of(run: Import) -> Report:
    """What became of a list so far."""
    return Report(**run.counts)


def note(run: Import, counts: dict[str, int], **facts: Any) -> None:
    """Write down how far a list has come, in the caller's transaction. Refuses where another has
    taken it further: then nothing of this portion is written.
    """
    facts |= {"counts": counts, "attempts": 0}
    if run.due_at is not None:
        facts["due_at"] = timezone.now() + LEASE
    before = Import.objects.filter(
        pk=run.pk, done=run.done, settled=run.settled, is_read=run.is_read, ended_at=None
    )
    if not before.update(**facts):
        raise Refusal("import-overtaken", _("Somebody else is taking this list in."))
    for name, value in facts.items():
        setattr(run, name, value)


def keep_left_out(run: Import, rows: Sequence[RefusedRow]) -> None:
    """Keep refused rows with their reasons, as far as there is room; of their cells none that was
    said to be private.
    """
    private = [run.columns.get(name) == "private" for name in run.headings]
    room = MOST_KEPT - run.left_out.count() if rows else 0
    until = today() + LEFT_OUT_KEPT
    LeftOut.objects.bulk_create(
        LeftOut(
            of=run,
            scope=run.scope,
            delete_on=until,
            number=row.number,
            reasons=[[one.code, one.values] for one in row.reasons],
            cells=[
                "" if is_private else _kept(cell)
                for cell, is_private in zip_longest(row.cells, private[: len(row.cells)])
            ],
        )
        for row in rows[: max(0, room)]
    )


def _kept(cell: str) -> str:
    """A cell as databases take it: cut where it is very long, without what is no letter."""
    return cell[:CELL].replace("\0", "").encode("utf-8", "replace").decode()


@transaction.atomic
def end(run: Import) -> None:
    """All of it is in: its file goes, and the trail says so."""
    note(run, run.counts, ended_at=timezone.now(), due_at=None)
    drop_files(Import.objects.filter(pk=run.pk))
    counts = {name: run.counts.get(name, 0) for name in ("new", "changed", "refused")}
    audit.record("import.ended", about=run, under=run.under, **counts)


def _read(rows: Iterable[ReadRow | RefusedRow], report: Report) -> Iterator[ReadRow]:
    """The rows that were read; what was refused is noted."""
    for row in rows:
        if isinstance(row, RefusedRow):
            report.refused += 1
            if len(report.refused_rows) < MOST_KEPT:
                report.refused_rows.append(row)
            continue
        report.undated += row.precision != Claim.Precision.DAY
        report.unplaced += row.place is None
        yield row


def _compare(source: Source, rows: Sequence[ReadRow], report: Report) -> None:
    """Count what would be new or known; whether it says otherwise is seen when it is taken in."""
    keys = {row.key for row in rows}
    known = Claim.objects.filter(source_id=source.pk, external_id__in=keys).count()
    report.same += known
    report.new += len(keys) - known


def _in_words(rows: Sequence[ReadRow], source: Source, kept: dict[int, int]) -> list[Said]:
    """Rows as counting takes them; their places are kept first."""
    towns: dict[int, Found] = {
        row.place.id: row.place for row in rows if row.place and row.place.id not in kept
    }
    kept.update(keep_all(towns.values()))
    return [said_of(row, source, kept) for row in rows]


def said_of(row: ReadRow, source: Source, kept: dict[int, int]) -> Said:
    place = row.place
    latitude, longitude = row.latitude, row.longitude
    if place is not None and (latitude is None or longitude is None):
        latitude, longitude = place.latitude, place.longitude
    how_many: tuple[HowMany, ...] = ()
    if row.size is not None:
        how_many = (
            HowMany(
                low=row.size.low,
                high=row.size.high,
                words=row.size_text[:200],
                method=_METHODS.get(Source.Kind(source.kind), Estimate.Method.OTHER),
                url=next(iter(row.urls), "")[:1000],
            ),
        )
    return Said(
        external_id=row.key[:200],
        title=row.title,
        kind=kind_of(row.kind, row.title, *row.tags[:5]),
        state=Claim.State.CANCELLED if row.status == "cancelled" else Claim.State.SAID,
        organisers="; ".join(row.organisers)[:500],
        words="\n".join(filter(None, (row.about, "; ".join(row.tags))))[:10_000],
        day=row.first,
        last_day=row.last if row.last != row.first else None,
        clock=row.starts,
        last_clock=row.ends,
        zone=row.zone,
        precision=row.precision,
        place=kept[place.id] if place else None,
        latitude=latitude,
        longitude=longitude,
        country=row.country,
        venue=row.venue,
        where_words=row.place_text[:300],
        urls=row.urls,
        extra=row.extra,
        how_many=how_many,
        row=row.number,
    )
