"""What a name is by the table of places: a country's, a region's, a city's, or no place's."""

import re
from typing import NamedTuple

from convoca.core.fold import fold
from convoca.places.gazetteer import Finder, Outcome
from convoca.places.index import Found
from convoca.places.keys import key
from convoca.reading.days import months, weekdays
from convoca.reading.lands import countries, known_regions, parts
from convoca.reading.language import KINDS as TEXT_KINDS
from convoca.reading.moments import KINDS
from convoca.reading.text import Span, Text
from convoca.reading.words import Words
from convoca.reading.words.shared import any_words

KNOWN_ALONE = 100_000
"""People: so large a place is meant where a sentence only begins with its name."""
KNOWN_BY_ALL = 3_000_000
"""People: so large a place is known by its other names too, before a region of that name."""
SMALL = 10_000
_NOT_PLACES = frozenset(any_words("not_places"))
_MIXED = re.compile(r"[^\W\d_A-Z][A-Z]")
_HOUSE = re.compile(r"(?:,? n\.?[º°o]?)? \d{1,4}(?!\d|[./:-]\d| *(?:%|de |d'|personas|people))")
_LEADS = re.compile(r"[\s']*|[\w\s]{0,24}:\s*")
"""Between "provinces of" and the first: nothing, or "the country:"."""
_SEAS = frozenset(any_words("seas"))
_MAIL = frozenset({*any_words("mail_hidden"), *any_words("mail_shown")})


class Spot(NamedTuple):
    """A name that is a place's, where it stands, of which kind, and in which country."""

    span: Span
    name: str
    kind: str
    code: str


class Atlas:
    """Tells what the names of one text are, by the table and by the words beside them."""

    def __init__(self, text: Text, words: Words, finder: Finder) -> None:
        self.text, self.words, self.finder = text, words, finder
        self._before = set(words.words("place_before"))
        self._regions = {key(name) for name in words.words("regions")}
        self.common = {*words.words("common"), *words.words("joins")}
        self._streets = words.pattern("street_of")
        self._said_regions = words.pattern("region_of")
        self._before_regions = set(words.words("region_before"))
        self._events = [words.pattern(f"moment.{name}") for name in KINDS]
        self._events += [words.pattern(f"kind.{name}") for name in TEXT_KINDS]
        self._heads = set(words.words("org_heads"))
        self._refs: dict[str, list[int]] = {}
        self._cities: dict[tuple[str, str], list[Found]] = {}

    def refs_of(self, asked: str) -> list[int]:
        found = self._refs.get(asked)
        if found is None:
            found = self._refs[asked] = self.finder.index.refs([asked])
        return found

    def cities(self, name: str, within: str = "") -> list[Found]:
        """The cities of that name, likelier ones first; of the part of the world told, if any."""
        found = self._cities.get((name, within))
        if found is None:
            found = self._cities[name, within] = self._looked_up(name, within)
        return found

    def _looked_up(self, name: str, within: str) -> list[Found]:
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

    def known(self, span: Span, *, sure: bool, weak: bool) -> Spot | None:
        name = self.text.raw[span.start : span.end]
        asked = key(name)
        if len(asked) < 3:
            return None
        refs = self.refs_of(asked)
        is_land = (
            asked in self._regions
            or asked in parts()
            or asked in known_regions()
            or asked in countries()
        )
        if not (sure or refs or is_land or (" " in name and self.lands_of(name))):
            return None
        folded = fold(name)
        if folded in months() or folded in weekdays():
            return None  # "in May"
        if folded in self.common or name.lower() in _MAIL:
            return None
        if folded in self._heads or any(event.fullmatch(folded) for event in self._events):
            return None  # "Reunión" is an island, too
        if name.isupper() and (len(name) < 5 or not sure):
            return None
        if asked in self._regions:
            return Spot(span, name, "region", "")
        if asked in parts():
            return Spot(span, name, "region", parts()[asked])
        if asked in known_regions():
            return Spot(span, name, "region", known_regions()[asked])
        if asked in _SEAS or folded in _NOT_PLACES or _MIXED.search(name):
            return None
        if self._is_street(span) or self._streets.fullmatch(folded):
            return None
        if self._is_person(span):
            return None
        if (code := countries().get(asked)) and not (sure and self._is_rather_city(refs, code)):
            return Spot(span, name, "country", code)
        is_state = " " in name and not refs and self._is_alone(span)  # "o Distrito Federal"
        if not (sure or is_state) and not (refs and self._is_amid(span, refs)):
            return None
        areas = [area for area in self.finder.index.areas(asked) if area[1]]
        said = [m.end() for m in self._said_regions.finditer(self._line_before(span))]
        if said and not self._line_before(span)[said[-1] :].strip():
            lands = {country for country, _region in areas}
            return Spot(span, name, "region", lands.pop() if len(lands) == 1 else "")
        if areas and (not refs or self._is_rather_region(span, refs, areas)):
            lands = {country for country, _region in areas}
            return Spot(span, name, "region", lands.pop() if len(lands) == 1 else "")
        if not refs:
            return None
        best = min(refs)
        [place] = self.finder.index.places([best >> 1])
        if best & 1 and place.population < SMALL:
            return None
        if weak and place.population < 5 * SMALL:
            return None  # "for Justice"
        return Spot(span, name, "city", "")

    def region(self, name: str) -> str | None:
        """The country of a region of that name, "" where it may be several; None for no region."""
        lands = self.lands_of(name)
        return (lands.pop() if len(lands) == 1 else "") if lands else None

    def lands_of(self, name: str) -> set[str]:
        """The countries that have a region of that name."""
        return {area[0] for area in self.finder.index.areas(key(name)) if area[1]}

    def lies_in(self, town: str, name: str) -> bool:
        """Whether a town of one name lies in a region of another, that is not itself a town's."""
        areas = self.finder.index.areas(key(name))
        ranks = sorted({ref >> 1 for ref in self.refs_of(key(town))})[:20]
        places = self.finder.index.places(ranks) if areas and key(town) != key(name) else []
        return any((one.country, one.region_code) in areas for one in places)

    def says_regions(self, before: str) -> bool:
        """Whether what stands before speaks of several regions: "provinces of"."""
        said = list(self._said_regions.finditer(before))
        if not said or not _LEADS.fullmatch(before[said[-1].end() :]):
            return False
        return said[-1][0].split()[0].endswith("s")

    def _is_alone(self, span: Span) -> bool:
        """Whether no capital stands right beside a name, nor does it open its sentence."""
        before = self.text.raw[max(0, span.start - 30) : span.start]
        return bool(re.search(r"(?:^|\s)[a-zà-ÿ]+ $", before)) and not re.match(
            r" [^\W\d_a-z]", self.text.raw[span.end : span.end + 2]
        )

    def _is_street(self, span: Span) -> bool:
        """ "Praça do Derby", "en San Francisco 51": streets and squares are no places."""
        before = self._line_before(span)
        said = [match.end() for match in self._streets.finditer(before)]
        if said and before[said[-1] :].strip() in ("", "l'"):
            return True
        house = _HOUSE.match(self.text.flat, span.end)
        return house is not None and bool(
            re.match(r"\s*(?:[,.;)]|$)", self.text.flat[house.end() : house.end() + 3])
        )

    def _line_before(self, span: Span) -> str:
        return self.text.flat[max(0, span.start - 30) : span.start]

    def _is_amid(self, span: Span, refs: list[int]) -> bool:
        """A large city's name amid a sentence, alone with its capital: "on 3 May Gdańsk became"."""
        if self.words.language in ("de", ""):
            return False
        before = self.text.flat[max(0, span.start - 3) : span.start]
        is_long = " " in self.text.raw[span.start : span.end]  # "Ciudad de Guatemala"
        mains = [ref >> 1 for ref in refs if is_long or not ref & 1]
        if not mains or not re.search(r"(?:\w|,) $", before):
            return False
        sentence = self.text.sentence_at(span.start)
        if span.start - sentence.start < 3:
            return False
        [place] = self.finder.index.places([min(mains)])
        return place.population >= KNOWN_ALONE

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
            is_state = (place.country, place.region_code) in areas  # "Wien" is both
            is_alike = key(place.name)[:4] == key(self.text.raw[span.start : span.end])[:4]
            large = place.population >= (3 if is_alike else 10) * KNOWN_ALONE
            if is_state and rank not in mains and large:
                return False
            is_its_own = rank in mains and (place.country, place.region_code) in areas
            if is_its_own and place.population >= SMALL / 2:  # Valletta is both
                return False
        return True

    def _is_person(self, span: Span) -> bool:
        """Whether capitalised words right beside make it part of a name: "Amparo Valencia Ruiz"."""
        raw = self.text.raw
        after = re.match(r" ([^\W\d_]\w+)", raw[span.end : span.end + 30])
        before = re.search(r"([^\W\d_]\w+) $", raw[max(0, span.start - 30) : span.start])
        if before and before[1][0].isupper():
            stop = self.text.flat[span.start - len(before[0]) : span.start].strip()
            if stop not in self._before and stop not in self.common:
                return True
        return bool(after and after[1][0].isupper())
