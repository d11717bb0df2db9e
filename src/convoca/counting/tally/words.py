"""Totals in words: ranges are words in every language, because dashes turn round in some."""

from django.utils.translation import gettext as _

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
    if not tally.with_figure:
        return range_words(None, None)
    has_low = tally.without_low < tally.with_figure
    return range_words(tally.low if has_low else None, tally.high, is_open=tally.is_open)


def share_words(share: Share) -> str:
    """What one voice says, alone."""
    if not share.actions:
        return ""
    return range_words(share.low, share.high)
