"""Which words of a text may be the name of a place."""

import re

from convoca.core.fold import fold
from convoca.places.keys import key
from convoca.reading.atlas import KNOWN_ALONE, Atlas, Spot
from convoca.reading.lands import countries, country_letters, wide_regions
from convoca.reading.text import Span, Text, shouted
from convoca.reading.words import Words

_RUN = re.compile(
    r"[^\W\d_](?:\w|['’-](?=\w))*(?:(?<=\bSt)\.|(?<=\bMt)\.|(?<=\bFt)\.|(?<=\bSta)\.|(?<=\bSto)\.)?"
)
_STATE = re.compile(r"(?<=[a-zà-ÿ])-[A-Z]{2}$")
_SMALL = re.compile(r" ([a-z]+)")
_SHADDA = "\u0651"
"""A doubled letter tells Amman from Oman; no country's name in CLDR has one."""
_INNER = frozenset(
    "de del do da dos das la las los el le les di of the al en sur sous am an du des".split()  # noqa: SIM905
)
_LONGEST = 5
"""Words of a name."""
_NEAR_START = 50
"""Signs before a word that still opens its line."""
_TOLD = 44
"""Signs before a name that may say "states of the country:"."""
_AND_ARABIC = re.compile(r"\s+و|\s*[،,]\s*و?")
"""Between two of a list."""
MOST = 600
"""Places of a text that are looked for."""


def _without_state(match: re.Match[str]) -> Span:
    """ "Brasília-DF": the letters of a state are no part of the town's name."""
    letters = _STATE.search(match[0])
    return Span(match.start(), match.start() + letters.start() if letters else match.end())


class Spots:
    """Goes through the capitalised words of one text, and through all words of an Arabic one."""

    def __init__(self, text: Text, words: Words, atlas: Atlas) -> None:
        self.text, self.atlas = text, atlas
        self._before = set(words.words("place_before"))
        self._weak = set(words.words("place_weak"))
        self._regions_end = -1
        """Where the last region of such a list ends."""
        self._small = {*words.words("common"), *words.words("figure_stop"), *words.words("passive")}
        self._is_arabic = words.language == "ar"

    def find(self, taken: list[Span]) -> list[Spot]:
        tokens = [_without_state(m) for m in _RUN.finditer(self.text.raw)]
        spots: list[Spot] = []
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
        return self._within(self._alike(spots))

    def _alike(self, spots: list[Spot]) -> list[Spot]:
        """ "San Juan, Catamarca y Chubut": where one of a list can only be a region, all are."""
        done: list[Spot] = []
        row: list[Spot] = []
        for n, spot in enumerate(spots):
            if row and not self._is_beside(spot.span.start, spots[n - 1 : n]):
                done += self._one_kind(row)
                row = []
            row.append(spot)
        return done + self._one_kind(row)

    def _one_kind(self, row: list[Spot]) -> list[Spot]:
        lands = {spot.code for spot in row if spot.kind == "region"}
        cities = [spot for spot in row if spot.kind == "city"]
        if len(row) < 3 or len(lands) != 1 or not all(lands) or not cities:
            return row
        if any(not lands & self.atlas.lands_of(spot.name) for spot in cities):
            return row
        code = lands.pop()
        return [s if s.kind != "city" else Spot(s.span, s.name, "region", code) for s in row]

    def _within(self, spots: list[Spot]) -> list[Spot]:
        """A region or country right behind a city says where it lies: "Paris, Texas"."""
        done = []
        for n, (span, name, kind, code) in enumerate(spots):
            if kind == "city" and n + 1 < len(spots):
                after = spots[n + 1]
                between = self.text.flat[span.end : after.span.start]
                linked = re.fullmatch(
                    r"\s*[,(]\s*(?:(?:en|in|no|na|au|el|la|no estado de)\s+)?|\s+[–—-]\s+", between
                )
                if linked and after.kind in ("country", "region"):
                    code = after.name
            done.append(Spot(span, name, kind, code))
        return done

    def _spot(
        self, tokens: list[Span], at: int, stop: int, spots: list[Spot]
    ) -> tuple[Spot, int] | None:
        raw, first = self.text.raw, tokens[at]
        word = raw[first.start : first.end]
        start = first.start
        if match := re.match(r"(?:d|l|D|L)['’](?=\w)", word):
            start += match.end()
        if self._is_arabic:
            return self._arabic(tokens, at, stop, spots)
        if not raw[start].isupper():
            return None
        if letters := self._capitals(Span(start, first.end)):
            return letters, at + 1
        ends = []
        for n in range(at, min(at + _LONGEST, len(tokens))):
            if tokens[n].end > stop or (
                n > at and raw[tokens[n - 1].end : tokens[n].start].strip(" ")
            ):
                break
            if n > at and "\n" in raw[tokens[n - 1].end : tokens[n].start]:
                break
            flat = self.text.flat[tokens[n].start : tokens[n].end]
            if raw[start if n == at else tokens[n].start].isupper():  # "d'Algérie"
                ends.append(n)
            elif n == at + 1 and key(self.text.raw[start : tokens[n].end]) in wide_regions():
                ends.append(n)  # "Amérique latine"
                break
            elif n > at and flat not in _INNER and not flat.startswith(("d'", "l'")):
                break
        told = self.text.flat[max(0, start - _TOLD) : start]
        sure = self._is_said(start, spots) or self.atlas.says_regions(told)
        said = self.text.flat[max(0, start - 12) : start].split()
        weak = bool(said) and said[-1] in self._weak and not self._is_beside(start, spots)
        for n in reversed(ends):
            span = Span(start, tokens[n].end)
            if known := self.atlas.known(span, sure=sure, weak=weak):
                return self._in_list(known, spots), n + 1
        return None

    def _in_list(self, spot: Spot, spots: list[Spot]) -> Spot:
        """ "The provinces of Havana, Artemisa and Cienfuegos": the others of the list as well."""
        before = self.text.flat[max(0, spot.span.start - _TOLD) : spot.span.start]
        if self._is_inside(spot, spots):
            spot = Spot(spot.span, spot.name, "region", self.atlas.region(spot.name) or "")
        is_told = self.atlas.says_regions(before)
        if is_told and spot.kind == "city" and (code := self.atlas.region(spot.name)) is not None:
            spot = Spot(spot.span, spot.name, "region", code)
        goes_on = self._regions_end >= 0 and self._is_beside(spot.span.start, spots)
        goes_on = goes_on and spots[-1].span.end == self._regions_end
        if goes_on and spot.kind == "city" and (code := self.atlas.region(spot.name)) is not None:
            spot = Spot(spot.span, spot.name, "region", code)
        if spot.kind == "region" and (is_told or goes_on):
            self._regions_end = spot.span.end
        return spot

    def _is_inside(self, spot: Spot, spots: list[Spot]) -> bool:
        """ "Jalcomulco, Veracruz": the region in which the town before lies."""
        if spot.kind != "city" or not spots or spots[-1].kind != "city":
            return False
        if self.text.raw[spots[-1].span.end : spot.span.start] not in (", ", " ("):
            return False
        return self.atlas.lies_in(spots[-1].name, spot.name)

    def _arabic(
        self, tokens: list[Span], at: int, stop: int, spots: list[Spot]
    ) -> tuple[Spot, int] | None:
        """Without capitals: countries and regions anywhere, cities only after "in" and the like,
        or in one list with a place.
        """
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
                    return Spot(span, name, "country", code), n + 1
                line = self.text.line_at(tokens[at].start)
                before = flat[max(line.start, tokens[at].start - 8) : tokens[at].start].split()
                said = (before and before[-1] in self._before) or flat[
                    max(0, start - 2) : start
                ] in ("ب", " ب")
                beside = spots and _AND_ARABIC.fullmatch(flat[spots[-1].span.end : start])
                opens = not before and re.match(r"\s*[،,–-]", flat[span.end : span.end + 3])
                if (
                    (said or opens or beside)
                    and fold(name) not in self.atlas.common
                    and self.atlas.refs_of(key(name))
                ):
                    got = self.atlas.cities(name, "")
                    if got and got[0].population >= KNOWN_ALONE:
                        return Spot(span, name, "city", ""), n + 1
        return None

    def _is_said(self, start: int, spots: list[Spot]) -> bool:
        """Whether what stands before says that a place follows."""
        flat = self.text.flat
        before = flat[max(0, start - 24) : start]
        if re.search(r"(?:\bd'|\bl')$", before):
            return True
        last = re.search(r"([^\W\d_]+)\s+$", before)
        if last and last[1] in self._before:
            return True
        if self._is_beside(start, spots):
            return True
        line = self.text.line_at(start)
        if start - line.start > _NEAR_START:
            return False
        before = flat[line.start : start]
        if re.search(r"\d[^\n\w]{1,5}$", before):
            return bool(re.search(r"\d\s*(?:[–—-]{1,2}|[|•])\s*$", before))
        opening = not re.search(r"\w", before)
        if opening and self._has_country(start, min(line.end, start + 80)):
            return True
        return (
            opening
            and bool(re.match(r"[^\n]{2,40}?(?:,|\s[–—-])\s*\S", self.text.raw[start : line.end]))
            and bool(re.search(r"\d|[–—]", self.text.raw[start : min(start + 60, line.end)]))
        )

    def _is_beside(self, start: int, spots: list[Spot]) -> bool:
        """Whether the word stands right behind a place: "Lima, Quito y Tarija"."""
        if not spots or start - spots[-1].span.end > _NEAR_START:
            return False
        between = self.text.flat[spots[-1].span.end : start]
        beside = r"\s*,\s*(?:\w{1,3}\s+)?|\s+\w{1,3}\s+(?:\w{1,3}\s+)?|\s*[(/–-]\s*"
        return bool(re.fullmatch(beside, between))

    def _has_country(self, start: int, end: int) -> bool:
        """ "Chocó, Colombia" at the beginning of a line."""
        lands = re.match(r"[^\n,]{2,40},\s*([^\n,.(]{3,30})", self.text.raw[start:end])
        return lands is not None and key(lands[1].strip()) in countries()

    def _capitals(self, span: Span) -> Spot | None:
        """ "The UK": letters that are a country's, in a line that is not all in capitals."""
        name = self.text.raw[span.start : span.end]
        code = country_letters().get(name.lower())
        if not code or not name.isupper() or shouted(self.text, span):
            return None
        after = _SMALL.match(self.text.raw, span.end)
        if after and after[1] not in self._small:
            return None  # "US imperialism"
        return Spot(span, name, "country", code)
