"""JSON as rows: lists of objects, wherever they stand, with the values inside them by their path.

OSDI, Action Network, Mobilize, Mobilizon, Gancio and GeoJSON are such lists; what they have of
their own (`_embedded`, `timeslots`, `features`) is taken apart here, and the names of their fields
stand in `headers.toml` like every other heading.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal
from convoca.exchange.reading import limits
from convoca.exchange.reading.reasons import Reason

LONGEST_LIST = 200
"""Values of a list inside a row that are kept."""
_MAY_BE_NONE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_NO_LETTER = re.compile(
    r"(\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\(?!u0000|u[dD][89a-fA-F]).)"
    r"|\\u0000|\\u[dD]\w{3}",
    re.DOTALL,
)
"""Escapes. Halves of a letter and the zero, which neither pages nor databases take, stand outside
the group: nothing of them is kept.
"""


@dataclass
class Row:
    number: int
    values: dict[str, str]
    reason: Reason | None = None
    notes: tuple[Reason, ...] = ()


@dataclass
class Found:
    format: str
    rows: list[Row]
    notes: list[Reason] = field(default_factory=list)


def read(text: str) -> Found:
    """The rows of a JSON document. Refuses what is broken, too deep, or holds no list."""
    document = _parsed(text)
    if isinstance(document, dict) and isinstance(document.get("features"), list):
        return bounded("geojson", _features(document["features"]))
    entries, path = _list_in(document)
    kind = "json"
    if "_embedded" in path:
        kind = "osdi"
    elif "searchEvents" in path:
        kind = "mobilizon"
    elif any(isinstance(one, dict) and "timeslots" in one for one in entries[:20]):
        kind = "mobilize"
    return bounded(kind, _objects(entries))


def _parsed(text: str) -> Any:
    try:
        return _load(text)
    except RecursionError:
        raise Refusal(
            "json-deep", _("The values of this file stand too deep in each other.")
        ) from None
    except ValueError as error:
        lines = text.lstrip().split("\n")
        if len(lines) > 1 and lines[0].rstrip().endswith("}"):
            return _by_lines(lines)
        at = getattr(error, "lineno", 1)
        message = _("This is not valid JSON: there is a mistake in line %(line)s.") % {"line": at}
        raise Refusal("json-broken", message) from error


def _load(text: str) -> Any:
    if _MAY_BE_NONE.search(text):
        text = _NO_LETTER.sub(r"\1", text)
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda _name: None)


def _by_lines(lines: Iterable[str]) -> list[Any]:
    """One object on each line; a line that is none stays as words, and is refused as a row."""
    found: list[Any] = []
    for line in lines:
        if line.strip():
            try:
                found.append(_load(line))
            except (ValueError, RecursionError):
                found.append(line[:200])
    return found


def _list_in(document: Any) -> tuple[list[Any], str]:
    """The longest list of objects that is no part of another, and the path to it."""
    best: tuple[list[Any], str] = ([], "")
    waiting = [(document, "", 0)]
    while waiting:
        value, path, depth = waiting.pop()
        if isinstance(value, list):
            objects = sum(isinstance(one, dict) for one in value[:1000])
            if objects and objects >= min(len(value), 1000) / 2:
                if len(value) > len(best[0]):
                    best = value, path
            elif depth < limits.DEPTH:
                waiting += [(one, path, depth + 1) for one in value[:100]]
        elif isinstance(value, dict) and depth < limits.DEPTH:
            waiting += [(one, f"{path}/{name}", depth + 1) for name, one in value.items()]
    if best[0]:
        return best
    if isinstance(document, dict) and len(document) > 1:
        return [document], ""
    raise Refusal("json-without-list", _("There is no list of actions in this file."))


def bounded(kind: str, rows: Iterator[Row]) -> Found:
    """As many of the rows as are held at once."""
    found: list[Row] = []
    for row in rows:
        if len(found) == limits.ENTRIES:
            return Found(kind, found, [Reason("file-cut", {"most": limits.ENTRIES})])
        found.append(row)
    return Found(kind, found)


def _objects(entries: Iterable[Any]) -> Iterator[Row]:
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            yield Row(number, {}, Reason.about("row-broken", entry))
            continue
        slots = entry.get("timeslots")
        if isinstance(slots, list) and any(isinstance(slot, dict) for slot in slots):
            rest = {name: value for name, value in entry.items() if name != "timeslots"}
            values = flat(rest)
            for slot in slots[: limits.INSTANCES]:
                yield Row(number, values | flat({"timeslots": slot}))
        else:
            yield Row(number, flat(entry))


def _features(features: Iterable[Any]) -> Iterator[Row]:
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            yield Row(number, {}, Reason.about("row-broken", feature))
            continue
        properties = feature.get("properties")
        values = flat(properties) if isinstance(properties, dict) else {}
        if "id" in feature:
            values["id"] = _scalar(feature["id"])
        point, notes = _point(feature.get("geometry"))
        if point:
            values |= {"longitude": str(point[0]), "latitude": str(point[1])}
        yield Row(number, values, None, notes)


def _point(geometry: Any) -> tuple[tuple[float, float] | None, tuple[Reason, ...]]:
    """A point as it stands; of an area or a line the middle of its box, and a word about that."""
    if not isinstance(geometry, dict):
        return None, ()
    points: list[tuple[float, float]] = []
    waiting = [geometry.get("coordinates"), geometry.get("geometries")]
    while waiting and len(points) < 100_000:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [value.get("coordinates"), value.get("geometries")]
        elif isinstance(value, list):
            pair = [_number(one) for one in value[:2]]
            if len(pair) == 2 and pair[0] is not None and pair[1] is not None:
                points.append((pair[0], pair[1]))
            else:
                waiting += value
    if not points:
        return None, ()
    if len(points) == 1:
        return points[0], ()
    longs, lats = [point[0] for point in points], [point[1] for point in points]
    middle = ((min(longs) + max(longs)) / 2, (min(lats) + max(lats)) / 2)
    return middle, (Reason("position-centre"),)


def _number(value: Any) -> float | None:
    if isinstance(value, str) and len(value) < 40:  # numbers are kept as they are written
        try:
            return float(value)
        except ValueError:
            return None
    return None


def flat(entry: dict[str, Any]) -> dict[str, str]:
    """The values of an object by their path: `location__locality`. Lists become words.

    What begins with `_` (`_links`, `__typename`) is the format's own.
    """
    found: dict[str, str] = {}
    waiting = [(str(k), v, 1) for k, v in reversed(entry.items()) if str(k)[:1] != "_"]
    while waiting and len(found) < limits.COLUMNS:
        path, value, depth = waiting.pop()
        if isinstance(value, dict):
            if depth < limits.DEPTH:
                inner = [(k, v) for k, v in reversed(value.items()) if str(k)[:1] != "_"]
                waiting += [(f"{path}__{k}", v, depth + 1) for k, v in inner]
        elif isinstance(value, list):
            if words := _joined(value):
                found[path[:200]] = words
        elif value is not None:
            found[path[:200]] = _scalar(value)
    return found


def _joined(values: list[Any]) -> str:
    words = []
    for value in values[:LONGEST_LIST]:
        if isinstance(value, dict):
            name = value.get("name") or value.get("title") or value.get("url") or value.get("slug")
            words.append(_scalar(name) if isinstance(name, str) else "")
        elif not isinstance(value, list) and value is not None:
            words.append(_scalar(value))
    return "; ".join(word for word in words if word)[: limits.CELL]


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return ""
    return str(value)[: limits.CELL + 1]
