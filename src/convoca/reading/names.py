"""The organisations that a text names, and every passage in which one is named."""

import re
from bisect import bisect_left, insort
from collections.abc import Callable
from itertools import pairwise

from convoca.core.fold import fold
from convoca.reading.acronyms import BRACKETED, acronym_of, is_syllabic
from convoca.reading.arabic import arabic_name
from convoca.reading.campaigns import QUOTED
from convoca.reading.draft import Organisation
from convoca.reading.runs import Run, Runs
from convoca.reading.text import Covered, Span, Text
from convoca.reading.tokens import COLUMN, Tokens
from convoca.reading.words import FIRST_CLASS, KNOWN, Words, words_of
from convoca.reading.words.shared import any_words

_STATE = re.compile(r"\s*\([A-Z]{2,3}\)")
_AND = re.compile(r" (?:and|y|e|et|und|&) ")
_LEGAL = re.compile(r" e\. ?V\.")
JOINS = frozenset(word for tag in KNOWN for word in words_of(tag).words("joins"))
_BRACKETS = re.compile(r"\(([^()\n]{10,300})\)")
_PIECE = re.compile(r"[^,;]+")
_IS_NAME = re.compile(r"[^\W\d_a-z][^\d:.!?«»“”]{1,70}")
_CLOSING = re.compile(r"[^«»“”\n.:;!?]+?(?=[»”])")
_QUOTED = 60
"""Signs of a name behind its first words, up to the mark that closes it."""
QUOTES = ("“", "«", '"', "„")
MOST = 400


class Names:
    """The names in one text."""

    def __init__(
        self,
        text: Text,
        words: Words,
        dated: list[Span],
        is_place: Callable[[str], bool] = lambda name: False,
    ) -> None:
        self.text, self.words, self.is_place = text, words, is_place
        self.tokens = Tokens(text, dated)
        self.runs = Runs(self.tokens, words)
        others = [tag for tag in FIRST_CLASS if tag != words.language]
        is_read = words.language in (*FIRST_CLASS, "it")
        self._foreign = [Runs(self.tokens, words_of(tag)) for tag in others if is_read]
        """Names in other languages: a union of Catalonia's in a text in French."""
        self.is_arabic = words.language == "ar"
        self.known: dict[str, Organisation] = {}
        self.dated = dated
        self._letters: dict[str, str] = {}
        """Of which name an acronym is."""
        kinds = "|".join(map(re.escape, any_words("kinds_in_letters")))
        self._kinds = re.compile(rf"(?:{kinds})\s+(?=\w)")
        self._slogans: set[str] = set()
        self.spans: list[Span] = []
        """Every passage that is the name of an organisation, repeated ones too."""
        self._placed: list[tuple[Span, int]] = []
        """The same as they stand in the text, each with its place in that list."""
        self.quotes = Covered(len(text.raw), (Span(*m.span()) for m in QUOTED.finditer(text.raw)))
        self.covered = Covered(len(text.raw), ())
        """Which signs belong to the name of an organisation."""
        self._find()

    @property
    def organisations(self) -> list[Organisation]:
        return list(self.known.values())

    def _bracketed(self) -> None:
        """ "Mercosul (Mercado Comum do Sul)": the whole of what stands in the brackets."""
        for match in BRACKETED.finditer(self.text.raw):
            if len(self.known) >= MOST:
                return
            capitals = sum(word[0].isupper() for word in match["name"].split())
            span = Span(*match.span("name"))
            is_free = not (self.covered.meets(span) or self.quotes.meets(span))
            if capitals > 1 and is_free and is_syllabic(match["word"], match["name"]):
                self.add(span, 0.7)

    def _listed_in_brackets(self) -> None:
        """ "(Réseau des pauvres, EAPN, Marches unies)": half of them tell what the others are."""
        for match in _BRACKETS.finditer(self.text.raw):
            pieces = list(_PIECE.finditer(self.text.raw, match.start(1), match.end(1)))
            whole = [piece[0].strip() for piece in pieces]
            if len(whole) < 3 or not all(_IS_NAME.fullmatch(piece) for piece in whole):
                continue
            told = sum(piece.isupper() or self._begins_with_head(piece) for piece in whole)
            if 2 * told < len(whole) or len(self.known) >= MOST:
                continue
            for piece in pieces:
                start = piece.start() + len(piece[0]) - len(piece[0].lstrip())
                span = Span(start, start + len(piece[0].strip()))
                if not (self.covered.meets(span) or self.is_place(piece[0].strip())):
                    self.add(span, 0.6)

    def _begins_with_head(self, piece: str) -> bool:
        words = fold(piece).split()
        return len(words) > 1 and self.runs.is_head(words[0])

    def _find(self) -> None:
        at = 0
        self._bracketed()
        self._listed_in_brackets()
        while at < len(self.tokens.spans) and len(self.known) < MOST:
            after = None
            if self.covered.meets(self.tokens.spans[at]):
                at += 1
                continue
            if self.is_arabic:
                if named := arabic_name(self.tokens, self.words, at):
                    self.add(named[0], 0.6)
                    after = named[1]
            elif self.tokens.is_capital(self.tokens.spans[at]):
                run = self.runs.at(at)
                if run.span is None:
                    run = self._in_other_words(at) or run
                if run.span:
                    run = self._whole_quote(run)
                if run.span and not self._is_town(run.span) and not self._is_slogan(run.span):
                    self.add(run.span, run.sure)
                after = run.after
            at = after or at + 1
        self.merge_repeated()

    def _is_town(self, span: Span) -> bool:
        """ "São Paulo (SP)": letters of a state behind a place."""
        return bool(_STATE.match(self.text.raw, span.end)) and self.is_place(
            self.text.raw[span.start : span.end]
        )

    def _in_other_words(self, at: int) -> Run | None:
        """A name of three capitals or more whose head is a word of another language only."""
        for runs in self._foreign:
            if not runs.may_begin(at, self.runs):
                continue
            run = runs.at(at)
            if run.span is None or self.quotes.meets(run.span):
                continue
            words = self.text.raw[run.span.start : run.span.end].split()
            if sum(word[0].isupper() for word in words) > 2:
                return run
        return None

    def _whole_quote(self, run: Run) -> Run:
        """All that stands in quotation marks where a name opens them: «Mesa Nacional sobre …»."""
        start, end = run.span or Span(0, 0)
        if not start or self.text.raw[start - 1] not in ("«", "“", "„"):
            return run
        closing = _CLOSING.match(self.text.raw, end, end + _QUOTED)
        if not closing:
            return run
        after = bisect_left(self.tokens.spans, Span(closing.end(), 0))
        return Run(after, Span(start, closing.end()), run.sure)

    def _is_slogan(self, span: Span) -> bool:
        """ "The march “House for All”": quoted behind the word for what people do that day."""
        name = self.text.flat[span.start : span.end]
        if name in self._slogans:
            return True
        if not span.start or self.text.raw[span.start - 1] not in QUOTES:
            return False
        before = self.text.flat[max(0, span.start - 24) : span.start - 1].split()
        is_one = bool(before) and any(
            self.words.pattern(name).fullmatch(before[-1])
            for name in ("moment.day", "moment.week", "moment.other", "campaign")
        )
        if is_one:
            self._slogans.add(name)
        return is_one

    def add(self, span: Span, sure: float) -> None:
        raw = self.text.raw
        if raw[span.start : span.start + 2].lower() in ("l'", "l’"):
            span = Span(span.start + 2, span.end)
        if legal := _LEGAL.match(raw, span.end):
            span = Span(span.start, legal.end())
        if kind := self._kinds.match(self.text.flat, span.start, span.end):
            span = Span(kind.end(), span.end)  # "ONG Couture Équitable"
        name = " ".join(raw[span.start : span.end].split())
        self.keep(span)
        acronym = acronym_of(self.text, span, is_arabic=self.is_arabic)
        key = fold(name)
        known = self.known.get(key)
        if known is None:
            self.known[key] = Organisation(name, acronym, span, sure)
        elif acronym and not known.acronym:
            self.known[key] = Organisation(known.name, acronym, known.span, sure)

    def keep(self, span: Span) -> None:
        """Note that an organisation is named here."""
        insort(self._placed, (span, len(self.spans)))
        self.spans.append(span)
        self.covered.add(span)

    def placed(self) -> list[Span]:
        """Every passage that names an organisation, in the order of the text."""
        return [span for span, _at in self._placed]

    def within(self, start: int, end: int) -> list[Span]:
        """The names that begin in a passage, in the order in which they were found."""
        first = bisect_left(self._placed, (Span(start, 0), 0))
        last = bisect_left(self._placed, (Span(end, 0), 0))
        return [span for span, _at in sorted(self._placed[first:last], key=lambda one: one[1])]

    def add_listed(self, span: Span) -> None:
        """A name that no head tells, but its neighbours in a list do."""
        if not self.covered.meets(span):
            self.add(span, 0.55)

    def merge_repeated(self) -> None:
        """Names that are the beginning of longer ones are the same organisation."""
        keys = sorted(self.known)
        for key in keys:
            longer = bisect_left(keys, key + " ")
            has_longer = longer < len(keys) and keys[longer].startswith(key + " ")
            if has_longer and len(key.split()) < 3:
                del self.known[key]
        letters = {one.acronym for one in self.known.values() if one.acronym}
        for key, one in list(self.known.items()):
            if " " in one.name and one.name.split()[-1] in letters and one.acronym is None:
                del self.known[key]  # "Secretariat of the ICRP"

    def of(self, span: Span) -> Organisation | None:
        """The organisation that a passage names, if it is one."""
        name = " ".join(self.text.raw[span.start : span.end].split())
        return self.known.get(self._letters.get(name) or fold(name))

    def call(self, key: str, letters: str) -> None:
        """Give letters that stand alone to the name that they begin."""
        one = self.known[key]
        self.known[key] = Organisation(one.name, letters, one.span, one.confidence)
        self._letters[letters] = key

    def find_again(self) -> None:
        """Note where names that were found, or their letters, stand once more."""
        raw = self.text.raw
        for key, one in self.known.items():
            if one.acronym and fold(one.acronym) not in self.known:
                self._letters[one.acronym] = key
            for name in filter(None, (one.name, one.acronym)):
                at = raw.find(name)
                while at >= 0:
                    span = Span(at, at + len(name))
                    around = raw[max(0, at - 1) : at] + raw[span.end : span.end + 1]
                    if not (self.covered.meets(span) or any(map(str.isalnum, around))):
                        self.keep(span)
                    at = raw.find(name, span.end)

    def capital_run(
        self, start: int, end: int, *, least: int = 2, is_free: bool = False
    ) -> Span | None:
        """A name of two capitalised words or more that begins here, and is no place's.

        Unless it is free to be one's: "universidad de Chile".
        """
        if self.text.raw[start : start + 2] in ("d'", "d’", "l'", "l’"):
            self.tokens.part(start + 2)
            start += 2
        first = bisect_left(self.tokens.spans, Span(start, 0))
        tokens = [t for t in self.tokens.spans[first : first + 14] if t.end <= end]
        if not tokens or tokens[0].start != start or not self.tokens.is_capital(tokens[0]):
            return None
        last, capitals = tokens[0], 1
        for before, token in pairwise(tokens):
            gap = self.text.raw[before.end : token.start]
            if gap.strip(" \u00a0") or COLUMN.search(gap):
                break
            if self.tokens.is_capital(token):
                last, capitals = token, capitals + 1
            elif self.tokens.flat(token) not in JOINS:
                break
        span = Span(start, last.end)
        name = self.text.raw[span.start : span.end]
        is_name = capitals >= least and not name.isupper()
        pieces = _AND.split(name)
        is_name = is_name and (is_free or not all(map(self.is_place, pieces)))
        return span if is_name and not self.quotes.meets(span) else None
