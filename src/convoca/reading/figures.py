"""Numbers that are reported: how many, of what, and how surely."""

import re
from functools import lru_cache

from convoca.reading.draft import Figure
from convoca.reading.text import Covered, Span, Text
from convoca.reading.words import Words, numbers_of

UNITS = ("delegates", "countries", "cities", "organisations", "people")
QUALIFIERS = ("over", "under", "nearly", "about")
_DIGITS = r"\d{1,3}(?:[.,  ' ]\d{3})+(?!\d)|\d+"
_MILLION = {"millones": 6, "millon": 6, "millions": 6, "million": 6, "milhoes": 6, "milhao": 6,
            "mil": 3, "mille": 3, "thousand": 3, "milioni": 6, "millionen": 6, "tausend": 3,
            "الف": 3, "مليون": 6}  # fmt: skip
_MONEY = re.compile(r"\s?[€$£%‰]|\s?(?:per\s?cent|por ciento|pour cent|por cento)")
_WORD = re.compile(r"[^\W\d_][\w'-]*")


@lru_cache(maxsize=16)
def _pattern(language: str) -> re.Pattern[str]:
    known = numbers_of(language)
    words = "|".join(map(re.escape, sorted(known, key=len, reverse=True))) or "(?!)"
    return re.compile(
        rf"(?<![\w.,/+:€$£#º°-])(?:(?P<digits>{_DIGITS})|(?P<words>(?:{words})(?:(?:\s+(?:y|et|e|and)\s+|[\s-])(?:{words}|hundred|thousand|cent)\b)*|(?:one|a)?\s?hundred))(?![\w/:])"
    )


def figures_of(text: Text, words: Words, taken: list[Span]) -> list[Figure]:
    """The figures of a text, outside what is taken (days, names, telephone numbers)."""
    found: dict[tuple[int, str, str], Figure] = {}
    dozens = words.words("dozen")
    flat = text.flat
    spots = [
        (m.start(), m.end(), _value(m, words)) for m in _pattern(words.language).finditer(flat)
    ]
    for word in dozens:
        for m in re.finditer(
            rf"(?<!\w)(?:(two|deux|dos|duas|three|tres|trois)\s+)?{word}s?(?!\w)", flat
        ):
            times = {"two": 2, "deux": 2, "dos": 2, "duas": 2, "three": 3, "tres": 3, "trois": 3}
            spots.append((m.start(), m.end(), 12 * times.get(m[1], 1)))
    covered = Covered(len(flat), taken)
    last: Figure | None = None
    for start, end, value in sorted(spots):
        span = Span(start, end)
        if value < 3 or covered.meets(span):
            continue
        figure = _figure(text, words, span, value)
        if figure is None and last and text.sentence_at(last.span.start) == text.sentence_at(start):
            figure = _elliptic(text, words, span, value, last)
        if figure:
            last = figure
            found.setdefault((figure.value, figure.qualifier, figure.unit), figure)
    return list(found.values())


def _elliptic(text: Text, words: Words, span: Span, value: int, last: Figure) -> Figure | None:
    """ "The first reached 1,260 workers; the second, about 4,000." """
    qualifier = _qualifier(text, words, span)
    ends = re.match(r"\s*(?:[.;,!?]|$)", text.flat[span.end : span.end + 4])
    is_alone = qualifier != "exact" and ends
    return Figure(value, qualifier, last.unit, span, 0.5) if is_alone else None


def _value(match: re.Match[str], words: Words) -> int:
    if match["digits"]:
        digits = re.sub(r"\D", "", match["digits"])
        return int(digits) if len(digits) <= 12 else 0
    known = numbers_of(words.language)
    total = part = 0
    for word in re.findall(r"[^\W\d_]+", match["words"]):
        value = {"hundred": 100, "thousand": 1000}.get(word, known.get(word, 0))
        if value >= 100 and part:
            part *= value
        elif word == "hundred" or word == "thousand":
            part = value
        else:
            part += value
        if value >= 1000:
            total, part = total + part, 0
    return total + part


def _figure(text: Text, words: Words, span: Span, value: int) -> Figure | None:
    flat, end = text.flat, span.end
    sentence = text.sentence_at(span.start)
    if _MONEY.match(flat, end) or re.match(r"\s*[-–]?\s*\d", flat[end : end + 4]):
        return None
    if re.search(r"\d[\s-]*$", flat[max(0, span.start - 3) : span.start]) or re.search(
        r"[(+]\d*\)?\s*$", flat[max(0, span.start - 5) : span.start]
    ):
        return None
    after = flat[end : min(end + 60, max(sentence.end, end))]
    big = _WORD.match(after.lstrip())
    if big and big[0] in _MILLION and "\n" not in after[: len(after) - len(after.lstrip())]:
        value *= 10 ** _MILLION[big[0]]
        moved = len(after) - len(after.lstrip()) + big.end()
        end, after = end + moved, after[moved:]
        after = re.sub(r"^\s+(?:de|d'|of)\s+", " ", after)
    after = re.split(r"[,;:.!?()\n«“\"]", after, maxsplit=1)[0]
    unit = ""
    nouns = list(_WORD.finditer(after))[:3]
    if not nouns:
        return _offered(text, words, span, value)
    if words.pattern("not_counted").match(nouns[0][0]) and nouns[0][0] not in ("de", "of"):
        return None
    near = after[: nouns[-1].end()]
    places = []
    for name in UNITS:
        if match := words.pattern(f"unit.{name}").search(near):
            places.append((match.start(), name))
    if places:
        unit = min(places)[1]
    elif (
        value >= 3
        and (nouns[0][0][-1:] in "sxn" or not text.flat.isascii())
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


def _offered(text: Text, words: Words, span: Span, value: int) -> Figure | None:
    """Places offered to people: "Cupo: 150"."""
    before = text.flat[max(0, span.start - 20) : span.start]
    if words.pattern("places_offered").search(before) and ":" in before:
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
