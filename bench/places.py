"""Places: how many names are found right, and how fast.

The list of names that reporters typed, with the position found for each, is not part of this
repository; where it does not lie beside it, only the times are measured. No rule of the gazetteer
was made for a single row.
"""

import csv
import gzip
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import quantiles

from convoca.places import unpacking
from convoca.places.gazetteer import Finder, Gazetteer, Table, distance

TYPED = Path(__file__).resolve().parents[2] / "shared/data/geocoding/us_places.csv.gz"
NEAR = 25.0  # km


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "places.sqlite3"
        started, before = time.perf_counter(), _worked_by_children()
        unpacking.unpack(file)
        print(
            f"unpacked in {time.perf_counter() - started:.1f} s "
            f"({_worked_by_children() - before:.1f} s of one processor, "
            f"aim < 10 s): "
            f"{unpacking.SHIPPED.stat().st_size / 1e6:.1f} MB shipped, "
            f"{file.stat().st_size / 1e6:.0f} MB unpacked"
        )
        gazetteer = Gazetteer(file)
        started = time.perf_counter()
        table = Table.load(file)
        print(f"into memory in {time.perf_counter() - started:.1f} s")
        if not TYPED.exists():
            print(f"right within {NEAR:.0f} km: not measured, there is no {TYPED.name} here")
            return
        with gzip.open(TYPED, "rt", encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        found_right(gazetteer, rows)
        times("one name from the file", gazetteer, rows, aim=5)
        table.find("Anywhere, WY", country="US")
        times("one name from memory, first time", table, rows)
        times("one name from memory", table, rows, aim=0.1)


def found_right(finder: Finder, rows: list[dict[str, str]]) -> None:
    places: Counter[str] = Counter()
    reports: Counter[str] = Counter()
    for row in rows:
        answer = finder.find(f"{row['city']}, {row['state']}", country=row["country"])
        outcome = answer.outcome.value
        if place := answer.place:
            away = distance(float(row["lat"]), float(row["lon"]), place.latitude, place.longitude)
            outcome = "right" if away <= NEAR else "wrong"
        places[outcome] += 1
        reports[outcome] += int(row["reports"])
    given = places["right"] + places["wrong"]
    print(
        f"{len(rows)} names as typed: {places['right']} right within {NEAR:.0f} km, "
        f"{places['wrong']} wrong, {places['ask']} asked back, {places['unknown']} unknown"
    )
    print(f"right, of distinct places: {places['right'] / len(rows):.3f} (aim 0.80)")
    print(f"right, weighted by reports: {reports['right'] / reports.total():.3f} (aim 0.97)")
    print(f"precision of the answers given: {places['right'] / given:.4f} (aim 0.99)")


def _worked_by_children() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def times(what: str, finder: Finder, rows: list[dict[str, str]], aim: float = 0) -> None:
    spent, worked = [], time.process_time()
    for row in rows:
        started = time.perf_counter()
        finder.find(f"{row['city']}, {row['state']}", country=row["country"])
        spent.append((time.perf_counter() - started) * 1000)
    worked = (time.process_time() - worked) * 1000 / len(rows)
    middle, late = quantiles(spent, n=100)[49], quantiles(spent, n=100)[98]
    print(
        f"{what}: {sum(spent) / len(spent):.3f} ms on average ({worked:.3f} of one processor), "
        f"{middle:.3f} in the middle, "
        f"{late:.2f} for the slowest in a hundred" + (f" (aim < {aim} ms)" if aim else "")
    )
