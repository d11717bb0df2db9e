"""A list that a source hands in becomes claims, and claims find their actions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice

from django.utils import timezone

from convoca.campaigns.models import Campaign
from convoca.counting import services as counting
from convoca.counting.models import Claim, Estimate, Source
from convoca.counting.said import HowMany, Said
from convoca.exchange.kinds import kind_of
from convoca.exchange.models import Import
from convoca.exchange.reading import (
    Mapping,
    OpenedFile,
    Places,
    ReadRow,
    RefusedRow,
    Study,
    Tally,
    read_rows,
)
from convoca.network.models import Mandate
from convoca.places.index import Found
from convoca.places.services import keep_all

AT_ONCE = 500
"""Rows of one transaction: what others write waits no longer than that."""
MOST_KEPT = 10_000
"""Refused rows that are kept with their reasons; the rest is counted."""
Step = Callable[[float, float], None]

_METHODS = {
    Source.Kind.NETWORK: Estimate.Method.ESTIMATED,
    Source.Kind.PRESS: Estimate.Method.PRESS,
    Source.Kind.RESEARCH: Estimate.Method.PRESS,
}
"""How a source of a kind arrives at its figures, where its list does not say."""


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
    """What the columns of this source's last list with the same columns were taken for."""
    for past in source.imports.order_by("-pk")[:20]:
        if set(past.columns) == set(file.columns):
            return Mapping(past.columns, past.settings)
    return None


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
    nothing is written.
    """
    report, tally = Report(), Tally()
    run = None if dry_run else _begin(source, campaign, mapping, name, is_whole, under)
    kept: dict[int, int] = {}
    rows = read_rows(file, mapping, study, places, tally)
    for portion in _portions(_read(rows, report)):
        if run is None:
            _compare(source, portion, report)
        else:
            said = _in_words(portion, source, kept)
            taken = counting.take(source, campaign, said, run=run.pk)
            report.new += len(taken.new)
            report.changed += len(taken.changed)
            report.same += len(taken.same)
        if step:
            step(tally.rows, max(study.rows, tally.rows))
    report.rows, report.blank = tally.rows, tally.blank
    if run is not None:
        _end(run, report)
    return report


def _begin(
    source: Source,
    campaign: Campaign,
    mapping: Mapping,
    name: str,
    is_whole: bool,
    under: Mandate | None,
) -> Import:
    return Import.objects.create(
        source=source,
        campaign=campaign,
        name=name[:200],
        columns=mapping.columns,
        settings=mapping.settings,
        is_whole=is_whole,
        under=under,
    )


def _end(run: Import, report: Report) -> None:
    if run.is_whole:
        report.vanished = counting.forget_unsaid(run.source, run.campaign, run=run.pk)
    linked = counting.link_new(run.source)
    report.linked, report.doubtful = linked.linked, linked.doubtful
    report.founded = linked.founded
    run.counts, run.ended_at = report.counts, timezone.now()
    run.save(update_fields=["counts", "ended_at"])


def _read(rows: Iterator[ReadRow | RefusedRow], report: Report) -> Iterator[ReadRow]:
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


def _portions(rows: Iterator[ReadRow]) -> Iterator[list[ReadRow]]:
    while portion := list(islice(rows, AT_ONCE)):
        yield portion


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
    return [_said(row, source, kept) for row in rows]


def _said(row: ReadRow, source: Source, kept: dict[int, int]) -> Said:
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
