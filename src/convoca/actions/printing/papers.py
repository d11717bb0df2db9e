"""Posters, cards and sign-in sheets as tagged PDF, by Typst (the extra `pdf`).

People's words reach Typst as data, never as source. It sees our templates and the typefaces of
this installation, no other file and no network. Where the extra, or a typeface for somebody's
letters, is missing, `Missing` says what to do; callers then offer the page to print instead, which
a reader's browser sets in the reader's own typefaces.
"""

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convoca.actions.printing import qr
from convoca.actions.printing.facts import PosterFacts, SheetFacts
from convoca.campaigns.addresses import interface_language
from convoca.core.dates import day_words, number_words
from convoca.core.errors import Refusal
from convoca.core.ink import is_covered
from convoca.core.languages import locale_for
from convoca.core.typefaces import (
    folder_of_operator,
    folder_of_ours,
    missing_letters,
    operators_faces,
    printable,
)
from convoca.pages.public import draw_again_at

if TYPE_CHECKING:
    import typst

Paper = Literal["a4", "a3", "us-letter"]
OURS: Final = ("Noto Sans", "Noto Sans Arabic")
LONG: Final = 20
"""Letters of a word that any line of a title takes."""
LONGEST: Final = 70
COMPOUNDING: Final = frozenset("de nl sv da nb nn no fi et hu is tr el ru uk".split())  # noqa: SIM905
"""Languages with long words that Typst knows how to part."""


class Missing(Refusal):
    """No PDF can be made here; the message says what to install."""


def is_possible() -> bool:
    """Whether the extra `pdf` is installed. Costs nothing: Typst is not loaded."""
    return find_spec("typst") is not None


# --- the papers -------------------------------------------------------------------------------


def poster(facts: PosterFacts, paper: Paper = "a4", *, is_filled: bool = False) -> bytes:
    """A poster with slips to tear off; white with a frame in ink, or filled with it."""
    facts = _ready(facts)
    words = _words(facts) | {
        "paper": paper,
        "is_filled": is_filled,
        "on": facts.ink.on,
    }
    return _pdf("poster", words)


def cards(facts: PosterFacts, paper: Literal["a4", "us-letter"] = "a4") -> bytes:
    """Ten small cards on one sheet, to be cut."""
    return _pdf("cards", _words(_ready(facts)) | {"paper": paper})


def sheet(facts: SheetFacts, paper: Literal["a4", "us-letter"] = "a4") -> bytes:
    """A sign-in sheet: those who said they come, then blank lines; a head on every page."""
    action = _ready(facts.action, *(one.name for one in facts.names), facts.consent)
    with translation.override(interface_language(action.lang)):
        words = _words(action) | words_of_sheet(facts)
    return _pdf("sheet", words | {"paper": paper})


def words_of_sheet(facts: SheetFacts, *, as_typed: bool = False) -> dict[str, Any]:
    """The words of a sheet around the action's, in the active language.

    For PDF without the signs that no typeface here holds; `as_typed` for pages.
    """
    tidy: Callable[[str], str] = str if as_typed else printable
    lang = facts.action.lang
    columns = [
        pgettext("a column", "No."),
        _("Name"),
        pgettext("how many", "People"),
        pgettext("on a sign-in sheet", "Here"),
    ]
    expected = [(tidy(one.name), number_words(one.people, lang)) for one in facts.names]
    lines = expected + [("", "")] * facts.blank_lines
    return {
        "sheet": _("Sign-in sheet"),
        "columns": [*columns, _("Phone or email")] if facts.consent else columns,
        "rows": [
            {"number": number_words(number, lang), "name": name, "people": people}
            for number, (name, people) in enumerate(lines, start=1)
        ],
        "consent": tidy(facts.consent),
        "destroy": _("Destroy this sheet by %(day)s, so that nobody else can read it.")
        % {"day": day_words(facts.destroy_by, lang)},
        "printed": _("Printed on %(day)s.") % {"day": day_words(facts.printed_on, lang)},
        "page": _("Page %(number)s of %(all)s") % {"number": "%1", "all": "%2"},
    }


# --- words and faces --------------------------------------------------------------------------


def can_set(facts: PosterFacts | SheetFacts) -> bool:
    """Whether a PDF can be made here of these words; else there are the pages to print."""
    if not is_possible():
        return False
    if isinstance(facts, SheetFacts):
        names = (*(one.name for one in facts.names), facts.consent)
        return not (facts.action.missing_letters() + missing_letters(*names))
    return not facts.missing_letters()


def _ready(facts: PosterFacts, *names: str) -> PosterFacts:
    """The facts in words that can be printed, or `Missing` for letters that no face holds."""
    refuse_unset(facts.missing_letters(), *names)
    return facts.printable()


def _words(facts: PosterFacts) -> dict[str, Any]:
    """What every template is given, all of it words."""
    locale = locale_for(facts.lang)
    with translation.override(interface_language(facts.lang)):
        notice = _("Demo: this action and its organisations are invented.")
        short, alt = _("Demo"), _("QR code of %(address)s") % {"address": facts.short_address}
    lines = _address_lines(facts.short_address)
    above = facts.state if facts.day or facts.is_off else ""
    return {
        "lang": str(locale.language),
        "region": locale.territory,
        "dir": facts.dir,
        "document": facts.title,
        "author": facts.hosts_words or facts.network,
        "faces": faces(),
        "colour": facts.ink.field,
        "title": _with_breaks(facts.title, facts.title_language),
        "title_words": [part for word in facts.title.split() for part in _parts(word)] or [""],
        "title_parts": any(len(word) > LONG for word in facts.title.split()),
        "title_lang": str(locale_for(facts.title_language).language),
        "title_dir": facts.title_dir,
        "title_face": _face(facts.title),
        "is_off": facts.is_off,
        "head": " · ".join(w for w in (facts.kind, facts.campaign or facts.network) if w),
        "above": above,
        "day": facts.day,
        "day_face": _face(facts.day),
        "instead_of_day": "" if facts.day or above else facts.state,
        "weekday": facts.weekday,
        "month": facts.month,
        "clock": facts.clock,
        "when": facts.when_words,
        "place": list(facts.place),
        "hosts": facts.hosts_words,
        "short_address": facts.short_address,
        "address_lines": lines,
        "address_size": min(13.0, 290 / max(len(line) for line in lines)),
        "address_size_in_line": min(11.0, 400 / max(len(facts.short_address), 1)),
        "qr": qr.svg_for_paper(facts.url),
        "qr_alt": alt,
        "notice": notice if facts.is_demo else "",
        "notice_short": short if facts.is_demo else "",
    }


def _address_lines(address: str) -> list[str]:
    """A long address in two: the server's name, and what comes after it."""
    name, slash, rest = address.partition("/")
    return [address] if len(address) <= 26 or not rest else [name, slash + rest]


def _parts(word: str) -> list[str]:
    """A long word in pieces that must fit into a line; it may be parted between them or sooner."""
    if _is_joined(word):
        return [word]
    return [word[at : at + LONG] for at in range(0, len(word), LONG)]


def _with_breaks(title: str, lang: str) -> str:
    """The title with room to part words that no line takes and no rule of the language parts."""
    most = LONGEST if lang.split("-")[0] in COMPOUNDING else LONG
    return " ".join(
        "\u200b".join(_clusters(word)) if len(word) > most and not _is_joined(word) else word
        for word in title.split()
    )


def _clusters(word: str) -> list[str]:
    """Letters with the marks on them."""
    clusters: list[str] = []
    for letter in word:
        if clusters and unicodedata.category(letter).startswith("M"):
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def _is_joined(word: str) -> bool:
    return any(unicodedata.bidirectional(letter) == "AL" for letter in word)


def _face(text: str) -> str:
    """Which face of the poster holds the whole text; `text` where none does."""
    if not is_covered(text):
        return "text"
    return "kufi" if any("\u0600" <= letter <= "\u08ff" for letter in text) else "fira"


@cache
def _templates() -> Path:
    return Path(str(resources.files("convoca.actions.printing").joinpath("papers")))


def _fonts() -> "typst.Fonts":
    files = tuple(str(face.path) for face in operators_faces())
    return _fonts_with(folder_of_operator(), files)


@lru_cache(maxsize=4)
def _fonts_with(own: Path, _files: tuple[str, ...]) -> "typst.Fonts":
    """Ours and the operator's, found once; `_files` so that new ones are seen."""
    import typst  # noqa: PLC0415  an extra, and 80 MB

    folders = [folder_of_ours(), *([own] if own.is_dir() else [])]
    return typst.Fonts(False, False, list(folders))


def _operators_families() -> list[str]:
    """By file name, so that an operator says by the name which comes first."""
    own = str(folder_of_operator())
    found = [font for font in _fonts().fonts() if (font.path or "").startswith(own)]
    return list(dict.fromkeys(font.family for font in sorted(found, key=lambda f: f.path or "")))


def faces() -> list[str]:
    """The families of this installation, ours first."""
    return [*OURS, *_operators_families()]


def refuse_unset(*texts: str) -> None:
    """`Missing`, where no PDF can be made here of these words."""
    if not is_possible():
        raise Missing(
            "pdf-missing",
            _("This server makes no PDF. Its operator can add that with: make program-pdf"),
        )
    if letters := missing_letters(*texts)[:10]:
        raise Missing(
            "typeface-missing",
            _("This server has no typeface for these letters: %(letters)s") % {"letters": letters},
        )


def _pdf(template: str, words: dict[str, Any]) -> bytes:
    return set_in(_templates(), template, words)


def set_in(folder: Path, template: str, words: dict[str, Any]) -> bytes:
    """A tagged PDF by a template of this folder, which sees nothing beside the folder."""
    import typst  # noqa: PLC0415  an extra, and 80 MB

    compiler = typst.Compiler(
        folder / f"{template}.typ",
        root=folder,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"words": json.dumps(words, ensure_ascii=False)},
        package_path=folder,
        package_cache_path=folder,
    )
    # The day alone: the same words are the same bytes for every reader of that day.
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    draw_again_at(today + timedelta(days=1))
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=today)
    assert isinstance(made, bytes)  # noqa: S101  one document, one file
    return made
