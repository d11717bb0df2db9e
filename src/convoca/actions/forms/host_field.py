"""In whose name: a typed name, and a question where that is not enough. No script, no long list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.core.fold import fold
from convoca.core.names import LONGEST, tidy_name
from convoca.network.models import Committee, Organisation
from convoca.places.names import country_name

NEW = "new"
MOST_ASKED = 8
Host = Organisation | Committee


@dataclass(frozen=True, slots=True)
class TypedHost:
    """What a browser sent: words, a chosen key, and the words it was chosen for."""

    words: str = ""
    chosen: str = ""
    chosen_for: str = ""

    @property
    def key(self) -> str:
        return self.chosen if self.words and self.words == self.chosen_for else ""


class HostChoice(NamedTuple):
    key: str
    name: str
    note: str


def key_of(host: Host) -> str:
    """`o-` or `c-` and the code that stands in its address."""
    return f"{'o' if isinstance(host, Organisation) else 'c'}-{host.code}"


def host_of(key: str) -> Host | None:
    """The member organisation or active committee of this key."""
    kind, _dash, code = key.partition("-")
    if kind == "o":
        return Organisation.objects.members().filter(code=code).first()
    if kind == "c":
        return Committee.objects.acting().filter(code=code).first()
    return None


def note_of(host: Host) -> str:
    """What tells it from others of the name: what it is, and where."""
    kind = _("Organisation") if isinstance(host, Organisation) else _("Committee")
    place = host.place if isinstance(host, Committee) else None
    where = str(place) if place else country_name(host.country, get_language() or "en")
    return f"{kind} · {where}" if host.country else kind


class HostInput(forms.Widget):
    """A line for the name; below it, after a question, whom it may mean."""

    template_name = "actions/widgets/host.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.asked: list[Host] = []
        self.question = ""
        self.may_be_new = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        typed = value if isinstance(value, TypedHost) else typed_of(value)
        found = host_of(typed.key) if not self.question else None
        choices = [HostChoice(key_of(one), str(one), note_of(one)) for one in self.asked]
        if self.question and self.may_be_new:
            choices.append(HostChoice(NEW, _("Another one: a new committee of this name"), ""))
        context["widget"] |= {
            "words": typed.words,
            "key": typed.key if found or typed.key == NEW else "",
            "found": f"{found} · {note_of(found)}" if found else "",
            "is_new": typed.key == NEW and not self.question,
            "choices": choices,
            "question": self.question,
            "longest": LONGEST,
        }
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> TypedHost:
        return TypedHost(
            words=tidy_name(str(data.get(name) or "")),
            chosen=str(data.get(f"{name}_chosen") or "")[:20],
            chosen_for=tidy_name(str(data.get(f"{name}_for") or "")),
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data


class HostField(forms.Field):
    """Cleans to an organisation, a committee, the name of a new one, or None."""

    widget = HostInput

    def __init__(self, *, may_be_new: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.may_be_new = may_be_new

    def has_changed(self, initial: Any, data: Any) -> bool:
        return typed_of(initial).words != (data.words if data else "")

    def clean(self, value: Any) -> "Host | str | None":
        typed = value if isinstance(value, TypedHost) else typed_of(value)
        if not typed.words:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if len(typed.words) > LONGEST:
            raise ValidationError(
                _("A name has at most %(most)d characters."), code="long", params={"most": LONGEST}
            )
        if typed.key == NEW and self.may_be_new:
            return typed.words
        if typed.key and (chosen := host_of(typed.key)):
            return chosen
        return self.look_up(typed.words)

    def look_up(self, words: str) -> "Host":
        """The one of exactly this name; else the question that the form comes back with."""
        found: list[Host] = [
            *Organisation.objects.members().searching(words).by_name()[:MOST_ASKED],
            *Committee.objects.acting()
            .searching(words)
            .select_related("place")
            .by_name()[:MOST_ASKED],
        ]
        exact = [one for one in found if fold(words) in map(fold, one.names.values())]
        if len(exact) == 1:
            return exact[0]
        widget = self.widget
        if isinstance(widget, HostInput):
            widget.asked, widget.may_be_new = (exact or found)[:MOST_ASKED], self.may_be_new
            widget.question = _("Which one is it?")
        if found:
            raise ValidationError(
                _("Several are called like “%(name)s”. Choose one of them."),
                code="host-ambiguous",
                params={"name": words},
            )
        if self.may_be_new:
            raise ValidationError(
                _("Nobody here is called “%(name)s” yet. Say that it is new, or look at the name."),
                code="host-unknown",
                params={"name": words},
            )
        raise ValidationError(
            _("Nobody here is called “%(name)s”. Look at the name."),
            code="host-unknown",
            params={"name": words},
        )


def typed_of(value: Any) -> TypedHost:
    """What stands in the field for one that is known already, or for words."""
    if isinstance(value, TypedHost):
        return value
    if isinstance(value, Organisation | Committee):
        return TypedHost(str(value), key_of(value), str(value))
    return TypedHost(tidy_name(str(value or "")))
