"""Linking: how many of the links are right in months that were not learned from, and how fast.

The labelled pairs are not part of this repository; where they do not lie beside it, only the times
of made-up lists are measured. What the shipped weights give on the pairs that they were learned
from would flatter them and is not printed: the figures come from learning anew without each
sixth of the months (some minutes).
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles

from convoca.counting.linking import learning
from convoca.counting.linking.index import Index
from convoca.counting.linking.linker import Linker
from convoca.counting.linking.reports import Report
from convoca.places import unpacking
from scripts import train_linker as training

ABOUT = "water rivers library pay teachers housing climate buses hospital forest peace bread"
FIRST = date(2027, 1, 1)


def main() -> None:
    if (training.DATA / "gold_pairs.csv").exists():
        right()
        real_lists()
    else:
        print("F1: not measured, there are no labelled pairs here")
    made_up_lists()
    one_alone()


def right() -> None:
    truth = training.truth_of(training.DATA)
    pairs = training.pairs_of(*training.reports_of(training.DATA), truth)
    study = training.Study(pairs, learning.Settings())
    odds = training.cross_validated(study)
    thresholds = Linker.shipped().thresholds
    links = training.linked(study, odds, thresholds)
    found = training.scorer(training.DATA)((link.one.id, link.other.id) for link in links)
    print(f"F1 (precision, recall), cross-validated over months: {training.figures(found)}")
    print("  aims: all 0.955, contested 0.84, read 0.90")


def real_lists() -> None:
    """By the command, as a person calls it, with the table of places unpacked before."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        unpacking.unpack(home / "places.sqlite3")
        lists = [str(training.DATA / f"reports_{side}.csv.gz") for side in "ab"]
        words = [sys.executable, "-m", "convoca", "link", *lists, "--out", str(home / "pairs.csv")]
        started, before = time.perf_counter(), _worked()
        subprocess.run(
            words,
            check=True,
            env={"CONVOCA_HOME": folder, "PYTHONPATH": "src"},
            capture_output=True,
        )
        took, worked = time.perf_counter() - started, _worked() - before
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"`convoca link` of 12,513 and 15,567 reports: {took:.1f} s ({worked:.1f} s of one "
        f"processor, aim <= 10 s), {memory:.0f} MB at the most for any child (aim <= 500 MB)"
    )


def _worked() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def made_up(count: int, source: str, seed: int) -> list[Report]:
    """Reports in 3,000 towns within a year; a few towns have many."""
    chance = random.Random(seed)
    towns = [(chance.uniform(-50, 60), chance.uniform(-180, 180)) for _ in range(3000)]
    made = []
    for number in range(count):
        at = min(int(chance.expovariate(1 / 300)), 2999)
        low = chance.choice((0, 20, 50, 100, 137, 200, 1000))
        made.append(
            Report(
                id=str(number),
                source=source,
                first_on=FIRST + timedelta(chance.randrange(365)),
                country="XX",
                region=str(at % 50),
                town=f"town {at}",
                place=str(at),
                position=towns[at],
                words=(f"for {' '.join(chance.sample(ABOUT.split(), 2))}",),
                low=low or None,
            )
        )
    return made


def made_up_lists() -> None:
    linker = Linker.shipped()
    ours, theirs = made_up(10_000, "a", 1), made_up(10_000, "b", 1)
    started = time.perf_counter()
    links = linker.link(ours, theirs)
    took = time.perf_counter() - started
    print(f"two made-up lists of 10,000: {took:.1f} s, {len(links):,} links")


def one_alone() -> None:
    linker = Linker.shipped()
    started = time.perf_counter()
    index = Index(made_up(100_000, "a", 1))
    print(f"an index of 100,000 reports: {time.perf_counter() - started:.1f} s")
    spent = []
    for report in made_up(1000, "b", 1):
        started = time.perf_counter()
        linker.neighbours(report, index)
        spent.append((time.perf_counter() - started) * 1000)
    print(
        f"one that arrives alone: {quantiles(spent, n=100)[49]:.2f} ms in the middle, "
        f"{quantiles(spent, n=100)[98]:.2f} for the slowest in a hundred, {max(spent):.2f} at the "
        "most (aim <= 20 ms)"
    )
