"""Parts of an organisation's public page that apps above add: what it endorsed, what it hosts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from convoca.network.models import Organisation


@dataclass(frozen=True)
class Section:
    """A template and what it is given. It stands after the organisation's own words."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


Source = Callable[[Organisation], Section | None]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Register a function that answers a section for an organisation, or None.

    It is called while a public page is drawn: what it shows must raise the organisation's tag.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def sections_of(organisation: Organisation) -> list[Section]:
    return [section for source in _sources if (section := source(organisation))]
