"""`make bench`: every figure that the documents give, measured here and now, one after the other.

A figure is a ratio measured in one run wherever there is something to compare with. What was
seen is written down in docs/figures.md by hand, with the date: this program judges nothing.
"""

import datetime
import os
import pkgutil
import platform
import sqlite3
import subprocess
import sys
from pathlib import Path


def machine() -> str:
    """This machine in a line."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor() or "unknown processor",
    )
    return (
        f"{os.cpu_count()} × {cpu}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {platform.system()} {platform.release()}"
    )


def main(wanted: list[str]) -> int:
    """Run the named benches, or all: each is a module here with a `main()` that prints lines."""
    print(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC · {machine()}")
    names = [m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])]
    unknown = set(wanted) - set(names)
    if unknown:
        print(f"There is no bench {', '.join(sorted(unknown))}; there are {', '.join(names)}.")
        return 2
    for name in names:
        if name.startswith("_") or (wanted and name not in wanted):
            continue
        print(f"\n## {name}", flush=True)
        code = f"from bench.{name} import main; main()"  # each with settings and a home of its own
        if (ended := subprocess.run([sys.executable, "-W", "ignore", "-c", code])).returncode:
            return ended.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
