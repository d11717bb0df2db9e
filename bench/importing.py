"""Importing a list of 100,000 rows: read, placed, checked and written as claims; then linked and
made into actions; another that says the same; the first once more; and one claim that comes alone.

`BENCH_ROWS=20000` takes fewer. `sqlite3 .import` of the same file, in the same run, is what writing
alone costs. Beside the clock stands what it costs of one processor: other jobs on the machine make
the clock slow.
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from bench import reading as lists
from bench._served import Crowded, begin
from bench.read_road import say

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
ALONE = 40
"""Claims that come alone."""
T = TypeVar("T")


class Spent:
    """Seconds by the clock, and of a processor."""

    def __init__(self) -> None:
        self.clock = self.worked = 0.0

    def on(self, work: Callable[..., T]) -> Callable[..., T]:
        """The same work, whose seconds are added here."""

        @wraps(work)
        def timed(*args: Any, **how: Any) -> T:
            clock, worked = time.perf_counter(), time.process_time()
            try:
                return work(*args, **how)
            finally:
                self.clock += time.perf_counter() - clock
                self.worked += time.process_time() - worked

        return timed


class Locks:
    """How long each transaction took: on SQLite nobody else writes meanwhile."""

    def __init__(self) -> None:
        self.longest = self.worked = 0.0

    def watch(self, connection: Any) -> None:
        """From the beginning of each transaction to its end."""
        begin_one = connection._start_transaction_under_autocommit
        started = [0.0, 0.0]

        def start() -> None:
            begin_one()
            started[:] = time.perf_counter(), time.process_time()

        def ends(work: Callable[[], None]) -> Callable[[], None]:
            def end() -> None:
                work()
                if started[0]:
                    self.longest = max(self.longest, time.perf_counter() - started[0])
                    self.worked = max(self.worked, time.process_time() - started[1])
                    started[0] = 0.0

            return end

        connection._start_transaction_under_autocommit = start
        connection.commit, connection.rollback = ends(connection.commit), ends(connection.rollback)


def main() -> None:
    """Print rows a second."""
    with tempfile.TemporaryDirectory(prefix="convoca-bench-") as folder:
        home = Path(folder) / "home"
        begin(home)
        campaign = Crowded().world.campaign
        from django.db import connection  # noqa: PLC0415  slow

        from convoca.counting import services as counting  # noqa: PLC0415  slow
        from convoca.counting.models import Source  # noqa: PLC0415  slow
        from convoca.exchange import reading  # noqa: PLC0415  slow
        from convoca.exchange.services import importing  # noqa: PLC0415  slow
        from convoca.places.services import gazetteer  # noqa: PLC0415  slow

        lists.ROWS = ROWS
        file = Path(folder) / "marches.csv"
        lists.write(file, gazetteer())
        plain = lists.imported(file, Path(folder))
        places = reading.Places(gazetteer())
        print(f"# reading alone: {read_alone(file, places):.0f} rows a second of a processor")
        link_new = counting.link_new
        for name in ("one list", "another of the same", "the first once more"):
            called = name.replace("the first once more", "one list")
            source = Source.objects.get_or_create(name=called)[0]
            linking, all_of_it, locks = Spent(), Spent(), Locks()
            counting.link_new = linking.on(link_new)
            locks.watch(connection)

            def take_in() -> importing.Report:
                opened = reading.open_file(file)
                mapping = reading.suggest(opened)
                study = reading.study_file(opened, mapping)
                facts = (opened, source, campaign, mapping, study, places)  # noqa: B023  at once
                return importing.import_list(*facts, name=file.name)

            before = peak()
            report = all_of_it.on(take_in)()
            print(f"# {name}: {report.counts}", flush=True)
            without = all_of_it.worked - linking.worked
            say("  rows a second without linking", report.rows / without, 4000, 8000, up=True)
            say("  rows a second with all", report.rows / all_of_it.worked, 1500, 3000, up=True)
            by_clock = report.rows / (all_of_it.clock - linking.clock)
            print(f"  of a processor; by the clock {by_clock:.0f} and ", end="")
            print(f"{report.rows / all_of_it.clock:.0f}, {all_of_it.clock:.1f} s in all")
            print(
                f"  the longest transaction: {locks.longest:.2f} s by the clock, the most of a "
                f"processor in one {locks.worked:.2f} s; the process grew from {before:.0f} to "
                f"{peak():.0f} MB"
            )
            if plain:
                times = all_of_it.clock / plain
                print(f"  sqlite3 .import of the same file: {plain:.2f} s, 1/{times:.0f}")
        counting.link_new = link_new
        alone(campaign)


def read_alone(file: Path, places: Any) -> float:
    """Rows of a list that is only read, a second of a processor: beside what an idle machine gives
    (`bench reading`) it says how much others slow this run down.
    """
    from convoca.exchange import reading  # noqa: PLC0415  slow

    started = time.process_time()
    opened = reading.open_file(file)
    mapping = reading.suggest(opened)
    study, tally = reading.study_file(opened, mapping), reading.Tally()
    for _row in reading.read_rows(opened, mapping, study, places, tally):
        pass
    return tally.rows / (time.process_time() - started)


def alone(campaign: Any) -> None:
    """Claims of a new source that come one by one: kept, compared with all that is there."""
    from convoca.actions.models import Action  # noqa: PLC0415  slow
    from convoca.counting import services as counting  # noqa: PLC0415  slow
    from convoca.counting.models import Source  # noqa: PLC0415  slow
    from convoca.counting.said import Said  # noqa: PLC0415  slow
    from convoca.places.models import Place  # noqa: PLC0415  slow

    source = Source.objects.create(name="a phone")
    spent, worked = [], []
    for number, place in enumerate(Place.objects.order_by("pk")[:ALONE]):
        row = Said(
            external_id=str(number),
            title="March for water and bread",
            day=date(2020, 1, 1) + timedelta(days=number * 17),
            place=place.pk,
            latitude=place.latitude,
            longitude=place.longitude,
            country=place.country,
        )
        counting.take(source, campaign, [row])
        clock, cpu = time.perf_counter(), time.process_time()
        counting.link_new(source)
        spent.append((time.perf_counter() - clock) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    print(
        f"# a claim that comes alone, beside {Action.objects.count():,} actions: "
        f"{sorted(worked)[ALONE // 2]:.1f} ms of a processor in the middle, {max(worked):.1f} at "
        f"the most; by the clock {sorted(spent)[ALONE // 2]:.1f} and {max(spent):.1f} (aim 20)"
    )


def peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
