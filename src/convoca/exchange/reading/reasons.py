"""Why a row was refused, or what about it a person should know: a code and values, worded late.

Codes are for programs and tests and never change; words are in the language of whoever reads.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

SAID = "said"
"""The code of a reason that is a sentence already."""
SHOWN = 80
"""Characters of a value that a sentence repeats."""


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    values: dict[str, object] = field(default_factory=dict)

    @classmethod
    def about(cls, code: str, text: object = "", **values: object) -> "Reason":
        """A reason that repeats what was written, cut where it is long."""
        words = str(text)
        return cls(code, {"text": words[:SHOWN] + "…" * (len(words) > SHOWN), **values})


WORDS: dict[str, StrOrPromise] = {
    # What refuses a row
    "row-long": _("This row has more than %(most)s characters. Is a quotation mark missing?"),
    "cell-long": _("A cell has more than %(most)s characters."),
    "row-broken": _("This row cannot be read: %(text)s"),
    "row-empty": _("This row says neither when nor where nor what."),
    "row-twice": _("This row says the same as row %(row)s."),
    "id-twice": _("Row %(row)s has the same id, “%(text)s”."),
    "date-missing": _("There is no date in this row."),
    "date-unread": _("“%(text)s” is not a date that we can read."),
    "date-impossible": _("There is no such day as “%(text)s”."),
    "date-early": _("“%(text)s” is in the year %(year)s, which is too long ago."),
    "date-late": _("“%(text)s” is in the year %(year)s, which is too far ahead."),
    "date-yearless": _("“%(text)s” has no year."),
    "date-turned": _("It ends (%(end)s) before it begins (%(start)s)."),
    "date-many": _("“%(text)s” is more than %(most)s days."),
    "size-turned": _("The low number (%(low)s) is larger than the high one (%(high)s)."),
    "size-negative": _("“%(text)s” is less than nobody."),
    "size-impossible": _("“%(text)s” is more people than can be in one place."),
    "geometry-none": _("This has no position and no name of a place."),
    "calendar-broken": _("This entry of the calendar cannot be read: %(text)s"),
    # What a person should know about a row that was read
    "place-unknown": _("No place called “%(text)s” is known there. It is left open."),
    "place-asked": _("“%(text)s” may be several places. It is left open."),
    "place-several": _("“%(text)s” names several towns. It is left open."),
    "place-wide": _("“%(text)s” is not a town. It is left open."),
    "place-guess": _("“%(text)s” is taken to be %(place)s."),
    "place-missing": _("There is no place in this row."),
    "place-online": _("This is online."),
    "position-swapped": _("Latitude and longitude were the wrong way round."),
    "position-impossible": _("“%(text)s” is no position on Earth."),
    "position-far": _(
        "The position is %(km)s km from %(place)s. The town is kept, not the position."
    ),
    "position-centre": _("This is an area, of which the middle was taken."),
    "country-unknown": _("“%(text)s” is not a country that we know."),
    "clock-unread": _("“%(text)s” is not a time that we can read."),
    "clock-several": _("“%(text)s” are several times; none was taken."),
    "zone-unknown": _("“%(text)s” is not a time zone."),
    "zone-missing": _("It is not known in which zone this time is."),
    "size-unread": _("“%(text)s” is not a number of people that we can read. The words are kept."),
    "size-not-people": _("“%(text)s” does not count people. The words are kept."),
    "recurrence-cut": _(
        "It repeats for longer: the first %(most)s times within two years were taken."
    ),
    "recurrence-often": _("It repeats more than once a day: only the first time was taken."),
    "recurrence-unread": _("How it repeats cannot be read: only the first time was taken."),
    "columns-many": _("Only the first %(most)s columns were read."),
    # What is said of a whole file
    "dates-dmy": _(
        "In dates such as 6/12/2018 the day comes first: %(sure)s of %(rows)s leave no "
        "choice."
    ),
    "dates-mdy": _(
        "In dates such as 6/12/2018 the month comes first: %(sure)s of %(rows)s leave no "
        "choice."
    ),
    "dates-dmy-guess": _(
        "In dates such as 6/12/2018 the day is taken to come first. None of %(rows)s "
        "decides it: look at some."
    ),
    "dates-mdy-guess": _(
        "In dates such as 6/12/2018 the month is taken to come first. None of %(rows)s "
        "decides it: look at some."
    ),
    "numbers-thousand": _(
        "“%(text)s” is a thousand here. Numbers of this file that are written so: %(rows)s."
    ),
    "numbers-thousand-guess": _(
        "“%(text)s” is taken for a thousand. Nothing decides it: look at some. Numbers of this "
        "file that are written so: %(rows)s."
    ),
    "numbers-one": _(
        "“%(text)s” is one here, since the same sign stands before parts in this file."
    ),
    "id-repeats": _("The column “%(text)s” repeats its numbers, so it is not taken for an id."),
    "header-missing": _("The first row is no heading, so columns are called by their numbers."),
    "header-late": _("What stands above row %(row)s is not read: the heading is there."),
    "encoding-mended": _("Some letters were not UTF-8 and were read as Windows-1252."),
    "file-cut": _("Only the first %(most)s rows were read."),
    "country-suggested": _("The places of this file seem to lie in %(country)s."),
    "town-suggested": _("This file is called after %(town)s: do all its rows happen there?"),
}  # fmt: skip


def in_words(reason: Reason) -> str:
    """The sentence for a reason, in the reader's language."""
    if reason.code == SAID:
        return str(reason.values["text"])
    return str(WORDS[reason.code]) % reason.values
