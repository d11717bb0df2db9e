"""Who owns texts, and who translates: the apps above say so, texts never imports them.

An owner (a campaign, a page of the network) holds its text by a `OneToOneField` and registers
itself once, in its app's `ready()`. The network registers the roster of translators the same way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import Signal
from django_stubs_ext import StrOrPromise

from convoca.core.access import Visitor
from convoca.core.languages import UI_LANGUAGES, fallbacks
from convoca.core.names import Names

if TYPE_CHECKING:
    from convoca.accounts.models import Person
    from convoca.texts.models import Text

owner_saved = Signal()
"""Sent with `text`, `owner` and its `kind` after a registered owner was saved."""


@dataclass(frozen=True, kw_only=True)
class TextOwner:
    """What texts must know of one kind of owner.

    `field` is the name of the owner's `OneToOneField` to `Text`; empty, a text is its own owner.
    `address` is called with (owner, tag, interface): where the text is read in the language `tag`
    under the interface words of `interface` (see `interface_language`).
    `set_title` is called with (owner, tag, words, by=person) when a translated title is published,
    and with no words when it is withdrawn; it saves. `is_public` says whether strangers may read
    the owner: only then may they suggest.
    """

    model: type[Model]
    field: str
    address: Callable[[Any, str, str], str]
    tags: Callable[[Any], Iterable[str]]
    title: Callable[[Any], Names]
    set_title: Callable[..., None]
    may_edit: Callable[[Visitor, Any], bool]
    may_translate: Callable[[Visitor, Any, str], bool]
    is_public: Callable[[Any], bool]
    desk: Callable[[Any], str] | None = None
    """Where its editors work on the owner: they are led back there from its text."""
    edition: Callable[[Any], str] = lambda _owner: ""
    """What tells owners of one title apart, such as the year."""
    label: StrOrPromise = ""
    """The plural that boards filter by ("Calls")."""

    @property
    def kind(self) -> str:
        """The searchable word stored with each text."""
        return str(self.model._meta.model_name)

    @property
    def words(self) -> StrOrPromise:
        """The label, or the model's own plural."""
        return self.label or self.model._meta.verbose_name_plural or self.kind

    @property
    def accessor(self) -> str:
        """The attribute of `Text` that leads to the owner."""
        if not self.field:
            return ""
        relation: Any = self.model._meta.get_field(self.field)
        return str(relation.remote_field.get_accessor_name())

    def of(self, text: "Text") -> Any:
        """The owner of this text, or None."""
        return getattr(text, self.accessor, None) if self.field else text


class Roster(Protocol):
    """Who translates from what into what; the network keeps it."""

    def pairs_of(self, person: Any) -> list[tuple[str, str]]: ...
    def people_for(self, source: str, target: str) -> "Sequence[Person]": ...
    def is_steward(self, visitor: Visitor) -> bool: ...
    def languages(self) -> list[str]: ...
    def fallbacks(self) -> dict[str, str]: ...


class NoRoster:
    """Before the network has said anything: nobody translates."""

    def pairs_of(self, person: Any) -> list[tuple[str, str]]:
        return []

    def people_for(self, source: str, target: str) -> "Sequence[Person]":
        return []

    def is_steward(self, visitor: Visitor) -> bool:
        return False

    def languages(self) -> list[str]:
        return list(UI_LANGUAGES)

    def fallbacks(self) -> dict[str, str]:
        return {}


_owners: dict[str, TextOwner] = {}
_roster: list[Roster] = [NoRoster()]


def register(owner: TextOwner) -> None:
    """Make one kind of owner known. Repeating it replaces what was said of that model."""
    _owners[owner.kind] = owner
    if owner.field:
        post_save.connect(
            _owner_saved, sender=owner.model, dispatch_uid=f"texts-owner-{owner.kind}"
        )


def _owner_saved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    kind = _owners[str(sender._meta.model_name)]
    text = getattr(instance, kind.field, None)
    if text is not None and not kwargs.get("raw"):
        owner_saved.send(sender, text=text, owner=instance, kind=kind)


def unregister(kind: str) -> None:
    """Forget one kind of owner (for tests)."""
    gone = _owners.pop(kind, None)
    if gone is not None and gone.field:
        post_save.disconnect(sender=gone.model, dispatch_uid=f"texts-owner-{kind}")


def owners() -> list[TextOwner]:
    """Every kind of owner, in the order of registration."""
    return list(_owners.values())


def kind_of(text: "Text") -> TextOwner | None:
    """The kind of owner that holds this text; None for a text that nobody holds (yet)."""
    return _owners.get(text.owner_kind)


def edition_of(text: "Text") -> str:
    """Which edition of its title this text belongs to; empty where there is but one."""
    kind = kind_of(text)
    owner = kind.of(text) if kind else None
    return kind.edition(owner) if kind and owner else ""


def accessors() -> list[str]:
    """What to `select_related` so that owners of many texts cost one query."""
    return [owner.accessor for owner in _owners.values() if owner.accessor]


def set_roster(roster: Roster) -> None:
    """Say who translates. The last one set counts."""
    _roster[0] = roster


def roster() -> Roster:
    """Who translates, as the network says."""
    return _roster[0]


def interface_language(tag: str, chosen: Mapping[str, str] | None = None) -> str:
    """The language whose interface words go with a text in `tag`: for `qu` perhaps `es`.

    An owner's address in a language without a catalogue is the one in this language followed by
    `in/<tag>/`. `chosen` are the network's fallbacks, where the caller has them already.
    """
    if tag in UI_LANGUAGES:
        return tag
    chosen = roster().fallbacks() if chosen is None else chosen
    for candidate in fallbacks(tag, dict(chosen)):
        if candidate in UI_LANGUAGES:
            return candidate
    return UI_LANGUAGES[0]


def pair_covers(pair: tuple[str, str], source: str, target: str) -> bool:
    """Whether somebody of this pair does source → target: `es` covers `es-MX`, not the reverse."""
    return _covers(pair[0], source) and _covers(pair[1], target)


def _covers(tag: str, other: str) -> bool:
    return other == tag or other.startswith(f"{tag}-")
