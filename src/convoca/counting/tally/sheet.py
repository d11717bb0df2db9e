"""Everything that totals are computed from, as one sheet: whoever has it can do the sums again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from convoca.campaigns.addresses import root
from convoca.campaigns.models import Moment
from convoca.counting.models import Source
from convoca.counting.tally.rows import Counted, Figure, Ledger, Said
from convoca.network import spreadsheets
from convoca.network.models import Network, Organisation

COLUMNS = (
    "action",
    "action_url",
    "title",
    "date",
    "country",
    "city",
    "moment",
    "organisations",
    "action_is",
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
of their own. `organisations` are codes, parted by blanks.
"""


def as_csv(ledger: Ledger) -> bytes:
    """The sheet, with a mark at its start so that spreadsheet programs read it as UTF-8. Whole, as
    a kept page is its whole body: its mark (ETag), its packed forms and its row in the store are
    made of that. Of 20,000 actions it has 14 MB, while the rows that it is written from have 43.
    """
    sources = {one.pk: one for one in Source.objects.all()}
    codes = Codes.of(ledger)
    return spreadsheets.as_csv(COLUMNS, _lines(ledger, sources, codes))


@dataclass(frozen=True)
class Codes:
    """What stands for moments and organisations in files: the codes of their addresses."""

    moments: dict[int, str]
    organisations: dict[int, str]

    @classmethod
    def of(cls, ledger: Ledger) -> Self:
        moments = {one.moment for one in ledger.actions if one.moment is not None}
        hosts = {host for one in ledger.actions for host in one.hosts}
        return cls(
            dict(Moment.objects.filter(pk__in=moments).values_list("pk", "code")),
            dict(Organisation.objects.filter(pk__in=hosts).values_list("pk", "code")),
        )

    def hosts_of(self, action: Counted) -> list[str]:
        return sorted(self.organisations[one] for one in action.hosts if one in self.organisations)


def standing_of(action: Counted) -> str:
    """In one word for programs, whether it counts, else why not."""
    if action.took_place:
        return "counted"
    if action.is_to_come:
        return "to come"
    return "called off" if action.is_called_off else "not said"


def _lines(ledger: Ledger, sources: dict[int, Source], codes: Codes) -> Iterator[list[object]]:
    base, network = f"{root()}/actions/", Network.load()
    for action in ledger.actions:
        start = [
            action.code,
            f"{base}{action.code}",
            str(action.name),
            action.day or "",
            action.country,
            action.town,
            codes.moments.get(action.moment or 0, ""),
            " ".join(codes.hosts_of(action)),
            standing_of(action),
            _yes(action.took_place),
        ]
        for claim in action.claims:
            said = _claim(claim, sources[claim.source], network)
            for figure in claim.figures:
                yield [*start, *said, *_figure(figure, claim, action)]
            if not claim.figures:
                yield [*start, *said, *[""] * 10]
        if not action.claims:  # the words are members' own, and nobody says what became of it
            yield [*start, "", "", str(network), "", network.licence, "", *[""] * 10]


def _claim(claim: Said, source: Source, network: Network) -> list[object]:
    says = "took place" if claim.is_said else "called off"
    licence = network.licence if source.kind == Source.Kind.HOSTS else source.licence
    return [claim.code, says, str(source), source.kind, licence, claim.external_id]


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
