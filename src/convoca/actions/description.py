"""An action's description is a `Text`: what `texts` must know of the action that holds it."""

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from convoca.actions.models import Action
from convoca.actions.rules import may_moderate, may_take_over
from convoca.actions.services import words as services
from convoca.actions.services.life import locked
from convoca.core.access import Visitor
from convoca.core.names import Names
from convoca.pages import services as pages
from convoca.texts import registry


def address(action: Action, language: str, interface: str) -> str:
    """The action's page in the interface's language: the description stands on it."""
    with translation.override(interface):
        return reverse("actions:detail", args=[action.code, action.slug()])


def set_title(action: Action, tag: str, words: str, *, by: Any) -> None:
    """A translated title, published with the translation; taken away when there are no words."""
    action = locked(action)  # what follows from its state is saved with it
    services.set_line(action, "names", tag, words)
    action.save(update_fields=["names"])
    services.refresh_sought(action)
    pages.touch(*action.page_tags())


def title(action: Action) -> Names:
    names: Names = action.names
    return names


def may_translate(visitor: Visitor, action: Action, language: str) -> bool:
    return may_moderate(visitor, action)


def register() -> None:
    """Make actions known to `texts` as owners of descriptions."""
    registry.register(
        registry.TextOwner(
            model=Action,
            field="description",
            address=address,
            tags=Action.page_tags,
            title=title,
            set_title=set_title,
            may_edit=may_take_over,
            may_translate=may_translate,
            is_public=lambda action: action.is_public,
            edition=lambda action: str(action.day or ""),
            label=_("Actions"),
        )
    )
