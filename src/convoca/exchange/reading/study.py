"""What is decided once for a whole file, by reading all of it: 6/12/2018, 1.000, midnight, ids."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from babel import Locale
from babel.core import UnknownLocaleError

from convoca.core.fold import fold
from convoca.exchange.reading.days import DAY, NUMERIC, Style
from convoca.exchange.reading.files import OpenedFile
from convoca.exchange.reading.mapping import Mapping
from convoca.exchange.reading.places import Places, Written
from convoca.exchange.reading.reasons import Reason
from convoca.exchange.reading.seen import Seen
from convoca.exchange.reading.sizes import NumberStyle
from convoca.places.index import Found

_ISO_CLOCK = re.compile(r"\d{4}-\d\d-\d\d[T ](\d\d:\d\d)(?::(\d\d))?.*")
_EPOCH = re.compile(r"\d{9,10}")
_GROUP = re.compile(r"(?<![\d.,])\d{1,3}(?P<sign>[.,])\d{3}(?![\d.,])")
_GROUPS = re.compile(
    r"(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?!\d)|(?<![\d.,])\d{1,3}(?:,\d{3}){2,}(?!\d)"
)
_PART = re.compile(r"(?<![\d.,])\d+(?P<sign>[.,])(?:\d{1,2}|\d{4,})(?![\d.,])")
REPEATED = 0.02
"""With so large a share of ids that occur again, a column of ids is none."""
SAMPLE = 400
"""Rows by whose places a country is guessed."""


@dataclass
class Study:
    """The decisions on a file, and what they rest on, to be shown before anything is written."""

    rows: int
    style: Style
    numbers: NumberStyle
    uses_ids: bool
    decisions: list[Reason] = field(default_factory=list)


def study_file(file: OpenedFile, mapping: Mapping) -> Study:
    """Read a file to its end and decide. What the mapping sets is not decided anew."""
    at = {name: n for n, name in enumerate(file.columns)}
    days = [at[c] for f in ("day", "last_day", "start", "end") for c in mapping.columns_of(f)]
    sizes = [
        at[c] for f in ("size", "size_low", "size_high", "size_best") for c in mapping.columns_of(f)
    ]
    ids = [at[c] for f in ("id", "slot") for c in mapping.columns_of(f)]
    has_ids = bool(mapping.columns_of("id"))
    slashes, clocks, numbers = _Order(), _Midnight(), _Numbers()
    seen = Seen()
    total = with_id = repeated = 0
    for record in file.records():
        cells, width = record.cells, len(record.cells)
        if record.reason or not any(cells):
            continue
        total += 1
        for n in days:
            if n < width and (cell := cells[n]):
                slashes.see(cell)
                clocks.see(cell)
        for n in sizes:
            if n < width and (cell := cells[n]):
                numbers.see(cell)
        if has_ids and (own := "\0".join(cells[n].strip() for n in ids if n < width)).strip("\0"):
            with_id += 1
            repeated += seen.get(own) > 0
            seen.add(own, total)
    decisions: list[Reason] = []
    order = slashes.decide(mapping, decisions)
    uses_ids = has_ids and mapping.setting("ids") != "no"
    if uses_ids and file.format == "csv" and repeated > max(3, REPEATED * with_id):
        uses_ids = False
        decisions.append(Reason.about("id-repeats", mapping.columns_of("id")[0]))
    has_clocks = bool(mapping.columns_of("clock"))
    style = Style(
        slashes=order,
        whole_days=clocks.is_nothing or has_clocks,
        local_z=mapping.setting("z") == "local",
    )
    return Study(total, style, numbers.decide(mapping, decisions), uses_ids, decisions)


class _Order:
    """Whether the day or the month comes first in 6/12/2018."""

    def __init__(self) -> None:
        self.days_first = self.months_first = self.seen = 0
        self.firsts: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()

    def see(self, cell: str) -> None:
        if cell[4:5] == "-" or not (match := NUMERIC.match(cell)) or match[2] == ".":
            return
        one, _sign, two, three, _rest = match.groups()
        if len(one) > 2 or len(three) not in {2, 4}:
            return
        self.seen += 1
        self.days_first += int(one) > 12
        self.months_first += int(two) > 12
        self.firsts[one] += 1
        self.seconds[two] += 1

    def decide(self, mapping: Mapping, decisions: list[Reason]) -> str:
        chosen = mapping.setting("dates")
        if not self.seen or chosen:
            return chosen or "dmy"
        values: dict[str, object] = {"rows": self.seen}
        if self.days_first != self.months_first:
            order = "dmy" if self.days_first > self.months_first else "mdy"
            values["sure"] = max(self.days_first, self.months_first)
            decisions.append(Reason(f"dates-{order}", values))
            return order
        # Months vary less than days do, in the file of a month or of a year.
        if self.seen >= 20 and len(self.firsts) * 2 <= len(self.seconds):
            order = "mdy"
        elif self.seen >= 20 and len(self.seconds) * 2 <= len(self.firsts):
            order = "dmy"
        else:
            order = _order_in(mapping.setting("country"))
        decisions.append(Reason(f"dates-{order}-guess", values))
        return order


def _order_in(country: str) -> str:
    """How a country writes short dates, by CLDR; day first where nothing is known."""
    try:
        pattern = Locale.parse(f"und_{country}").date_formats["short"].pattern if country else "dM"
    except (ValueError, UnknownLocaleError):
        return "dmy"
    return "mdy" if pattern.index("M") < pattern.index("d") else "dmy"


class _Midnight:
    """Whether all times are midnight, which then says nothing."""

    def __init__(self) -> None:
        self.midnights = self.others = 0

    def see(self, cell: str) -> None:
        if match := _ISO_CLOCK.fullmatch(cell):
            self._count(match[1] == "00:00")
        elif _EPOCH.fullmatch(cell):
            self._count(int(cell) % DAY == 0)

    def _count(self, is_midnight: bool) -> None:
        self.midnights += is_midnight
        self.others += not is_midnight

    @property
    def is_nothing(self) -> bool:
        return self.midnights > 0 and self.others == 0


class _Numbers:
    """Whether "1.000" is a thousand or one, and "1,000" likewise."""

    def __init__(self) -> None:
        self.groups: Counter[str] = Counter()
        self.parts: Counter[str] = Counter()
        self.sure: Counter[str] = Counter()
        self.whole = 0

    def see(self, cell: str) -> None:
        if cell.isdecimal():
            self.whole += 1
            return
        for match in _GROUP.finditer(cell):
            self.groups[match["sign"]] += 1
        for match in _GROUPS.finditer(cell):
            self.sure["." if "." in match[0] else ","] += 1
        for match in _PART.finditer(cell):
            self.parts[match["sign"]] += 1

    def decide(self, mapping: Mapping, decisions: list[Reason]) -> NumberStyle:
        chosen = mapping.setting("numbers")
        if chosen:
            return NumberStyle(point_groups=chosen == "point", comma_groups=chosen == "comma")
        groups = {sign: self._groups(sign, decisions) for sign in ".,"}
        return NumberStyle(point_groups=groups["."], comma_groups=groups[","])

    def _groups(self, sign: str, decisions: list[Reason]) -> bool:
        """People are whole: a sign groups unless the file uses it for parts as well."""
        if not self.groups[sign]:
            return True
        is_group = bool(self.sure[sign]) or self.parts[sign] <= self.groups[sign] / 4
        code = "numbers-thousand" if is_group else "numbers-one"
        is_open = is_group and not self.sure[sign] and not self.whole
        values: dict[str, object] = {"text": f"1{sign}000", "rows": self.groups[sign]}
        decisions.append(Reason(code + ("-guess" if is_open else ""), values))
        return is_group


def suggest_settings(
    file: OpenedFile, mapping: Mapping, places: Places
) -> tuple[dict[str, str], list[Reason]]:
    """The country, and the town after which a file is called, for a person to confirm.

    A country is suggested where rows name none and most of their clear places lie in it; a town
    where no column holds towns and the words of the rows name none, but the file's name does.
    """
    if mapping.columns_of("country") or file.format in {"osdi", "mobilizon", "ics", "geojson"}:
        return {}, []
    written = _written(file, mapping)
    found = Counter(
        place.country
        for one in written
        if (place := places.where(one).place) and place.population > 1000
    )
    settings: dict[str, str] = {}
    notes: list[Reason] = []
    has_town = bool(mapping.columns_of("city"))
    town = None if has_town else town_called(file.name, places)
    if town is not None and _is_in_town(written, town, places):
        settings["town"] = ", ".join(
            part for part in (town.name, town.region, town.country) if part
        )
        settings["country"] = town.country
        return settings, [Reason("town-suggested", {"town": town.name})]
    if found and found.most_common(1)[0][1] >= max(3, 0.6 * found.total()):
        settings["country"] = found.most_common(1)[0][0]
        notes.append(Reason("country-suggested", {"country": settings["country"]}))
    return settings, notes


def _written(file: OpenedFile, mapping: Mapping) -> list[Written]:
    """What the first rows say of their places, each once."""
    at = {name: n for n, name in enumerate(file.columns)}
    names = ("city", "region", "place", "address")
    wanted = [[at[c] for c in mapping.columns_of(name)] for name in names]
    found: dict[tuple[str, ...], Written] = {}
    for record in islice(file.records(), 5 * SAMPLE):
        city, region, place, address = values = tuple(
            next((record.cells[n].strip() for n in columns if n < len(record.cells)), "")
            for columns in wanted
        )
        if any(values):
            written = Written(city=city, region=region, place=place, address=address)
            found.setdefault(values, written)
        if len(found) >= SAMPLE:
            break
    return list(found.values())


def town_called(name: str, places: Places) -> Found | None:
    """The town after which a file is called: "erfurt.csv.gz", "Versammlungen Erfurt 2022.csv"."""
    stem = re.sub(r"(?:\.[A-Za-z]{1,7}){1,3}$", "", name)
    words = [word for word in re.split(r"[\W\d_]+", stem) if len(word) > 2]
    for count in (min(len(words), 3), 2, 1):
        for start in range(len(words) - count + 1):
            answer = places.finder.find(" ".join(words[start : start + count]))
            place = answer.place
            if place and not answer.is_guess and place.population >= 20_000:
                return place
    return None


def _is_in_town(written: Sequence[Written], town: Found, places: Places) -> bool:
    """Whether the rows may all be in this town: few of them clearly name another large one."""
    name = fold(town.name)
    elsewhere = 0
    for one in written:
        words = one.place or one.address
        if name in fold(words):
            continue
        found = places.where(one, country=town.country).place
        elsewhere += bool(found and found.population > 100_000 and found.id != town.id)
    return elsewhere <= 0.1 * len(written)
