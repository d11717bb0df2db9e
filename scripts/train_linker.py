"""Learn how reports of the same action are recognised, and say what that gives in other months.

    make train-linker

reads ../shared/data/linkage (another place: --data DIR), which is not part of this repository,
prints the cross-validated figures and writes src/convoca/counting/linking/data. Plain Python; it
takes some minutes. The figures are those of months that were not learned from: the months are
dealt into six parts, each part is scored by weights learned on the five others, and so are the
word associations that the learning itself sees.
"""

import argparse
import csv
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.util import module_from_spec, spec_from_file_location
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from convoca.counting.linking import learning
from convoca.counting.linking.association import Associations
from convoca.counting.linking.features import FEATURES, Comparer, Rarity
from convoca.counting.linking.index import Index
from convoca.counting.linking.linker import Link, Linker, Scored, Thresholds, Verdict
from convoca.counting.linking.reports import Profile, Report
from convoca.counting.linking.trees import Trees
from convoca.exchange import reports
from convoca.exchange.reading import open_file
from convoca.places.gazetteer import Gazetteer

DATA = Path(__file__).resolve().parents[2] / "shared/data/linkage"
OUT = Path(__file__).resolve().parents[1] / "src/convoca/counting/linking/data"
PARTS = 6
UNSAID = 3
"""Each so manieth pair is learned from once more without word associations, so that lists in words
that nothing was learned of link too."""
SURE = 1.0
"""Log odds from which on a pair that nobody labelled is taken for a match, to learn words from."""
READ, BY_HAND, LEFT_ALONE = 4.0, 2.0, 1.5
"""How much more such pairs weigh than those known by a shared article."""
RARE = 5
"""A word that fewer reports have is as rare as one that none has."""


@dataclass(eq=False)
class Pair:
    one: Profile
    other: Profile
    rivals: int
    label: int | None
    weight: float
    part: int
    is_alone: bool = False
    """Nothing is known of it, and nobody else was there: learned from for words, not for links."""
    unsaid: list[float] | None = None
    """What its numbers are where nothing was learned of words."""


@dataclass
class Truth:
    """What is known of the pairs: see the README beside the data."""

    gold: set[tuple[str, str]]
    wrong: set[tuple[str, str]]
    by_hand: set[tuple[str, str]]
    ignored: set[tuple[str, str]]
    judged: dict[str, str]

    def __post_init__(self) -> None:
        self.settled = {*self.judged, *(side for pair in self.gold for side in pair)}

    def label(self, one: str, other: str) -> int | None:
        pair = (one, other)
        if pair in self.gold:
            return 1
        if pair in self.ignored:
            return None
        is_known = pair in self.wrong or one in self.settled or other in self.settled
        return 0 if is_known else None

    def weight(self, one: str, other: str) -> float:
        """What was read by hand counts more: the rest is known by shared articles alone."""
        if self.judged.get(one) == "read":
            return READ
        if "partner_removed" in (self.judged.get(one), self.judged.get(other)):
            return LEFT_ALONE
        return BY_HAND if (one, other) in self.by_hand else 1.0


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def truth_of(data: Path) -> Truth:
    rows = rows_of(data / "gold_pairs.csv")
    pairs = {match: {(r["id_a"], r["id_b"]) for r in rows if r["match"] == match} for match in "10"}
    by_hand = {(r["id_a"], r["id_b"]) for r in rows if r["how"].startswith("hand")}
    ignored = {(row["id_a"], row["id_b"]) for row in rows_of(data / "ignore_pairs.csv")}
    judged = {row["id"]: row["why"] for row in rows_of(data / "judged.csv")}
    return Truth(pairs["1"], pairs["0"], by_hand, ignored, judged)


def reports_of(data: Path) -> tuple[list[Report], list[Report]]:
    with tempfile.TemporaryDirectory() as folder:
        finder = Gazetteer(Path(folder) / "places.sqlite3")
        return (
            reports.reports_of(open_file(data / "reports_a.csv.gz"), finder).reports,
            reports.reports_of(open_file(data / "reports_b.csv.gz"), finder).reports,
        )


def pairs_of(
    ones: Sequence[Report], others: Sequence[Report], truth: Truth, deal: int = 0
) -> list[Pair]:
    """All pairs of neighbours, with what is known of them and the part of the months.

    `deal` deals the months to the parts in another way: to see what is chance.
    """
    left = [replace(report, source="1") for report in ones]
    right = [replace(report, source="2") for report in others]
    index = Index([*left, *right])
    months = sorted({report.first_on.isoformat()[:7] for report in left})
    if deal:
        Random(deal).shuffle(months)
    part = {month: at % PARTS for at, month in enumerate(months)}
    pairs = []
    for report in left:
        one = index.profile(("1", report.id))
        for other in index.near(one):
            ids = (report.id, other.report.id)
            rivals, label = index.rivals(one, other), truth.label(*ids)
            is_alone = (
                rivals == 1
                and label is None
                and ids not in truth.ignored
                and (one.town, one.region, one.days) == (other.town, other.region, other.days)
            )
            at = part[report.first_on.isoformat()[:7]]
            pairs.append(Pair(one, other, rivals, label, truth.weight(*ids), at, is_alone))
    return pairs


class Study:
    """The pairs, and what is learned of them without certain parts of the months."""

    def __init__(self, pairs: list[Pair], how: learning.Settings) -> None:
        self.pairs = pairs
        self.how = how
        for part in range(PARTS):
            plain = Comparer(NOTHING, self.rarity(frozenset({part})))
            for pair in pairs:
                if pair.part == part:
                    pair.unsaid = plain.values(pair.one, pair.other, pair.rivals)

    def rarity(self, without: frozenset[int]) -> Rarity:
        """How many reports have a word."""
        sides = ((pair.one, pair.other) for pair in self.pairs if pair.part not in without)
        seen = list(dict.fromkeys(chain.from_iterable(sides)))
        count = Counter(word for one in seen for word in one.said | one.venue_words)
        return Rarity(len(seen), {word: n for word, n in sorted(count.items()) if n >= RARE})

    def comparer(self, without: frozenset[int], taken: set[Pair]) -> Comparer:
        """Word associations of known matches, and of those that are taken for matches."""
        pairs = [
            (pair.one, pair.other)
            for pair in self.pairs
            if pair.part not in without and (pair.label == 1 or pair in taken)
        ]
        return Comparer(
            Associations.learn(pairs),
            self.rarity(without),
            Associations.learn(pairs, of=lambda one: one.signed),
        )

    def learned(self, without: frozenset[int]) -> tuple[Trees, Comparer]:
        """Twice: what the first trees are sure of, the second time words are learned from, too."""
        taken = {pair for pair in self.pairs if pair.is_alone}
        trees, comparer = self._learned(without, taken)
        chosen = [pair for pair in self.pairs if pair.part not in without]
        odds = {pair: trees.odds(values(pair, comparer)) for pair in chosen}
        best: dict[Profile, float] = {}
        for pair in chosen:
            for side in (pair.one, pair.other):
                best[side] = max(best.get(side, odds[pair]), odds[pair])
        taken = {
            pair
            for pair in chosen
            if pair.label is None
            and odds[pair] > SURE
            and odds[pair] == best[pair.one] == best[pair.other]
        }
        return self._learned(without, taken)

    def _learned(self, without: frozenset[int], taken: set[Pair]) -> tuple[Trees, Comparer]:
        """From the labelled pairs, each seen as from outside its own part of the months."""
        rows, labels, weights = [], [], []
        for part in range(PARTS):
            if part in without:
                continue
            comparer = self.comparer(without | {part}, taken)
            known = [p for p in self.pairs if p.part == part and p.label is not None]
            rows += [values(pair, comparer) for pair in known]
            rows += [pair.unsaid for pair in known[::UNSAID]]
            labels += [pair.label for pair in known + known[::UNSAID]]
            weights += [pair.weight for pair in known + known[::UNSAID]]
        trees = learning.learn(rows, labels, weights, self.how)
        return trees, self.comparer(without, taken)


NOTHING = Associations(0, {}, {})


def values(pair: Pair, comparer: Comparer) -> list[float]:
    """A pair's numbers; those that do not depend on learned words are worked out only once."""
    said = comparer.said(pair.one, pair.other)
    return pair.unsaid[: -len(said)] + said


_STUDY: Study


def _part(part: int) -> list[tuple[int, float]]:
    """The odds of the pairs of one part, learned from the others."""
    trees, comparer = _STUDY.learned(frozenset({part}))
    return [
        (at, trees.odds(values(pair, comparer)))
        for at, pair in enumerate(_STUDY.pairs)
        if pair.part == part
    ]


def cross_validated(study: Study, processes: int = 2) -> list[float]:
    """The odds of every pair, from months that do not hold it."""
    global _STUDY
    _STUDY = study
    odds = [0.0] * len(study.pairs)
    with get_context("fork").Pool(processes) as pool:
        for found in pool.imap_unordered(_part, range(PARTS)):
            for at, value in found:
                odds[at] = value
    return odds


def linked(study: Study, odds: Sequence[float], thresholds: Thresholds) -> list[Link]:
    linker = Linker(Comparer(NOTHING, Rarity(1, {})), Trees(0.0, ()), thresholds)
    pairs = zip(study.pairs, odds, strict=True)
    return linker.settle([Scored(pair.one, pair.other, o) for pair, o in pairs])


def scorer(data: Path) -> Callable[[Iterable[tuple[str, str]]], dict[str, Any]]:
    """The data's own `score.py`, its files read once."""
    spec = spec_from_file_location("linkage_score", data / "score.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    loaded = module.load(str(data))
    module.load = lambda folder: loaded
    return lambda pairs: module.score(pairs, str(data))


def figures(score: dict[str, Any]) -> str:
    return "  ".join(
        f"{name} {score[key]['f1']:.4f} ({score[key]['precision']:.3f}, {score[key]['recall']:.3f})"
        for name, key in (("all", "all"), ("contested", "contested"), ("read", "read_by_hand"))
    )


TRIED = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


def choose(study: Study, odds: Sequence[float], score: Callable[..., Any]) -> Thresholds:
    """Doubtful from where F1 is best; clear from where of 100 that are known 99 are right."""
    tried = {}
    for at in TRIED:
        found = score(
            (link.one.id, link.other.id) for link in linked(study, odds, Thresholds(at, 1.0))
        )
        print(f"  from {at:.2f}: {figures(found)}", flush=True)
        tried[at] = found["all"]["f1"] + found["contested"]["f1"]
    doubtful = max(tried, key=lambda at: tried[at])
    for clear in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98):
        links = linked(study, odds, Thresholds(doubtful, clear))
        sure = [link for link in links if link.verdict is Verdict.CLEAR]
        found = score((link.one.id, link.other.id) for link in sure)["all"]
        if found["precision"] >= 0.985:
            break
    print(
        f"  clear from {clear}: {len(sure)} of {len(links)} links, "
        f"precision {found['precision']:.4f}, recall {found['recall']:.4f}"
    )
    return Thresholds(doubtful, clear)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--deal", type=int, default=0, help="deal the months in another way")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only-figures", action="store_true", help="write nothing")
    options = parser.parse_args()
    if not (options.data / "gold_pairs.csv").exists():
        print(f"There are no labelled pairs in {options.data}.", file=sys.stderr)
        return 1
    started = time.perf_counter()
    ones, others = reports_of(options.data)
    truth = truth_of(options.data)
    pairs = pairs_of(ones, others, truth, options.deal)
    print(
        f"{len(ones)} and {len(others)} reports, {len(pairs)} pairs of neighbours, "
        f"{sum(p.label == 1 for p in pairs)} of {len(truth.gold)} matches among them, "
        f"{sum(p.label == 0 for p in pairs)} known not to match, "
        f"{sum(p.is_alone for p in pairs)} alone"
        f" ({time.perf_counter() - started:.0f} s)",
        flush=True,
    )
    study = Study(pairs, learning.Settings())
    odds = cross_validated(study, options.processes)
    print(
        f"cross-validated over {PARTS} parts of the months ({time.perf_counter() - started:.0f} s):"
    )
    thresholds = choose(study, odds, scorer(options.data))
    if not options.only_figures:
        write(study, thresholds, options.out)
        print(f"written to {options.out} ({time.perf_counter() - started:.0f} s)")
    return 0


def write(study: Study, thresholds: Thresholds, out: Path) -> None:
    trees, comparer = study.learned(frozenset())
    out.mkdir(exist_ok=True)
    weights = {"thresholds": thresholds._asdict(), "trees": trees.as_stored(FEATURES)}
    words = {
        "associations": comparer.associations.as_stored(),
        "signed": comparer.signed.as_stored(),
        "rarity": {"reports": comparer.rarity.reports, "count": dict(comparer.rarity.count)},
    }
    for name, content in (("weights", weights), ("words", words)):
        (out / f"{name}.json").write_text(lines(content) + "\n", encoding="utf-8")


def lines(content: Any, depth: int = 3) -> str:
    """As JSON, a line for each of what stands in the uppermost objects and lists."""
    if isinstance(content, list) and depth:
        return "[\n" + ",\n".join(lines(item, 0) for item in content) + "\n]"
    if not isinstance(content, dict) or not depth:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    inner = ",\n".join(
        f"{json.dumps(key, ensure_ascii=False)}:{lines(value, depth - 1)}"
        for key, value in content.items()
    )
    return f"{{\n{inner}\n}}"


if __name__ == "__main__":
    sys.exit(main())
