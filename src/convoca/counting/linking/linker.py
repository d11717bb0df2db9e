"""Scores pairs, links lists one-to-one, and says how sure it is and why."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Self

from convoca.counting.linking.assignment import assign
from convoca.counting.linking.association import Associations
from convoca.counting.linking.features import FEATURES, Comparer, Rarity, is_backed
from convoca.counting.linking.index import Index, Key
from convoca.counting.linking.reasons import Reason, reasons
from convoca.counting.linking.reports import Profile, Report, profile
from convoca.counting.linking.trees import Trees, log_odds, probability

DATA = Path(__file__).parent / "data"
OURS, THEIRS = "1", "2"
"""What the two lists are called that are linked in one go."""
MARGIN = 1.0
"""A link is clear only if it is so far (log odds) ahead of any other that its reports may have."""
Step = Callable[[float, float], None]


class Verdict(StrEnum):
    CLEAR = "clear"
    DOUBTFUL = "doubtful"
    APART = "apart"


class Thresholds(NamedTuple):
    """Probabilities from which on a pair is doubtful, and clear; chosen by cross-validation."""

    doubtful: float
    clear: float


@dataclass(frozen=True, slots=True)
class Link:
    """Two reports, how probably they are of one action, and why."""

    one: Report
    other: Report
    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]


class Scored(NamedTuple):
    """A pair with the logarithm of its odds, and whether more than day and place speaks for it."""

    one: Profile
    other: Profile
    odds: float
    is_backed: bool = True


class Linker:
    """Compares by learned weights. Deterministic: the same reports give the same links."""

    def __init__(self, comparer: Comparer, trees: Trees, thresholds: Thresholds) -> None:
        self.comparer = comparer
        self.trees = trees
        self.thresholds = thresholds

    @classmethod
    def read(cls, weights: Mapping[str, Any], words: Mapping[str, Any]) -> Self:
        """From what `scripts/train_linker.py` wrote."""
        comparer = Comparer(
            Associations.read(words["associations"]),
            Rarity(words["rarity"]["reports"], words["rarity"]["count"]),
            Associations.read(words["signed"]),
        )
        trees = Trees.read(weights["trees"], FEATURES)
        return cls(comparer, trees, Thresholds(**weights["thresholds"]))

    @classmethod
    def shipped(cls) -> "Linker":
        """The one that comes with Convoca; read once."""
        return _shipped()

    # One pair, one report

    def compare(self, one: Report, other: Report, index: Index | None = None) -> Link:
        """Two reports by themselves, or among the rivals that `index` holds."""
        among = index or Index([one, other])
        pair = self._scored(_profile(among, one), _profile(among, other), among)
        return self._link(pair, self._verdict(pair))

    def neighbours(self, report: Report, index: Index) -> list[Link]:
        """The reports of other sources near this one, likeliest first, those apart left out.

        Of each other source one alone may be of the same action: where a second is nearly as
        likely, both are doubtful.
        """
        one = _profile(index, report)
        found = [
            s
            for other in index.near(one)
            if probability((s := self._scored(one, other, index)).odds) >= self.thresholds.doubtful
        ]
        found.sort(key=lambda s: (-s.odds, s.other.report.source, s.other.report.id))
        odds: dict[str, list[float]] = {}
        for scored in found:
            odds.setdefault(scored.other.report.source, []).append(scored.odds)
        return [
            self._link(scored, self._verdict(scored, _beside(of_source, scored.odds)))
            for scored in found
            for of_source in [odds[scored.other.report.source]]
        ]

    # Two lists

    def link(
        self, ones: Iterable[Report], others: Iterable[Report], *, step: Step | None = None
    ) -> list[Link]:
        """The pairs of two sources' lists that are clear or doubtful, each report in one at most.

        What the reports say of their source is not looked at: each list is one. Sorted by the ids
        of the first list.
        """
        left = [_called(OURS, report) for report in ones]
        right = [_called(THEIRS, report) for report in others]
        index = Index([*left, *right])
        scored: list[Scored] = []
        for done, report in enumerate(left):
            if step and not done % 200:
                step(done, len(left))
            scored += self._candidates(report, index)
        return self.settle(scored)

    def _candidates(self, report: Report, index: Index) -> list[Scored]:
        one = index.profile((OURS, report.id))
        if one is None:  # pragma: no cover (it was added)
            return []
        return [self._scored(one, other, index) for other in index.near(one)]

    def settle(self, scored: Sequence[Scored]) -> list[Link]:
        """One-to-one, best over each group of pairs that hang together."""
        floor = log_odds(self.thresholds.doubtful)
        kept = [pair for pair in scored if pair.odds > floor]
        of = {(_key(pair.one), _key(pair.other)): pair for pair in kept}
        rivals = _best_two(kept)
        links = []
        for one, other, _ in assign((*keys, pair.odds - floor) for keys, pair in of.items()):
            pair = of[one, other]
            nearest = max(_beside(rivals[side], pair.odds) for side in ((0, one), (1, other)))
            links.append(self._link(pair, self._verdict(pair, nearest)))
        return sorted(links, key=lambda link: (link.one.id, link.other.id))

    # How one pair is scored

    def _scored(self, one: Profile, other: Profile, index: Index) -> Scored:
        rivals = index.rivals(one, other)
        values = self.comparer.values(one, other, rivals)
        return Scored(one, other, self.trees.odds(values), is_backed(values))

    def _verdict(self, pair: Scored, rival: float = -99.0) -> Verdict:
        """How sure it is, if the best odds beside it are the rival's."""
        chance = probability(pair.odds)
        if chance < self.thresholds.doubtful:
            return Verdict.APART
        is_sure = chance >= self.thresholds.clear and pair.is_backed
        return Verdict.CLEAR if is_sure and pair.odds - rival >= MARGIN else Verdict.DOUBTFUL

    def _link(self, pair: Scored, verdict: Verdict) -> Link:
        return Link(
            pair.one.report,
            pair.other.report,
            round(probability(pair.odds), 4),
            verdict,
            tuple(reasons(pair.one, pair.other, self.comparer)),
        )


def _called(source: str, report: Report) -> Report:
    return report if report.source == source else replace(report, source=source)


def _profile(index: Index, report: Report) -> Profile:
    held = index.profile((report.source, report.id))
    return held if held and held.report == report else profile(report)


def _key(one: Profile) -> Key:
    return one.report.source, one.report.id


def _best_two(pairs: Sequence[Scored]) -> dict[tuple[int, Key], list[float]]:
    """The two best odds of each report, on either side."""
    found: dict[tuple[int, Key], list[float]] = {}
    for pair in pairs:
        for side, one in ((0, pair.one), (1, pair.other)):
            best = found.setdefault((side, _key(one)), [])
            best.append(pair.odds)
            best.sort(reverse=True)
            del best[2:]
    return found


def _beside(best: list[float], odds: float) -> float:
    """The best odds beside these."""
    return best[0] if best[0] != odds else best[1] if len(best) > 1 else -99.0


@cache
def _shipped() -> Linker:
    weights = json.loads((DATA / "weights.json").read_text(encoding="utf-8"))
    words = json.loads((DATA / "words.json").read_text(encoding="utf-8"))
    return Linker.read(weights, words)
