"""The places that a text names, by the table of places; what it leaves open stays open."""

import re
from collections import Counter
from functools import lru_cache

from babel import Locale

from convoca.core.fold import fold
from convoca.places.gazetteer import Finder, Outcome
from convoca.places.index import Found
from convoca.places.keys import key
from convoca.reading.draft import FoundPlace
from convoca.reading.language import KINDS as TEXT_KINDS
from convoca.reading.moments import KINDS
from convoca.reading.text import Span, Text
from convoca.reading.words import KNOWN, Words

_RUN = re.compile(
    r"[^\W\d_](?:\w|['’-](?=\w))*(?:(?<=\bSt)\.|(?<=\bMt)\.|(?<=\bFt)\.|(?<=\bSta)\.|(?<=\bSto)\.)?"
)
_SHADDA = "\u0651"
"""A doubled letter tells Amman from Oman; no country's name in CLDR has one."""
_INNER = {
    "de",
    "del",
    "do",
    "da",
    "dos",
    "das",
    "la",
    "las",
    "los",
    "el",
    "le",
    "les",
    "di",
    "of",
    "the",
    "al",
    "en",
    "sur",
    "sous",
    "am",
    "an",
    "du",
    "des",
}
_LONGEST = 5
KNOWN_ALONE = 100_000
"""People: so large a place is meant where a sentence only begins with its name."""
LIKELY_AMONG = 8.0
"""Times as many people as its next namesake: then it is the one that is meant."""
KNOWN_BY_ALL = 3_000_000
"""People: so large a place is known by its other names too, before a region of that name."""
SMALL = 10_000
MOST = 600


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """The names of countries and territories in the languages that are read."""
    found: dict[str, str] = {}
    skipped = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
    for tag in (*KNOWN, "ca", "nl", "es_MX", "pt_PT", "ru", "tr"):
        names = Locale.parse(tag).territories
        for code, name in names.items():
            if len(code) == 2 and code.isalpha() and code not in skipped:
                found.setdefault(key(name), code)
                short = re.sub(r"\s*\(.*\)", "", name)
                found.setdefault(key(short), code)
    also = {"usa": "US", "eeuu": "US", "eua": "US", "uk": "GB", "etatsunis": "US", "turkey": "TR",
            "elsalvador": "SV", "palestina": "PS", "palestine": "PS", "فلسطين": "PS",
            "guinebissau": "GW", "caboverde": "CV", "ivorycoast": "CI", "estadosunidos": "US",
            "czechrepublic": "CZ", "burma": "MM", "saharaoccidental": "EH"}  # fmt: skip
    return found | also


class PlacesFinder:
    """Looks up the capitalised words of one text."""

    def __init__(self, text: Text, words: Words, finder: Finder) -> None:
        self.text, self.words, self.finder = text, words, finder
        self._before = set(words.words("place_before"))
        self._regions = {key(name) for name in words.words("regions")}
        self._common = set(words.words("common"))
        self._before_regions = set(words.words("region_before"))
        self._events = [words.pattern(f"moment.{name}") for name in KINDS]
        self._events += [words.pattern(f"kind.{name}") for name in TEXT_KINDS]
        self._heads = set(words.words("org_heads"))
        self._is_arabic = words.language == "ar"

    def find(self, taken: list[Span]) -> list[FoundPlace]:
        """The places, each once. `taken`: names of organisations, campaigns and days."""
        spots = self._spots(sorted(taken))
        named = [code for _span, _name, kind, code in spots if kind == "country"]
        found: dict[tuple[str, str], FoundPlace] = {}
        cities: list[tuple[Span, str, str]] = []
        for span, name, kind, code in spots:
            if kind == "city":
                cities.append((span, name, code))
            else:
                found.setdefault(
                    (key(name), kind), FoundPlace(name, kind, code or None, span, 0.85)
                )
        around = Counter(named)
        answers = [self._city(name, within) for _span, name, within in cities]
        around.update(c.country for got in answers if got and len(got) == 1 for c in got)
        for (span, name, _), got in zip(cities, answers, strict=True):
            if not got:
                continue
            country, sure = self._settled(got, around)
            choices = tuple(c.id for c in got if country in (None, c.country))[:8]
            old = found.get((key(name), "city"))
            if old is None or (old.country is None and country):
                found[key(name), "city"] = FoundPlace(name, "city", country, span, sure, choices)
        return sorted(found.values(), key=lambda one: one.span)

    def _settled(self, got: list[Found], around: Counter[str]) -> tuple[str | None, float]:
        """The country of a city: of the one candidate, of what stands around, or left open."""
        if len({c.country for c in got}) == 1:
            return got[0].country, 0.85
        first, second = got[0], got[1]
        ratio = (first.population + 1) / (second.population + 1)
        if first.country in around or ratio > LIKELY_AMONG * 6:
            return first.country, 0.75
        near = [c for c in got[:4] if c.country in around]
        if near:
            return max(near, key=lambda c: around[c.country]).country, 0.65
        return (first.country, 0.6) if ratio > LIKELY_AMONG else (None, 0.4)

    def _city(self, name: str, within: str) -> list[Found]:
        answer = self.finder.find(f"{name}, {within}" if within else name)
        if within and answer.outcome is Outcome.UNKNOWN:
            answer = self.finder.find(name)
        if answer.outcome is Outcome.CLEAR:
            answer_all = self.finder.find(name, limit=6)
            return list(
                answer.places
                if within
                else (*answer.places, *(p for p in answer_all.places if p not in answer.places))
            )
        return list(answer.places)

    # Which words may be a place

    def _spots(self, taken: list[Span]) -> list[tuple[Span, str, str, str]]:
        tokens = [Span(*m.span()) for m in _RUN.finditer(self.text.raw)]
        spots: list[tuple[Span, str, str, str]] = []
        at, next_taken = 0, 0
        while at < len(tokens) and len(spots) < MOST:
            while next_taken < len(taken) and taken[next_taken].end <= tokens[at].start:
                next_taken += 1
            if next_taken < len(taken) and taken[next_taken].meets(tokens[at]):
                at += 1
                continue
            got = self._spot(
                tokens,
                at,
                taken[next_taken].start if next_taken < len(taken) else len(self.text.raw),
                spots,
            )
            if got:
                spot, at = got
                spots.append(spot)
            else:
                at += 1
        return self._within(spots)

    def _within(self, spots: list[tuple[Span, str, str, str]]) -> list[tuple[Span, str, str, str]]:
        """A region or country right behind a city says where it lies: "Paris, Texas"."""
        done = []
        for n, (span, name, kind, code) in enumerate(spots):
            if kind == "city" and n + 1 < len(spots):
                after = spots[n + 1]
                between = self.text.flat[span.end : after[0].start]
                linked = re.fullmatch(
                    r"\s*[,(]\s*(?:(?:en|in|no|na|au|el|la|no estado de)\s+)?|\s+[–—-]\s+", between
                )
                if linked and after[2] in ("country", "region"):
                    code = after[1]
            done.append((span, name, kind, code))
        return done

    def _spot(
        self, tokens: list[Span], at: int, stop: int, spots: list[tuple[Span, str, str, str]]
    ) -> tuple[tuple[Span, str, str, str], int] | None:
        raw, first = self.text.raw, tokens[at]
        word = raw[first.start : first.end]
        start = first.start
        if match := re.match(r"(?:d|l|D|L)['’](?=\w)", word):
            start += match.end()
        if self._is_arabic:
            return self._arabic(tokens, at, stop)
        if not raw[start].isupper():
            return None
        ends = []
        for n in range(at, min(at + _LONGEST, len(tokens))):
            if tokens[n].end > stop or (
                n > at and raw[tokens[n - 1].end : tokens[n].start].strip(" ")
            ):
                break
            if n > at and "\n" in raw[tokens[n - 1].end : tokens[n].start]:
                break
            flat = self.text.flat[tokens[n].start : tokens[n].end]
            if raw[tokens[n].start].isupper():
                ends.append(n)
            elif n > at and flat not in _INNER and not flat.startswith(("d'", "l'")):
                break
        sure = self._is_said(start, spots)
        for n in reversed(ends):
            span = Span(start, tokens[n].end)
            if known := self._known(span, sure=sure, is_whole=n == ends[-1]):
                return known, n + 1
        return None

    def _arabic(
        self, tokens: list[Span], at: int, stop: int
    ) -> tuple[tuple[Span, str, str, str], int] | None:
        """Without capitals: countries and regions anywhere, cities only after "in" and the like."""
        flat = self.text.flat
        for n in range(min(at + 2, len(tokens) - 1), at - 1, -1):
            if tokens[n].end > stop or (
                n > at and flat[tokens[at].end : tokens[n].start].count("\n")
            ):
                continue
            for skip in (0, 1):
                start = tokens[at].start + skip
                if skip and flat[tokens[at].start] not in "وبل":
                    break
                span = Span(start, tokens[n].end)
                name = self.text.raw[span.start : span.end]
                if len(name) < 3:
                    continue
                if _SHADDA not in name and (code := countries().get(key(name))):
                    return (span, name, "country", code), n + 1
                line = self.text.line_at(tokens[at].start)
                before = flat[max(line.start, tokens[at].start - 8) : tokens[at].start].split()
                said = (before and before[-1] in {"في", "من", "الى", "مدينه"}) or flat[
                    max(0, start - 2) : start
                ] in ("ب", " ب")
                opens = not before and re.match(r"\s*[،,–-]", flat[span.end : span.end + 3])
                if (said or opens) and fold(name) not in self._common:
                    answer = self.finder.find(name)
                    if answer.places and answer.places[0].population >= KNOWN_ALONE:
                        return (span, name, "city", ""), n + 1
        return None

    def _is_said(self, start: int, spots: list[tuple[Span, str, str, str]]) -> bool:
        """Whether what stands before says that a place follows."""
        flat = self.text.flat
        before = flat[max(0, start - 24) : start]
        if re.search(r"(?:\bd'|\bl')$", before):
            return True
        last = re.search(r"([^\W\d_]+)\s+$", before)
        if last and last[1] in self._before:
            return True
        if spots and re.fullmatch(
            r"\s*,\s*(?:\w{1,3}\s+)?|\s+\w{1,3}\s+(?:\w{1,3}\s+)?|\s*[(/–-]\s*",
            flat[spots[-1][0].end : start],
        ):
            return True
        line = self.text.line_at(start)
        opening = not flat[line.start : start].strip()
        return (
            opening
            and bool(re.match(r"[^\n]{2,40}?(?:,|\s[–—-])\s*\S", self.text.raw[start : line.end]))
            and bool(re.search(r"\d|[–—]", self.text.raw[start : min(start + 60, line.end)]))
        )

    def _known(
        self, span: Span, *, sure: bool, is_whole: bool
    ) -> tuple[Span, str, str, str] | None:
        name = self.text.raw[span.start : span.end]
        asked = key(name)
        if len(asked) < 3 or fold(name) in self._common:
            return None
        if fold(name) in self._heads or any(e.fullmatch(fold(name)) for e in self._events):
            return None  # "Reunión" is an island, too
        if name.isupper() and (len(name) < 5 or not sure):
            return None
        if asked in self._regions:
            return span, name, "region", ""
        if self._is_person(span):
            return None
        refs = self.finder.index.refs([asked])
        if (code := countries().get(asked)) and not (sure and self._is_rather_city(refs, code)):
            return span, name, "country", code
        if not sure:
            return None
        areas = [area for area in self.finder.index.areas(asked) if area[1]]
        if areas and (not refs or self._is_rather_region(span, refs, areas)):
            lands = {country for country, _region in areas}
            return span, name, "region", lands.pop() if len(lands) == 1 else ""
        if not refs:
            return None
        best = min(refs)
        [place] = self.finder.index.places([best >> 1])
        if best & 1 and place.population < SMALL:
            return None
        return span, name, "city", ""

    def _is_rather_city(self, refs: list[int], code: str) -> bool:
        """Granada is larger than any town of Grenada."""
        mains = [ref >> 1 for ref in refs if not ref & 1]
        if not mains:
            return False
        [place] = self.finder.index.places([min(mains)])
        largest = self.finder.index.largest_in(code, 1)
        return (
            place.country != code
            and place.population >= KNOWN_ALONE
            and bool(largest)
            and place.population > largest[0].population
        )

    def _is_rather_region(self, span: Span, refs: list[int], areas: list[tuple[str, str]]) -> bool:
        """A name of both is the city's where it is large, or where the region is named after it."""
        before = self.text.flat[max(0, span.start - 4) : span.start].split()
        if before and before[-1] in self._before_regions:
            return True
        mains = {ref >> 1 for ref in refs if not ref & 1}
        ranks = sorted({ref >> 1 for ref in refs})[:20]
        for rank, place in zip(ranks, self.finder.index.places(ranks), strict=True):
            if place.population >= (KNOWN_ALONE if rank in mains else KNOWN_BY_ALL):
                return False
            is_its_own = rank in mains and (place.country, place.region_code) in areas
            if is_its_own and place.population >= SMALL:
                return False
        return True

    def _is_person(self, span: Span) -> bool:
        """Whether capitalised words right beside make it part of a name: "Amparo Valencia Ruiz"."""
        raw = self.text.raw
        after = re.match(r" ([^\W\d_]\w+)", raw[span.end : span.end + 30])
        before = re.search(r"([^\W\d_]\w+) $", raw[max(0, span.start - 30) : span.start])
        if before and before[1][0].isupper():
            stop = self.text.flat[span.start - len(before[0]) : span.start].strip()
            if stop not in self._before and stop not in self._common:
                return True
        return bool(after and after[1][0].isupper())
