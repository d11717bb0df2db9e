"""Which waiting actions are of one making: pure comparison of traces, nothing is read or stored.

One shared trace may be chance: two committees write the campaign's own title, a whole town posts
from one mobile network. So a single trace joins only where it is strong (the same address, the same
long text, one network within hours many times), and weak ones (title, town and hour, network) join
two by two.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from convoca.core.fold import fold

WITHIN = timedelta(hours=6)
"""Arrivals from one network with longer pauses between them are not one burst."""
A_BURST = 5
"""As many newcomers' actions from one network within hours are of one making."""
ONE_VOICE = 8
"""As many newcomers' actions with one title, the campaign's own words aside, are too."""
A_TITLE = 3
"""Words that a title must have besides the campaign's own to be nobody else's by chance."""


class Why(TextChoices):
    """What similar ones share."""

    ADDRESS = "address", _("the same mail address")
    TEXT = "text", _("the same description")
    SENDER = "sender", _("many from one network within hours")
    TITLE = "title", _("the same title many times")
    TWO = "two", _("nearly the same title, place and time, or network")


@dataclass(frozen=True)
class Traces:
    """What is compared of one action."""

    pk: int
    title: str
    at: datetime
    where: str = ""
    """The town's name."""
    when: Hashable = None
    campaign: str = ""
    is_newcomer: bool = True
    sender: str = ""
    address: str = ""
    text: str = ""


@dataclass
class Group:
    """Some of one making, the oldest first, and what they share; most have one only."""

    pks: list[int] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)
    newcomers: int = 0
    """How many of them come from hosts we do not know."""

    @property
    def is_lot(self) -> bool:
        return len(self.pks) > 1


def groups(rows: Sequence[Traces]) -> list[Group]:
    """All rows, each in one group; groups in the order of their oldest row."""
    joined = _Joined(row.pk for row in rows)
    reasons: list[tuple[int, Why]] = []
    for why, members in _shared(rows):
        for other in members[1:]:
            joined.join(members[0], other)
        reasons.append((members[0], why))
    found: dict[int, Group] = defaultdict(Group)
    for row in sorted(rows, key=lambda row: (row.at, row.pk)):
        group = found[joined.root(row.pk)]
        group.pks.append(row.pk)
        group.newcomers += row.is_newcomer
    for pk, why in reasons:
        group = found[joined.root(pk)]
        if why not in group.why:
            group.why.append(why)
    return list(found.values())


def _shared(rows: Sequence[Traces]) -> Iterator[tuple[Why, list[int]]]:
    """Each trace that joins, with those that share it."""
    buckets: dict[tuple[Why, Hashable], list[Traces]] = defaultdict(list)
    for row in rows:
        for why, key in _keys(row):
            buckets[why, key].append(row)
    for (why, _key), members in buckets.items():
        for part in _parts(why, members):
            yield why, [row.pk for row in part]


def _parts(why: Why, members: list[Traces]) -> Iterator[list[Traces]]:
    """Those of a bucket that count: bursts must be long enough, all others be two."""
    least = {Why.SENDER: A_BURST, Why.TITLE: ONE_VOICE}.get(why)
    if least is None:
        if len(members) > 1:
            yield members
        return
    for burst in _bursts(sorted(members, key=lambda row: row.at)):
        if len(burst) >= least:
            yield burst


def _bursts(rows: list[Traces]) -> Iterator[list[Traces]]:
    burst: list[Traces] = []
    for row in rows:
        if burst and row.at - burst[-1].at > WITHIN:
            yield burst
            burst = []
        burst.append(row)
    if burst:
        yield burst


def _keys(row: Traces) -> Iterator[tuple[Why, Hashable]]:
    if row.address:
        yield Why.ADDRESS, (row.address, row.is_newcomer)
    if row.text:  # words of a host we know may be copied by strangers: that joins them with nobody
        yield Why.TEXT, (row.text, row.is_newcomer)
    if row.sender and row.is_newcomer:
        yield Why.SENDER, row.sender
    words = _words(row.title) - _words(row.where)
    own = words - _words(row.campaign)
    if row.is_newcomer and len(own) >= A_TITLE:
        yield Why.TITLE, own
    spot = (row.where, row.when) if row.when is not None else None
    for title in _nearly(words):
        if spot:
            yield Why.TWO, (title, spot)
        if row.sender:
            yield Why.TWO, (title, row.sender)
    if spot and row.sender:
        yield Why.TWO, (spot, row.sender)


def _words(text: str) -> frozenset[str]:
    """Folded words without figures, in no order."""
    return frozenset(word for word in fold(text).split() if not any(map(str.isdigit, word)))


def _nearly(words: frozenset[str]) -> list[frozenset[str]]:
    """The words, and of a longer title also those with one left out: one word may differ."""
    if len(words) < A_TITLE + 1:
        return [words] if words else []
    return [words, *(words - {word} for word in sorted(words))]


class _Joined:
    """Disjoint sets of keys."""

    def __init__(self, keys: Iterable[int]) -> None:
        self._parent = {key: key for key in keys}

    def root(self, key: int) -> int:
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: int, other: int) -> None:
        self._parent[self.root(other)] = self.root(one)
