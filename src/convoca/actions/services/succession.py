"""When a host has vanished: somebody with a mandate takes the action over."""

from django.db import transaction
from django.utils import timezone

from convoca.accounts.models import Person
from convoca.actions.models import Action, HostLink, Telling
from convoca.actions.services.host_links import mail_to, make_link
from convoca.actions.services.life import locked
from convoca.actions.services.telling import tell
from convoca.audit import services as audit
from convoca.network.models import Mandate


@transaction.atomic
def take_over(action: Action, *, under: Mandate) -> tuple[HostLink, str]:
    """A new link for whoever acts under this mandate; every old one ends.

    Those who held one are told, and those who signed up: the successor sees their list only when
    they have been.
    """
    action = locked(action)
    person: Person = under.person
    former = list(action.links.standing())
    ended = HostLink.objects.filter(pk__in=[link.pk for link in former])
    ended.update(revoked_at=timezone.now())
    link, secret = make_link(
        action,
        email=person.email,
        name=person.name,
        language=person.language,
        person=person,
        is_confirmed=True,
    )
    link.after_telling = tell(action, Telling.Kind.NEW_HOST)
    link.save(update_fields=["after_telling"])
    audit.record("action.taken_over", about=action, under=under, ended=len(former))
    for old in former:
        if old.confirmed_at is not None:
            old.action = action
            mail_to(old, "actions/taken-over", for_whom=under.for_words)
    mail_to(link, "actions/host-link")
    return link, secret
