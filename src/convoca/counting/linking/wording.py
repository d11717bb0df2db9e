"""Says reasons in the reader's language. The only file here that needs Django."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.dates import list_words, number_words
from convoca.counting.linking.reasons import Reason


def said(reasons: Iterable[Reason]) -> list[str]:
    """Each reason as a few words, without a full stop: "same day", "300 m apart"."""
    return [_WORDS[reason.code](*reason.values) for reason in reasons]


def sentence(reasons: Iterable[Reason]) -> str:
    """All reasons in one line: "same day; 300 m apart; both name the port workers' union"."""
    return _("; ").join(said(reasons))


def _days_apart(days: int) -> str:
    return ngettext("%(days)s day apart", "%(days)s days apart", days) % {
        "days": number_words(days)
    }


def _quoted(words: Iterable[str]) -> str:
    return list_words([_("“%(word)s”") % {"word": word} for word in words])


_WORDS: dict[str, Callable[..., str]] = {
    "same-day": lambda: _("same day"),
    "days-apart": _days_apart,
    "metres-apart": lambda m: _("%(metres)s m apart") % {"metres": number_words(m)},
    "km-apart": lambda km: _("%(km)s km apart") % {"km": number_words(km)},
    "same-town": lambda town: _("both in %(town)s") % {"town": town} if town else _("same town"),
    "same-name-elsewhere": lambda town: (
        _("towns of the same name, %(town)s, in different regions") % {"town": town}
    ),
    "towns-alike": lambda one, other: (
        _("towns with like names, %(one)s and %(other)s") % {"one": one, "other": other}
    ),
    "same-venue": lambda venue: _("the same spot is named: %(venue)s") % {"venue": venue},
    "same-organiser": lambda who: _("both name %(organiser)s") % {"organiser": who},
    "same-words": lambda *words: _("both say %(words)s") % {"words": _quoted(words)},
    "words-together": lambda one, other: (
        _("“%(one)s” often goes with “%(other)s”") % {"one": one, "other": other}
    ),
    "one-counters": lambda: _("only one calls itself a counter-protest"),
    "no-sizes": lambda: _("no sizes known"),
    "one-size": lambda size: _("one size known, %(size)s") % {"size": number_words(size)},
    "same-size": lambda size: _("same size, %(size)s") % {"size": number_words(size)},
    "sizes-near": lambda one, other: (
        _("sizes near each other, %(one)s and %(other)s")
        % {"one": number_words(one), "other": number_words(other)}
    ),
    "sizes-apart": lambda one, other: (
        _("sizes far apart, %(one)s and %(other)s")
        % {"one": number_words(one), "other": number_words(other)}
    ),
}
