"""A list that was brought in, as screens show it."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.dates import number_words
from convoca.exchange.models import Import


@dataclass(frozen=True)
class ShownImport:
    """What became of a list so far, in words."""

    run: Import
    state: str
    signal: str
    """The colour that goes with the word."""
    counts: list[str]
    waits_for: Import | None = None
    """The list of its source that comes in before it."""

    @property
    def who(self) -> str:
        """Who said yes."""
        return str(self.run.under.person) if self.run.under else _("The operator")

    @property
    def source(self) -> str:
        """Whose list it is."""
        return str(self.run.source or _("Members"))

    @property
    def is_linking(self) -> bool:
        """Whether all rows are in and only what follows from them is left."""
        return self.run.is_read and not self.run.ended_at

    @property
    def total(self) -> int:
        """How many rows there are, at least as many as are in."""
        return max(self.run.total, self.rows)

    @property
    def rows(self) -> int:
        """How many rows are in."""
        return int(self.run.counts.get("rows", 0))

    @property
    def so_far(self) -> str:
        """How far it has come."""
        return _("%(done)s of %(total)s rows") % {
            "done": number_words(self.rows),
            "total": number_words(self.total),
        }

    @property
    def doubtful(self) -> int:
        """How many of its reports may be of actions that are known."""
        return int(self.run.counts.get("doubtful", 0))

    @property
    def doubtful_url(self) -> str:
        """Where a person decides which action a report is of."""
        try:
            return reverse("counting:doubtful")
        except NoReverseMatch:
            return ""


def what_became(run: Import) -> ShownImport:
    """A list with what became of it."""
    waits_for = run.waits_for()
    if run.ended_at:
        state, signal = _("Come in"), "ok"
    elif waits_for is not None:
        state, signal = _("Waiting"), "wait"
    elif run.has_stopped:
        state, signal = _("Stopped"), "stop"
    else:
        state, signal = _("Coming in"), "wait"
    return ShownImport(run, state, signal, _counted(run.counts), waits_for)


def _counted(counts: dict[str, int]) -> list[str]:
    """What there is of each, without what there is none of."""
    number = {name: int(counts.get(name, 0)) for name in _WORDS}
    return [_WORDS[name](value) for name, value in number.items() if value]


def _new(n: int) -> str:
    return ngettext("%(n)s new", "%(n)s new", n) % {"n": number_words(n)}


def _changed(n: int) -> str:
    return ngettext("%(n)s changed", "%(n)s changed", n) % {"n": number_words(n)}


def _same(n: int) -> str:
    return ngettext("%(n)s already known", "%(n)s already known", n) % {"n": number_words(n)}


def _refused(n: int) -> str:
    return ngettext("%(n)s left out", "%(n)s left out", n) % {"n": number_words(n)}


def _vanished(n: int) -> str:
    return ngettext("%(n)s no longer said", "%(n)s no longer said", n) % {"n": number_words(n)}


def _committees(n: int) -> str:
    return ngettext("%(n)s committee", "%(n)s committees", n) % {"n": number_words(n)}


def _invitations(n: int) -> str:
    return ngettext("%(n)s invitation", "%(n)s invitations", n) % {"n": number_words(n)}


def _affiliated(n: int) -> str:
    return ngettext("%(n)s became part of another", "%(n)s became parts of others", n) % {
        "n": number_words(n)
    }


_WORDS = {
    "new": _new,
    "changed": _changed,
    "same": _same,
    "refused": _refused,
    "vanished": _vanished,
    "committees": _committees,
    "invitations": _invitations,
    "affiliated": _affiliated,
}
