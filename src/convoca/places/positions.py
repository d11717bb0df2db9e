"""A position as people write it: two numbers, degrees and minutes, or pasted from a phone's map."""

import re
import unicodedata

Point = tuple[float, float]
"""Latitude and longitude."""

_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "٫": ".", "،": ",", "؛": ";", "º": "°", "’": "'", "′": "'", "”": '"'}
    | {"″": '"', "“": '"', "´": "'", "\u200e": "", "\u200f": "", "\u061c": ""}
)
_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_WITH_COMMA = r"[+-]?\d{1,3},\d+"
_PAIRS = [
    re.compile(rf"({_NUMBER})\s*(?:[,;]\s*|\s)({_NUMBER})"),
    re.compile(rf"({_WITH_COMMA})\s*(?:[,;]\s+|;|\s)\s*({_WITH_COMMA})"),
    re.compile(r"([^NSEWO]+[NS])[\s,;]*([^NSEWO]+[EWO])"),
    re.compile(r"([^NSEWO]+[EWO])[\s,;]*([^NSEWO]+[NS])"),
    re.compile(r"([NS][^NSEWO]+?)[\s,;]+([EWO][^NSEWO]+)"),
]
# What phones and map pages copy: geo:-25.28,-57.63?z=15, …/@-25.28,-57.63,15z, …#map=15/-25.28/-57
_COPIED = [
    re.compile(rf"^GEO:({_NUMBER}),({_NUMBER})"),
    re.compile(rf"@({_NUMBER}),({_NUMBER})"),
    re.compile(rf"MLAT=({_NUMBER})&MLON=({_NUMBER})"),
    re.compile(rf"#MAP=[\d.]+/({_NUMBER})/({_NUMBER})"),
    re.compile(rf"[?&](?:Q|LL|QUERY)=({_NUMBER})(?:,|%2C)({_NUMBER})"),
]
_ANGLE = re.compile(
    r"""(?P<before>[NSEWO])?\s*(?P<sign>[+-])?
    (?P<degrees>\d{1,3}(?:[.,]\d+)?)\s*°?\s*
    (?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*(?:'|$|(?=[\sNSEWO]))\s*)?
    (?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:"|''|$|(?=[\sNSEWO]))\s*)?
    (?P<after>[NSEWO])?""",
    re.VERBOSE,
)
LONGEST = 500


def read_position(latitude: str, longitude: str = "") -> Point | None:
    """The position that was written, in one field or in two; None for what is none.

    It may lie outside the world: whoever asked says so in a sentence.
    """
    latitude, longitude = _plain(latitude), _plain(longitude)
    if not longitude:
        return _pair(latitude)
    if not latitude:
        return _pair(longitude)
    return _both(latitude, longitude)


def _plain(text: str) -> str:
    """Digits of every script as ours, one kind of each sign, in capitals."""
    text = text[:LONGEST].translate(_SIGNS)
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return " ".join("".join(digits).upper().split())


def _pair(text: str) -> Point | None:
    for copied in _COPIED:
        if match := copied.search(text):
            return float(match[1]), float(match[2])
    text = text.strip("()[] ")
    for pair in _PAIRS:
        if (match := pair.fullmatch(text)) and (both := _both(match[1], match[2])):
            return both
    return None


def _both(first: str, second: str) -> Point | None:
    one, other = _angle(first), _angle(second)
    if one is None or other is None:
        return None
    if one[1] == other[1] != "":
        return None
    is_turned = one[1] == "longitude" or other[1] == "latitude"
    return (other[0], one[0]) if is_turned else (one[0], other[0])


def _angle(text: str) -> tuple[float, str] | None:
    """Degrees, and whether a letter says that they are a latitude or a longitude."""
    match = _ANGLE.fullmatch(text.strip())
    if not match or (match["before"] and match["after"]):
        return None
    parts = [
        float((match[part] or "0").replace(",", ".")) for part in ("degrees", "minutes", "seconds")
    ]
    if parts[1] >= 60 or parts[2] >= 60:
        return None
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    letter = match["before"] or match["after"] or ""
    if match["sign"] == "-" or letter in {"S", "W", "O"}:
        degrees = -degrees
    kind = "" if not letter else "latitude" if letter in "NS" else "longitude"
    return degrees, kind
