"""Headings that networks write, in many languages: `headers.toml` says which field each means."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from convoca.core.fold import fold
from convoca.core.languages import UnknownTag, tidy_tag
from convoca.exchange.reading.fields import field_of

FILES = {
    "actions": Path(__file__).with_name("headers.toml"),
    "members": Path(__file__).with_name("members.toml"),
}
"""By kind of list."""
_SURE = {"sure": 1.0, "likely": 0.8, "maybe": 0.5}
_PARENTHESES = re.compile(r"[(\[{].*?[)\]}]")
_OR = re.compile(r"\s(?:bzw\.?|or|ou|oder|oppure|o|und|and|et|y|e)\s|/|;|,", re.IGNORECASE)
# Columns that count or say something else of those whom a heading names.
_OTHERWISE = {
    "injured", "injuries", "arrested", "arrests", "killed", "deaths", "detained", "violence", "age",
    "gender", "heridos", "detenidos", "muertos", "blesses", "arretes", "verletzte", "feridos",
    "festgenommene", "presos", "feriti", "arrestati",
}  # fmt: skip
# "Event location" is the location.
_EVENT = {"event", "action", "protest", "demo", "march", "rally", "evento", "accion", "evenement"}
_LANGUAGE = re.compile(
    r"(?P<what>.+?)\s*(?::\s*|[(\[]\s*)(?P<tag>[A-Za-z]{2,3}(?:-\w{2,8})*)\s*[)\]]?"
)
_NUMBERED = re.compile(r"(?<=\D\D)[ _]?\d{1,2}$")


class Guess(NamedTuple):
    field: str
    confidence: float
    language: str


def key(heading: str) -> str:
    """A heading with nothing but its letters and digits, so that all ways to part words are one."""
    return fold(heading.replace("_", " ")).replace(" ", "")


@lru_cache(maxsize=2)
def aliases(kind: str = "actions") -> dict[str, Guess]:
    """The key of each known heading in lists of a kind."""
    known: dict[str, Guess] = {}
    for name, degrees in tomllib.loads(FILES[kind].read_text(encoding="utf-8")).items():
        if field_of(kind, name) is None:
            raise ValueError(f"{FILES[kind].name}: there is no field {name}")
        for degree, languages in degrees.items():
            for language, headings in languages.items():
                for heading in headings:
                    guess = Guess(name, _SURE[degree], language)
                    kept = known.setdefault(key(heading), guess)
                    if kept.confidence < guess.confidence:
                        known[key(heading)] = guess
    return known


@lru_cache(maxsize=4096)
def guess(heading: str, kind: str = "actions") -> Guess | None:
    """What a heading means: as it stands, or by what is said around it, with less confidence."""
    known = aliases(kind)
    if kind == "members" and (found := _in_language(heading)):
        return found
    if found := known.get(key(heading)):
        return found
    bare = _PARENTHESES.sub(" ", heading)
    numbered = _NUMBERED.sub("", bare.strip())
    for words, less in ((bare, 0.95), (numbered, 0.9)):
        if (found := known.get(key(words))) and (less > 0.9 or _may_repeat(kind, found)):
            return found._replace(confidence=found.confidence * less)
    parts = [part for part in _OR.split(bare) if key(part)]
    if len(parts) > 1 and (found := known.get(key(parts[0]))):
        return found._replace(confidence=found.confidence * 0.8)
    return (_by_path(heading) or _by_words(bare)) if kind == "actions" else None


def _may_repeat(kind: str, found: Guess) -> bool:
    field = field_of(kind, found.field)
    return field is not None and field.many


def _in_language(heading: str) -> Guess | None:
    """ "name:es", "Committee (ar)": the name in that language."""
    match = _LANGUAGE.fullmatch(heading.strip())
    found = aliases("members").get(key(match["what"])) if match else None
    if match is None or found is None or found.field not in {"name", "committee"}:
        return None
    try:
        tag = tidy_tag(match["tag"])
    except UnknownTag:
        return None
    return found._replace(field=f"{found.field}:{tag}")


def _by_words(heading: str) -> Guess | None:
    words = fold(heading.replace("_", " ")).split()
    if not _OTHERWISE.isdisjoint(words):
        return None
    if words[:1] and words[0] in _EVENT and (found := aliases().get("".join(words[1:]))):
        return found._replace(confidence=found.confidence * 0.95)
    begun = _by_beginning(words)
    if begun and begun.confidence >= 0.6:
        return begun
    return _by_question(words, is_question="?" in heading) or begun


def _by_path(heading: str) -> Guess | None:
    """`location__venue__name` is `venue__name` to whoever does not know the first word."""
    steps = [step for step in re.split(r"__|[.:]", heading) if step]
    whole = aliases().get(key(steps[0])) if len(steps) > 1 else None
    if whole and whole.field in {"private", "other"}:
        return whole
    for at in range(1, len(steps)):
        if found := aliases().get(key(" ".join(steps[at:]))):
            return found._replace(confidence=found.confidence * 0.7**at)
    return None


def _by_question(words: list[str], *, is_question: bool) -> Guess | None:
    """ "How many people came?" as forms ask: the longest heading that we know in it."""
    if len(words) < 3 and not is_question:
        return None
    for count in (3, 2, 1):
        for at in range(len(words) - count + 1):
            found = aliases().get("".join(words[at : at + count]))
            if found and found.confidence >= 0.8 + 0.2 * (count == 1) and len(words[at]) > 2:
                return found._replace(confidence=0.45 + 0.04 * count)
    return None


def _by_beginning(words: list[str]) -> Guess | None:
    """ "Uhrzeit der Versammlung" begins with a heading that we know."""
    for count in range(min(3, len(words) - 1), 0, -1):
        if found := aliases().get("".join(words[:count])):
            return found._replace(confidence=found.confidence * 0.6)
    return None
