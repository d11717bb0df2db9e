"""Reading a list of 100,000 rows: recognised, studied, dated, placed, counted.

The list is made up: towns of the gazetteer, sizes in words, days in figures. `sqlite3 .import` of
the same file, in the same run, is what can be had without looking at what the cells say.
"""

import csv
import os
import random
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

ROWS = 100_000
TOWNS = 5_000
SIZES = ["about 200", "dozens", "50 - 100", "300", "", "more than 1,000", "hundreds", "a few dozen"]
HEADINGS = [
    "Title",
    "Date",
    "Time",
    "Venue",
    "City",
    "State",
    "Country",
    "Attendees",
    "Organisers",
    "Source",
]
WORDS = [
    "river",
    "bridge",
    "harbour",
    "library",
    "school",
    "water",
    "forest",
    "bread",
    "night",
    "morning",
    "bread",
    "wages",
]


def main() -> None:
    """Print rows a second, and what holds them up."""
    home = tempfile.mkdtemp(prefix="convoca-bench-")
    os.environ.update(CONVOCA_HOME=home, CONVOCA_DEMO="1", CONVOCA_SECRET_KEY="b" * 60)
    os.environ["DJANGO_SETTINGS_MODULE"] = "convoca.web.settings"
    import django  # noqa: PLC0415  slow

    django.setup()
    from convoca.exchange import reading  # noqa: PLC0415  slow
    from convoca.places.gazetteer import Gazetteer  # noqa: PLC0415  slow

    gazetteer = Gazetteer(Path(home) / "places.sqlite3")
    file = Path(home) / "marches.csv"
    write(file, gazetteer)
    print(f"{ROWS:,} rows, {TOWNS:,} towns, {file.stat().st_size / 1e6:.1f} MB")
    plain = imported(file, Path(home))
    places = reading.Places(gazetteer)
    started, worked = time.perf_counter(), time.process_time()
    opened = reading.open_file(file)
    mapping = reading.suggest(opened)
    study = reading.study_file(opened, mapping)
    studied = time.perf_counter() - started
    tally, placed = reading.Tally(), 0
    for row in reading.read_rows(opened, mapping, study, places, tally):
        placed += isinstance(row, reading.ReadRow) and row.place is not None
    spent, worked = time.perf_counter() - started, time.process_time() - worked
    print(
        f"read in {spent:.1f} s, {studied:.1f} s of it the study; {worked:.1f} s of one processor: "
        f"{tally.rows / worked:,.0f} rows a second of it (aim 10,000)"
    )
    print(f"{tally.read:,} read, {placed:,} placed, {tally.refused:,} refused")
    if plain:
        times = spent / plain
        print(f"sqlite3 .import of the same file: {plain:.2f} s, {times:.0f} times as fast")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory of this process: {peak:.0f} MB")
    shutil.rmtree(home)


def write(file: Path, gazetteer: object) -> None:
    """The same rows each time."""
    chance = random.Random(7)
    index = gazetteer.index  # type: ignore[attr-defined]
    towns = [index.places([rank])[0] for rank in range(0, 20_000, 20_000 // TOWNS)]
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(HEADINGS)
        for number in range(ROWS):
            town = chance.choice(towns)
            title = " ".join(chance.choice(WORDS) for _ in range(4))
            day = f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/{chance.randint(2018, 2026)}"
            rows.writerow(
                (
                    title,
                    day,
                    f"{chance.randint(8, 20)}:00",
                    f"{chance.choice(WORDS)} square",
                    town.name,
                    town.region,
                    town.country,
                    chance.choice(SIZES),
                    f"{chance.choice(WORDS)} union",
                    f"https://list.example/{number}",
                )
            )


def imported(file: Path, folder: Path) -> float:
    """Seconds that the sqlite3 program takes for the file; 0 where there is none."""
    if not shutil.which("sqlite3"):
        print("sqlite3 .import: not measured, the program is not installed here")
        return 0.0
    started = time.perf_counter()
    subprocess.run(
        ["sqlite3", str(folder / "plain.sqlite3"), ".mode csv", f".import {file} plain"], check=True
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
