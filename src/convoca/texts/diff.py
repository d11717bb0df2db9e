"""What changed between two wordings, word by word, for `ins` and `del`."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

# A word, one letter of a script that writes no blanks, a run of blanks, or one sign.
_PIECES = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1780-\u17ff]|\s+|[^\W_]+|.", re.DOTALL
)
_MOST = 1_500_000
"""Pieces of one times pieces of the other: beyond that, the whole middle counts as changed."""


@dataclass(frozen=True)
class Change:
    """A run of words: `same`, `new` or `old`."""

    kind: str
    words: str


def changes(old: str, new: str) -> list[Change]:
    """The runs that lead from `old` to `new`; leaving out `new` gives `old`, and the reverse."""
    before, after = _pieces(old), _pieces(new)
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    head, tail = before[:start], before[len(before) - end :]
    middle = _middle(before[start : len(before) - end], after[start : len(after) - end])
    return _joined([Change("same", "".join(head)), *middle, Change("same", "".join(tail))])


def _pieces(words: str) -> list[str]:
    # Combining marks belong to the letter before them: never cut between the two.
    pieces: list[str] = []
    for piece in _PIECES.findall(words):
        if pieces and len(piece) == 1 and _combines(piece):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _combines(piece: str) -> bool:
    return unicodedata.category(piece)[0] == "M" or piece == "\u200d"


def _middle(before: list[str], after: list[str]) -> list[Change]:
    if len(before) * len(after) > _MOST:
        return [Change("old", "".join(before)), Change("new", "".join(after))]
    found = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for name, a, b, c, d in matcher.get_opcodes():
        if name == "equal":
            found.append(Change("same", "".join(before[a:b])))
        else:
            found += [Change("old", "".join(before[a:b])), Change("new", "".join(after[c:d]))]
    return found


def _joined(runs: list[Change]) -> list[Change]:
    """Without empty runs. A lone blank between two changes belongs to both, so that "the square"
    becomes "a bridge" and not "the a square bridge"."""
    kept: list[Change] = []
    old, new, blank = "", "", ""
    for run in [*runs, Change("same", "")]:
        if run.kind == "old":
            old, new, blank = old + blank + run.words, new + blank, ""
        elif run.kind == "new":
            old, new, blank = old + blank, new + blank + run.words, ""
        elif (old or new) and run.words and run.words.isspace() and "\n" not in run.words:
            blank += run.words
        else:
            kept += [Change("old", old), Change("new", new), Change("same", blank + run.words)]
            old, new, blank = "", "", ""
    kept += [Change("old", old), Change("new", new), Change("same", blank)]
    return [run for run in kept if run.words]


def html(old: str, new: str) -> SafeString:
    """The new wording with what is new in `ins` and what is gone in `del`."""
    return _marked(changes(old, new))


def old_side(old: str, new: str) -> SafeString:
    """The old wording alone, with what is gone in `del`."""
    return _marked([run for run in changes(old, new) if run.kind != "new"])


def new_side(old: str, new: str) -> SafeString:
    """The new wording alone, with what is new in `ins`."""
    return _marked([run for run in changes(old, new) if run.kind != "old"])


def _marked(runs: list[Change]) -> SafeString:
    marks = {"new": "<ins>{}</ins>", "old": "<del>{}</del>", "same": "{}"}
    lines = ((format_html(marks[run.kind], run.words),) for run in runs)
    return mark_safe(format_html_join("", "{}", lines).replace("\n", "<br>"))  # noqa: S308  escaped above
