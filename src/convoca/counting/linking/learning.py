"""Learns the weights from labelled pairs: plain gradient boosting, in plain Python.

Newton steps on the logistic loss (Friedman 2001; Chen and Guestrin 2016), trees grown best leaf
first on binned values. Used by `scripts/train_linker.py`, and never while serving.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from convoca.counting.linking.trees import Node, Trees, probability

BINS = 24


@dataclass(frozen=True)
class Settings:
    """How much is learned, and how cautiously."""

    trees: int = 120
    leaves: int = 6
    rate: float = 0.08
    least: float = 15.0
    """Weight of rows that a leaf must hold."""
    ridge: float = 3.0
    share: float = 0.5
    """Of the features, that each tree may look at; which ones is drawn, always alike."""


@dataclass
class _Leaf:
    rows: list[int]
    grad: float
    hess: float
    sums: list[tuple[list[float], list[float], list[float]]]
    """For each feature and bin: gradients, curvatures, weights of the rows in it."""
    gain: float = 0.0
    feature: int = -1
    bin: int = -1
    node: list[object] | None = None


class _Grower:
    def __init__(
        self, rows: Sequence[Sequence[float]], weights: list[float], how: Settings
    ) -> None:
        self.how = how
        self.weights = weights
        self.looked_at: list[int] = []
        self.chance = Random(1)  # noqa: S311  not a secret
        columns = list(zip(*rows, strict=True))
        self.bounds = [_bounds(column) for column in columns]
        self.bins = [
            [bisect_left(bounds, value) for value in column]
            for column, bounds in zip(columns, self.bounds, strict=True)
        ]

    def leaf(self, rows: list[int], grads: list[float], hesses: list[float]) -> _Leaf:
        some_grads = [grads[i] for i in rows]
        some_hesses = [hesses[i] for i in rows]
        some_weights = [self.weights[i] for i in rows]
        sums = []
        for feature in self.looked_at:
            bins, count = self.bins[feature], len(self.bounds[feature]) + 1
            g, h, w = [0.0] * count, [0.0] * count, [0.0] * count
            for i, grad, hess, weight in zip(
                rows, some_grads, some_hesses, some_weights, strict=True
            ):
                at = bins[i]
                g[at] += grad
                h[at] += hess
                w[at] += weight
            sums.append((g, h, w))
        return self.weighed(_Leaf(rows, sum(some_grads), sum(some_hesses), sums))

    def rest(self, whole: _Leaf, part: _Leaf, rows: list[int]) -> _Leaf:
        """What is left of a leaf without a part: by subtraction."""
        sums = [
            tuple([a - b for a, b in zip(x, y, strict=True)] for x, y in zip(one, two, strict=True))
            for one, two in zip(whole.sums, part.sums, strict=True)
        ]
        return self.weighed(
            _Leaf(rows, whole.grad - part.grad, whole.hess - part.hess, sums)  # type: ignore[arg-type]
        )

    def weighed(self, leaf: _Leaf) -> _Leaf:
        """Find the best place to cut it."""
        ridge, least = self.how.ridge, self.how.least
        before = leaf.grad**2 / (leaf.hess + ridge)
        for feature, (gs, hs, ws) in zip(self.looked_at, leaf.sums, strict=True):
            grad = hess = weight = 0.0
            whole = sum(ws)
            for at in range(len(gs) - 1):
                grad, hess, weight = grad + gs[at], hess + hs[at], weight + ws[at]
                if weight < least:
                    continue
                if whole - weight < least:
                    break
                gain = (
                    grad**2 / (hess + ridge)
                    + (leaf.grad - grad) ** 2 / (leaf.hess - hess + ridge)
                    - before
                )
                if gain > leaf.gain + 1e-9:
                    leaf.gain, leaf.feature, leaf.bin = gain, feature, at
        return leaf

    def tree(self, grads: list[float], hesses: list[float], odds: list[float]) -> Node:
        """Grow one tree and move the odds of all rows by it."""
        count = max(1, math.ceil(self.how.share * len(self.bins)))
        self.looked_at = sorted(self.chance.sample(range(len(self.bins)), count))
        root = self.leaf(list(range(len(grads))), grads, hesses)
        root.node = []
        leaves = [root]
        while len(leaves) < self.how.leaves:
            best = max(leaves, key=lambda leaf: leaf.gain)
            if best.gain <= 1e-6 or best.node is None:
                break
            leaves.remove(best)
            leaves += self._cut(best, grads, hesses)
        for leaf in leaves:
            value = -self.how.rate * leaf.grad / (leaf.hess + self.how.ridge)
            if leaf.node is not None:
                leaf.node.append(value)
            for i in leaf.rows:
                odds[i] += value
        return _frozen(root.node)

    def _cut(self, leaf: _Leaf, grads: list[float], hesses: list[float]) -> list[_Leaf]:
        bins = self.bins[leaf.feature]
        up_to = [i for i in leaf.rows if bins[i] <= leaf.bin]
        beyond = [i for i in leaf.rows if bins[i] > leaf.bin]
        if len(up_to) <= len(beyond):
            low = self.leaf(up_to, grads, hesses)
            high = self.rest(leaf, low, beyond)
        else:
            high = self.leaf(beyond, grads, hesses)
            low = self.rest(leaf, high, up_to)
        low.node, high.node = [], []
        if leaf.node is not None:
            bound = self.bounds[leaf.feature][leaf.bin]
            leaf.node += [leaf.feature, bound, low.node, high.node]
        return [low, high]


def learn(
    rows: Sequence[Sequence[float]],
    labels: Sequence[int],
    weights: Sequence[float] | None = None,
    how: Settings | None = None,
) -> Trees:
    """Trees that tell rows labelled 1 from those labelled 0."""
    how = how or Settings()
    weight = list(weights) if weights else [1.0] * len(rows)
    share = sum(w for w, y in zip(weight, labels, strict=True) if y) / sum(weight)
    start = math.log(share / (1 - share))
    odds = [start] * len(rows)
    grower = _Grower(rows, weight, how)
    trees = []
    for _ in range(how.trees):
        chances = [probability(o) for o in odds]
        grads = [w * (p - y) for w, p, y in zip(weight, chances, labels, strict=True)]
        hesses = [w * p * (1 - p) for w, p in zip(weight, chances, strict=True)]
        trees.append(grower.tree(grads, hesses, odds))
    return Trees(start, tuple(trees))


def _bounds(column: Sequence[float]) -> list[float]:
    """Where a feature may be cut: between its values if they are few, else at quantiles."""
    values = sorted(set(column))
    if len(values) > BINS:
        ordered = sorted(column)
        values = sorted({ordered[len(ordered) * k // BINS] for k in range(BINS)} | {values[-1]})
    return [(one + other) / 2 for one, other in pairwise(values)]


def _frozen(node: list[object] | None) -> Node:
    if not node:
        return 0.0
    if len(node) == 1:
        return float(node[0])  # type: ignore[arg-type]
    feature, bound, low, high = node
    return (feature, bound, _frozen(low), _frozen(high))  # type: ignore[arg-type,return-value]
