"""What apps above add to an action's pages: what became of it, and what its host does then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from convoca.actions.models import Action
from convoca.core.access import Visitor


@dataclass(frozen=True)
class Part:
    """A template and what it is given. On the public page it stands before what the action is."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Deed:
    """What its host does next: the name of a page behind their link, and words for it."""

    page: str
    label: str
    why: str = ""
    is_next: bool = False
    """Whether it is what there is to do now, before all else."""


Public = Callable[[Action], Part | None]
AtWork = Callable[[Action, Visitor], Part | None]
ForHosts = Callable[[Action], Deed | None]
_public: list[Public] = []
_at_work: list[AtWork] = []
_for_hosts: list[ForHosts] = []
_tags: list[Callable[[int], Sequence[str]]] = []


def register(source: Public, *, tags: Callable[[int], Sequence[str]]) -> None:
    """Register a function that answers a part of the public page, or None.

    It is called while that page is drawn: what it shows must raise one of the tags that `tags`
    answers for the action's number.
    """
    if source not in _public:
        _public.append(source)
        _tags.append(tags)


def register_at_work(source: AtWork) -> None:
    """The same for the action at work, which nobody keeps; it is told who looks."""
    if source not in _at_work:
        _at_work.append(source)


def register_for_hosts(source: ForHosts) -> None:
    """Register a function that answers what a host can do above, or None."""
    if source not in _for_hosts:
        _for_hosts.append(source)


def parts_of(action: Action) -> list[Part]:
    return [part for source in _public if (part := source(action))]


def tags_of(pk: int) -> list[str]:
    """What pages with such parts are kept by too."""
    return [tag for source in _tags for tag in source(pk)]


def parts_at_work(action: Action, visitor: Visitor) -> list[Part]:
    return [part for source in _at_work if (part := source(action, visitor))]


def deeds_of(action: Action) -> list[Deed]:
    return [deed for source in _for_hosts if (deed := source(action))]
