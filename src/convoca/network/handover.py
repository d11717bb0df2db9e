"""What a person leaves open when they hand over. Apps above register sources of such work."""

from collections.abc import Callable
from dataclasses import dataclass

from convoca.accounts.models import Person
from convoca.network.models import Mandate


@dataclass(frozen=True)
class Work:
    """One open piece of work: what it is, where it is, and how it is given to somebody."""

    words: str
    url: str
    give: Callable[[Person], None]


Source = Callable[[Mandate], list[Work]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Register a function that lists what the mandate's person has open under that mandate."""
    if source not in _sources:
        _sources.append(source)
    return source


def open_work(mandate: Mandate) -> list[Work]:
    """Everything that all sources know."""
    return [work for source in _sources for work in source(mandate)]
