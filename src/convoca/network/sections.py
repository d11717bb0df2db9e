"""Parts of the public page of an organisation or a committee that apps above add: what it endorsed,
what it hosts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from convoca.network.models import Committee, Organisation


@dataclass(frozen=True)
class Section:
    """A template and what it is given. It stands after the organisation's own words; `head` is one
    for what programs find in the page's head.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    head: str = ""


Source = Callable[[Organisation], Section | None]
CommitteeSource = Callable[[Committee], Section | None]
_sources: list[Source] = []
_of_committees: list[CommitteeSource] = []
_tags: list[str] = []


def register(source: Source) -> Source:
    """Register a function that answers a section for an organisation, or None.

    It is called while a public page is drawn: what it shows must raise the organisation's tag.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def add_tags(*tags: str) -> None:
    """What such parts show beside what raises the organisation's or the committee's own tag."""
    _tags.extend(tag for tag in tags if tag not in _tags)


def tags() -> list[str]:
    """What pages with such parts are kept by too."""
    return list(_tags)


def sections_of(organisation: Organisation) -> list[Section]:
    return [section for source in _sources if (section := source(organisation))]


def register_for_committees(source: CommitteeSource) -> CommitteeSource:
    """The same for the page of a committee."""
    if source not in _of_committees:
        _of_committees.append(source)
    return source


def sections_of_committee(committee: Committee) -> list[Section]:
    return [section for source in _of_committees if (section := source(committee))]
