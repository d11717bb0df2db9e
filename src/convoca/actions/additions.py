"""What apps above add to an action: to its pages what became of it, and what its host does then; to
files, who says that it takes place; and to the station Act further screens.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

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


@dataclass(frozen=True)
class Origin:
    """Who says what stands of an action, and under which licence others may pass it on."""

    name: str
    licence: str = ""
    """In its own words, "CC BY 4.0"; empty where it names none."""
    url: str = ""


@dataclass(frozen=True)
class Tab:
    """A screen of the station Act: its key, words for it, and the name of its address."""

    key: str
    words: str
    page: str


def names_in_line(origins: Sequence[Origin]) -> str:
    """Their names, the one whose words stand there first."""
    return "; ".join(one.name for one in origins)


def licences_in_line(origins: Sequence[Origin]) -> str:
    """Under which all of it may be passed on; where they differ, with the name of each."""
    licences = {one.licence for one in origins}
    if len(licences) == 1:
        return licences.pop()
    unstated = _("not stated")
    return "; ".join(f"{one.name}: {one.licence or unstated}" for one in origins)


Public = Callable[[Action], Part | None]
AtWork = Callable[[Action, Visitor], Part | None]
ForHosts = Callable[[Action], Deed | None]
Origins = Callable[[Sequence[int]], Mapping[int, Sequence[Origin]]]
Tabs = Callable[[Visitor], Sequence[Tab]]
_public: list[Public] = []
_at_work: list[AtWork] = []
_for_hosts: list[ForHosts] = []
_tabs: list[Tabs] = []
_tags: list[Callable[[int], Sequence[str]]] = []
_origins: list[Origins] = []
_tags_of_origins: list[str] = []


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


def register_origins(source: Origins, *, tags: Sequence[str]) -> None:
    """Register a function that answers who tells of actions that nobody hosts here, by their
    numbers: the one whose words stand first. `tags` are raised with all that it reads.
    """
    if source not in _origins:
        _origins.append(source)
        _tags_of_origins.extend(tags)


def register_tabs(source: Tabs) -> None:
    """Register a function that answers the screens that lead somewhere for whoever looks."""
    if source not in _tabs:
        _tabs.append(source)


def parts_of(action: Action) -> list[Part]:
    return [part for source in _public if (part := source(action))]


def tags_of(pk: int) -> list[str]:
    """What pages with such parts are kept by too."""
    return [tag for source in _tags for tag in source(pk)]


def parts_at_work(action: Action, visitor: Visitor) -> list[Part]:
    return [part for source in _at_work if (part := source(action, visitor))]


def deeds_of(action: Action) -> list[Deed]:
    return [deed for source in _for_hosts if (deed := source(action))]


def origins_of(actions: Sequence[Action]) -> dict[int, list[Origin]]:
    """Who tells of those that nobody hosts here; nothing is asked where there are none."""
    told = [action.pk for action in actions if action.is_told]
    found: dict[int, list[Origin]] = {}
    for source in _origins if told else ():
        for pk, origins in source(told).items():
            found.setdefault(pk, []).extend(origins)
    return found


def tags_of_origins() -> list[str]:
    """What lists and files that name them are kept by too."""
    return list(_tags_of_origins)


def tabs_for(visitor: Visitor) -> list[Tab]:
    return [tab for source in _tabs for tab in source(visitor)]
