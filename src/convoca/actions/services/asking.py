""" "Still on?": three days before, hosts are asked to say in one tap that it takes place."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from convoca.actions.models import Action, HostLink
from convoca.actions.models.action import ActionQuerySet
from convoca.actions.services.host_links import mail_to
from convoca.actions.services.life import locked
from convoca.actions.slip import slip_of
from convoca.pages import services as pages

ASKED_BEFORE = timedelta(days=3)
BATCH = 50


def to_be_asked() -> ActionQuerySet:
    """What begins within three days, stood before them, and whose hosts have not been asked."""
    now = timezone.now()
    soon = Action.objects.dated().filter(starts_at__range=(now, now + ASKED_BEFORE))
    unasked = soon.filter(still_on_asked_at=None, still_on_at=None)
    return unasked.filter(published_at__lt=F("starts_at") - ASKED_BEFORE).in_time()


def ask_hosts() -> int:
    """Ask the hosts of what begins soon, each once; says of how many actions."""
    return sum(_ask(action) for action in to_be_asked()[:BATCH])


@transaction.atomic
def _ask(action: Action) -> bool:
    action = locked(action)
    if not to_be_asked().filter(pk=action.pk).exists():
        return False
    Action.objects.filter(pk=action.pk).update(still_on_asked_at=timezone.now())
    for link in HostLink.objects.confirmed().filter(action=action):
        link.action = action
        mail_to(link, "actions/still-on", slip=slip_of(action, language=link.language))
    pages.touch(*action.page_tags())
    return True
