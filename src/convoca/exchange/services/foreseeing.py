"""What taking a list in would do, row by row, before anything is written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.actions.models import Action
from convoca.core.dates import clock_words, days_words, list_words, number_words
from convoca.counting import services as counting
from convoca.counting.linking.linker import Verdict
from convoca.counting.models import Claim
from convoca.counting.said import HowMany, Said
from convoca.exchange.models import Import
from convoca.exchange.reading import (
    OpenedFile,
    ReadRow,
    RefusedRow,
    Study,
    Tally,
    in_words,
    read_rows,
)
from convoca.exchange.services import importing, members
from convoca.exchange.services.handing_in import mapping_of, opened
from convoca.network.services import Tally as Members
from convoca.places.models import Place
from convoca.places.names import country_name

LOOKED_AT = 2_000
"""Rows that are compared with what is here; more would keep the person waiting."""
SHOWN = 50
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"
_PARTS: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "when": ("day", "last_day", "clock", "last_clock", "precision"),
    "where": ("place", "country", "venue", "where_words", "latitude", "longitude"),
    "kind": ("kind",),
    "state": ("state",),
    "organisers": ("organisers",),
    "words": ("words",),
    "urls": ("urls",),
}


@dataclass
class Foreseen:
    """One row, and what would become of it."""

    number: int
    state: str
    title: str = ""
    facts: str = ""
    """When, where and how many, in words."""
    notes: list[str] = field(default_factory=list)
    is_doubtful: bool = False
    """Whether a person will be asked of which action it is."""


@dataclass
class Preview:
    """The first rows of a list, and what would become of all that were looked at."""

    looked_at: int = 0
    is_all: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    rows: list[Foreseen] = field(default_factory=list)
    """The first ones."""
    wrong: list[Foreseen] = field(default_factory=list)
    """The first of those that would be left out, wherever they stand."""
    decisions: list[str] = field(default_factory=list)
    """What was decided for the whole file, in words."""
    unplaced: int = 0
    undated: int = 0
    invitations: int = 0
    committees: int = 0

    def as_json(self) -> dict[str, Any]:
        rows = {name: [vars(one) for one in getattr(self, name)] for name in ("rows", "wrong")}
        return {**vars(self), **rows, "counts": dict(self.counts)}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Preview":
        """What `as_json` answered."""
        rows = {name: [Foreseen(**one) for one in kept[name]] for name in ("rows", "wrong")}
        return cls(**{**kept, **rows, "counts": Counter(kept["counts"])})


def foresee(run: Import, file: OpenedFile, *, by: Person) -> Preview:
    """What would become of a list that waits for a yes. Reads all of the file."""
    if run.is_of_members:
        return _of_members(*members.import_members(file, mapping_of(run), by=by, dry_run=True))
    return _of_actions(run, opened(run, file))


def decided(study: Study) -> list[str]:
    """What was decided for a whole file, in words."""
    return [in_words(one) for one in study.decisions]


def _of_actions(run: Import, opened: importing.Opened) -> Preview:
    tally = Tally()
    every = read_rows(opened.file, opened.mapping, opened.study, opened.places, tally)
    rows = list(islice(every, LOOKED_AT))
    found = Preview(decisions=decided(opened.study))
    found.is_all = next(every, None) is None
    found.looked_at = tally.rows - (not found.is_all)
    states = _compared(run, [row for row in rows if isinstance(row, ReadRow)])
    for row in rows:
        one = _wrong(row) if isinstance(row, RefusedRow) else states[row.key]
        found.counts[one.state] += 1
        if len(found.rows) < SHOWN:
            found.rows.append(one)
        elif one.state == WRONG and len(found.wrong) < SHOWN:
            found.wrong.append(one)
        if isinstance(row, ReadRow):
            found.unplaced += row.place is None
            found.undated += row.precision != Claim.Precision.DAY
    return found


def _wrong(row: RefusedRow) -> Foreseen:
    title = next((cell for cell in row.cells if cell.strip()), "")[:80]
    return Foreseen(row.number, WRONG, title, notes=[in_words(one) for one in row.reasons])


def _compared(run: Import, rows: Sequence[ReadRow]) -> dict[str, Foreseen]:
    """Each row by its key, with what its source said of it before."""
    assert run.source is not None  # noqa: S101  for types
    kept = _places_of(rows)
    claims = Claim.objects.filter(
        source=run.source, external_id__in=[row.key[:200] for row in rows]
    )
    known = {claim.external_id: claim for claim in claims.prefetch_related("estimates")}
    found: dict[str, Foreseen] = {}
    fresh: list[tuple[ReadRow, Said]] = []
    for row in rows:
        said = importing.said_of(row, run.source, kept)
        one = Foreseen(row.number, NEW, row.title, _facts(row), [in_words(n) for n in row.notes])
        claim = known.get(said.external_id)
        is_here = claim is not None and claim.campaign_id == run.campaign_id
        if claim is None:
            fresh.append((row, said))
        elif is_here and claim.digest == said.digest and claim.vanished_at is None:
            one.state = SAME
        else:
            one.state = CHANGED
            one.notes.insert(0, _difference(claim, said, () if is_here else [_("the campaign")]))
        found[row.key] = one
    _foresee_links(run, fresh[:SHOWN], found)
    return found


def _foresee_links(
    run: Import, fresh: Sequence[tuple[ReadRow, Said]], found: dict[str, Foreseen]
) -> None:
    """Say of the first new rows whether they are of actions that are known."""
    assert run.source is not None and run.campaign is not None  # noqa: PT018, S101  for types
    placed = [(said, row.place) for row, said in fresh if row.place]
    links = counting.foresee(run.source, run.campaign, placed)
    actions = Action.objects.in_bulk([int(one.other.id) for one in links.values()])
    for row, said in fresh:
        link = links.get(said.external_id)
        action = actions.get(int(link.other.id)) if link else None
        if link is None or action is None:
            continue
        found[row.key].is_doubtful = link.verdict != Verdict.CLEAR
        words = (
            _("Perhaps of “%(action)s”, which is known: a person will be asked.")
            if found[row.key].is_doubtful
            else _("Of “%(action)s”, which is known.")
        )
        found[row.key].notes.insert(0, words % {"action": action.names})


def _places_of(rows: Sequence[ReadRow]) -> dict[int, int]:
    """Rows of places that are kept; the others have numbers that no row has."""
    numbers = {row.place.id for row in rows if row.place}
    kept = dict(Place.objects.filter(geonames_id__in=numbers).values_list("geonames_id", "pk"))
    return {number: kept.get(number, -number) for number in numbers}


def _difference(claim: Claim, said: Said, more: Iterable[str] = ()) -> str:
    words = {
        "title": _("the title"),
        "when": _("the time"),
        "where": _("the place"),
        "kind": _("the kind"),
        "state": _("whether it takes place"),
        "organisers": _("the organisers"),
        "words": _("what it is about"),
        "urls": _("the links"),
    }
    changed = [
        words[part]
        for part, names in _PARTS.items()
        if any(_was(claim, name) != _is(said, name) for name in names)
    ]
    before = {(one.low, one.high, one.words) for one in claim.estimates.all()}
    if before != {(one.low, one.high, one.words) for one in said.how_many}:
        changed.append(_how_many(claim, said.how_many))
    if claim.vanished_at is not None:
        changed.append(_("it is said again"))
    changed += more
    if not changed:
        changed.append(_("further columns"))
    return _("Other than before: %(what)s.") % {"what": list_words(changed)}


def _was(claim: Claim, name: str) -> object:
    return claim.place_id if name == "place" else getattr(claim, name)


def _is(said: Said, name: str) -> object:
    value = getattr(said, name)
    return list(value) if name == "urls" else value


def _how_many(claim: Claim, now: Sequence[HowMany]) -> str:
    before = [one.words for one in claim.estimates.all() if one.words]
    after = [one.words for one in now if one.words]
    if before and after:
        return _("how many people (“%(before)s”, now “%(after)s”)") % {
            "before": before[0],
            "after": after[0],
        }
    return _("how many people")


def _facts(row: ReadRow) -> str:
    """When, where and how many, as it was read."""
    when = days_words(row.first, row.last if row.last != row.first else None)
    clock = clock_words(row.starts) if row.starts else ""
    where = row.place_text
    if row.place:
        country = country_name(row.place.country, get_language() or "en")
        where = _("%(place)s, %(country)s") % {"place": row.place.name, "country": country}
    size = ""
    if row.size is not None:
        size = _size(row.size.low, row.size.high)
    return " · ".join(filter(None, (when, clock, where, size)))


def _size(low: int | None, high: int | None) -> str:
    if low is not None and high is not None and low != high:
        return _("%(low)s to %(high)s people") % {
            "low": number_words(low),
            "high": number_words(high),
        }
    if high is None and low is not None:
        return _("%(low)s people or more") % {"low": number_words(low)}
    return _("%(number)s people") % {"number": number_words(low or high or 0)}


def _of_members(tally: Members, unread: list[RefusedRow]) -> Preview:
    found = Preview(invitations=tally.invitations, committees=tally.committees)
    rows = [Foreseen(one.number, one.state, one.words, notes=one.notes) for one in tally.rows]
    rows = sorted([*rows, *map(_wrong, unread)], key=lambda one: one.number)
    found.looked_at = len(rows)
    found.counts = Counter(one.state for one in rows)
    told = [one for one in rows if one.state != SAME]
    found.wrong = [one for one in told if one.state == WRONG][:SHOWN]
    found.rows = [one for one in told if one.state != WRONG][:SHOWN]
    return found
