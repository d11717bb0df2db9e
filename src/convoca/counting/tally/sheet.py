"""Everything that totals are computed from, as one sheet: whoever has it can do the sums again."""

from collections.abc import Iterator

from convoca.campaigns.addresses import root
from convoca.campaigns.models import Moment
from convoca.counting.models import Source
from convoca.counting.tally.rows import Counted, Figure, Ledger, Said
from convoca.network import spreadsheets

COLUMNS = (
    "action",
    "action_url",
    "title",
    "date",
    "country",
    "city",
    "moment",
    "action_counts",
    "claim",
    "claim_says",
    "source",
    "source_kind",
    "licence",
    "source_id",
    "estimate",
    "low",
    "high",
    "words",
    "method",
    "made_up_as",
    "url",
    "set_aside_on",
    "set_aside_why",
    "in_force",
)
"""One line an estimate; a claim that says no figure, and an action that no claim is of, have a line
of their own.
"""


def as_csv(ledger: Ledger) -> bytes:
    """The sheet, with a mark at its start so that spreadsheet programs read it as UTF-8."""
    sources = {one.pk: one for one in Source.objects.all()}
    moments = {one.pk: one for one in Moment.objects.filter(pk__in=_moments(ledger))}
    sheet = spreadsheets.as_csv(COLUMNS, _lines(ledger, sources, moments))
    return ("\ufeff" + sheet).encode()


def _moments(ledger: Ledger) -> set[int]:
    return {one.moment for one in ledger.actions if one.moment is not None}


def _lines(
    ledger: Ledger, sources: dict[int, Source], moments: dict[int, Moment]
) -> Iterator[list[object]]:
    base = f"{root()}/actions/"
    for action in ledger.actions:
        moment = moments.get(action.moment or 0)
        start = [
            action.code,
            f"{base}{action.code}",
            str(action.name),
            action.day or "",
            action.country,
            action.town,
            moment.code if moment else "",
            _yes(action.took_place),
        ]
        for claim in action.claims:
            said = _claim(claim, sources[claim.source])
            for figure in claim.figures:
                yield [*start, *said, *_figure(figure, claim, action)]
            if not claim.figures:
                yield [*start, *said, *[""] * 10]
        if not action.claims:
            yield [*start, *[""] * 16]


def _claim(claim: Said, source: Source) -> list[object]:
    says = "took place" if claim.is_said else "called off"
    return [claim.code, says, str(source), source.kind, source.licence, claim.external_id]


def _figure(one: Figure, claim: Said, action: Counted) -> list[object]:
    counts = action.took_place and claim.is_said and not one.is_set_aside
    return [
        one.pk,
        "" if one.low is None else one.low,
        "" if one.high is None else one.high,
        one.words,
        one.method,
        one.voice,
        one.url,
        one.set_aside_on or "",
        one.set_aside_why,
        _yes(counts),
    ]


def _yes(it_is: bool) -> str:
    return "yes" if it_is else "no"
