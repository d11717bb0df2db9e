"""Reading calls: how long one takes, how much memory, how time grows, and how much is found.

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
REPEATED = {
    "days": "el 5 de marzo, ",
    "lines": "1. Marchar el 5 de marzo.\n",
    "names": "la Red de Aguas Claras (RAC) y ",
    "capitals": "de la Abc Def ",
    "places": "en Lima, en Quito, ",
}


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
        for what, piece in REPEATED.items():
            took = [_repeated(piece, length, places) for length in (100_000, 200_000)]
            print(f"{what}, repeated: 100,000 signs {took[0]:.1f} s, 200,000 {took[1]:.1f} s")
        if folder == LABELLED:
            words = [sys.executable, str(LABELLED / "score.py"), str(LABELLED), kept]
            print(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def _repeated(piece: str, length: int, places: Gazetteer) -> float:
    """Seconds of processor for one piece over and over."""
    started = time.process_time()
    read((piece * (length // len(piece) + 1))[:length], received=date(2027, 3, 1), places=places)
    return time.process_time() - started
