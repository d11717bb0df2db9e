"""A sum of small decision trees, as a probability."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

Node = float | tuple[int, float, Any, Any]
"""A leaf, or: feature, bound, what follows up to the bound, what follows beyond it."""


@dataclass(frozen=True)
class Trees:
    """`start` plus one leaf of each tree is the logarithm of the odds."""

    start: float
    trees: tuple[Node, ...]

    @classmethod
    def read(cls, stored: dict[str, Any], features: Sequence[str]) -> Self:
        """From the stored form, in which features go by their names."""
        number = {name: at for at, name in enumerate(features)}
        return cls(stored["start"], tuple(_read(tree, number) for tree in stored["trees"]))

    def as_stored(self, features: Sequence[str]) -> dict[str, object]:
        return {
            "start": round(self.start, 4),
            "trees": [_stored(tree, features) for tree in self.trees],
        }

    def odds(self, values: Sequence[float]) -> float:
        """Logarithm of the odds."""
        total = self.start
        for node in self.trees:
            while node.__class__ is tuple:
                feature, bound, up_to, beyond = node
                node = up_to if values[feature] <= bound else beyond
            total += node  # type: ignore[operator]
        return total


def probability(odds: float) -> float:
    """From the logarithm of the odds; never quite 0 or 1."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def log_odds(chance: float) -> float:
    return math.log(chance / (1.0 - chance))


def _read(node: Any, number: dict[str, int]) -> Node:
    if not isinstance(node, list):
        return float(node)
    name, bound, up_to, beyond = node
    return (number[name], float(bound), _read(up_to, number), _read(beyond, number))


def _stored(node: Node, features: Sequence[str]) -> Any:
    if not isinstance(node, tuple):
        return round(node, 3)
    at, bound, up_to, beyond = node
    return [features[at], round(bound, 4), _stored(up_to, features), _stored(beyond, features)]
