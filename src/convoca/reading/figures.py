"""Numbers that are reported: how many, of what, and how surely."""

import re
from dataclasses import replace
from functools import lru_cache

from convoca.reading.draft import Figure
from convoca.reading.text import Covered, Span, Text
from convoca.reading.words import Words, numbers_of, pattern, rounded_of
from convoca.reading.words.shared import any_words

UNITS = ("delegates", "countries", "cities", "organisations", "other", "people")
QUALIFIERS = ("over", "under", "nearly", "about")
_DIGITS = r"\d{1,3}(?:[.,  ' ]\d{3})+(?!\d)|\d+"
_MILLION = {"millones": 6, "millon": 6, "millions": 6, "million": 6, "milhoes": 6, "milhao": 6,
            "mil": 3, "mille": 3, "thousand": 3, "milioni": 6, "milione": 6, "millionen": 6,
            "tausend": 3, "الف": 3, "مليون": 6}  # fmt: skip
_PARTITIVE = re.compile(r"\s+(?:de\s|d'|of\s|di\s)\s*")
_OTHER_PLURALS = ("it", "de", "ar", "")
"""Languages whose plurals end in more than s, x and n."""
_MONEY = re.compile(r"\s?[€$£%‰]|\s?(?:per\s?cent|por ciento|pour cent|por cento)")
_YEAR = re.compile(r"1[89]\d\d|20\d\d")
_TWO = frozenset("dos duas dois deux two due zwei".split())  # noqa: SIM905
_BESIDE = 300
"""Signs between a figure and one that goes on with its unit."""
_ADORNS = "(?:petite?|bonne|bon|grosse?|buen|buena|boa|bom|good)"
_MARK = re.compile(r"\s?[.)º°ª]")
_ONES = {"un": 1, "una": 1, "uno": 1, "une": 1, "um": 1, "uma": 1, "one": 1, "dos": 2, "deux": 2,
         "dois": 2, "duas": 2, "two": 2}  # fmt: skip
"""Numbers that are one only behind another: "fifty-two"."""
_ONE_MILLION = re.compile(r"(?<!\w)(one|a|un|um|une|ein|eine) (?=milli|mill[oi]|milh|tausend)")
_BEFORE = re.compile(r"([^\W\d_]+) $")
_WORD = re.compile(r"[^\W\d_][\w'-]*")


@lru_cache(maxsize=16)
def _pattern(language: str) -> re.Pattern[str]:
    known = numbers_of(language)
    words = "|".join(map(re.escape, sorted(known, key=len, reverse=True))) or "(?!)"
    ones = "|".join(_ONES)
    tens = "|".join(re.escape(word) for word, value in known.items() if 20 <= value < 100)
    compound = rf"(?:{tens or '(?!)'})(?:-(?:et-)?|\s(?:y|et|e)\s)(?:{ones})(?!\w)"
    return re.compile(
        rf"(?<![\w.,/+:€$£#º°<>-])(?:(?P<digits>{_DIGITS})|(?P<words>{compound}|(?:{words})(?:(?:\s+(?:y|et|e|and)\s+|[\s-])(?:{words}|hundred|thousand|cent)\b)*|(?:one|a)?\s?hundred))(?![\w/:])"
    )


def figures_of(text: Text, words: Words, taken: list[Span]) -> list[Figure]:
    """The figures of a text, outside what is taken (days, names, telephone numbers)."""
    found: dict[tuple[int, str, str], Figure] = {}
    dozens = words.words("dozen")
    flat = text.flat
    spots = [
        (m.start(), m.end(), _value(m, words)) for m in _pattern(words.language).finditer(flat)
    ]
    nouns: set[tuple[int, int]] = set()
    for word in dozens:
        for m in re.finditer(
            rf"(?<!\w)(?:(two|deux|dos|duas|three|tres|trois)\s+)?{word}s?(?!\w)", flat
        ):
            times = {"two": 2, "deux": 2, "dos": 2, "duas": 2, "three": 3, "tres": 3, "trois": 3}
            spots.append((m.start(), m.end(), 12 * times.get(m[1], 1)))
            nouns.add(m.span())
    rounded = {
        (m.start(), m.end(), int(value))
        for value, word in rounded_of(words.language)
        for m in re.finditer(
            rf"(?<!\w)(?:un|une|una|um|uma|eine|ein|a) (?:{_ADORNS} )?{word}(?!\w)", flat
        )
    }
    spots += [(m.start(1), m.end(1), 1) for m in _ONE_MILLION.finditer(flat)]
    nouns |= {(start, end) for start, end, _value in rounded}
    covered = Covered(len(flat), taken)
    day_words = set(words.words("day_word"))
    last: Figure | None = None
    subject: Figure | None = None
    """Of the sentence, what is spoken of: letters from 23 countries are letters."""
    for start, end, value in sorted([*spots, *rounded]):
        span = Span(start, end)
        if value in (100, 1000):
            value, span = _twofold(flat, span, value)
        if _MARK.match(flat, end) and not flat[text.line_at(start).start : start].strip():
            continue
        if (value < 3 and _scaled(flat, span, 1)[0] == 1) or covered.meets(span):
            continue
        if (said := _BEFORE.search(flat, max(0, start - 12), start)) and said[1] in day_words:
            continue  # "para o dia 28 vamos"
        is_noun = (start, end) in nouns
        figure = _figure(text, words, span, value, is_noun=is_noun) or _of_us(
            text, words, span, value
        )
        if figure and (start, end, value) in rounded and figure.qualifier == "exact":
            figure = replace(figure, qualifier="about")
        if figure is None and last and text.sentence_at(last.span.start) == text.sentence_at(start):
            figure = _elliptic(text, words, span, value, subject or last)
        if figure:
            is_new = not last or text.sentence_at(last.span.start) != text.sentence_at(start)
            if figure.unit not in ("countries", "cities"):
                subject = figure
            elif is_new:
                subject = None
            last = figure
            found.setdefault((figure.value, figure.qualifier, figure.unit), figure)
    return list(found.values())


def _elliptic(text: Text, words: Words, span: Span, value: int, last: Figure) -> Figure | None:
    """ "The first reached 1,260 workers; the second, about 4,000." """
    value, span = _scaled(text.flat, span, value)
    qualifier = _qualifier(text, words, span)
    goes_on = ";" in text.flat[max(last.span.end, span.start - _BESIDE) : span.start]
    ends = re.match(r"\s*(?:[.;,!?]|$)", text.flat[span.end : span.end + 4])
    after = re.match(r" ([^\W\d_]+)", text.flat[span.end : span.end + 20])
    if after and after[1] in words.words("figure_verb"):  # "of 96 stations only twelve have …"
        return Figure(value, qualifier, last.unit, span, 0.5)
    is_alone = qualifier != "under" and (qualifier != "exact" or goes_on) and ends
    return Figure(value, qualifier, last.unit, span, 0.5) if is_alone else None


def _of_us(text: Text, words: Words, span: Span, value: int) -> Figure | None:
    """ "They are 312." """
    before = text.flat[max(0, span.start - 40) : span.start]
    said = [match.end() for match in words.pattern("we_are").finditer(before)]
    both = words.either("org_and")
    ends = re.match(rf"\s*(?:[.;,!?)]|$|(?:{both}) )", text.flat[span.end : span.end + 6])
    if not said or not ends or re.search(r"[,;.]", before[said[-1] :]):
        return None
    qualifier = _qualifier(text, words, span)
    between = before[said[-1] :].split()
    is_near = not between or (qualifier != "exact" and len(between) <= 3)
    return Figure(value, qualifier, "people", span, 0.5) if is_near else None


def _value(match: re.Match[str], words: Words) -> int:
    if match["digits"]:
        digits = re.sub(r"\D", "", match["digits"])
        return int(digits) if len(digits) <= 12 else 0
    known = numbers_of(words.language)
    total = part = 0
    for word in re.findall(r"[^\W\d_]+", match["words"]):
        value = {"hundred": 100, "thousand": 1000}.get(word) or known.get(word, _ONES.get(word, 0))
        if word.startswith("vingt") and part == 4:  # "quatre-vingt-dix"
            value, part = 80, 0
        if value in (100, 1000) and part:
            part *= value
        elif word == "hundred" or word == "thousand":
            part = value
        else:
            part += value
        if value >= 1000:
            total, part = total + part, 0
    return total + part


def _figure(
    text: Text, words: Words, span: Span, value: int, *, is_noun: bool = False
) -> Figure | None:
    """A figure with its unit; `is_noun` where the number is one: "un millier de lettres"."""
    flat, end = text.flat, span.end
    sentence = text.sentence_at(span.start)
    if _MONEY.match(flat, end) or re.match(r"[^\S\n]*[-–]?[^\S\n]*\d", flat[end : end + 4]):
        return None
    if re.search(r"\d(?:-|[^\S\n])*$", flat[max(0, span.start - 3) : span.start]) or re.search(
        r"[(+]\d*\)?[^\S\n]*$", flat[max(0, span.start - 5) : span.start]
    ):
        return None
    after = flat[end : min(end + 60, max(sentence.end, end))]
    value, whole = _scaled(flat, span, value)
    if whole != span or is_noun:
        after, end = after[whole.end - end :], whole.end
        after = _PARTITIVE.sub(lambda m: " " * len(m[0]), after)
    after = re.split(r"[,;:.!?()\n«“\"\d]", after, maxsplit=1)[0]
    unit = ""
    nouns = _nouns(after, words)
    if not nouns:
        return _offered(text, words, span, value)
    if words.pattern("not_counted").match(after, nouns[0].start()) and nouns[0][0] not in (
        "de",
        "of",
    ):
        return None
    near = after[: nouns[-1].end()]
    places = []
    for at, name in enumerate(UNITS):
        if match := words.pattern(f"unit.{name}").search(near):
            places.append((match.start(), at, name))
    is_year = _YEAR.fullmatch(flat[span.start : span.end])
    if is_year and not (places and min(places)[0] <= nouns[0].start()):
        return None
    if places and _is_behind_noun(min(places), nouns, words):
        unit = "other"  # "19 estados brasileiros" are no people, though "-eiros" often are
    elif places:
        unit = min(places)[2]
    elif (
        value >= 3
        and (nouns[0][0][-1:] in "sxn" or words.language in _OTHER_PLURALS)
        and len(nouns[0][0]) > 2
    ):
        if value < 2100 and value > 1800 and words.pattern("common").fullmatch(nouns[0][0]):
            return None
        if (
            words.pattern("common").fullmatch(nouns[0][0])
            or text.raw[end + nouns[0].start()].isupper()
        ):
            return _offered(text, words, span, value)
        unit = "other"
    else:
        return _offered(text, words, span, value)
    return Figure(
        value,
        _qualifier(text, words, span),
        unit,
        Span(span.start, end + nouns[0].end()),
        0.8 if unit != "other" else 0.6,
    )


def _is_behind_noun(place: tuple[int, int, str], nouns: list[re.Match[str]], words: Words) -> bool:
    """Where nouns come first, whether people are only told by a word behind the noun."""
    first = nouns[0]
    return (
        words.language in ("es", "fr", "pt")
        and place[2] == "people"
        and place[0] > first.start()
        and first[0][-1:] in "sx"
        and len(first[0]) > 3
        and not pattern(any_words("adjectives_first")).fullmatch(first[0])
        and not words.pattern("common").fullmatch(first[0])
    )


def _scaled(flat: str, span: Span, value: int) -> tuple[int, Span]:
    """ "12 mil", "3 million": with the word behind the number."""
    big = re.match(r"[ \u00a0]+([^\W\d_]+)", flat[span.end : span.end + 20])
    if not big or big[1] not in _MILLION:
        return value, span
    return value * 10 ** _MILLION[big[1]], Span(span.start, span.end + big.end())


def _twofold(flat: str, span: Span, value: int) -> tuple[int, Span]:
    """ "Duas mil": two of them, though two by itself is no figure."""
    before = re.search(r"([^\W\d_]+) $", flat[max(0, span.start - 8) : span.start])
    if before and before[1] in _TWO:
        return 2 * value, Span(span.start - len(before[0]), span.end)
    return value, span


def _nouns(after: str, words: Words) -> list[re.Match[str]]:
    """The first words behind a number, up to one that leads to something else.

    Three; five where adjectives come first.
    """
    most = 5 if words.language == "en" else 3
    found: list[re.Match[str]] = []
    stops = set(words.words("figure_stop"))
    for match in _WORD.finditer(after):
        if len(found) == most or (found and match[0] in stops):
            break
        found.append(match)
    return found


def _offered(text: Text, words: Words, span: Span, value: int) -> Figure | None:
    """Places offered to people: "Cupo: 150"."""
    before = text.flat[max(0, span.start - 20) : span.start]
    room = [match.end() for match in words.pattern("room_for").finditer(before)]
    is_room = room and not before[room[-1] :].strip()
    if is_room or (words.pattern("places_offered").search(before) and ":" in before):
        return Figure(value, _qualifier(text, words, span), "people", span, 0.7)
    return None


def _qualifier(text: Text, words: Words, span: Span) -> str:
    before = re.sub(
        r"\s+(?:the|los|las|les|os|as|d'|de)\s*$",
        " ",
        text.flat[max(0, span.start - 26) : span.start],
    )
    for shown in (text.flat[max(0, span.start - 26) : span.start], before):
        best = ("", 0)
        for name in QUALIFIERS:
            for match in words.pattern(f"qualifier.{name}").finditer(shown):
                if not shown[match.end() :].strip(" '") and match.end() - match.start() > best[1]:
                    best = (name, match.end() - match.start())
        if best[0]:
            return best[0]
    return "exact"
