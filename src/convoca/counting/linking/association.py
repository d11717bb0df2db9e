"""Which words go together: one source's "for President Trump", the other's "For 45th president".

Learned from pairs of reports of the same action: how often a word of one stood with a word of the
other, against how often that would happen by chance. Words that were never seen say nothing.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple, Self

from convoca.counting.linking.reports import Profile

LIKE = 2.0
"""How many pairs of evidence it takes to be half believed."""
SEEN = 4
"""A word that was seen less often is not kept."""
TOKENS = 40
"""Tokens of a report that are compared, in alphabetical order where there are more."""


class Agreement(NamedTuple):
    """How well the words of two reports go together; nought where none of them is known."""

    known: float = 0.0
    total: float = 0.0
    best: float = 0.0
    lower_side: float = 0.0
    upper_side: float = 0.0
    worst_of_one: float = 0.0
    worst_of_other: float = 0.0
    worst: float = 0.0
    average: float = 0.0


UNKNOWN = Agreement()


class Associations:
    """Counts of words that stood in two reports of the same action."""

    def __init__(
        self,
        pairs: int,
        seen: Mapping[str, tuple[int, int]],
        together: Mapping[str, Mapping[str, int]],
    ) -> None:
        self.pairs = max(1, pairs)
        self.seen = dict(seen)
        self.together = {one: dict(others) for one, others in together.items()}
        self._weights: dict[str, dict[str, float]] = {}

    @classmethod
    def learn(
        cls,
        pairs: Iterable[tuple[Profile, Profile]],
        of: Callable[[Profile], frozenset[str]] = attrgetter("phrases"),
    ) -> Self:
        """From pairs that report the same action, of their phrases or of something else."""
        sides = [(of(left), of(right)) for left, right in pairs]
        lefts = Counter(token for left, _ in sides for token in left)
        rights = Counter(token for _, right in sides for token in right)
        kept = {t for t in {*lefts, *rights} if lefts[t] + rights[t] >= SEEN}
        together: Counter[tuple[str, str]] = Counter()
        for left, right in sides:
            for one in left & kept:
                together.update(
                    (one, other) if one < other else (other, one) for other in right & kept
                )
        nested: dict[str, dict[str, int]] = {}
        for (one, other), count in together.items():
            nested.setdefault(one, {})[other] = count
        return cls(len(sides), {token: (lefts[token], rights[token]) for token in kept}, nested)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        seen = {token: (left, right) for token, (left, right) in stored["seen"].items()}
        tokens = list(seen)
        together = {
            one: {tokens[at]: int(count) for count, numbers in row.items() for at in numbers}
            for one, row in stored["together"].items()
        }
        return cls(stored["pairs"], seen, together)

    def as_stored(self) -> dict[str, Any]:
        """Each word with how often each side had it; then for each word how often others stood
        with it: count → their numbers in the list of words, from nought.
        """
        tokens = sorted(self.seen)
        number = {token: at for at, token in enumerate(tokens)}
        together: dict[str, dict[str, list[int]]] = {}
        for one, others in sorted(self.together.items()):
            row = together[one] = {}
            for other, count in sorted(others.items(), key=lambda item: (-item[1], item[0])):
                row.setdefault(str(count), []).append(number[other])
        seen = {token: list(self.seen[token]) for token in tokens}
        return {"pairs": self.pairs, "seen": seen, "together": together}

    def known(self, tokens: Iterable[str]) -> list[str]:
        """Those tokens that say something."""
        found = sorted(token for token in tokens if token in self.seen)
        return found[:TOKENS]

    def weight(self, one: str, other: str) -> float:
        """Log of how much oftener than by chance two known words stand for the same action."""
        return self._weights_of(one, [other])[0]

    def _weights_of(self, one: str, others: list[str]) -> list[float]:
        """Worked out where first asked for: most of millions never are."""
        row = self._weights.get(one)
        if row is None:
            row = self._weights[one] = {}
        try:
            return [row[other] for other in others]
        except KeyError:
            for other in others:
                if other not in row:
                    row[other] = self._weigh(*sorted((one, other)))
            return [row[other] for other in others]

    def _weigh(self, one: str, other: str) -> float:
        (a, b), (c, d) = self.seen[one], self.seen[other]
        chance = (a * d + (c * b if one != other else 0)) / self.pairs
        count = self.together.get(one, {}).get(other, 0)
        return math.log((count + LIKE) / (chance + LIKE))

    def agreement(self, ones: list[str], others: list[str]) -> Agreement:
        """Of words that are `known`."""
        if not ones or not others:
            return UNKNOWN
        # So that the order of the two does not matter, to the last bit.
        ones, others = sorted((ones, others), key=lambda words: (len(words), words))
        table = [self._weights_of(one, others) for one in ones]
        columns = list(zip(*table, strict=True))
        rows_best, columns_best = [max(row) for row in table], [max(c) for c in columns]
        total = math.fsum(map(math.fsum, table))
        sides = (math.fsum(rows_best) / len(ones), math.fsum(columns_best) / len(others))
        return Agreement(
            known=1.0,
            total=total / math.sqrt(len(ones) * len(others)),
            best=max(rows_best),
            lower_side=min(sides),
            upper_side=max(sides),
            worst_of_one=min(*rows_best, 0.0),
            worst_of_other=min(*columns_best, 0.0),
            worst=min(map(min, table)),
            average=total / (len(ones) * len(others)),
        )

    def strongest(self, ones: list[str], others: list[str]) -> tuple[float, str, str]:
        """The two words that go together best; weight nought where none does."""
        return max(
            (
                (weight, one, other)
                for one in ones
                for weight, other in zip(self._weights_of(one, others), others, strict=True)
            ),
            default=(0.0, "", ""),
        )
