"""Results for the press: the words of a sheet, and the picture that other sites show."""

from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from convoca.actions.printing import papers
from convoca.campaigns.addresses import root
from convoca.campaigns.inks import ink_of
from convoca.core.dates import number_words
from convoca.core.languages import direction, locale_for
from convoca.core.preview import HEIGHT, WIDTH, draw
from convoca.core.typefaces import printable
from convoca.counting.notes import counted_once
from convoca.counting.results import Results
from convoca.counting.tally.words import tally_people

MOST_COUNTRIES = 15
"""How many fit on one page with all else."""


def rule_words() -> list[str]:
    """The rule in words: docs/develop/counting.md says the same, for who works on it."""
    return [
        _(
            "Each action counts once, however many tell of it. Its range goes from the lowest to "
            "the highest of all figures that are in force; they are never added up."
        ),
        _(
            "A total adds up the lower and the upper ends of its actions. That is an outer bound: "
            "it would be reached only if every action had been as small, or as large, as anybody "
            "says."
        ),
        _(
            "A figure is set aside only by a named person who writes down why, and it stays to be "
            "read, struck. What is not known is not counted as nobody, and is not guessed."
        ),
        _("Who signed up for an action is no part of any of this."),
    ]


# --- the sheet --------------------------------------------------------------------------------


def sheet_words(found: Results) -> dict[str, Any]:
    """All that stands on the sheet, as words."""
    made_of = [
        ngettext(
            "%(who)s: %(people)s (%(actions)s action)",
            "%(who)s: %(people)s (%(actions)s actions)",
            part.actions,
        )
        % {"who": part.name, "people": part.people, "actions": number_words(part.actions)}
        for part in found.parts
    ]
    who, label = found.who, found.moment_label
    return {
        "kind": " · ".join(
            word for word in (_("Results"), str(label) if label else "", found.days) if word
        ),
        "title": found.title.text,
        "people": tally_people(found.tally),
        "reported": found.reported,
        "lines": [line for line in (*made_of, counted_once(found.tally), *found.notes) if line],
        "table": _("By country"),
        "columns": [
            _("Country"),
            _("Actions"),
            pgettext("actions", "Reported"),
            _("People"),
        ],
        "rows": [
            [
                row.name,
                number_words(row.tally.actions),
                number_words(row.tally.reported),
                row.people,
            ]
            for row in found.countries[:MOST_COUNTRIES]
        ],
        "more": _more_countries(len(found.countries) - MOST_COUNTRIES),
        "how": _("How we count"),
        "rule": rule_words(),
        "foot": [
            line
            for line in (
                _("Last changed %(at)s.") % {"at": found.changed} if found.changed else "",
                f"{root()}{found.address()}",
                str(who.network),
                who.network.imprint_mail,
            )
            if line
        ],
    }


def _more_countries(number: int) -> str:
    """What the table leaves out."""
    if number <= 0:
        return ""
    words = ngettext(
        "And %(number)s more country, on the page whose address stands below.",
        "And %(number)s more countries, on the page whose address stands below.",
        number,
    )
    return words % {"number": number_words(number)}


def pdf(found: Results, paper: str) -> bytes:
    """The sheet as tagged PDF; `papers.Missing` where none can be made here."""
    words = sheet_words(found)
    papers.refuse_unset(*_all(words))
    locale = locale_for(found.who.language)
    return papers.set_in(
        _folder(),
        "press",
        {
            **_printable(words),
            "document": printable(words["title"]),
            "author": printable(str(found.who.network)),
            "lang": str(locale.language),
            "region": locale.territory,
            "dir": direction(found.who.language),
            "faces": papers.faces(),
            "paper": paper,
        },
    )


def _folder() -> Path:
    return Path(str(resources.files("convoca.counting").joinpath("papers")))


def _all(words: Any) -> list[str]:
    if isinstance(words, str):
        return [words]
    parts = words.values() if isinstance(words, dict) else words
    return [word for part in parts for word in _all(part)]


def _printable(words: Any) -> Any:
    if isinstance(words, str):
        return printable(words)
    if isinstance(words, dict):
        return {key: _printable(value) for key, value in words.items()}
    return [_printable(one) for one in words]


# --- the picture ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """Its words decide its address, so that it never grows old."""

    results: Results
    title: str
    under: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def stamp(self) -> str:
        """The hash of everything on it."""
        words = (self.title, self.under, self.results.campaign.ink, self.results.who.language)
        return sha256("\x1f".join(words).encode()).hexdigest()[:12]

    @property
    def path(self) -> str:
        return self.results.address("results-picture", self.stamp)

    @property
    def url(self) -> str:
        return f"{root()}{self.path}"

    def png(self) -> bytes:
        found = self.results
        return draw(self.title, self.under, ink_of(found.campaign.ink), found.who.language)


def picture_of(found: Results) -> Picture:
    """The range, where it is shown, and whose it is; else the campaign's title."""
    network = str(found.who.network)
    if not found.is_shown:
        return Picture(found, found.title.text, network)
    title = tally_people(found.tally)
    return Picture(found, title, f"{found.title.text} · {network}")
