"""Which paragraph of a new version was which of the old one. Pure: lists in, lists out.

A paragraph keeps its key as long as it can be recognised: unchanged, moved, or changed. That is
what lets a translation know, paragraph by paragraph, what it still translates rightly.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from convoca.core.fold import terms
from convoca.texts.digests import digest

LIKE = 0.4
"""From this share of common words on, two paragraphs are one that changed."""
LIKE_IN_PLACE = 0.2
"""The same, where the one stands where the other stood."""

TELLING = 12
"""How many of a paragraph's rarest words are looked up."""
COMPARED = 20
"""How many candidates are compared word by word."""


@dataclass(frozen=True)
class Match:
    """One paragraph of the new version: which old key it carries on, if any, and how."""

    index: int
    kind: str  # "same", "moved", "changed", "new"
    key: int | None = None


def match(old: Sequence[tuple[int, str]], new: Sequence[str]) -> list[Match]:
    """For each new paragraph, in order, the old one (key, words) that it carries on.

    Each old key is used at most once; old keys that no match names were removed.
    """
    before = [digest(body) for _, body in old]
    after = [digest(body) for body in new]
    found: dict[int, Match] = {}
    used: dict[int, int] = {}  # old index -> new index

    def take(old_index: int, new_index: int, kind: str) -> None:
        found[new_index] = Match(new_index, kind, old[old_index][0])
        used[old_index] = new_index

    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            take(block.a + step, block.b + step, "same")
    waiting = defaultdict(list)
    for index, mark in enumerate(before):
        if index not in used:
            waiting[mark].append(index)
    for index, mark in enumerate(after):
        if index not in found and waiting[mark]:
            take(waiting[mark].pop(0), index, "moved")

    lost = [index for index in range(len(old)) if index not in used]
    open_ = [index for index in range(len(new)) if index not in found]
    for _, old_index, new_index in _likenesses(old, new, lost, open_, used):
        if old_index not in used and new_index not in found:
            take(old_index, new_index, "changed")
    return [found.get(index) or Match(index, "new") for index in range(len(new))]


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two paragraphs have in common (Dice), 0 to 1."""
    size = one.total() + other.total()
    return 2 * (one & other).total() / size if size else 0.0


def _likenesses(
    old: Sequence[tuple[int, str]],
    new: Sequence[str],
    lost: list[int],
    open_: list[int],
    used: dict[int, int],
) -> list[tuple[float, int, int]]:
    """Pairs that may be one paragraph, the likeliest first; ties go to the nearest place."""
    bags = {index: Counter(terms(old[index][1])) for index in lost}
    places: dict[str, list[int]] = defaultdict(list)
    for index, bag in bags.items():
        for word in bag:
            places[word].append(index)
    gap_before = _gaps(len(old), set(used))
    gap_after = _gaps(len(new), set(used.values()))
    neighbours = defaultdict(list)
    for index in lost:
        neighbours[gap_before[index]].append(index)
    anchors = sorted(used.items())
    in_order = all(a[1] < b[1] for a, b in pairwise(anchors))
    pairs = []
    for new_index in open_:
        bag = Counter(terms(new[new_index]))
        near = neighbours[gap_after[new_index]] if in_order else []
        # Only likely ones are compared: those that share the rarest words, and those nearby.
        shared: Counter[int] = Counter()
        for word in sorted(bag, key=lambda word: len(places.get(word, ())))[:TELLING]:
            shared.update(places.get(word, ()))
        close = sorted(near, key=lambda index: abs(index - new_index))[:COMPARED]
        for old_index in {index for index, _ in shared.most_common(COMPARED)} | set(close):
            in_place = old_index in close
            score = likeness(bags[old_index], bag)
            if score >= (LIKE_IN_PLACE if in_place else LIKE):
                pairs.append((score + (0.1 if in_place else 0), old_index, new_index))
    return sorted(pairs, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1], pair[2]))


def _gaps(length: int, anchored: set[int]) -> list[int]:
    """For each place, how many anchored ones stand before it: equal numbers are one gap."""
    count, line = 0, []
    for index in range(length):
        line.append(count)
        count += index in anchored
    return line
