"""Reading calls: how long one takes, how much memory, and how much is found.

The sixteen labelled documents are not part of this repository; where they do not lie beside it,
the small ones of the tests are read.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from convoca.places import unpacking
from convoca.places.gazetteer import Gazetteer
from convoca.reading.reader import read

HERE = Path(__file__).resolve().parents[1]
LABELLED = HERE.parent / "shared/calls"
OWN = HERE / "tests/reading/calls"


def main() -> None:
    folder = LABELLED if LABELLED.is_dir() else OWN
    texts = sorted(folder.glob("*.txt"))
    with tempfile.TemporaryDirectory() as kept:
        file = Path(kept) / "places.sqlite3"
        unpacking.unpack(file)
        places, spent = Gazetteer(file), []
        for text in texts:
            received = json.loads(text.with_suffix(".json").read_text())["received"]
            started = time.perf_counter()
            draft = read(text.read_text(), received=date.fromisoformat(received), places=places)
            spent.append((time.perf_counter() - started) * 1000)
            (Path(kept) / f"{text.stem}.json").write_text(json.dumps(draft.as_json()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{len(texts)} texts, each for the first time: {median(spent):.1f} ms in the middle "
            f"(aim <= 30), {max(spent):.0f} ms for the slowest; {peak:.0f} MB at most (aim <= 150)"
        )
        if folder == LABELLED:
            words = [sys.executable, str(LABELLED / "score.py"), str(LABELLED), kept]
            print(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
