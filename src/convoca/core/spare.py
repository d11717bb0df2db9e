"""Pages for when nothing else can be drawn: in all languages of the interface, and with what was
typed. They need no database, no catalogue and no Django, as those may be what has just broken.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from pathlib import Path

MOST_FIELDS, LONGEST_FIELD, MOST_TEXT = 60, 500_000, 2_000_000
_SECTION = re.compile(
    r'<section lang="(\w+)" dir="(\w+)">\s*<h2>(.*?)</h2>\s*<p>(.*?)</p>\s*</section>', re.S
)
_MACHINE_FIELDS = re.compile(r"(do|hand|next|seen_revision|(seen|was|base)-\d+)$")
_SECRET_FIELDS = re.compile(r"csrf|token|code|otp|secret|password|signature|passkey", re.I)
_FRONT = "To the front page"
_TO_THE_FRONT = {
    "en": _FRONT,
    "es": "A la portada",
    "fr": "À la page d’accueil",
    "pt": "Para a página inicial",
    "ar": "إلى الصفحة الرئيسية",
}
_KEPT = {
    "en": "What you typed",
    "es": "Lo que escribió",
    "fr": "Ce que vous avez écrit",
    "pt": "O que escreveu",
    "ar": "ما كتبته",
}


@cache
def page(path: Path, language: str) -> str:
    """The page in all languages of the interface, the reader's first: it changes places."""
    words = path.read_text(encoding="utf-8")
    own = next((section for section in _SECTION.finditer(words) if section[1] == language), None)
    head = re.search(r"<h1[^>]*>(.*?)</h1>", words, re.S)
    first = re.search(r"<p>(.*?)</p>", words, re.S)
    if own is None or head is None or first is None:
        return words
    tag, way, title, advice = own.groups()
    english = f'<section lang="en" dir="ltr">\n<h2>{head[1]}</h2>\n<p>{first[1]}</p>\n</section>'
    words = words.replace(own[0], english)
    words = words.replace(f">{head[1]}</h1>", f">{title}</h1>", 1)
    words = words.replace(f"<p>{first[1]}</p>", f"<p>{advice}</p>", 1)
    words = words.replace(f"<title>{head[1]}</title>", f"<title>{title}</title>", 1)
    words = words.replace(f">{_FRONT}</a>", f">{_TO_THE_FRONT[tag]}</a>", 1)
    return words.replace('<html lang="en" dir="ltr">', f'<html lang="{tag}" dir="{way}">', 1)


def with_what_was_typed(path: Path, language: str, answers: "Iterable[tuple[str, str]]") -> str:
    """The page, and each answer of the form that was sent, to be copied: below the words that say
    so, before those in other languages.
    """
    words, kept = page(path, language), "".join(typed(answers))
    if not kept:
        return words
    others = "\n".join(section[0] for section in _SECTION.finditer(words))
    head = _KEPT[language if language in _KEPT else "en"]
    return _SECTION.sub("", words).replace(
        "</main>",
        f'<section class="section"><h2>{head}</h2>{kept}</section>'
        f'<div class="section stack">{others}</div></main>',
    )


def typed(answers: "Iterable[tuple[str, str]]") -> Iterator[str]:
    """Fields to copy from, one for each answer of a form; never codes or secrets."""
    total = 0
    for number, (name, value) in enumerate(answers):
        text = value.strip()
        total += len(text)
        if number >= MOST_FIELDS or total > MOST_TEXT:
            return
        if not text or _MACHINE_FIELDS.match(name) or _SECRET_FIELDS.search(name):
            continue
        label = escape(name.replace("_", " "))
        yield (
            f'<p class="ask"><label><span lang="en" dir="ltr">{label}</span><br>'
            f'<textarea class="line" readonly rows="{_rows(text)}" dir="auto">\n'
            f"{escape(text[:LONGEST_FIELD])}</textarea></label></p>"
        )


def _rows(text: str) -> int:
    """About as many lines as it takes on a phone, up to a dozen."""
    return min(12, sum(1 + len(line) // 36 for line in text.split("\n", 12)))
