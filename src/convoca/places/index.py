"""The unpacked table as an index of names: read from its file, or held in memory."""

import sqlite3
import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol


class Found(NamedTuple):
    """A place of the table. `region` and `district` are names, empty where there is none."""

    id: int
    name: str
    country: str
    region_code: str
    region: str
    district: str
    latitude: float
    longitude: float
    population: int
    zone: str


Area = tuple[str, str]  # country and region; an empty region is the whole country


class Index(Protocol):
    """Where names and places are looked up. A ref is twice a place's rank, odd for an alternate."""

    def refs(self, keys: Sequence[str]) -> list[int]: ...
    def refs_under(self, start: str, most: int) -> list[int]: ...
    def places(self, ranks: Iterable[int]) -> list[Found]: ...
    def areas(self, asked: str) -> frozenset[Area]: ...
    def keys_in(self, area: Area, initial: str) -> list[tuple[str, int]]: ...
    def in_cell(self, cell: int) -> list[Found]: ...
    def with_id(self, geonames_id: int) -> Found | None: ...
    def largest_in(self, country: str, most: int) -> list[Found]: ...
    def regions_of(self, country: str) -> list[tuple[str, str]]: ...


_NOWHERE: frozenset[Area] = frozenset()
_COLUMNS = (
    "p.id, p.name, p.country, p.region, coalesce(r.name, ''), p.district,"
    " p.latitude, p.longitude, p.population, p.zone"
    " FROM places p LEFT JOIN regions r ON r.country = p.country AND r.region = p.region"
)
_BY_RANK = f"SELECT {_COLUMNS} WHERE p.rank IN ({{}}) ORDER BY p.rank"
_BY_CELL = f"SELECT {_COLUMNS} WHERE p.cell = ?"
_BY_ID = f"SELECT {_COLUMNS} WHERE p.id = ?"
_LARGEST = (
    # "+" keeps SQLite from walking through all ranks: most countries are few rows of an index.
    f"SELECT {_COLUMNS} WHERE p.country = ? ORDER BY +p.rank LIMIT ?"
)
_ALL = f"SELECT {_COLUMNS} ORDER BY p.rank"


class FileIndex:
    """The unpacked table, read where it lies; one connection for each thread."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._local = threading.local()

    def rows(self, query: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        table: sqlite3.Connection | None = getattr(self._local, "table", None)
        if table is None:
            uri = f"{self.file.absolute().as_uri()}?mode=ro&immutable=1"
            table = self._local.table = sqlite3.connect(uri, uri=True)
        return table.execute(query, values)

    def refs(self, keys: Sequence[str]) -> list[int]:
        marks = ",".join("?" * len(keys))
        query = f"SELECT ref FROM names WHERE key IN ({marks})"  # noqa: S608 (only marks)
        return [ref for (ref,) in self.rows(query, keys)]

    def refs_under(self, start: str, most: int) -> list[int]:
        query = "SELECT ref FROM names WHERE key >= ? AND key < ? ORDER BY ref LIMIT ?"
        return [ref for (ref,) in self.rows(query, (start, start + "\U0010ffff", most))]

    def places(self, ranks: Iterable[int]) -> list[Found]:
        ranks = list(ranks)
        marks = ",".join("?" * len(ranks))
        return [Found(*row) for row in self.rows(_BY_RANK.format(marks), ranks)]

    def areas(self, asked: str) -> frozenset[Area]:
        return frozenset(self.rows("SELECT country, region FROM areas WHERE key = ?", (asked,)))

    def keys_in(self, area: Area, initial: str) -> list[tuple[str, int]]:
        query = (
            "SELECT key, rank FROM places"
            " WHERE country = ? AND region = ? AND key >= ? AND key < ? ORDER BY rank"
        )
        return self.rows(query, (*area, initial, initial + "\U0010ffff")).fetchall()

    def in_cell(self, cell: int) -> list[Found]:
        return [Found(*row) for row in self.rows(_BY_CELL, (cell,))]

    def with_id(self, geonames_id: int) -> Found | None:
        row = self.rows(_BY_ID, (geonames_id,)).fetchone()
        return Found(*row) if row else None

    def largest_in(self, country: str, most: int) -> list[Found]:
        return [Found(*row) for row in self.rows(_LARGEST, (country, most))]

    def regions_of(self, country: str) -> list[tuple[str, str]]:
        query = "SELECT region, name FROM regions WHERE country = ?"
        return self.rows(query, (country,)).fetchall()


class MemoryIndex(FileIndex):
    """The names and places of the table in memory; what is rarely asked is read from its file.

    Names are held as sorted hashes: 64 bits tell a million names apart, in 12 bytes each.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        names = sorted((hash(name), ref) for name, ref in self.rows("SELECT key, ref FROM names"))
        self._hashes = array("q", (hashed for hashed, _ in names))
        self._refs = array("I", (ref for _, ref in names))
        words: dict[str, str] = {}  # regions and zones are the same few words many times over
        self._rows = [
            Found._make(words.setdefault(v, v) if isinstance(v, str) else v for v in row)
            for row in self.rows(_ALL)
        ]
        areas: dict[str, set[Area]] = {}
        for asked, country, region in self.rows("SELECT key, country, region FROM areas"):
            area = words.setdefault(country, country), words.setdefault(region, region)
            areas.setdefault(asked, set()).add(area)
        self._areas = {asked: frozenset(found) for asked, found in areas.items()}
        self._in: dict[tuple[Area, str], list[tuple[str, int]]] = {}

    def refs(self, keys: Sequence[str]) -> list[int]:
        found = []
        for asked in map(hash, keys):
            at = bisect_left(self._hashes, asked)
            while at < len(self._hashes) and self._hashes[at] == asked:
                found.append(self._refs[at])
                at += 1
        return found

    def places(self, ranks: Iterable[int]) -> list[Found]:
        return [self._rows[rank] for rank in ranks]

    def areas(self, asked: str) -> frozenset[Area]:
        return self._areas.get(asked, _NOWHERE)

    def keys_in(self, area: Area, initial: str) -> list[tuple[str, int]]:
        if (area, initial) not in self._in:
            self._in[area, initial] = super().keys_in(area, initial)
        return self._in[area, initial]
