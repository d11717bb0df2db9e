"""How many rows of real lists are placed in time and place, and why the others are not.

    python scripts/share_of_rows.py FILE…            # each file as it is suggested
    python scripts/share_of_rows.py --look 50 FILE…  # and so many rows drawn at random, to judge

Settings that are suggested (a country, a town) count as confirmed, as a person would. Prints a
table in Markdown. Without files it takes the lists beside the project, where there are any.
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
BESIDE = HERE.parent / "shared/data/imports"
sys.path[:0] = [str(HERE / "src")]


def main() -> None:
    """Print a line for each file."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("files", nargs="*", type=Path)
    asked.add_argument("--look", type=int, default=0, help="rows of each file to print")
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    files = options.files or sorted(path for path in BESIDE.rglob("*.gz") if path.is_file())
    os.environ.setdefault("CONVOCA_HOME", tempfile.mkdtemp(prefix="convoca-share-"))
    os.environ.setdefault("CONVOCA_SECRET_KEY", "s" * 60)
    os.environ["DJANGO_SETTINGS_MODULE"] = "convoca.web.settings"
    import django  # noqa: PLC0415  slow

    django.setup()
    from convoca.exchange import reading  # noqa: PLC0415  slow
    from convoca.places.gazetteer import Gazetteer  # noqa: PLC0415  slow

    gazetteer = Gazetteer(Path(os.environ["CONVOCA_HOME"]) / "places.sqlite3")
    print(
        "| file | rows | twice | refused | dated | dated and placed | set for the file | why not |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for path in files:
        line, drawn = share(path, reading, reading.Places(gazetteer), options.look, options.seed)
        print(line, flush=True)
        for row in drawn:
            print(look(row))


def share(path: Path, reading, places, number: int, seed: int):  # type: ignore[no-untyped-def]
    file = reading.open_file(path)
    mapping = reading.suggest(file)
    settings, _notes = reading.suggest_settings(file, mapping, places)
    mapping = mapping.with_changes(f"@{name}={value}" for name, value in settings.items())
    study, tally = reading.study_file(file, mapping), reading.Tally()
    reasons: Counter[str] = Counter()
    numbers: dict[int, bool] = {}
    kept = []
    for row in reading.read_rows(file, mapping, study, places, tally):
        if isinstance(row, reading.RefusedRow):
            reasons[row.reasons[0].code] += 1
            continue
        kept.append(row)
        numbers[row.number] = row.place is not None
        if row.place is None:
            reasons.update({note.code for note in row.notes if note.code.startswith("place-")})
    placed, twice = sum(numbers.values()), reasons.pop("row-twice", 0)
    chosen = settings.get("town") or settings.get("country", "")
    once = max(1, tally.rows - twice)
    why = ", ".join(f"{code} {count}" for code, count in reasons.most_common(4))
    line = (
        f"| {path.name.split('.')[0]} | {tally.rows:,} | {twice} | {tally.refused - twice} |"
        f" {tally.read / once:.3f} | **{placed / once:.3f}** | {chosen} | {why} |"
    )
    return line, random.Random(seed).sample(kept, min(number, len(kept)))


def look(row) -> str:  # type: ignore[no-untyped-def]
    place = row.place and f"{row.place.name}, {row.place.region}, {row.place.country}"
    size = row.size and f"{row.size.low}–{row.size.high} ({row.size.text})"
    days = f"{row.first}" if row.first == row.last else f"{row.first}…{row.last}"
    return (
        f"    {row.number}: {days} {row.starts or ''} | {row.place_text} → {place}"
        f" | {row.venue} | {row.title[:60]} | {size}"
    )


if __name__ == "__main__":
    main()
