"""`convoca read FILE…`: what a call says, drafted."""

import argparse
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convoca.cli.main import Failed
from convoca.cli.screen import Screen
from convoca.cli.where import gazetteer

if TYPE_CHECKING:
    from convoca.reading.draft import Draft

LARGEST = 2_000_000
"""Bytes of a file that are read."""
_NOTES = {
    "empty": "there is no text in it",
    "binary": "it is not a text",
    "cut": "it is too long: only its beginning is read",
    "language-unknown": "its language is not known: only days and places are looked for",
    "language-partly": "its language is not read as well as Spanish, French, English, Portuguese",
    "date-impossible": "it names a day that cannot be",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca read call.txt --received 2027-03-01
  convoca read calls/*.txt --json --out drafts

Reads .txt and .md files. With --out, one JSON file for each text is written into DIR, under the
name of the text. What is found is a draft: look through it before you use it."""
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="texts, or folders")
    parser.add_argument(
        "--received",
        metavar="DATE",
        type=_day,
        default=None,
        help="the day it was received, as 2027-03-01; settles missing years (today)",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="write JSON files there")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Read every file; what cannot be read is named, and the others are read all the same."""
    from convoca.reading.reader import read  # noqa: PLC0415  slow

    files = _texts(options.files)
    finder = gazetteer(screen)
    received = options.received or datetime.now(UTC).date()
    results: dict[str, Any] = {}
    refused = 0
    if options.out:
        _check_names(files)
        options.out.mkdir(parents=True, exist_ok=True)
    with screen.progress("Reading") as step:
        for at, path in enumerate(files):
            try:
                text = _text(path)
            except (Failed, OSError) as error:
                screen.note(
                    str(error) if isinstance(error, Failed) else f"{path}: {error.strerror}."
                )
                refused += 1
                continue
            draft = read(text, received=received, places=finder)
            for note in draft.notes:
                screen.note(f"{path}: {_NOTES[note]}.")
            refused += bool({"empty", "binary"} & set(draft.notes))
            if options.out:
                written = json.dumps(draft.as_json(), ensure_ascii=False, indent=1) + "\n"
                (options.out / f"{path.stem}.json").write_text(written, encoding="utf-8")
            else:
                results[str(path)] = draft.as_json()
                _show(path, draft, screen)
            step(at + 1, len(files))
    if options.out:
        screen.say(f"{len(files) - refused} of {len(files)} texts read, drafts in {options.out}")
        screen.result({"out": str(options.out), "read": len(files) - refused, "refused": refused})
    else:
        screen.result(next(iter(results.values())) if len(files) == 1 and results else results)
    return int(bool(refused))


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written} is no day such as 2027-03-01") from None


def _texts(paths: list[Path]) -> list[Path]:
    """The files; of a folder, its texts."""
    found: list[Path] = []
    for path in paths:
        inside = (
            sorted(p for p in path.glob("*") if p.suffix.lower() in {".txt", ".md"})
            if path.is_dir()
            else [path]
        )
        found += inside
    if not found:
        raise Failed("There is no text (.txt or .md) in these folders.")
    return list(dict.fromkeys(found))


def _check_names(files: list[Path]) -> None:
    """No draft may overwrite another one's file."""
    first: dict[str, Path] = {}
    for path in files:
        if (other := first.setdefault(path.stem, path)) is not path:
            raise Failed(f"{other} and {path} would both be {path.stem}.json. Read them apart.")


def _text(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(LARGEST)
    try:
        return raw.decode("utf-8-sig", errors="strict")
    except UnicodeDecodeError:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16", errors="replace")
        if b"\x00" in raw[:4096]:
            raise Failed(f"{path}: it is not a text.") from None
        if len(raw) == LARGEST:
            return raw.decode("utf-8", errors="replace")
        return raw.decode("cp1252", errors="replace")


def _show(path: Path, draft: "Draft", screen: Screen) -> None:
    said = draft.as_json()
    screen.say(
        f"{path}: {said['kind'] or 'kind unknown'}, {said['language'] or 'language unknown'}"
    )
    rows = [
        *(
            ("moment", f"{m.starts}{f' to {m.ends}' if m.ends else ''}", m.kind)
            for m in draft.moments
        ),
        *(
            ("mention", f"{m.starts}{f' to {m.ends}' if m.ends else ''}", "")
            for m in draft.mentions
        ),
        *(("issuer", i.value, "") for i in draft.issuers),
        *(("campaign", c.value, "") for c in draft.campaigns),
        *(("line", x.value[:60], "") for x in draft.lines),
        *(("place", p.name, p.country or "?") for p in draft.places),
        *(("organisation", o.name, o.acronym or "") for o in draft.organisations),
        *(("figure", f"{f.qualifier} {f.value}", f.unit) for f in draft.figures),
    ]
    screen.table(["found", "", ""], rows)
