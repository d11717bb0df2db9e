"""Totals in words: ranges are words in every language, because dashes turn round in some."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.dates import number_words
from convoca.counting.tally.computing import Share, Tally
from convoca.counting.tally.rows import Range


def range_words(low: int | None, high: int | None, *, is_open: bool = False) -> str:
    """From a low to a high number of people; what is not known is said so."""
    if low is None and high is None:
        return _("not known")
    if high is None:
        return _("%(low)s or more") % {"low": number_words(low or 0)}
    if low is None:
        words = _("%(high)s or more") if is_open else _("at most %(high)s")
        return words % {"high": number_words(high)}
    if low == high:
        words = _("%(low)s or more") if is_open else "%(low)s"
        return words % {"low": number_words(low)}
    words = _("%(low)s to %(high)s or more") if is_open else _("%(low)s to %(high)s")
    return words % {"low": number_words(low), "high": number_words(high)}


def people_words(people: Range) -> str:
    """The range of one action, or of one estimate."""
    return range_words(people.low, people.high)


def tally_words(tally: Tally) -> str:
    """The range of several actions."""
    return _sum_words(tally, tally.with_figure)


def share_words(share: Share) -> str:
    """What one voice says, alone."""
    return _sum_words(share, share.actions)


def _sum_words(one: Tally | Share, with_figure: int) -> str:
    if not with_figure:
        return range_words(None, None)
    has_low = one.without_low < with_figure
    return range_words(one.low if has_low else None, one.high, is_open=one.without_high > 0)


def counted_people(low: int | None, high: int | None, words: str) -> str:
    """A range as a phrase of its own: "200 to 300 people"."""
    if low is None and high is None:
        return _("How many people is not known")
    number = high if high is not None and low in (high, None) else max(low or 0, high or 0, 2)
    return ngettext("%(people)s person", "%(people)s people", number) % {"people": words}


def tally_people(tally: Tally) -> str:
    """The same of several actions."""
    known = tally.with_figure > 0
    low, high = (tally.low, tally.high) if known else (None, None)
    return counted_people(low, high, tally_words(tally))
