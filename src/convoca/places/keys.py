"""How a place's name becomes a key: what the table holds, and what a question is turned into."""

import re
from collections.abc import Iterator

from convoca.core.fold import fold

LONGEST = 60  # keys longer than this are no names that anybody types

# Words around a name that say what kind of place it is, in folded spelling.
_BEFORE = re.compile(
    r"(?:the )?(?:(?:charter )?township of"
    r"|(?:city|town|village|borough|municipality|hamlet) of(?: the)?"
    r"|(?:ciudad|municipio|villa) de|(?:ville|commune) de|(?:cidade|municipio) de"
    r"|citta di|comune di|gemeinde|stadt|مدينه|بلديه|δημοσ|thanh pho) "
)
_NEAR = re.compile(r"(?:greater|downtown|near|outside) ")
_AFTER = re.compile(
    r" (?:(?:charter )?(?:township|twp)|city|town|village|borough|boro|cdp|municipality)"
)
_DISTRICT = re.compile(
    r"(?:county of |county |co |condado de |provincia de |province of |kreis |landkreis )(?P<b>.+)"
    r"|(?P<a>.+?) (?:county|co|parish|borough|census area|province|district|municipality)"
)
_SHORT = {
    "st": ("saint",),
    "ste": ("sainte",),
    "sta": ("santa",),
    "sto": ("santo",),
    "mt": ("mount",),
    "mtn": ("mountain",),
    "ft": ("fort",),
    "pt": ("point", "port"),
    "n": ("north",),
    "s": ("south",),
    "e": ("east",),
    "w": ("west",),
    "no": ("north",),
    "so": ("south",),
    "hts": ("heights",),
    "spgs": ("springs",),
    "jct": ("junction",),
    "twp": ("township",),
    "vlg": ("village",),
}
_LONG = {
    long: short for short, longs in _SHORT.items() for long in longs if short in {"st", "mt", "ft"}
}
_DIRECTIONS = {"north", "south", "east", "west", "upper", "lower", "n", "s", "e", "w"}
_TOGETHER = re.compile(r"[/&-]|\band\b")
_PARENTHESIS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def key(text: str) -> str:
    """The folded letters and digits of a name with nothing between them.

    So that "La Grange" is found as "LaGrange", and "Coeur d'Alene" without its apostrophe.
    """
    return fold(text).replace(" ", "")


def spellings(name: str) -> Iterator[list[str]]:
    """The keys under which a typed name may stand in the table, in stages.

    First as typed, with abbreviations written out ("St. Paul"); then, for when that finds nothing,
    without what stands in parentheses, without words such as "Town of" or "Township", and with
    them. A key is given once.
    """
    seen: set[str] = set()
    for words in _readings(name):
        stage = []
        for spelled in (words, *_written_out(words)):
            found = spelled.replace(" ", "")
            if found and len(found) <= LONGEST and found not in seen:
                seen.add(found)
                stage.append(found)
        if stage:
            yield stage


def _readings(name: str) -> Iterator[str]:
    words = fold(name)
    yield words
    if "(" in name or "[" in name:
        words = fold(_PARENTHESIS.sub(" ", name)) or words
        yield words
    for word in (_BEFORE, _NEAR):
        if before := word.match(words):
            words = words[before.end() :]
            yield words
    if (after := _AFTER.search(words)) and after.end() == len(words):
        yield words[: after.start()]
    else:
        yield f"{words} township"
        for kind in ("city", "town", "village", "township"):
            yield f"{kind} of {words}"


def _written_out(folded: str) -> Iterator[str]:
    words = folded.split(" ")
    for at, word in enumerate(words):
        for long in _SHORT.get(word, ()):
            yield " ".join([*words[:at], long, *words[at + 1 :]])
        if word in _LONG:
            yield " ".join([*words[:at], _LONG[word], *words[at + 1 :]])


def district_keys(name: str) -> set[str]:
    """The keys that say the same district: "Marin County", "Co. Marin" and "Marin"."""
    words = fold(name)
    keys = {words.replace(" ", "")}
    if match := _DISTRICT.fullmatch(words):
        keys.add((match["a"] or match["b"]).replace(" ", ""))
    return keys


def whole_of(name: str) -> str:
    """The key of the town of which "West Kendall" is a part; empty where nothing says so."""
    words = fold(name).split(" ")
    is_part = len(words) > 1 and words[0] in _DIRECTIONS
    return "".join(words[1:]) if is_part else ""


def compound(name: str) -> list[str]:
    """The keys of several places written together: "Minneapolis/St. Paul", "Bend-La Pine"."""
    return [next(spellings(part))[-1] for part in _TOGETHER.split(name) if key(part)]
