"""Who calls: the subjects of the sentence that calls, who made it, whom a text names most."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from convoca.core.fold import fold
from convoca.reading.draft import Organisation
from convoca.reading.lines import blocks
from convoca.reading.names import Names
from convoca.reading.plain import plain
from convoca.reading.text import Covered, Span
from convoca.reading.words.shared import ARTICLES, any_phrases

ARTICLE = re.compile(rf"(?:{ARTICLES})\s+|l'")
_OWNS = re.compile(
    r"(?:\s*\([^)\n]*\)|\))?\s*,\s*(?:del?|de\s+l[ao]s?|d[ao]s?|du|des|of(?:\s+the)?|della|dei|von|vom)\s+"
    r"(?:l')?"
)
_PARTICIPLES = ("ed", "ado", "ada", "ados", "adas", "ido", "ida", "e", "es", "ee", "ees")
_NOUNS = (
    "cion",
    "ciones",
    "tion",
    "tions",
    "cao",
    "coes",
    "zione",
    "zioni",
    "miento",
    "mento",
    "toria",
)
_COMMA = re.compile(r",\s+(?:(?:the|el|la|los|las|le|les|o|a|os|as|il|lo|i|gli)\s+|l')?$")
_LEAD = 2
"""Words, fewer than which stand before the clause that leads up to a sentence."""
_OWNED = 40
"""Signs between an organisation and the one to which it belongs."""
_POWERS = frozenset(map(fold, any_phrases("powers")))
_ROW = 40
"""Signs between two names of a row."""
_EARLY = 40
"""Sentences in which it is looked for who calls."""


class Callers:
    """Looks through the sentences of one text."""

    def __init__(self, names: Names) -> None:
        self.names, self.text, self.words = names, names.text, names.words
        self._is_german = self.words.language == "de"
        self._leading = self.words.pattern("subordinates")

    def made_by(self) -> Iterator[Organisation]:
        """ "A day convened by the Union", anywhere near the top."""
        end = self.text.sentences[:_EARLY][-1].end
        for match in self.words.pattern("made_by").finditer(self.text.flat, 0, end):
            line = self.text.line_at(match.start())
            named = self.names.within(match.end(), min(line.end, match.end() + 12))
            if named:
                yield from filter(None, map(self.names.of, self._row(named[0], line)))
                return

    def _row(self, first: Span, line: Span) -> Iterator[Span]:
        """A name, and those that go on with it: "A (AA), B, along with C and D"."""
        both = self.words.either("org_and")
        others = "|".join(plain(one).replace(" ", r"\s+") for one in any_phrases("with_others"))
        link = re.compile(
            rf"(?:\s*\([^()\n]{{2,20}}\))?\s*(?:[,;/]\s*)?(?:(?:{both}|{others})\s+)?"
            rf"(?:(?:{ARTICLES})\s+|l')?"
        )
        yield first
        end = first.end
        for span in sorted(self.names.within(first.end, line.end)):
            if span.start < end or self.text.raw[end : span.start].strip() in ("(", "["):
                end = max(end, span.end)  # its letters
                continue
            between = self.text.flat[end : span.start]
            between = between[1:] if between[:1] in (")", "]") else between
            if len(between) > _ROW or not between.strip() or not link.fullmatch(between):
                return
            yield span
            end = span.end

    def most_named(self) -> Iterator[Organisation]:
        """Where nothing else tells: whom a text names most, its heading counting twice."""
        lines = self.text.lines()
        top = lines[1].end if len(lines) > 1 else 0
        counted, seen = Counter[str](), set[tuple[str, int]]()
        for span in self.names.placed():
            one, sentence = self.names.of(span), self.text.sentence_at(span.start).start
            if one and fold(one.name) not in _POWERS and (one.name, sentence) not in seen:
                seen.add((one.name, sentence))
                counted[one.name] += 2 if span.start < top else 1
        (first, most), second = [*counted.most_common(2), ("", 0), ("", 0)][:2]
        if most > 1 and most > second[1]:
            yield self.names.known[fold(first)]

    def callers(self) -> Iterator[Organisation]:
        """The subjects of the first sentence that calls, invites, launches or alerts."""
        verbs = self.words.pattern("call_verbs")
        support = self.words.pattern("support")
        items = [item for block in blocks(self.text) for item in block.items]
        listed = Covered(len(self.text.raw), items)
        for sentence in self.text.sentences[:_EARLY]:
            inside = self.names.within(sentence.start, sentence.end)
            if not inside or support.search(self.text.flat, sentence.start, min(inside).start):
                continue
            inside.sort()
            if listed.meets(inside[0]):
                continue
            first = sentence.start if self.names.is_arabic else inside[0].end
            verb = next(
                (
                    Span(*m.span())
                    for m in verbs.finditer(self.text.flat, first, sentence.end)
                    if not self.names.covered.meets(Span(*m.span())) and self._is_calling(m)
                ),
                None,
            )
            if verb is None:
                continue
            if self.names.is_arabic:  # the verb comes first
                to = re.search(
                    r"\s(?:الي|كل|جميع|من اجل|عن)\s", self.text.flat[verb.end : sentence.end]
                )
                stop = verb.end + to.start() if to else sentence.end
                named = [s for s in inside if verb.end <= s.start and s.end <= stop] or [
                    s for s in inside if s.end <= stop
                ]
                yield from filter(None, map(self.names.of, named))
                return
            named = [s for s in inside if s.end <= verb.start]
            before = self._subjects(named, sentence)
            first = before[0].start if len(before) < len(named) and before else sentence.start
            if not before or self._is_ours(before, sentence, verb):
                continue
            helped = self.words.pattern("backed_by").search(
                self.text.flat, before[0].end, verb.start
            )
            stop = helped.start() if helped else verb.start
            self._coordinated(before, sentence, stop)
            named = [
                span
                for span in sorted(self.names.within(first, stop))
                if fold(self.text.raw[span.start : span.end]) not in _POWERS
            ]
            yield from filter(None, map(self.names.of, self._without_owners(named)))
            return

    def _subjects(self, named: list[Span], sentence: Span) -> list[Span]:
        """Without those of a clause that leads up: "while the IMF meets, the Union calls"."""
        said = (
            [m.end() for m in self._leading.finditer(self.text.flat, sentence.start, named[-1].end)]
            if named
            else []
        )
        if not said:
            return named
        kept = [s for s in named if not self._is_led(s.start, said)]
        first = said[0]
        if not self.text.flat[sentence.start : first].strip(' ,«“"').count(" ") > _LEAD:
            for span in kept:
                comma = _COMMA.search(self.text.flat, max(first, span.start - 12), span.start)
                if comma:
                    return [s for s in kept if s.start >= span.start]
        return kept

    def _is_led(self, start: int, said: list[int]) -> bool:
        """Whether such a word stands right before a name, but for an article."""
        at = bisect_right(said, start) - 1
        return at >= 0 and not ARTICLE.sub("", self.text.flat[said[at] : start].lstrip()).strip()

    def _is_ours(self, before: list[Span], sentence: Span, verb: Span) -> bool:
        """ "…, we call": not those named before, unless "We, the Union of …, call"."""
        said = self.text.flat[max(sentence.start, verb.start - 12) : verb.start].split()
        ours = self.words.words("we")
        opening = self.text.flat[sentence.start : before[0].start].split()
        return bool(said) and said[-1] in ours and not (opening and opening[0].strip(",:") in ours)

    def _is_calling(self, verb: re.Match[str]) -> bool:
        """Not "which calls" nor "is called"."""
        if self.text.raw[verb.start() : verb.start() + 2].istitle() and not self._is_german:
            return False  # "Global Call to Action"
        if verb[0].endswith(_NOUNS):
            return False  # "organización", "declaration"
        before = self.text.flat[max(0, verb.start() - 16) : verb.start()].split()
        if not before:
            return True
        is_passive = before[-1] in self.words.words("passive") and verb[0].endswith(_PARTICIPLES)
        return not is_passive and not set(before[-2:]) & set(self.words.words("relative"))

    def _without_owners(self, named: list[Span]) -> Iterator[Span]:
        """Not the university of which a laboratory is that calls: "the Lab (LAB), of the …"."""
        end = -1
        for span in named:
            between = self.text.flat[end : span.start] if 0 <= span.start - end < _OWNED else ""
            if not _OWNS.fullmatch(between):
                yield span
            end = span.end

    def _coordinated(self, listed: list[Span], sentence: Span, end: int) -> None:
        """Names without a head beside organisations, parted by commas and "and"."""
        both = self.words.either("org_and")
        piece = re.compile(rf"(?:,\s*(?:(?:{both})\s+)?|\s(?:{both}|con|with|avec|com|mit)\s+)")
        goes_on = re.compile(rf"\s*(?:[^\w\s]|$)|\s+(?:{both})\s")
        is_for_others = self.words.pattern("role_of").search(
            self.text.flat, sentence.start, listed[0].start
        )
        start = listed[0].end
        region = self.text.flat[start:end]
        spots = [start + match.end() for match in piece.finditer(region)]
        opening = self.text.flat[sentence.start : listed[0].start]
        joint = rf"(?:,\s*|\s(?:{both})\s+)(?:(?:{ARTICLES})\s+|l')?$"
        if before := re.search(joint, opening):
            comma = max(
                opening.rfind(", ", 0, before.start()), opening.rfind(": ", 0, before.start())
            )
            spots.append(sentence.start + (comma + 2 if comma >= 0 else 0))
        for spot in spots:
            at = spot
            if article := ARTICLE.match(self.text.flat, at, end):
                at = article.end()
            kind = re.match(r"(?:[^\W\d_]+)\s+", self.text.raw[at:end])
            if kind and self.text.raw[at].islower() and self.names.runs.is_head(kind[0].strip()):
                at += kind.end()
            run = self.names.capital_run(at, end)
            rest = self.text.flat[run.end : run.end + 20] if run else ""
            is_subject = (
                run and not is_for_others and len(self.text.flat[run.end : end].split()) <= 1
            )
            if run and (is_subject or goes_on.match(rest)):
                self.names.add_listed(run)
