"""What a command says: tables to a person, plain lines to a pipe, JSON on request.

Saying never stops the work: when nobody reads any more (a closed pipe), it goes on in silence.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

Step = Callable[[float, float], None]
"""Tells how far long work is: so much done, of so much."""


class Screen:
    """Where one run of a command speaks: results to stdout, progress and notes to stderr."""

    def __init__(self, *, as_json: bool = False, out: Any = None, err: Any = None) -> None:
        self.as_json = as_json
        self._out: IO[str] | None = out if out is not None else sys.stdout
        self._err: IO[str] | None = err if err is not None else sys.stderr

    def say(self, words: str = "") -> None:
        """A line of the result, for a person; with `--json` it is left out."""
        if not self.as_json:
            self._write("_out", words + "\n")

    def note(self, words: str) -> None:
        """A line about the work, not part of its result."""
        self._write("_err", words + "\n")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Rows under a head: ruled for a terminal, parted by tabs for a pipe."""
        if self.as_json:
            return
        cells = [[str(cell) for cell in row] for row in rows]
        if not _is_terminal(self._out):
            self._write("_out", "".join("\t".join(row) + "\n" for row in cells))
            return
        table = Table(*head, box=None, pad_edge=False, header_style="bold")
        for row in cells:
            table.add_row(*row)
        console = Console(file=self._out, highlight=False, markup=False, emoji=False)
        with console.capture() as drawn:
            console.print(table)
        self._write("_out", drawn.get())

    def result(self, value: object) -> None:
        """The whole result for a program; said only with `--json`."""
        if self.as_json:
            self._write("_out", json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")

    @contextmanager
    def progress(self, what: str) -> Iterator[Step]:
        """Show how far long work is, on a terminal; nothing anywhere else."""
        if self.as_json or not _is_terminal(self._err):
            yield lambda done, of: None
            return
        console = Console(file=self._err)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)

    def ask(self, question: str) -> str | None:
        """What a person types; None when nobody is there to ask."""
        if self.as_json or not _is_terminal(sys.stdin) or not _is_terminal(self._err):
            return None
        self._write("_err", question + " ")
        return sys.stdin.readline().strip()

    def _write(self, name: str, words: str) -> None:
        stream: IO[str] | None = getattr(self, name)
        if stream is None:
            return
        try:
            stream.write(words)
            stream.flush()
        except UnicodeEncodeError:
            stream.write(words.encode("ascii", "replace").decode("ascii"))
        except (OSError, ValueError):  # nobody reads any more
            setattr(self, name, None)


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream is not None and stream.isatty())
    except ValueError:
        return False
