"""Organisations that no head word tells: beside others, by a role, by their letters alone."""

import re
from bisect import bisect_left
from collections import Counter
from functools import lru_cache

from convoca.core.fold import fold
from convoca.places.keys import key
from convoca.reading.days import months, weekdays
from convoca.reading.draft import Organisation
from convoca.reading.lands import countries, country_letters
from convoca.reading.names import JOINS, MOST, Names
from convoca.reading.text import Span
from convoca.reading.words import pattern
from convoca.reading.words.shared import ARTICLES, any_phrases, any_words

_ALONE = re.compile(r"(?<![\w@/.-])[^\W\d_a-z]{3,9}(?![\w@/-]|\.\w)")
_OF = re.compile(
    r"\s+(?:de\s+(?:(?:la|los|las)\s+)?|del\s+|des\s+|du\s+|(?=d')|d[ao]s?\s+"
    r"|of\s+(?:the\s+)?|di\s+|della\s+|degli\s+|dei\s+)"
)
_AT = re.compile(
    r".+?(?P<of>\s(?:(?:de|du|d[ao]|di|en|em|in|of|à)\s|d['’])(?P<place>\S+(?: \S+)?))"
)
_LETTERS = re.compile(r"[^\W\d_a-z]{2,}\b")
_WORD = r"[^\W\d_a-z][\w'’&-]{1,30}"
_NAME = rf"{_WORD}(?: {_WORD})?"
_FIRM = re.compile(
    rf"(?<![\w.]){_WORD}(?: (?:(?:de|da|do|del|y|e|and|&) )?{_WORD}){{0,3}},? "
    rf"(?:{'|'.join(map(re.escape, any_words('legal_forms')))})(?!\w)"
)
_BETWEEN = 80
"""Signs between two names of a list."""
_DATED = months().keys() | weekdays().keys()
_CAPITALS_BEFORE = re.compile(r"[^\W\d_a-z]{3,}[ \u00a0]+$")
_CAPITALS_AFTER = re.compile(r"[ \u00a0]+[^\W\d_a-z]{3,}(?!\w)")
_ARTICLE_NEXT = re.compile(
    r" (?:the|our|your|a|an|el|la|los|las|un|una|le|les|une|o|os|as|um|uma)\s"
)
_NEXT_CAPITAL = re.compile(r" ([^\W\d_a-z][^\W\d_]+)")
_NUMBER_BEFORE = re.compile(r"(?<!\w)[IVXL]+[ \u00a0]$")
_EVENT = 6
"""Words, at most, of the name of a forum."""
_LONGEST = 12
"""Words of a name whose first letters stand elsewhere."""
_NEAR = 300
"""Signs about a word that tell whether all is in capitals."""
_HEADING = 20
"""Signs at most about a word that is a heading."""
_ROMAN = re.compile(r"[IVXLC]+")
_OF_ALL = frozenset("of de del la da do dos das du des di della dei d' von der".split())  # noqa: SIM905


@lru_cache(maxsize=1)
def _well_known() -> re.Pattern[str]:
    """The names of organisations that everybody knows."""
    return pattern(any_phrases("well_known"))


class BareNames:
    """Looks for such names among the capitalised words of a text."""

    def __init__(self, names: Names) -> None:
        self.names, self.text, self.words = names, names.text, names.words
        self._said = Counter[str]()
        """How often words in capitals stand in the text."""
        both = self.words.either("org_and")
        self._list_goes_on = re.compile(rf"\s*(?:[^\w\s]|$|\n)|\s+(?:{both})\s")
        self._linked_before = re.compile(
            rf"\s(?:{both})\s+(?:(?:de|di|du|da|do|of|von|to|by)\s+)?"
            rf"(?:(?:{ARTICLES}|den)\s+|l')?$"
        )

    def find(self) -> None:
        """Add them to the names."""
        self._institutions()
        self._called()
        self._beside()
        self._roles()
        self.names.merge_repeated()
        self._well_known()
        self._firms()
        self.names.find_again()
        self._alone()
        self._among()

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
        both = self.words.either("org_and")
        link = re.compile(
            rf"(?:\s*\([^()\n]{{2,15}}\))?(?:,\s*(?:(?:{both})\s+)?|\s+(?:{both})\s+)"
            rf"(?:(?:{ARTICLES})\s+|l')?"
        )
        joint = re.compile(rf"\s(?:{both})\s")
        at = 0
        while at < min(len(self.names.spans), 10 * MOST) and len(self.names.known) < MOST:
            span = self.names.spans[at]
            at += 1
            if match := link.match(self.text.flat, span.end, span.end + 40):
                self._add_run(match.end(), goes_on=not joint.search(match[0]))
            if run := self._run_before(span.start):
                self.names.add_listed(run)

    def _add_run(
        self, start: int, *, least: int = 2, is_at: bool = False, goes_on: bool = False
    ) -> None:
        """The capitalised words from here on, up to a name that is known already.

        One that `goes_on` a list is followed by more of it or by its end: not "…, Eva Paz dijo".
        """
        if len(self.names.known) >= MOST:
            return
        end = min(start + 90, len(self.text.raw))
        run = self.names.capital_run(start, end, least=least)
        if run and (met := self.names.covered.first_in(run)) >= 0:
            run = self.names.capital_run(start, met, least=least) if met > start else None
        is_at = is_at or bool(run and _LETTERS.match(self.text.raw, run.start, run.end))
        at = _AT.fullmatch(self.text.raw, run.start, run.end) if run and is_at else None
        if run and at and self.names.is_place(at["place"]):
            run = Span(run.start, at.start("of"))  # "l'usine Baltex de Daugavpils"
        if run and goes_on and not self._list_goes_on.match(self.text.flat, run.end):
            return
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

    def _well_known(self) -> None:
        branches = set(map(fold, any_words("branches")))
        for match in _well_known().finditer(self.text.flat):
            is_named = self.text.raw[match.start()].isupper() or match[0].startswith("les ")
            land = _NEXT_CAPITAL.match(self.text.raw, match.end())
            is_own = land and (key(land[1]) in countries() or fold(land[1]) in branches)
            own = land if land and is_own else match  # "Attac France"
            if len(self.names.known) < MOST and is_named:
                self.names.add_listed(Span(match.start(), own.end()))

    def _firms(self) -> None:
        """ "Minera Sol S.A.": by the letters of a firm's legal form."""
        for match in _FIRM.finditer(self.text.raw):
            if len(self.names.known) < MOST:
                self.names.add_listed(Span(*match.span()))

    def _among(self) -> None:
        """Names of one word or two amid a list of organisations: "CGT, FSU, Greenpeace et FO"."""
        both = self.words.either("org_and")
        link = rf"(?:\s?\([^()\n]{{2,15}}\))?(?:\s*[,;/]\s*(?:(?:{both})\s+)?|\s+(?:{both})\s+)"
        article = rf"(?:(?i:{ARTICLES})\s+|[lL]['’])?"
        forward = re.compile(rf"{link}{article}(?P<name>{_NAME})(?![\w@])")
        backward = re.compile(rf"[(:]\s?(?P<name>{_NAME}){link}{article}$")
        linked = re.compile(f"{link}{article}$")
        chain, end, first = 0, 0, 0
        for span in self.names.placed():
            between = self.text.raw[end : span.start]
            is_next = chain and len(between) < _BETWEEN and linked.fullmatch(between)
            chain = chain + 1 if is_next else 1
            if chain == 1:
                first = span.start
            if chain == 3:  # what stands in front of the first of a list
                opens = max(0, first - _BETWEEN)
                if found := backward.search(self.text.raw, opens, first):
                    self._add_among(Span(*found.span("name")), chain)
            end = span.end
            while chain > 1 and (found := forward.match(self.text.raw, end, end + _BETWEEN)):
                if not self._add_among(Span(*found.span("name")), chain):
                    break
                chain, end = chain + 1, found.end()

    def _add_among(self, span: Span, chain: int) -> bool:
        """Add one, if it is not known, no place and no day; two words only amid three names."""
        name = self.text.raw[span.start : span.end]
        if (
            self.names.covered.meets(span)
            or len(self.names.known) >= MOST
            or (" " in name and chain < 3 and not any(map(str.isupper, name.split())))
            or self.names.is_place(name)
            or fold(name) in _DATED
            or any(span.meets(day) for day in self._dated_near(span))
        ):
            return False
        self.names.add(span, 0.5)
        return True

    def _dated_near(self, span: Span) -> list[Span]:
        at = bisect_left(self.names.dated, span)
        return self.names.dated[max(0, at - 1) : at + 1]

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
        initials = {
            "".join(word[0] for word in one.name.split() if word[0].isupper()).lower(): key
            for key, one in self.names.known.items()
            if one.acronym is None
        }
        written = {tokens.flat(t) for t in tokens.spans if not raw[t.start : t.end].isupper()}
        runs, events = self._initials(), self._event_letters()
        self._said = Counter(match[0] for match in _ALONE.finditer(raw))
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
                or self._is_label(span, word)
                or self._is_order(span)
            ):
                continue
            self.names.keep(span)
            if fold(word) in events or _NUMBER_BEFORE.search(
                raw, max(0, span.start - 8), span.start
            ):
                continue  # "the VI FSM"
            run = runs.get(fold(word))
            if run and self.text.flat[run.start : run.end].split()[0] in self.words.words(
                "event_heads"
            ):
                continue
            if key := initials.get(fold(word)):
                self.names.call(key, word)
            elif run and not self.names.covered.meets(run):
                self.names.add(run, 0.6)
                self.names.call(fold(" ".join(raw[run.start : run.end].split())), word)
            else:
                self.names.known.setdefault(fold(word), Organisation(word, word, span, 0.5))

    def _initials(self) -> dict[str, Span]:
        """By their first letters, words with a capital that follow each other: "MMF"."""
        found: dict[str, Span] = {}
        tokens = self.names.tokens
        for at, token in enumerate(tokens.spans):
            if not tokens.is_capital(token) or self.text.raw[token.start : token.end].isupper():
                continue
            letters = tokens.flat(token)[0]
            for n in range(at + 1, min(at + _LONGEST, len(tokens.spans))):
                if tokens.gap(n) not in (" ", ", "):
                    break
                if tokens.is_capital(tokens.spans[n]):
                    letters += tokens.flat(tokens.spans[n])[0]
                    if len(letters) > 2:
                        found.setdefault(letters, Span(token.start, tokens.spans[n].end))
                elif tokens.flat(tokens.spans[n]) not in JOINS:
                    break
        return found

    def _event_letters(self) -> set[str]:
        """First letters of forums and meetings that the text writes out: "Forum social mondial"."""
        tokens, heads, found = self.names.tokens, set(self.words.words("event_heads")), set[str]()
        for at, token in enumerate(tokens.spans):
            if tokens.flat(token) not in heads:
                continue
            ahead = before = tokens.flat(token)[0]
            for n in range(at + 1, min(at + _EVENT, len(tokens.spans))):
                if tokens.flat(tokens.spans[n]) not in JOINS:
                    ahead += tokens.flat(tokens.spans[n])[0]
                    found.add(ahead)
            for n in range(at - 1, max(at - _EVENT, -1), -1):
                if tokens.flat(tokens.spans[n]) not in JOINS:
                    before = tokens.flat(tokens.spans[n])[0] + before
                    found.add(before)
        return {letters for letters in found if len(letters) > 2}

    def _is_shouted(self, span: Span) -> bool:
        """Whether a word is in capitals as its line is, or as the word right beside it."""
        line = self.text.line_at(span.start)
        near = Span(max(line.start, span.start - _NEAR), min(line.end, span.end + _NEAR))
        letters = [sign for sign in self.text.raw[near.start : near.end] if sign.isalpha()]
        if 2 * sum(map(str.isupper, letters)) > len(letters):
            return True
        before = _CAPITALS_BEFORE.search(self.text.raw, near.start, span.start)
        return bool(before or _CAPITALS_AFTER.match(self.text.raw, span.end, near.end))

    def _is_label(self, span: Span, word: str) -> bool:
        """ "LAND: no people without it": what opens a line before a colon, and stands once."""
        opens = not self.text.raw[self.text.line_at(span.start).start : span.start].strip()
        return opens and self.text.raw[span.end : span.end + 1] == ":" and self._said[word] == 1

    def _is_order(self, span: Span) -> bool:
        """ "SIGN the letter": a verb that opens its line, and an article."""
        opens = not self.text.raw[self.text.line_at(span.start).start : span.start].strip()
        return opens and bool(_ARTICLE_NEXT.match(self.text.raw, span.end))

    def _is_heading(self, span: Span) -> bool:
        """A word alone in its line: "TEMARIO"."""
        line = self.text.line_at(span.start)
        around = self.text.flat[line.start : span.start] + self.text.flat[span.end : line.end]
        return len(around) < _HEADING and not any(map(str.isalnum, around))
