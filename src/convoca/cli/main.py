"""`convoca`: reads the command line, runs one command, ends with 0, 1 (it could not) or 2.

Nothing heavy is imported before it is known which command is meant.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from convoca import __version__
from convoca.cli.screen import Screen
from convoca.core.config import WrongSetting

COMMANDS = {
    "demo": "look at Convoca with a sample network, on this machine",
    "init": "make a new installation",
    "serve": "run the server",
    "check": "say what is wrong with this installation, or with its mail",
    "login": "print a one-time link that signs a person in",
    "steward": "help a steward who lost the second factor",
    "import": "bring in organisations from a spreadsheet",
    "export": "write the public actions to a file for other programs",
    "read": "draft what the text of a call says",
    "link": "say which rows of two lists of actions are of the same action",
    "tally": "count actions and people, each action once, with what is not known",
    "mirror": "write the public site as files that any server can hold, or verify such a copy",
    "backup": "write everything but the keys to one file, while the server runs",
    "restore": "bring back a backup, or try one out",
    "keys": "write the keys to a file under a passphrase, or bring them back",
    "purge": "delete what people were told would be deleted by today",
    "audit": "verify the trail of who did what",
}
"""Each command's one line; it lives in the module of the same name (`import` in `imports`)."""

COULD_NOT, WRONG_CALL = 1, 2


class Failed(Exception):
    """The command could not do it; the sentence says why and what to do."""


def port(written: str) -> int:
    """A port on the command line."""
    number = int(written)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{written} is not from 1 to 65535")
    return number


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_CALL, f"{self.prog}: {message}. See {self.prog} --help.\n")


def parser_for(name: str | None = None) -> argparse.ArgumentParser:
    """The whole parser; only the command `name` is loaded with its options."""
    parser = _Parser(
        prog="convoca",
        description="The server a coalition runs.",
        epilog="Example: convoca check --json. Each explains itself: convoca COMMAND --help.",
    )
    parser.add_argument("--version", action="version", version=f"convoca {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for word, line in COMMANDS.items():
        part = commands.add_parser(
            word,
            help=line,
            description=line[0].upper() + line[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if word == name:
            module = import_module(f"convoca.cli.{'imports' if word == 'import' else word}")
            module.add_arguments(part)
            part.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = next((word for word in words if word in COMMANDS), None)
    try:
        options = parser_for(name).parse_args(words)
    except SystemExit as end:
        return int(end.code or 0)
    os.umask(os.umask(0o077) | 0o027)  # what is written here is not for others on this machine
    screen = Screen(as_json=getattr(options, "json", False))
    try:
        return int(options.run(options, screen) or 0)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        screen.note(f"convoca: {sentence}")
        return COULD_NOT
    finally:
        _let_go()


def _sentence(error: Exception) -> str | None:
    """What to tell a person; None for a fault of ours, which deserves its traceback."""
    if isinstance(error, Failed | WrongSetting):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}."
    if "django" not in sys.modules:
        return None
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  slow
    from django.core.management import CommandError  # noqa: PLC0415  slow
    from django.db import DatabaseError  # noqa: PLC0415  slow

    from convoca.core.errors import Refusal  # noqa: PLC0415  slow

    if isinstance(error, ImproperlyConfigured) and "psycopg" in str(error):
        return "PostgreSQL needs a driver that is not installed: see docs/operate/postgresql.md."
    if isinstance(error, Refusal):
        return str(getattr(error, "why", error))
    if isinstance(error, CommandError | ImproperlyConfigured):
        return str(error)
    if isinstance(error, DatabaseError):
        return _database_sentence(str(error).strip())
    return None


def _database_sentence(said: str) -> str:
    if "no such table" in said or "does not exist" in said:
        return f"The database is not prepared ({said}). Run: convoca init"
    if "locked" in said:
        return f"The database is busy ({said}). Try again in a minute."
    if "readonly" in said or "unable to open" in said:
        return f"The database cannot be opened ({said}). Run this as the user the server runs as."
    return f"The database says: {said}"


def _let_go() -> None:
    """Keep the interpreter from complaining at its end about a pipe that nobody reads."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
