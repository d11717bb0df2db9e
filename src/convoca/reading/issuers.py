"""In whose name a text speaks: who signs it, who stands in its head, who calls."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from convoca.core.fold import fold
from convoca.places.keys import key
from convoca.reading.callers import ARTICLE, Callers
from convoca.reading.draft import Organisation, Said
from convoca.reading.lands import countries
from convoca.reading.lines import blocks, is_convened, is_signed
from convoca.reading.names import Names
from convoca.reading.text import Covered, Span

_HEADER = re.compile(r"^\s*(?:date\s*:?\s*)?\d{4}-\d{2}(?:-\d{2})?\s+")
_COLUMNS = re.compile(r"(?: {3,}|\t+|\s+[•·|/]\s+)")
_CUT = re.compile(r"\s*[(,;–|]|\s-\s|\s*[.:]\s*$|\.\s+(?=[^\W\d_a-z])")
_LETTERS_FIRST = re.compile(r"[^\W\d_a-z]{2,8}\s[–—-]\s(?=\w+[ \w]*\s\w)")
_SHOWN = 90
"""Signs of a line that may be one signatory."""
_SIGNED = 300
"""Signs of a line that may be a signature."""
_LISTED = 60
"""Lines below a heading that may be signatories."""
_PAPER = 4
"""Words, at most, between what a text is and whose."""
_SMALL_WORDS = frozenset("and y e et de du des la of for the los las und der".split())  # noqa: SIM905


class Issuers:
    """Looks through one text; names that only signing tells are added to its organisations."""

    def __init__(self, names: Names) -> None:
        self.names, self.text, self.words = names, names.text, names.words
        self._lines = self.text.lines()
        self._is_newsroom = False
        self._dated = Covered(len(self.text.raw), names.dated)

    def find(self) -> list[Said]:
        """Who signs; else who stands in the head or at the foot, and who calls."""
        found: dict[str, Said] = {}
        callers = Callers(self.names)

        def add(organisation: Organisation, sure: float) -> None:
            said = Said(organisation.name, organisation.span, sure)
            found.setdefault(fold(organisation.name), said)

        for one in self._conveners():
            add(one, 0.9)
        for one in () if found else self._signatories():
            add(one, 0.9)
        if found:
            return list(found.values())
        for one in (*self._header(), *self._signature(), *self._organisers()):
            add(one, 0.85)
        for one in callers.callers():
            add(one, 0.7)
        is_told = found or self._is_newsroom
        for one in () if is_told else callers.made_by():
            add(one, 0.6)
        for one in () if found or is_told else callers.most_named():
            add(one, 0.3)
        return list(found.values())

    # Who signs

    def _signatories(self) -> Iterator[Organisation]:
        for block in blocks(self.text):
            if is_signed(self.text, self.words, block):
                for item in block.items:
                    yield from self._one(item)
        yield from self._signed_in_line()
        yield from self._signed_below()

    def _conveners(self) -> Iterator[Organisation]:
        """Those under "Organised by:"; who only joins them has a list of its own."""
        for block in blocks(self.text):
            if is_convened(self.text, self.words, block.intro):
                for item in block.items:
                    yield from self._one(item)
        for at, line in enumerate(self._lines):
            if is_convened(self.text, self.words, line):
                yield from self._listed(at + 1, self._end_of_list(at + 1, at + 1 + _LISTED))

    def _one(self, item: Span) -> Iterator[Organisation]:
        """The organisation that a line, or a piece of one, names; known or not."""
        raw = self.text.raw[item.start : item.end]
        start = item.start + len(raw) - len(raw.lstrip(" \u00a0-–•*.·"))
        if letters := _LETTERS_FIRST.match(self.text.raw, start, item.end):
            start = letters.end()  # "AAI – Action Aid International"
        if article := ARTICLE.match(self.text.flat, start, item.end):
            start = article.end()
        inside = self.names.within(start, item.end)
        if not inside or inside[0].start > start:
            name = _CUT.split(self.text.raw[start : item.end], maxsplit=1)[0].rstrip(" .\u00a0")
            opens = re.match(r"(?:\d{1,3} )?([^\W\d_])", name)
            is_name = 3 < len(name) <= _SHOWN and opens is not None and opens[1].isupper()
            is_name = is_name or (2 <= len(name) <= 3 and name.isupper())  # "CUT, UGT"
            if is_name and not (inside and inside[0].start < start + len(name)):
                span = Span(start, start + len(name))
                self.names.add(span, 0.8)
                inside = [span]
        for span in inside[:1]:
            if one := self.names.of(span):
                yield one

    def _signed_in_line(self) -> Iterator[Organisation]:
        """ "Firman: A, B y C", in one line."""
        for line in self._lines:
            match = self.words.pattern("signed").search(self.text.flat, line.start, line.end)
            colon = self.text.raw.find(":", match.end(), line.end) if match else -1
            if (
                not match
                or colon < 0
                or colon - match.end() > 30
                or match.start() - line.start > 25
            ):
                continue
            for piece in self._pieces(Span(colon + 1, line.end)):
                yield from self._one(piece)

    def _pieces(self, span: Span) -> Iterator[Span]:
        """What commas part, and an "and" before the last."""
        cuts = [span.start, *(m.end() for m in re.finditer(r"[,;،؛•|]\s", self._within(span)))]
        starts = [cuts[0], *(span.start + cut for cut in cuts[1:])]
        pieces = [Span(a, b) for a, b in zip(starts, [*starts[1:], span.end], strict=True)]
        both = self.words.either("org_and")
        last = pieces[-1]
        joint = list(re.finditer(rf"\s(?:{both})\s+", self.text.flat[last.start : last.end]))
        for match in joint[-1:] if len(joint) < 3 else ():
            after = last.start + match.end()
            article = ARTICLE.match(self.text.flat, after, last.end)
            first = article.end() if article else after
            if self.text.raw[first : first + 1].isupper():
                pieces[-1:] = [Span(last.start, last.start + match.start()), Span(after, last.end)]
        yield from (Span(p.start, p.end) for p in pieces if self._within(p).strip(" ,;."))

    def _within(self, span: Span) -> str:
        """A passage, its brackets blotted out, so that no comma in them parts anything."""
        return re.sub(
            r"\([^()\n]*\)", lambda m: "_" * len(m[0]), self.text.raw[span.start : span.end]
        )

    def _signed_below(self) -> Iterator[Organisation]:
        """Names one a line, or in two columns, under "Signatories" or at the foot."""
        done = 0
        for at, line in enumerate(self._lines):
            words = self.text.flat[line.start : line.end].strip(" :.*_#")
            words = re.sub(r"\([^()]*\)", "", words)  # "First signatures (until 14 June)"
            is_heading = len(words.split()) <= 6 and self.words.pattern("signed").search(words)
            if is_heading:
                first = max(at + 1, done)  # below a heading amid a list, the list goes on
                done = self._end_of_list(first, at + 1 + _LISTED)
                yield from self._listed(first, done)
        for at in range(max(1, len(self._lines) - 12), len(self._lines)):
            line = self._lines[at]
            if _COLUMNS.search(self.text.raw[line.start : line.end].strip(" .")):
                found = list(self._listed(at, self._end_of_list(at, len(self._lines))))
                if len(found) > 2:
                    yield from found
                    return

    def _end_of_list(self, at: int, stop: int) -> int:
        while at < min(stop, len(self._lines)) and all(
            map(self._is_listed, self._columns(self._lines[at]))
        ):
            at += 1
        return at

    def _listed(self, first: int, end: int) -> Iterator[Organisation]:
        for line in self._lines[first:end]:
            for piece in self._columns(line):
                yield from self._one(piece)

    def _columns(self, line: Span) -> list[Span]:
        raw = self.text.raw[line.start : line.end]
        pieces, start = [], line.start
        for cut in [*_COLUMNS.finditer(raw.rstrip()), None]:
            end = line.start + cut.start() if cut else line.end
            if self.text.raw[start:end].strip():
                pieces.append(Span(start, end))
            start = line.start + cut.end() if cut else end
        return pieces

    def _is_listed(self, piece: Span) -> bool:
        raw = self.text.raw[piece.start : piece.end].strip(" -–•*·\u00a0")
        name = raw.split("(")[0].strip()
        words = name.split()
        return (
            0 < len(words) <= 12
            and len(raw) <= _SHOWN
            and (name[0].isdigit() or (name[0].isalpha() and name[0] == name[0].upper()))
            and not re.search(r"[:@?]|!\s[a-z]|\d{4}|[.;]\s", name)
            and not name.endswith((".", ":"))
            and not self._dated.meets(piece)
        )

    # Who stands in the head, or at the foot

    def _header(self) -> Iterator[Organisation]:
        """ "By X – 15 May" in the first lines, or a line that is nothing but the name."""
        by = self.words.either("by")
        yield from self._whose()
        for line in self._lines[:6]:
            header = _HEADER.match(self.text.raw[line.start : line.end])
            start = line.start + (header.end() if header else 0)
            start = self._behind_day(start, line)
            said = re.match(rf"\s*(?:{by})\s+", self.text.flat[start : line.end])
            if not (said or (header and line in self._lines[:4])):
                continue
            start += said.end() if said else 0
            end = min(start + 30, line.end)
            if self.words.pattern("newsroom").search(self.text.flat, start, end):
                self._is_newsroom = True
                continue
            stop = re.search(r"\s*(?:[(,–—|]|\s-\s|$)", self.text.raw[start : line.end])
            span = Span(start, start + (stop.start() if stop else 0))
            inside = self.names.within(span.start, line.end)
            if not inside and self._is_no_name(span, is_by=bool(said)):
                continue
            if not inside and span.end - span.start > 4 and self.text.raw[span.start].isupper():
                self.names.add(span, 0.6)
                inside = [span]
            yield from filter(None, map(self.names.of, inside))

    def _behind_day(self, start: int, line: Span) -> int:
        """Where a line goes on behind the day that it opens with: "9 December 2015, by …"."""
        at = bisect_left(self.names.dated, Span(start, start))
        for day in self.names.dated[at : at + 1]:
            if day.end < line.end and not self.text.raw[start : day.start].strip(" ,–-"):
                rest = re.match(r"[\s,–—|-]*", self.text.raw[day.end : line.end])
                return day.end + (rest.end() if rest else 0)
        return start

    def _is_no_name(self, span: Span, *, is_by: bool) -> bool:
        """ "Appel commun" is what it is; "By Ana Ruiz" is a person."""
        flat = self.text.flat[span.start : span.end].strip()
        words = flat.split()
        both = self.words.either("org_and")
        people = re.split(rf",\s*|\s(?:{both})\s", flat)
        if is_by and len(people) > 1 and all(self._is_person(one) for one in people):
            return True
        return bool(self.words.pattern("papers").match(flat)) or (
            is_by
            and len(words) in (2, 3)
            and not set(words) & _SMALL_WORDS
            and key(words[-1]) not in countries()  # "by Attac France"
        )

    def _is_person(self, flat: str) -> bool:
        """Two or three words, none of them small nor an organisation's."""
        words = flat.split()
        heads = (self.names.runs.is_head(word) for word in words)
        return len(words) in (2, 3) and not set(words) & _SMALL_WORDS and not any(heads)

    def _whose(self) -> Iterator[Organisation]:
        """ "Minutes of the Union", or "Resolutions / of the 12th assembly of the Union"."""
        for line, following in pairwise([*self._lines[:4], Span(0, 0)]):
            for span in sorted(self.names.within(line.start, max(line.end, following.end)))[:1]:
                before = self.text.flat[line.start : span.start].strip(" *#_")
                said = self.words.pattern("papers").match(before)
                words = re.findall(r"[^\W\d_]{3,}", before[said.end() :] if said else "")
                if said and len(words) <= _PAPER and not re.search(r"[.!?:;]", before):
                    yield from filter(None, [self.names.of(span)])

    def _signature(self) -> Iterator[Organisation]:
        items = [item for block in blocks(self.text) for item in block.items]
        for line in (*self._lines[:3], *self._lines[-4:]):
            if line.end - line.start > _SIGNED or any(line.meets(item) for item in items):
                continue
            for span in self.names.within(line.start, line.end):
                if span.end > line.end:
                    continue
                before = self.text.flat[line.start : span.start]
                rest = f"{before} {self.text.flat[span.end : line.end]}".strip(" .–—-\u00a0")
                acronym = re.sub(r"\([^)]*\)", "", rest)
                if (
                    len(acronym.split()) <= 3
                    and not re.search(r"\d|:", acronym)
                    and not self.words.pattern("support").search(rest)
                    and (one := self.names.of(span))
                ):
                    yield one

    def _organisers(self) -> Iterator[Organisation]:
        """ "Organizan: A y B", "Organised by C, in partnership with D"."""
        for line in self._lines[:8]:
            match = self.words.pattern("organised_by").match(
                self.text.flat, self._first_letter(line), line.end
            )
            if match is None:
                continue
            start = match.end()
            colon = re.match(r"\s*:\s*", self.text.raw[start : line.end])
            is_by = self.text.flat[match.start() : match.end()].split()[-1] in self._by
            if not (colon or is_by):
                continue
            start += colon.end() if colon else 1
            stop = self.words.pattern("support").search(self.text.flat, start, line.end)
            ends = re.search(r"[.;](?:\s|$)", self.text.raw[start : line.end])
            end = min(
                stop.start() if stop else line.end, start + ends.start() if ends else line.end
            )
            for piece in self._pieces(Span(start, end)):
                yield from self._one(piece)

    @property
    def _by(self) -> set[str]:
        return {*self.words.words("by"), "by", "por", "par", "da", "von"}

    def _first_letter(self, line: Span) -> int:
        found = re.search(r"[^\W_]", self.text.raw[line.start : line.end])
        return line.start + (found.start() if found else 0)
