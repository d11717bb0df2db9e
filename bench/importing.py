"""Importing a list of 100,000 rows: read, placed, checked and written as claims; then linked and
made into actions; then the same file once more.

`BENCH_ROWS=20000` takes fewer. `sqlite3 .import` of the same file, in the same run, is what writing
alone costs.
"""

import os
import resource
import tempfile
import time
from pathlib import Path

from bench import reading as lists
from bench._served import Crowded, begin
from bench.read_road import say

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))


def main() -> None:
    """Print rows a second."""
    with tempfile.TemporaryDirectory(prefix="convoca-bench-") as folder:
        home = Path(folder) / "home"
        begin(home)
        campaign = Crowded().world.campaign
        from convoca.counting import services as counting  # noqa: PLC0415  slow
        from convoca.counting.models import Source  # noqa: PLC0415  slow
        from convoca.exchange import reading  # noqa: PLC0415  slow
        from convoca.exchange.services import importing  # noqa: PLC0415  slow
        from convoca.places.services import gazetteer  # noqa: PLC0415  slow

        lists.ROWS = ROWS
        file = Path(folder) / "marches.csv"
        lists.write(file, gazetteer())
        plain = lists.imported(file, Path(folder))
        link_new, linking = counting.link_new, [0.0]

        def timed(source: Source) -> counting.Linked:
            started = time.perf_counter()
            done = link_new(source)
            linking.append(time.perf_counter() - started)
            return done

        counting.link_new = timed
        for name in ("one list", "another of the same", "the first once more"):
            source = Source.objects.get_or_create(
                name=name.replace("the first once more", "one list")
            )[0]
            opened = reading.open_file(file)
            mapping = reading.suggest(opened)
            before, started = peak(), time.perf_counter()
            study = reading.study_file(opened, mapping)
            report = importing.import_list(
                opened,
                source,
                campaign,
                mapping,
                study,
                reading.Places(gazetteer()),
                name=file.name,
            )
            spent = time.perf_counter() - started
            alone = spent - linking[-1]
            print(f"# {name}: {report.counts}", flush=True)
            say("  rows a second without linking", report.rows / alone, 4000, 8000, up=True)
            say("  rows a second with all of it", report.rows / spent, 1500, 3000, up=True)
            print(
                f"  {spent:.1f} s, {linking[-1]:.1f} s of it linking; the process grew from "
                f"{before:.0f} to {peak():.0f} MB"
            )
            if plain:
                print(f"  sqlite3 .import of the same file: {plain:.2f} s, 1/{spent / plain:.0f}")


def peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
