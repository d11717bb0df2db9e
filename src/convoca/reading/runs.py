"""How far a name goes, from a word with a capital on, and whether it is an organisation's."""

import re
from typing import NamedTuple

from convoca.reading.acronyms import ACRONYM, fits, is_syllabic
from convoca.reading.text import Span
from convoca.reading.tokens import INITIAL, Tokens
from convoca.reading.words import Words
from convoca.reading.words.shared import any_words

_MONTH_NAME = re.compile(r"\s+(?:de\s+|di\s+)?[^\W\d_a-z]")
_OF_WHOM = frozenset(("of", "de", "del", "da", "do", "du", "della"))
_TIMES = frozenset(("day", "days", "week", "month", "year", "decade"))
_WHERE = {"en", "em", "a", "in", "im", "na", "no"}
_ARTICLES = frozenset("the el la los las le les o a os as l der die das".split())  # noqa: SIM905
_PARTING = _ARTICLES | set("de del da do das dos du des d di della dei".split())  # noqa: SIM905


class Run(NamedTuple):
    """What stands from a word on: a name or none, and the number of the word to go on with."""

    after: int | None
    span: Span | None = None
    sure: float = 0


class Runs:
    """Follows names by their heads, by what joins their words, and by their acronyms."""

    def __init__(self, tokens: Tokens, words: Words) -> None:
        self.tokens, self.text, self.words = tokens, tokens.text, words
        self._heads = set(words.words("org_heads"))
        self._endings = tuple(words.words("org_endings"))
        self._events = set(words.words("event_heads"))
        self._documents = frozenset(any_words("documents"))
        self._organs = frozenset(any_words("organs"))
        self._everybody = frozenset(any_words("everybody"))
        self._society = frozenset(any_words("society"))
        self._adjectives = words.pattern("org_adjectives")
        self._joins = set(words.words("joins"))
        self._and = set(words.words("org_and"))
        self._articles = _ARTICLES
        before = {"this", "our", "since", "in", "from"}
        self._opening = {*self._joins, *_ARTICLES, *words.words("by"), *before}
        self._by = {*words.words("by"), *words.words("figure_stop")}

    def may_begin(self, at: int, own: "Runs") -> bool:
        """Whether a name in this language may begin here, by a head that the text's has not."""
        tokens = self.tokens.spans
        near = tokens[at : at + (5 if self.words.language == "en" else 1)]
        flats = (self.tokens.flat(token) for token in near if self.tokens.is_capital(token))
        return any(self.is_head(flat) and not own.is_head(flat) for flat in flats)

    def at(self, at: int) -> Run:
        """From a capitalised word on: how far a name goes, and whether it is an organisation's."""
        tokens = self.tokens.spans
        if vouched := self._vouched(at):
            return self._take(at, vouched, vouches=True)
        last = at
        opens = self.tokens.opens(at)
        for index in range(at + 1, min(at + 18, len(tokens))):
            between = self.tokens.gap(index)
            if between == ", " and self._lists(at, index):
                last = index
            elif between.strip() or "\n" in between:
                break
            elif self.tokens.is_capital(tokens[index]):
                if self._starts_anew(at, index):
                    break
                last = index
            elif not self._is_join(index):
                if not self._is_adjective(at, index):
                    break
                if not opens:
                    last = self._behind_adjective(index)
                    if last > index:
                        break
        return self._take(at, last, vouches=False)

    def _take(self, at: int, last: int, *, vouches: bool) -> Run:
        """The name from one word to another, if it is one."""
        head = self._head_of(at, last)
        if head is not None and not vouches and self._is_event(head, last):
            return Run(last + 1)
        if not vouches and (head is None or last == at):
            is_over = last > at and not self._has_head(at, last)
            return Run(last + 1 if is_over else None)
        start = at if head is None else head
        if self._is_document(start, last) or self._is_everybody(start, last):
            return Run(last + 1)
        if self.words.language == "en" and self._is_day(start, last):
            return Run(last + 1)
        start = self._behind_organ(start, last)
        span = Span(self.tokens.spans[start].start, self.tokens.spans[last].end)
        if self.text.raw[span.start : span.end].isupper() and not vouches:
            return Run(last + 1)
        return Run(last + 1, span, 0.9 if vouches else 0.75)

    def _is_event(self, head: int, last: int) -> bool:
        """A forum of two days is no organisation; one that has an acronym is."""
        named = {
            self.tokens.flat(self.tokens.spans[head]),
            self.tokens.flat(self.tokens.spans[last]),
        }
        is_called = ACRONYM.match(self.text.raw, self.tokens.spans[last].end)
        return bool(named & self._events) and not is_called

    def _behind_organ(self, start: int, last: int) -> int:
        """ "Council of the General Confederation of Cooks": the confederation is who speaks."""
        flats = [self.tokens.flat(self.tokens.spans[n]) for n in range(start, last + 1)]
        for n in (1, 2):
            of = flats[n] if n < len(flats) - 2 and flats[0] in self._organs else ""
            after = n + 2 if flats[n + 1 : n + 2] in (["the"], ["la"]) else n + 1
            if of in _OF_WHOM and after < len(flats) - 2:
                heads = flats[after : after + (3 if self.words.language == "en" else 1)]
                if self.tokens.is_capital(self.tokens.spans[start + after]) and any(
                    map(self.is_head, heads)
                ):
                    return start + after
        return start

    def _is_document(self, start: int, last: int) -> bool:
        """A treaty or a goal has a name and letters as well: "the Sustainable … Goals (SDGs)"."""
        ends = [self.tokens.flat(self.tokens.spans[n]) for n in (start, last)]
        return ends[0] in self._documents or (
            ends[1] in self._documents and not self._has_head(start, last)
        )

    def _is_day(self, start: int, last: int) -> bool:
        """ "International Day for the …", "Global Week of Action": a day is nobody."""
        words = [self.tokens.flat(self.tokens.spans[n]) for n in range(start, last + 1)]
        return bool(_TIMES & set(words[1:4])) or words[0] in _TIMES

    def _is_everybody(self, start: int, last: int) -> bool:
        """ "Global Civil Society" is no organisation, unless another word says so."""
        words = [self.tokens.flat(self.tokens.spans[n]) for n in range(start, last + 1)]
        return bool(self._everybody & set(words)) and bool(self._society & set(words))

    def _is_join(self, index: int) -> bool:
        flat = self.tokens.flat(self.tokens.spans[index])
        before = self.tokens.flat(self.tokens.spans[index - 1])
        if (
            flat in self._and
            and index
            and before in self._heads
            and index + 1 < len(self.tokens.spans)
            and not self.tokens.is_capital(self.tokens.spans[index + 1])
        ):
            return False  # "lazos de Articulación y de Solidaridad"
        if flat in _WHERE and before in self._heads and self.words.language not in ("en", "de"):
            return False  # "Coordinación en Asunción" says where it is
        bare = INITIAL.sub("", flat)
        if before in self._and and bare != flat and self.is_head(bare):
            return False  # "et l'association" begins another name
        if flat.isdigit():  # "Junta Vecinal 16 de Julio"
            return bool(_MONTH_NAME.match(self.text.raw, self.tokens.spans[index].end))
        return flat in self._joins or bool(INITIAL.match(flat))

    def _is_adjective(self, at: int, index: int) -> bool:
        """ "Commission européenne", "Bibliothèque départementale du Finistère"."""
        is_next = index == at + 1 and self.is_head(
            INITIAL.sub("", self.tokens.flat(self.tokens.spans[at]))
        )
        return is_next and bool(
            self._adjectives.fullmatch(self.tokens.flat(self.tokens.spans[index]))
        )

    def _behind_adjective(self, index: int) -> int:
        """ "Banque africaine de développement", "Confédération générale du travail"."""
        tokens = self.tokens.spans
        if self.words.language != "fr" or index + 1 >= len(tokens):
            return index
        noun = index + 1
        bare = self.tokens.flat(tokens[noun])
        if bare in ("de", "du", "des") and noun + 1 < len(tokens):
            noun += 1
        elif not bare.startswith("d'"):
            return index
        gaps = [self.tokens.gap(n) for n in range(index + 1, noun + 1)]
        word = INITIAL.sub("", self.tokens.flat(tokens[noun]))
        if any(gap != " " for gap in gaps) or len(word) < 4 or self.tokens.is_capital(tokens[noun]):
            return index
        return noun

    def is_head(self, flat: str) -> bool:
        return flat in self._heads or (
            bool(self._endings) and len(flat) > 6 and flat.endswith(self._endings)
        )

    def _vouched(self, at: int) -> int | None:
        """The last word of a name whose letters an acronym behind it repeats."""
        tokens = self.tokens.spans
        for end in range(at, min(at + 16, len(tokens))):
            if end > at and self.tokens.gap(end) not in (" ", ", "):
                return None
            if acronym := ACRONYM.match(self.text.raw, tokens[end].end):
                start = self._head_of(at, end)
                if start is not None and start > at:
                    return None  # it is found again from its head on
                span = Span(tokens[at].start, tokens[end].end)
                first = self.tokens.flat(tokens[at])
                if first in self._articles and end > at:
                    return None
                name = self.text.raw[span.start : span.end]
                is_its = fits(self.text, span, acronym[1]) or is_syllabic(acronym[1], name)
                return end if is_its else None
        return None

    def _lists(self, at: int, index: int) -> bool:
        """Whether a comma is inside a name: "Guild of Guards, Guides and Conservators"."""
        tokens = self.tokens.spans
        if INITIAL.sub("", self.tokens.flat(tokens[at])) not in self._heads or index - at < 2:
            return False
        for end in range(index, min(index + 7, len(tokens))):
            flat = self.tokens.flat(tokens[end])
            if not self.tokens.is_capital(tokens[end]):
                after = tokens[end + 1] if end + 1 < len(tokens) else None
                return (
                    flat in self._and
                    and after is not None
                    and self.tokens.is_capital(after)
                    and self.tokens.flat(after) not in self._heads
                )
            if self.is_head(flat) or (end > index and self.tokens.gap(end) not in (", ", " ")):
                return False
        return False

    def _starts_anew(self, at: int, index: int) -> bool:
        """After "and", a head begins another name: "Red del Agua y Alianza del Sur"."""
        back = index - 1
        flat, before = (self.tokens.flat(self.tokens.spans[n]) for n in (index, back))
        if flat in self._articles and before in self._and:
            return True  # "… con Cuba e La Vía Campesina"
        parted = self.tokens.flat(self.tokens.spans[back]) in self._articles
        while back > at and self.tokens.flat(self.tokens.spans[back]) in _PARTING:
            back -= 1
        if back <= at or self.tokens.flat(self.tokens.spans[back]) not in self._and:
            return False
        if self._vouched(index) or (parted and self.words.language == "en"):
            return True
        if self.words.language == "en":
            return self.tokens.flat(
                self.tokens.spans[back - 1]
            ) in self._heads or self._has_own_head(index)
        return self.is_head(self.tokens.flat(self.tokens.spans[index]))

    def _has_own_head(self, index: int) -> bool:
        """ "Leuven School of Carillon" behind "and" is no part of the name before."""
        for n in range(index, min(index + 4, len(self.tokens.spans) - 1)):
            if not self.tokens.is_capital(self.tokens.spans[n]) or (
                n > index and self.tokens.gap(n) != " "
            ):
                return False
            if self.is_head(self.tokens.flat(self.tokens.spans[n])):
                return (
                    self.tokens.flat(self.tokens.spans[n + 1]) == "of"
                    and self.tokens.gap(n + 1) == " "
                )
        return False

    def _has_head(self, at: int, last: int) -> bool:
        return any(
            self.is_head(self.tokens.flat(self.tokens.spans[n])) for n in range(at, last + 1)
        )

    def _head_of(self, at: int, last: int) -> int | None:
        """Where the name begins: at its head; in English and German also before it."""
        is_before = self.words.language in ("en", "de")
        papers = ("kind.resolutions", "kind.statement", "kind.report", "moment.assembly")
        events = [self.words.pattern(name) for name in papers]
        start = at
        for n in range(at, last + 1):
            flat = INITIAL.sub("", self.tokens.flat(self.tokens.spans[n]))
            if is_before and n < last and any(event.fullmatch(flat) for event in events):
                start = n + 1  # the assembly of an organisation is not the organisation
                while start < last and not self.tokens.is_capital(self.tokens.spans[start]):
                    start += 1
            if (
                not self.is_head(flat)
                or not self.tokens.is_capital(self.tokens.spans[n])
                or n < start
            ):
                continue
            if not is_before:
                return n if last > n else None
            if (
                n < last
                and self.tokens.is_capital(self.tokens.spans[n + 1])
                and not self._ends_so(last)
            ):
                continue  # "International Museum Day"
            start = self._behind_opening(start, n)
            return start if last > start else None
        return None

    def _behind_opening(self, start: int, head: int) -> int:
        """Where a name begins before its head: behind "by" and "to", and behind "Phone the"."""
        words = [self.tokens.flat(self.tokens.spans[n]) for n in range(start, head)]
        sentence = self.text.sentence_at(self.tokens.spans[start].start)
        line = self.text.line_at(self.tokens.spans[start].start)
        opens = max(sentence.start, line.start)
        before = self.text.raw[
            max(opens, self.tokens.spans[start].start - 12) : self.tokens.spans[start].start
        ]
        is_near = self.tokens.spans[start].start - opens <= len(before)
        is_first = is_near and not re.search(r"[^\W\d_]", before)
        for n in range(len(words) - 1, -1, -1):
            if words[n] in self._by or (is_first and words[n] in self._articles):
                start, words = start + n + 1, words[n + 1 :]
                break
        while words and words[0] in self._opening:
            start, words = start + 1, words[1:]
        return start

    def _ends_so(self, last: int) -> bool:
        return self.words.language == "de" or self.is_head(
            self.tokens.flat(self.tokens.spans[last])
        )
