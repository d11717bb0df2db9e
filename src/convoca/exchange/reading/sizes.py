"""How many people, as people write it: "dozens", "50 - 100", ">50", "plusieurs centaines".

`sizes.toml` says what words mean. A number between "about" and a number is that number: whoever
writes "about 200" gives a number, and a margin of ours would be invented.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from convoca.core.fold import fold
from convoca.exchange.reading import limits
from convoca.exchange.reading.digits import plain_digits
from convoca.exchange.reading.reasons import Reason

FILE = Path(__file__).with_name("sizes.toml")
LONGEST = 300
_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Size:
    """At least `low` people, at most `high`; `high` is None where nothing bounds it (">50")."""

    low: int
    high: int | None
    text: str


@dataclass(frozen=True, slots=True)
class _Words:
    amounts: dict[str, tuple[int, int]]
    units: dict[str, int]
    numbers: dict[str, float]
    times: dict[str, tuple[int, int]]
    about: frozenset[str]
    above: frozenset[str]
    below: frozenset[str]
    to: frozenset[str]
    nothing: frozenset[str]
    not_people: frozenset[str]
    longest: int
    """Words of the longest entry."""


@lru_cache(maxsize=1)
def _words() -> _Words:
    table: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))

    def pairs(name: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for entries in table[name].values():
            for word, value in entries.items():
                found.setdefault(fold(word), tuple(value) if isinstance(value, list) else value)
        return found

    def words(name: str) -> frozenset[str]:
        return frozenset(fold(word) for entries in table[name].values() for word in entries)

    amounts, about = pairs("amounts"), words("about")
    above, below = words("above"), words("below")
    longest = max(len(entry.split()) for entry in (*amounts, *about, *above, *below))
    return _Words(
        amounts, pairs("units"), pairs("numbers"), pairs("times"), about, above, below,
        words("to"), words("nothing"), words("not_people"), longest,
    )  # fmt: skip


_PLAIN = re.compile(r"(\d{1,9})(?:\.0{1,2})?")
_TOKEN = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,'’]\d+)*|[^\W\d_]+|[<>≤≥~≈+\-–—/;]")
_COMPOUND = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*")
_PARENTHESES = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_LABEL = re.compile(r"^[^\d:]{1,20}:\s*(?=\S)")
_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d(?: .*)?")
_NEGATIVE = re.compile(r"[-−]\s?\d[\d.,]*")
_SIGNS_READ = frozenset("<>≤≥~≈+-–—/;")
_SIGNS = frozenset("-–—/?.*#… ")

Piece = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """What a point or a comma before three digits means in a file: "1.000" is a thousand or one."""

    point_groups: bool = True
    comma_groups: bool = True


class SizeReader:
    """Reads cells in the style of one file. Never raises."""

    def __init__(self, style: NumberStyle) -> None:
        self.style = style
        self._kept: dict[str, Size | Reason | None] = {}

    def read(self, text: str) -> Size | Reason | None:
        """The numbers that a cell says; None where it says that there are none."""
        if text in self._kept:
            return self._kept[text]
        found = self._checked(self._read(text), text)
        if len(self._kept) > _KEPT:
            self._kept.clear()
        self._kept[text] = found
        return found

    def number(self, text: str) -> int | Reason | None:
        """One number, for a column of low or high ones."""
        found = self.read(text)
        return found.low if isinstance(found, Size) else found

    def _checked(self, found: Size | Reason | None, text: str) -> Size | Reason | None:
        if not isinstance(found, Size):
            return found
        if max(found.low, found.high or 0) > limits.MOST_PEOPLE:
            return Reason.about("size-impossible", text)
        if found.high is not None and found.low > found.high:
            return Reason.about("size-turned", low=found.low, high=found.high)
        return found

    def _read(self, typed: str) -> Size | Reason | None:
        text = plain_digits(typed).strip()
        if match := _PLAIN.fullmatch(text):
            return Size(int(match[1]), int(match[1]), typed)
        words = _words()
        if not text or not set(text) - _SIGNS or fold(text) in words.nothing:
            return None
        if len(text) > LONGEST or _FULL_DATE.fullmatch(text):
            return Reason.about("size-unread", typed)
        if text.startswith("="):  # a formula
            return Reason.about("size-unread", typed)
        if _NEGATIVE.fullmatch(text):
            return Reason.about("size-negative", typed)
        if re.fullmatch(r"\d+(?:[.,]\d+)?[eE]\+?\d{1,3}", text):
            value = float(text.replace(",", "."))
            whole = int(min(value, 10.0 * limits.MOST_PEOPLE))
            return Size(whole, whole, typed)
        text = _LABEL.sub("", _PARENTHESES.sub(" ", text)) or text
        ranges, others = _read_ranges(self._pieces(text))
        if not ranges:
            return Reason.about("size-not-people" if others else "size-unread", typed)
        highs = [high for _low, high in ranges]
        high = None if None in highs else max(h for h in highs if h is not None)
        return Size(min(low for low, _high in ranges), high, typed)

    def _pieces(self, text: str) -> list[Piece]:
        """Numbers, amounts, signs and words, in their order."""
        words = _words()
        text = re.sub(r"(?<=\d)0s\b", "0 s", text.lower())
        tokens = _TOKEN.findall(_COMPOUND.sub(" ", text))
        pieces: list[Piece] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token[0].isdecimal():
                pieces += self._figures(token)
                at += 1
                continue
            for count in range(words.longest, 0, -1):
                phrase = fold(" ".join(tokens[at : at + count]))
                kind = _kind(phrase, words) if phrase else None
                if kind:
                    pieces.append(kind)
                    at += count
                    break
            else:
                is_sign = token[0] in _SIGNS_READ
                pieces.append(("sign", token) if is_sign else ("word", fold(token)))
                at += 1
        return pieces

    def _figures(self, token: str) -> list[Piece]:
        """A number with its groups; two numbers where a blank or a sign only stands between."""
        found = self._figure(token)
        if found is not None:
            return [("number", found)]
        parts = [part for part in re.split(r"[ .,'’]+", token) if part]
        pieces: list[Piece] = []
        for part in parts:
            pieces += [("number", float(part[:15])), ("sign", ";")]
        return pieces[:-1]

    def _figure(self, token: str) -> float | None:
        token = token.strip()
        if token.isdecimal():
            return float(token[:15])
        if match := _GROUPED.fullmatch(token):
            groups = {".": self.style.point_groups, ",": self.style.comma_groups}
            if groups.get(match[1], True):
                return float(re.sub(r"\D", "", token)[:15])
        if match := re.fullmatch(r"(\d+)[.,](\d+)", token):
            return float(f"{match[1][:15]}.{match[2]}")
        return None


def _kind(phrase: str, words: _Words) -> Piece | None:
    if phrase in words.about:
        return "word", ""
    if phrase in words.above:
        return "above", None
    if phrase in words.below and phrase not in words.to:
        return "below", None
    if phrase in words.amounts and phrase not in words.times:
        return "amount", words.amounts[phrase]
    if phrase in words.times:
        return "times", (words.times[phrase], words.amounts.get(phrase))
    if phrase in words.units:
        return "unit", words.units[phrase]
    if phrase in words.numbers:
        return "spelled", float(words.numbers[phrase])
    if phrase in words.to:
        return "to", phrase
    if phrase in words.not_people:
        return "other", None
    return None


Range = tuple[int, int | None]


def _read_ranges(pieces: list[Piece]) -> tuple[list[Range], bool]:
    """The ranges that the pieces say, and whether something else was counted."""
    values = _valued(pieces)
    found: list[Range] = []
    has_others = False
    at = 0
    while at < len(values):
        kind, value = values[at]
        if kind != "range":
            has_others |= kind == "other"
            at += 1
            continue
        low, high = value
        before = values[at - 1] if at else ("", "")
        end = at + 1
        if (
            end + 1 < len(values)
            and (values[end][0] == "to" or values[end] in _DASHES)
            and values[end + 1][0] == "range"
            and not (values[end][1] in _BOTH and values[end + 2 : end + 3] == [("other", None)])
        ):
            high = values[end + 1][1][1]
            end += 2
        elif end < len(values) and values[end] == ("sign", "+"):
            high, end = None, end + 1
        elif before[0] == "above" or before in {("sign", ">"), ("sign", "≥"), ("sign", "+")}:
            high = None
        elif (
            before[0] == "below"
            or before in {("sign", "<"), ("sign", "≤")}
            or (before[0] == "to" and before[1] in _words().below)
        ):
            low = 1
        if end < len(values) and values[end][0] == "above":
            high = None
        follows = next((k for k, _v in values[end : end + 2] if k != "sign"), "")
        if follows == "other":
            has_others = True
        else:
            found.append((low, high))
        at = end
    return found, has_others


def _valued(pieces: list[Piece]) -> list[Piece]:
    """The pieces with numbers, units and amounts put together: "two dozen", "several hundred"."""
    values: list[Piece] = []
    factor: tuple[float, float] | None = None
    own: tuple[int, int] | None = None

    def close() -> None:
        nonlocal factor, own
        if own:
            values.append(("range", own))
        elif factor:
            values.append(("range", (round(factor[0]), round(factor[1]))))
        factor = own = None

    for kind, value in pieces:
        is_times = factor is not None and factor[0] != factor[1]
        if kind == "spelled" and factor and factor[0] == factor[1] and _continues(factor[0], value):
            factor = (factor[0] + value, factor[0] + value)
        elif kind in {"number", "spelled"}:
            if is_times and value in _POWERS:
                kind = "unit"  # "mehrere 100"
            else:
                close()
                factor = (value, value)
        if kind == "times":
            close()
            factor, own = value[0], value[1]
        elif kind == "unit":
            low, high = factor or (1, 1)
            many = low != high
            factor, own = (low * value, high * value + (value - 1) * many), None
        elif kind == "amount":
            if factor is None or factor[0] != factor[1]:
                values.append(("range", value))  # "several hundreds" are hundreds
            else:
                values.append(
                    ("range", (round(factor[0] * value[0] / 2), round(factor[0] * value[0] / 2)))
                )
            factor = own = None
        elif kind == "word":
            if value in _PLURALS and factor and factor[0] == factor[1] and factor[0] in _POWERS:
                values.append(("range", _POWERS[factor[0]]))  # "1000s"
                factor = None
        elif kind not in {"number", "spelled"}:
            close()
            is_first = not values or values[-1][0] != "range"
            if kind != "to" or not is_first or value in _words().below:
                values.append((kind, value))
    close()
    return values


def _continues(whole: float, part: float) -> bool:
    """Whether "twenty" goes on as "twenty five", "two hundred" as "two hundred fifty"."""
    return (20 <= whole < 100 and whole % 10 == 0 and 1 <= part < 10) or (
        whole >= 100 and whole % 100 == 0 and 1 <= part < 100
    )


_DASHES = {("sign", sign) for sign in "-–—"}
_BOTH = {"and", "und", "y", "e", "et"}
_PLURALS = {"s"}
_POWERS = {10**n: (2 * 10**n, 10 ** (n + 1) - 1) for n in range(1, 7)}
