"""One fold for searching: what was written and what is asked are brought to the same spelling.

SQLite's own accent removal misses Greek, ø, ł, ß, ı and Chinese, Japanese and Korean, and
PostgreSQL would need an extension; so text is folded here, when it is written and when it is asked.
"""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "ŧ": "t",
        "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss", "ς": "σ", "ə": "e", "ʻ": "", "’": "'",
        # Arabic: forms of alef, yeh and heh that writers use for each other; Persian and Urdu ones.
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي",
        "ؤ": "و", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ک": "ك", "گ": "ك", "ـ": "", "ء": "",
    }
)  # fmt: skip
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
# Vowel signs of Indic, Thai and Burmese writing are letters to a reader, though not to `\w`.
_SIGNS = "".join(chr(n) for n in range(0x900, 0x1D00) if unicodedata.category(chr(n))[0] == "M")
_MARKS = dict.fromkeys(n for n in range(0x300, 0x1F000) if unicodedata.combining(chr(n)))
"""Accents and the like, which go; as a table, because whole calls are folded."""
_SPACE = re.compile(rf"[^\w{_SIGNS}]+")

_ASCII_SPACE = re.compile(r"[^0-9_a-z]+")


_MARKS_ON_ONE = 30
"""Accents on one letter, as Unicode's own Stream-Safe Format allows (UAX 15): putting more into
their order takes time that grows with the square of their number."""
_MANY_MARKS = re.compile(rf"[^\w\s\x00-\u02ff]{{{_MARKS_ON_ONE + 1},}}")


def composed(text: str) -> str:
    """Letters and their accents as one sign each (NFC); of more accents on one letter than any
    language has, the first thirty.
    """
    return unicodedata.normalize("NFC", _MANY_MARKS.sub(_few_marks, text))


def _few_marks(match: re.Match[str]) -> str:
    kept, marks = [], 0
    for sign in match[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MARKS_ON_ONE:
            kept.append(sign)
    return "".join(kept)


def fold(text: str) -> str:
    """The searched spelling of `text`: lower case, no accents, words parted by one blank.

    Folding twice changes nothing.
    """
    if text.isascii():  # most of what is asked, several times as fast
        return _ASCII_SPACE.sub(" ", text.lower().replace("'", "")).strip()
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = plain.translate(_MARKS).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKC", plain)
    return _SPACE.sub(" ", plain.replace("'", "")).strip()


def terms(text: str) -> list[str]:
    """The words of `text` to look up: folded, and runs of CJK as overlapping pairs."""
    folded = fold(text)
    if not _CJK.search(folded):
        return folded.split()
    found: list[str] = []
    for word in folded.split():
        at = 0
        for run in _CJK.finditer(word):
            found += [word[at : run.start()]] if run.start() > at else []
            letters = run.group()
            found += [letters[i : i + 2] for i in range(max(1, len(letters) - 1))]
            at = run.end()
        found += [word[at:]] if at < len(word) else []
    return found
