"""`convoca audit verify`: does the trail still say what was written?"""

import argparse
from dataclasses import asdict

from convoca.cli.ready import start_django
from convoca.cli.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Example:
  convoca audit verify

Ends with 1 and names the first row that was changed, removed or put in afterwards."""
    parser.add_argument("what", choices=["verify"])
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Walk the whole chain."""
    start_django()
    from convoca.audit import services as audit  # noqa: PLC0415  app ready

    verdict = audit.verify()
    screen.result(asdict(verdict))
    if verdict.broken:
        screen.say(f"The trail is broken at {verdict.broken}; {verdict.rows} rows before it hold.")
        return 1
    screen.say(f"The trail holds: {verdict.rows} rows, {verdict.links} links.")
    return 0
