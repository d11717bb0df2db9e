"""A copy of the public site: the first run, one where nothing has changed, one after an edit, and
verifying it.

`BENCH_COPIED=10000` copies so many actions, in five languages each: the figure that counts, and
the first run takes most of an hour on two processors. Without it there are 1,000.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench._served import Crowded, begin
from bench.read_road import say

COUNT = int(os.environ.get("BENCH_COPIED", "1000"))
LANGUAGES = ["en", "es", "fr", "ar", "pt"]


def main() -> None:
    """Print a line for each run."""
    with tempfile.TemporaryDirectory(prefix="convoca-bench-") as folder:
        begin(Path(folder) / "home")
        from convoca.actions.models import Action  # noqa: PLC0415  slow
        from convoca.network.models import Network  # noqa: PLC0415  slow

        crowded = Crowded()
        crowded.grow(COUNT)
        network = Network.load()
        network.languages = LANGUAGES
        network.save()
        copy = str(Path(folder) / "copy")
        spent, told = run("mirror", copy)
        files, size = told["files"], told["size"] / 1e6
        print(
            f"# {COUNT:,} actions × {len(LANGUAGES)} languages: {files:,} files, {size:,.0f} MB, "
            f"{told['drawn'] / spent:.0f} drawn a second",
            flush=True,
        )
        print(f"the first run: {spent:.0f} s", flush=True)
        spent, told = run("mirror", copy)
        assert told["written"] == told["drawn"] == 0, told
        say(f"an unchanged second run, {COUNT:,} actions", spent, 20, 5, " s", up=False)
        edited = Action.objects.filter(names__en="March number 7").get()
        edited.names = {"en": "March number seven"}
        edited.save()
        spent, told = run("mirror", copy)
        print(
            f"after one edit: {spent:.1f} s, {told['drawn']:,} drawn, {told['written']:,} written"
        )
        spent, _told = run("mirror", "verify", copy)
        print(f"verifying it: {spent:.1f} s", flush=True)


def run(*words: str) -> tuple[float, Any]:
    """Seconds, and what the command told."""
    started = time.perf_counter()
    line = [sys.executable, "-W", "ignore", "-m", "convoca", *words, "--json"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    spent = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stderr[-2000:] or done.stdout)
    return spent, json.loads(done.stdout)
