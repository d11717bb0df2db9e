"""Which moments belong to the present edition, and which one a poster speaks of. No database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from convoca.campaigns.models import Moment

Phase = Literal["undated", "before", "now", "after"]

_ASIDE = (Moment.Kind.DEADLINE, Moment.Kind.OTHER)
"""Kinds that a poster speaks of only where there is nothing else."""


@dataclass(frozen=True)
class Editions:
    """A campaign's moments by edition: the present one, past ones newest first, later ones."""

    name: str = ""
    present: list[Moment] = field(default_factory=list)
    past: dict[str, list[Moment]] = field(default_factory=dict)
    later: dict[str, list[Moment]] = field(default_factory=dict)


def by_edition(moments: Iterable[Moment], today: date) -> Editions:
    """Part the moments; an edition is past when another follows it and its last day is over.

    With nothing to come, the last edition stays the present one until a new one is made.
    """
    groups: dict[str, list[Moment]] = {}
    for moment in sorted(moments, key=lambda m: (m.starts_on, m.pk or 0)):
        groups.setdefault(moment.edition, []).append(moment)
    if not groups:
        return Editions()
    open_ones = [name for name, group in groups.items() if _is_open(group, today)]
    name = open_ones[0] if open_ones else list(groups)[-1]
    past = [key for key in groups if key != name and not _is_open(groups[key], today)]
    return Editions(
        name=name,
        present=groups[name],
        past={key: groups[key] for key in reversed(past)},
        later={key: groups[key] for key in open_ones[1:]},
    )


def _is_open(group: Sequence[Moment], today: date) -> bool:
    return any(not moment.is_over(today) and not moment.is_cancelled for moment in group)


def main_moment(moments: Sequence[Moment], today: date) -> Moment | None:
    """The moment a poster speaks of: on now (the shortest), else the next, else the last."""
    standing = [moment for moment in moments if not moment.is_cancelled]
    shown = [moment for moment in standing if moment.kind not in _ASIDE] or standing
    if not shown:
        return moments[0] if moments else None
    now = [moment for moment in shown if moment.is_now(today)]
    if now:
        return min(now, key=lambda m: (m.ends_on - m.starts_on, m.starts_on))
    coming = [moment for moment in shown if moment.starts_on > today]
    if coming:
        return min(coming, key=lambda m: m.starts_on)
    late = [moment for moment in standing if not moment.is_over(today)]  # a last deadline, perhaps
    return min(late, key=lambda m: m.starts_on) if late else max(shown, key=lambda m: m.ends_on)


def phase_of(moment: Moment | None, today: date) -> Phase:
    """Where a moment stands in time."""
    if moment is None:
        return "undated"
    if moment.is_now(today):
        return "now"
    return "before" if moment.starts_on > today else "after"
