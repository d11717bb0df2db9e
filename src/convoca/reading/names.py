"""Organisations, campaigns and issuers: names by their capitals, their heads and their acronyms."""

import re
from collections.abc import Iterator
from itertools import pairwise

from convoca.core.fold import fold
from convoca.reading.draft import Organisation, Said
from convoca.reading.lines import blocks, is_signed
from convoca.reading.text import Span, Text
from convoca.reading.words import KNOWN, Words, words_of

_WORD = re.compile(r"[^\W\d_](?:[\w'’]|-(?=\w))*|&|\d+")
_ACRONYM = re.compile(r"\s*[(\[]\s*([^\W\d_a-z][\w&.-]{1,14})\s*[)\]]")
_QUOTED = re.compile(
    r"«\s*([^«»\n]{3,120}?)\s*»|“\s*([^“”\n]{3,120}?)\s*”|\"([^\"\n]{3,120}?)\"|„([^“”\n]{3,120}?)[“”]"
    r"|‘([^‘’\n]{6,120}?)’(?!\w)|(?<!\w)'([^'\n]{6,120}?)'(?!\w)"
)
_HEADER = re.compile(r"^\s*(?:date\s*:?\s*)?\d{4}-\d{2}(?:-\d{2})?\s+")
_INITIAL = re.compile(r"^(?:l'|d'|dell')")
_WHERE = {"en", "em", "a", "in", "im", "na", "no"}
_JOINS = frozenset(word for tag in KNOWN for word in words_of(tag).words("joins"))
_OF = re.compile(r"ال|لل|وال|(?:في|من|اجل)$")
_NOT_OF = {"الي", "التي", "الذي", "الان"}
_ARTICLES = frozenset("the el la los las le les o a os as l der die das".split())  # noqa: SIM905
_MOST = 400


class Names:
    """The names in one text."""

    def __init__(self, text: Text, words: Words, dated: list[Span]) -> None:
        self.text, self.words = text, words
        self._heads = set(words.words("org_heads"))
        self._joins = set(words.words("joins"))
        self._and = set(words.words("org_and"))
        self._articles = _ARTICLES
        before = {"this", "our", "since", "in", "from"}
        self._opening = {*self._joins, *_ARTICLES, *words.words("by"), *before}
        self._is_arabic = words.language == "ar"
        self._known: dict[str, Organisation] = {}
        self.spans: list[Span] = []
        """Every passage that is the name of an organisation, repeated ones too."""
        self.quotes = [Span(*m.span()) for m in _QUOTED.finditer(text.raw)]
        days = iter([*sorted(dated), Span(len(text.raw) + 1, len(text.raw) + 1)])
        day = next(days)
        self._tokens = []  # a day parts names: "Harbour Museum on January 31st"
        for match in _WORD.finditer(text.raw):
            while day.end <= match.start():
                day = next(days)
            if not day.meets(Span(*match.span())):
                self._tokens.append(Span(*match.span()))
        self._find()

    @property
    def organisations(self) -> list[Organisation]:
        return list(self._known.values())

    # Organisations

    def _flat(self, span: Span) -> str:
        return self.text.flat[span.start : span.end]

    def _is_capital(self, span: Span) -> bool:
        word = self.text.raw[span.start : span.end]
        bare = word[2:] if word[1:2] in "'’" and len(word) > 2 else word
        return bare[:1].isupper()

    def _find(self) -> None:
        at = 0
        while at < len(self._tokens) and len(self._known) < _MOST:
            span = self._tokens[at]
            if self._is_arabic:
                ended = self._arabic(at)
            elif self._is_capital(span):
                ended = self._run(at)
            else:
                ended = None
            at = ended or at + 1
        self._repeated()

    def _arabic(self, at: int) -> int | None:
        """A head and what belongs to it: the words with the article, at most six."""
        flat = self._flat(self._tokens[at])
        if flat not in self._heads and flat.removeprefix("و") not in self._heads:
            return None
        last = at
        for next_at in range(at + 1, min(at + 7, len(self._tokens))):
            between = self.text.raw[self._tokens[next_at - 1].end : self._tokens[next_at].start]
            word = self._flat(self._tokens[next_at])
            if between.strip() or word in _NOT_OF or not _OF.match(word):
                break
            last = next_at
        while last > at and self._flat(self._tokens[last]) in {"في", "من", "اجل"}:
            last -= 1
        if last == at:
            return None
        start = self._tokens[at].start + (flat not in self._heads)
        self._add(Span(start, self._tokens[last].end), 0.6)
        return last + 1

    def _run(self, at: int) -> int | None:
        """From a capitalised word on: how far a name goes, and whether it is an organisation's."""
        tokens = self._tokens
        if vouched := self._vouched(at):
            return self._take(at, vouched, vouches=True)
        last = at
        for index in range(at + 1, min(at + 18, len(tokens))):
            between = self.text.raw[tokens[index - 1].end : tokens[index].start]
            if between == ", " and self._lists(at, index):
                last = index
            elif between.strip(" \u00a0") or "\n" in between:
                break
            elif self._is_capital(tokens[index]):
                if self._starts_anew(at, index):
                    break
                last = index
            elif not self._is_join(tokens[index], after_head=index == at + 1):
                break
        return self._take(at, last, vouches=False)

    def _take(self, at: int, last: int, *, vouches: bool) -> int | None:
        """Keep the name from one word to another, if it is one; where to go on."""
        head = self._head_of(at, last)
        if not vouches and (head is None or last == at):
            return last + 1 if last > at and not self._has_head(at, last) else None
        start = at if head is None else head
        span = Span(self._tokens[start].start, self._tokens[last].end)
        if self.text.raw[span.start : span.end].isupper() and not vouches:
            return last + 1
        self._add(span, 0.9 if vouches else 0.75)
        return last + 1

    def _is_join(self, token: Span, *, after_head: bool) -> bool:
        flat = self._flat(token)
        if after_head and flat in _WHERE and self.words.language not in ("en", "de"):
            return False  # "Coordinación en Asunción" says where it is
        return flat in self._joins or bool(_INITIAL.match(flat))

    def _vouched(self, at: int) -> int | None:
        """The last word of a name whose letters an acronym behind it repeats."""
        tokens = self._tokens
        for end in range(at, min(at + 16, len(tokens))):
            if end > at:
                between = self.text.raw[tokens[end - 1].end : tokens[end].start]
                if between not in (" ", ", ", "\u00a0", "\n"):
                    return None
            if acronym := _ACRONYM.match(self.text.raw, tokens[end].end):
                start = self._head_of(at, end)
                if start is not None and start > at:
                    return None  # it is found again from its head on
                span = Span(tokens[at].start, tokens[end].end)
                first = self._flat(tokens[at])
                if first in self._articles and end > at:
                    return None
                return end if self._fits(span, acronym[1]) else None
        return None

    def _lists(self, at: int, index: int) -> bool:
        """Whether a comma is inside a name: "Guild of Guards, Guides and Conservators"."""
        tokens = self._tokens
        if _INITIAL.sub("", self._flat(tokens[at])) not in self._heads or index - at < 2:
            return False
        for end in range(index, min(index + 7, len(tokens))):
            flat = self._flat(tokens[end])
            if not self._is_capital(tokens[end]):
                after = tokens[end + 1] if end + 1 < len(tokens) else None
                return (
                    flat in self._and
                    and after is not None
                    and self._is_capital(after)
                    and self._flat(after) not in self._heads
                )
            between = self.text.raw[tokens[end - 1].end : tokens[end].start]
            if flat in self._heads or (end > index and between not in (", ", " ")):
                return False
        return False

    def _starts_anew(self, at: int, index: int) -> bool:
        """After "and", a head begins another name: "Red del Agua y Alianza del Sur"."""
        back = index - 1
        while back > at and self._flat(self._tokens[back]) in self._articles:
            back -= 1
        if back <= at or self._flat(self._tokens[back]) not in self._and:
            return False
        if self.words.language == "en":
            return self._flat(self._tokens[back - 1]) in self._heads
        return self._flat(self._tokens[index]) in self._heads

    def _has_head(self, at: int, last: int) -> bool:
        return any(self._flat(self._tokens[n]) in self._heads for n in range(at, last + 1))

    def _head_of(self, at: int, last: int) -> int | None:
        """Where the name begins: at its head; in English and German also before it."""
        is_before = self.words.language in ("en", "de")
        papers = ("kind.resolutions", "kind.statement", "kind.report", "moment.assembly")
        events = [self.words.pattern(name) for name in papers]
        start = at
        for n in range(at, last + 1):
            flat = _INITIAL.sub("", self._flat(self._tokens[n]))
            if is_before and n < last and any(event.fullmatch(flat) for event in events):
                start = n + 1  # the assembly of an organisation is not the organisation
                while start < last and not self._is_capital(self._tokens[start]):
                    start += 1
            if flat not in self._heads or not self._is_capital(self._tokens[n]) or n < start:
                continue
            if not is_before:
                return n if last > n else None
            if n < last and self._is_capital(self._tokens[n + 1]) and not self._ends_so(last):
                continue  # "International Museum Day"
            while start < n and self._flat(self._tokens[start]) in self._opening:
                start += 1
            return start if last > start else None
        return None

    def _ends_so(self, last: int) -> bool:
        return self.words.language == "de" or self._flat(self._tokens[last]) in self._heads

    def _fits(self, span: Span, acronym: str) -> bool:
        """Whether the letters of an acronym begin the words of a name."""
        letters = fold(acronym).replace(" ", "")
        initials = "".join(
            word[0]
            for word in re.split(
                r"[\s'-]+",
                fold(self.text.raw[span.start : span.end].replace("'", " ").replace("’", " ")),
            )
            if word
        )
        if (
            len(letters) < 2
            or not initials
            or not acronym[:1].isupper()
            or initials[0] != letters[0]
        ):
            return False
        rest = iter(initials)
        hits = sum(any(one == sign for one in rest) for sign in letters)
        return hits >= len(letters) - 1 or hits * 3 >= len(letters) * 2

    def _add(self, span: Span, sure: float) -> None:
        raw = self.text.raw
        if raw[span.start : span.start + 2].lower() in ("l'", "l’"):
            span = Span(span.start + 2, span.end)
        name = " ".join(raw[span.start : span.end].split())
        self.spans.append(span)
        found = _ACRONYM.match(raw, span.end)
        acronym = found[1] if found and sum(c.isupper() for c in found[1]) >= 2 else None
        key = fold(name)
        known = self._known.get(key)
        if known is None:
            self._known[key] = Organisation(name, acronym, span, sure)
        elif acronym and not known.acronym:
            self._known[key] = Organisation(known.name, acronym, known.span, sure)

    def add_listed(self, span: Span) -> None:
        """A name that no head tells, but its neighbours in a list do."""
        if not any(span.meets(other) for other in self.spans):
            self._add(span, 0.55)

    def _repeated(self) -> None:
        """Names that are the beginning of longer ones are the same organisation."""
        for key in list(self._known):
            longer = [k for k in self._known if k != key and k.startswith(key + " ")]
            if longer and len(key.split()) < 3:
                del self._known[key]

    # Campaigns

    def campaigns(self) -> list[Said]:
        """What stands in quotation marks soon after the word campaign."""
        found: dict[str, Said] = {}
        word = self.words.pattern("campaign")
        for match in _QUOTED.finditer(self.text.raw):
            value = next(group for group in match.groups() if group).strip(" ,.;")
            before = self.text.flat[max(0, match.start() - 45) : match.start()]
            near = [m.end() for m in word.finditer(before)]
            if near and not re.search(r"[.!?;\n]", before[near[-1] :]):
                start = self.text.raw.find(value, match.start())
                found.setdefault(fold(value), Said(value, Span(start, start + len(value)), 0.85))
        return list(found.values())

    # Issuers

    def issuers(self) -> list[Said]:
        """In whose name the text speaks: who signs, who stands in its head, who calls."""
        found: dict[str, Said] = {}

        def add(organisation: Organisation, sure: float) -> None:
            found.setdefault(
                fold(organisation.name), Said(organisation.name, organisation.span, sure)
            )

        signed = list(self._signatories())
        for one in signed:
            add(one, 0.9)
        if signed:
            return list(found.values())
        for one in (*self._header(), *self._signature()):
            add(one, 0.85)
        for one in self._callers():
            add(one, 0.7)
        return list(found.values())

    def _of(self, span: Span) -> Organisation | None:
        return self._known.get(fold(self.text.raw[span.start : span.end]))

    def _signatories(self) -> Iterator[Organisation]:
        for block in blocks(self.text):
            if is_signed(self.text, self.words, block):
                for item in block.items:
                    raw = self.text.raw[item.start : item.end]
                    name = re.split(r"\s*[(,;–]| - ", raw, maxsplit=1)[0].rstrip(" .")
                    whole = [s for s in self.spans if item.start <= s.start < item.end]
                    if not whole and name:
                        self._add(Span(item.start, item.start + len(name)), 0.8)
                        whole = [Span(item.start, item.start + len(name))]
                    for span in whole[:1]:
                        if one := self._of(span):
                            yield one

    def _header(self) -> Iterator[Organisation]:
        """ "By X – 15 May" in the first lines, or a line that is nothing but the name."""
        for match in list(re.finditer(r"[^\n]*\S[^\n]*", self.text.raw))[:4]:
            header = _HEADER.match(match[0])
            start = match.start() + (header.end() if header else 0)
            by = re.match(
                rf"\s*(?:{'|'.join(self.words.words('by')) or '(?!)'})\s+",
                self.text.flat[start : match.end()],
            )
            if not (header or by):
                continue
            start += by.end() if by else 0
            if self.words.pattern("newsroom").search(
                self.text.flat, start, min(start + 30, match.end())
            ):
                continue
            end = re.search(r"\s*(?:[(,–—|]|\s-\s|$)", self.text.raw[start : match.end()])
            span = Span(start, start + (end.start() if end else 0))
            inside = [s for s in self.spans if span.start <= s.start < match.end()]
            if not inside and span.end - span.start > 4 and self.text.raw[span.start].isupper():
                self._add(span, 0.6)
                inside = [span]
            for one in map(self._of, inside):
                if one:
                    yield one

    def _signature(self) -> Iterator[Organisation]:
        lines = [Span(*m.span()) for m in re.finditer(r"[^\n]*\S[^\n]*", self.text.raw)]
        items = [item for block in blocks(self.text) for item in block.items]
        for line in (*lines[:3], *lines[-4:]):
            if any(line.meets(item) for item in items):
                continue
            for span in self.spans:
                if not (line.start <= span.start and span.end <= line.end):
                    continue
                rest = (
                    self.text.flat[line.start : span.start]
                    + " "
                    + self.text.flat[span.end : line.end]
                ).strip(" .–—-")
                acronym = re.sub(r"\([^)]*\)", "", rest)
                if (
                    len(acronym.split()) <= 3
                    and not re.search(r"\d|:", acronym)
                    and not self.words.pattern("support").search(rest)
                    and (one := self._of(span))
                ):
                    yield one

    def _callers(self) -> Iterator[Organisation]:
        """The subjects of the first sentence that calls, invites, launches or alerts."""
        verbs = self.words.pattern("call_verbs")
        support = self.words.pattern("support")
        for sentence in self.text.sentences[:40]:
            inside = [s for s in self.spans if sentence.start <= s.start < sentence.end]
            if not inside or support.search(self.text.flat, sentence.start, inside[0].start):
                continue
            first = sentence.start if self._is_arabic else inside[0].end
            verb = next(
                (
                    Span(*m.span())
                    for m in verbs.finditer(self.text.flat, first, sentence.end)
                    if not any(Span(*m.span()).meets(s) for s in self.spans)
                ),
                None,
            )
            if verb is None:
                continue
            if self._is_arabic:  # the verb comes first
                to = self.text.flat.find(" الي ", verb.end, sentence.end)
                stop = to if to > 0 else sentence.end
                yield from filter(None, map(self._of, [s for s in inside if s.end <= stop]))
                return
            before = [s for s in inside if s.end <= verb.start]
            self._between(before, sentence, verb.start)
            before = sorted(
                s for s in self.spans if sentence.start <= s.start and s.end <= verb.start
            )
            for one in map(self._of, before):
                if one:
                    yield one
            return

    def _between(self, listed: list[Span], sentence: Span, end: int) -> None:
        """Names without a head between the names of organisations, parted by commas and "and"."""
        start = listed[0].end
        both = "|".join(map(re.escape, self.words.words("org_and")))
        piece = re.compile(rf"(?:,\s*|\s(?:{both}|con|with|avec|com)\s+|,\s*(?:{both})\s+)")
        region = self.text.flat[start:end]
        cuts = [m.end() for m in piece.finditer(region)]
        for at in cuts:
            absolute = start + at
            article = re.match(
                r"(?:el|la|los|las|le|les|the|l'|o|a|os|as)\s+", self.text.flat[absolute:end]
            )
            absolute += article.end() if article else 0
            kind = re.match(
                r"(?:association|asociacion|associacao|organizacion)\s+",
                self.text.flat[absolute:end],
            )
            absolute += kind.end() if kind and self.text.raw[absolute].islower() else 0
            run = self._capital_run(absolute, end)
            if run and not any(run.meets(q) for q in self.quotes):
                self.add_listed(run)

    def _capital_run(self, start: int, end: int) -> Span | None:
        tokens = [t for t in self._tokens if start <= t.start and t.end <= end]
        if not tokens or tokens[0].start != start or not self._is_capital(tokens[0]):
            return None
        last, capitals = tokens[0], 1
        for before, token in pairwise(tokens):
            if self.text.raw[before.end : token.start].strip(" "):
                break
            if self._is_capital(token):
                last, capitals = token, capitals + 1
            elif self._flat(token) not in _JOINS:
                break
        return Span(start, last.end) if capitals > 1 else None
