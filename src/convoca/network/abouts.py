"""What an organisation says of itself is a text: what the floor of texts must know of it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from convoca.accounts.models import Person
from convoca.core.access import Visitor
from convoca.core.names import Names
from convoca.network import rules
from convoca.network.models import Organisation
from convoca.texts.registry import TextOwner


def _address(organisation: Organisation, language: str, interface: str) -> str:
    with override(interface):
        at = [organisation.code, organisation.slug()]
        if language != interface:
            return reverse("network:organisation-in", args=[*at, language])
        return reverse("network:organisation", args=at)


def _set_title(organisation: Organisation, tag: str, words: str, *, by: Person | None) -> None:
    """A translated name becomes one of the organisation's names; without words it goes again."""
    names = {**organisation.names, tag: words}
    organisation.names = Names({tag: words for tag, words in names.items() if words})
    organisation.save(update_fields=["names"])


def _may_translate(visitor: Visitor, organisation: Organisation, language: str) -> bool:
    return rules.may_edit_organisation(visitor, organisation)


ABOUT = TextOwner(
    model=Organisation,
    field="about",
    address=_address,
    tags=Organisation.page_tags,
    title=lambda organisation: Names(organisation.names),
    set_title=_set_title,
    may_edit=rules.may_edit_organisation,
    may_translate=_may_translate,
    is_public=lambda organisation: organisation.state in Organisation.PUBLIC,
    desk=lambda organisation: organisation.get_work_url(),
    label=gettext_lazy("Organisations"),
)
