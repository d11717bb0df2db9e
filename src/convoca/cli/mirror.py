"""`convoca mirror DIR`: the public site as files; `convoca mirror verify DIR`: whether a copy is
what the site signed, which needs no installation."""

import argparse
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from convoca.cli.main import WRONG_CALL, Failed
from convoca.cli.screen import Screen

if TYPE_CHECKING:
    from convoca.pages.mirror.writing import Report

KEY = "mirror.key"
DAYS = 7
MOST_JOBS = 4


class _Words(argparse.Action):
    """`DIR`, or `verify DIR`."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        words = list(values or ())
        namespace.verify = words[0] == "verify"
        if len(words) != 1 + namespace.verify:
            parser.error("name one folder: convoca mirror DIR, or convoca mirror verify DIR")
        namespace.folder = Path(words[-1])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "convoca mirror [verify] DIR [options]"
    parser.epilog = f"""Examples:
  convoca mirror /srv/copy
  convoca mirror /srv/copy --base https://copy.example.org/rivers/
  convoca mirror verify /srv/copy --key MCowBQYDK2VwAyEA… --older-than 2

Run it as often as the copy should be fresh: only what has changed is drawn and written. The list
of all files is signed with keys/{KEY}. What was taken down leaves the copy, and the list says so.
verify names the first file that is wrong, and ends with 1. docs/operate/mirror.md tells more."""
    parser.add_argument("words", nargs="+", action=_Words, metavar="[verify] DIR")
    writing = parser.add_argument_group("to write a copy")
    writing.add_argument("--base", default="", metavar="URL", help="where the copy will stand")
    writing.add_argument(
        "--papers", action="store_true", help="posters, cards and pictures for sharing too"
    )
    writing.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help=f"processes that draw; else one per processor, at most {MOST_JOBS}",
    )
    verifying = parser.add_argument_group("to verify one")
    verifying.add_argument("--key", metavar="KEY", help="the site's key, as convoca mirror says it")
    verifying.add_argument(
        "--older-than", type=float, metavar="DAYS", help=f"how old it may be; {DAYS} if not given"
    )
    verifying.add_argument(
        "--after", type=int, metavar="NUMBER", help="the number of a list that was seen before"
    )
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Write, or verify."""
    asked = options.key, options.older_than, options.after
    if not options.verify and any(one is not None for one in asked):
        screen.note("convoca mirror: --key, --older-than and --after are for mirror verify.")
        return WRONG_CALL
    if options.verify and (options.base or options.papers or options.jobs):
        screen.note("convoca mirror: --base, --papers and --jobs are not for mirror verify.")
        return WRONG_CALL
    return (_verify if options.verify else _write)(options, screen)


def _verify(options: argparse.Namespace, screen: Screen) -> int:
    from convoca.pages.mirror import verifying  # noqa: PLC0415  slow

    if not options.folder.is_dir():
        raise Failed(f"{options.folder} is no folder.")
    days = DAYS if options.older_than is None else options.older_than
    asked = verifying.Asked(options.key or "", timedelta(days=days), options.after or 0)
    found = verifying.read_manifest(options.folder, asked)
    if isinstance(found, verifying.Problem):
        return _say_problem(found, screen)
    with screen.progress("Reading the files") as step:
        first = next(verifying.problems(options.folder, found, step), None)
    if first is not None:
        return _say_problem(first, screen)
    screen.say(
        f"{options.folder} is the copy of {found.origin} that was signed on "
        f"{found.made_at:%Y-%m-%d %H:%M} UTC: {len(found.files):,} files, number {found.sequence}."
    )
    if not options.key:
        screen.say(f"Whether the key is the site's own, nobody has told: {found.key}")
    screen.result(
        {
            "ok": True,
            "origin": found.origin,
            "made_at": found.made_at.isoformat(),
            "sequence": found.sequence,
            "files": len(found.files),
            "key": found.key,
        }
    )
    return 0


def _say_problem(problem: Any, screen: Screen) -> int:
    screen.say(f"{problem.path} {problem.words}.")
    screen.result({"ok": False, "path": problem.path, "what": problem.what, "words": problem.words})
    return 1


def _write(options: argparse.Namespace, screen: Screen) -> int:
    from convoca.cli.ready import prepare_files, start_django  # noqa: PLC0415  slow
    from convoca.core.config import make_key  # noqa: PLC0415  slow

    base = _base(options.base)
    config = start_django()
    from convoca.pages.mirror import site, writing  # noqa: PLC0415  app ready
    from convoca.pages.mirror.links import Wish  # noqa: PLC0415  app ready
    from convoca.pages.mirror.manifest import private_key  # noqa: PLC0415  app ready

    prepare_files(screen)
    config.keys.mkdir(mode=0o700, exist_ok=True)
    make_key(config.keys / KEY, 32)
    seed = bytes.fromhex((config.keys / KEY).read_text(encoding="ascii").strip())
    wish = Wish(
        config.url, base, config.mirror_alternatives, site.site().mail(), papers=options.papers
    )
    with screen.progress("Writing the copy") as step:
        report = writing.write(
            options.folder,
            wish,
            home=config.home,
            key=private_key(seed),
            jobs=options.jobs or min(MOST_JOBS, os.cpu_count() or 1),
            step=step,
        )
    return _say_report(options.folder, report, screen)


def _base(written: str) -> str:
    """Where a copy stands, with `/` at its end."""
    if not written:
        return ""
    url = urlsplit(written)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        raise Failed(f"--base: “{written}” should look like https://copy.example.org/rivers/.")
    return f"{url.scheme}://{url.netloc}{url.path.rstrip('/')}/"


def _say_report(folder: Path, report: "Report", screen: Screen) -> int:
    screen.say(
        f"{folder}: {report.files:,} files, {report.size:,} bytes; {report.written:,} written, "
        f"{report.removed:,} removed, {report.drawn:,} drawn. Number {report.sequence}."
    )
    if report.revoked:
        screen.say(f"{report.revoked:,} files show what was taken down: whoever has them is told.")
    screen.say(f"Key: {report.key}")
    for address in report.failed[:10]:
        screen.note(f"{address} could not be drawn; its file stays as it was.")
    screen.result({**vars(report), "folder": str(folder.absolute())})
    return int(bool(report.failed))
