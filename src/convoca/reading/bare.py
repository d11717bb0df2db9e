"""Organisations that no head word tells: beside others, by a role, by their letters alone."""

import re
from bisect import bisect_left

from convoca.core.fold import fold
from convoca.reading.days import months, weekdays
from convoca.reading.draft import Organisation
from convoca.reading.lands import country_letters
from convoca.reading.names import MOST, Names
from convoca.reading.text import Span
from convoca.reading.words.shared import any_words

_ALONE = re.compile(r"(?<![\w@/.-])[^\W\d_a-z]{3,9}(?![\w@/-]|\.\w)")
_OF = re.compile(
    r"\s+(?:de\s+(?:(?:la|los|las)\s+)?|del\s+|des\s+|du\s+|(?=d')|d[ao]s?\s+"
    r"|of\s+(?:the\s+)?|di\s+|della\s+|degli\s+|dei\s+)"
)
_AT = re.compile(r".+?(?P<of>\s(?:de|du|d[ao]|di|en|em|in|of|à)\s(?P<place>\S+(?: \S+)?))")
_DATED = months().keys() | weekdays().keys()
_CAPITALS_BEFORE = re.compile(r"[^\W\d_a-z]{3,}[ \u00a0]+$")
_CAPITALS_AFTER = re.compile(r"[ \u00a0]+[^\W\d_a-z]{3,}(?!\w)")
_NEAR = 300
"""Signs about a word that tell whether all is in capitals."""
_HEADING = 20
"""Signs at most about a word that is a heading."""
_ROMAN = re.compile(r"[IVXLC]+")
_OF_ALL = frozenset("of de del la da do dos das du des di della dei d' von der".split())  # noqa: SIM905


class BareNames:
    """Looks for such names among the capitalised words of a text."""

    def __init__(self, names: Names) -> None:
        self.names, self.text, self.words = names, names.text, names.words
        both = "|".join(map(re.escape, self.words.words("org_and"))) or "(?!)"
        self._linked_before = re.compile(
            rf"\s(?:{both})\s+(?:(?:de|di|du|da|do|of|von|to|by)\s+)?"
            r"(?:(?:the|el|la|los|las|le|les|o|a|os|as|il|lo|i|gli|die|der|das|den)\s+|l')?$"
        )

    def find(self) -> None:
        """Add them to the names."""
        self._institutions()
        self._called()
        self._beside()
        self._roles()
        self.names.merge_repeated()
        self.names.find_again()
        self._alone()

    def _institutions(self) -> None:
        """Ministries and universities without a capital: "le ministère de l'Intérieur"."""
        for match in self.words.pattern("institutions").finditer(self.text.flat):
            of = _OF.match(self.text.flat, match.end())
            if of is None or self.text.raw[match.start()].isupper():
                continue
            if len(self.names.known) >= MOST:
                return
            if run := self.names.capital_run(of.end(), of.end() + 90, least=1, is_free=True):
                self.names.add_listed(Span(match.start(), run.end))

    def _called(self) -> None:
        """Names behind the word for what they are: "l'usine Baltex", "la empresa Minera Sol"."""
        skipped, firms = set(any_words("not_organisations")), set(any_words("firms"))
        for match in self.words.pattern("kinds_called").finditer(self.text.flat):
            start = match.end() + 1
            if self.text.raw[match.end() : start] != " " or self.text.raw[match.start()].isupper():
                continue
            first = re.match(r"[^\W\d_]+", self.text.flat[start : start + 20])
            if first and first[0] not in skipped:
                self._add_run(start, least=1, is_at=match[0] in firms)

    def _beside(self) -> None:
        """Names without a head right behind one: "the Union of Cooks and Good Plate"."""
        both = "|".join(map(re.escape, self.words.words("org_and"))) or "(?!)"
        link = re.compile(
            rf"(?:\s*\([^()\n]{{2,15}}\))?(?:,\s*(?:(?:{both})\s+)?|\s+(?:{both})\s+)"
            r"(?:(?:the|el|la|los|las|le|les|o|a|os|as|il|lo|i|gli|die|der|das)\s+|l')?"
        )
        at = 0
        while at < min(len(self.names.spans), 10 * MOST) and len(self.names.known) < MOST:
            span = self.names.spans[at]
            at += 1
            if match := link.match(self.text.flat, span.end, span.end + 40):
                self._add_run(match.end())
            if run := self._run_before(span.start):
                self.names.add_listed(run)

    def _add_run(self, start: int, *, least: int = 2, is_at: bool = False) -> None:
        """The capitalised words from here on, up to a name that is known already."""
        if len(self.names.known) >= MOST:
            return
        end = min(start + 90, len(self.text.raw))
        run = self.names.capital_run(start, end, least=least)
        if run and (met := self.names.covered.first_in(run)) >= 0:
            run = self.names.capital_run(start, met, least=least) if met > start else None
        at = _AT.fullmatch(self.text.raw, run.start, run.end) if run and is_at else None
        if run and at and self.names.is_place(at["place"]):
            run = Span(run.start, at.start("of"))  # "l'usine Baltex de Daugavpils"
        if run:
            self.names.add_listed(run)

    def _run_before(self, end: int) -> Span | None:
        """Two or more capitalised words right before "and the" and an organisation."""
        link = self._linked_before.search(self.text.flat, max(0, end - 16), end)
        at = bisect_left(self.names.tokens.spans, Span(link.start() if link else 0, 0)) - 1
        if not link or at < 0 or self.names.tokens.spans[at].end != link.start():
            return None
        first, capitals, n = at, 0, at
        while n >= 0 and n > at - 8:
            if self.names.tokens.is_capital(self.names.tokens.spans[n]):
                first, capitals = n, capitals + 1
            elif n == at or self.names.tokens.flat(self.names.tokens.spans[n]) not in _OF_ALL:
                break
            if n and self.names.tokens.gap(n) != " ":
                break
            n -= 1
        return (
            self.names.capital_run(self.names.tokens.spans[first].start, link.start())
            if capitals > 1
            else None
        )

    def _roles(self) -> None:
        """Who is spokesperson of what: "vocera de Vías Vivas"."""
        for match in self.words.pattern("role_of").finditer(self.text.flat):
            start = match.end() + 1
            if article := re.match(
                r"(?:the|la|el|los|las|les|le)\s+|l'", self.text.flat[start : start + 5]
            ):
                start += article.end()
            self._add_run(start)

    def _alone(self) -> None:
        """Acronyms of which nothing else is said: "la OMS"."""
        known = {one.acronym for one in self.names.known.values()}
        skipped = {*any_words("not_acronyms"), *country_letters()}
        raw, tokens = self.text.raw, self.names.tokens
        written = {tokens.flat(t) for t in tokens.spans if not raw[t.start : t.end].isupper()}
        for match in _ALONE.finditer(self.text.raw):
            if len(self.names.known) >= MOST:
                return
            span, word = Span(*match.span()), match[0]
            if (
                not word.isupper()
                or word in known
                or fold(word) in skipped
                or _ROMAN.fullmatch(word)
                or (len(word) > 3 and self.names.is_place(word))
                or fold(word) in _DATED
                or (len(word) > 4 and fold(word) in written)
                or self._is_shouted(span)
                or self.names.covered.meets(span)
                or self.names.quotes.meets(span)
                or self._is_heading(span)
            ):
                continue
            self.names.keep(span)
            self.names.known.setdefault(fold(word), Organisation(word, word, span, 0.5))

    def _is_shouted(self, span: Span) -> bool:
        """Whether a word is in capitals as its line is, or as the word right beside it."""
        line = self.text.line_at(span.start)
        near = Span(max(line.start, span.start - _NEAR), min(line.end, span.end + _NEAR))
        letters = [sign for sign in self.text.raw[near.start : near.end] if sign.isalpha()]
        if 2 * sum(map(str.isupper, letters)) > len(letters):
            return True
        before = _CAPITALS_BEFORE.search(self.text.raw, near.start, span.start)
        return bool(before or _CAPITALS_AFTER.match(self.text.raw, span.end, near.end))

    def _is_heading(self, span: Span) -> bool:
        """A word alone in its line: "TEMARIO"."""
        line = self.text.line_at(span.start)
        around = self.text.flat[line.start : span.start] + self.text.flat[span.end : line.end]
        return len(around) < _HEADING and not any(map(str.isalnum, around))
