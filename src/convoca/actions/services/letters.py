"""Mails to people who signed up, each in their language, deleted on the day they were told."""

from typing import Any

from convoca.actions.models import Action, SignUp
from convoca.actions.slip import slip_of
from convoca.campaigns.addresses import link_to
from convoca.core.dates import day_words
from convoca.outbox import services as outbox
from convoca.outbox.models import Message
from convoca.vault import services as vault
from convoca.vault.fields import is_closed

LONG = Message.Urgency.LONG
"""For what goes to many: it must not keep anybody's sign-in waiting."""


def with_slip(action: Action) -> Action:
    """The action with all that a mail says of it."""
    rows = Action.objects.with_front().select_related("campaign", "place")
    return rows.prefetch_related("stops__place").get(pk=action.pk)


def link_of(sign_up: SignUp) -> str:
    """The secret in a person's link to their sign-up.

    It is made from the row under the vault's key, so that every mail can carry it and none of our
    files, nor a backup, holds it.
    """
    return vault.index(sign_up.scope, f"the link of sign-up {sign_up.pk}")[:40]


def proof_of(sign_up: SignUp) -> str:
    """The second secret, which is only ever sent by mail: who has it reads that mail."""
    return vault.index(sign_up.scope, f"the proof of sign-up {sign_up.pk}")[:40]


def own_url(sign_up: SignUp) -> str:
    """The address of a person's own page, in their language."""
    return link_to("actions:own", link_of(sign_up), language=sign_up.language)


def confirm_url(sign_up: SignUp) -> str:
    """Where the button is that confirms: only a mail may carry this address."""
    secrets = link_of(sign_up), proof_of(sign_up)
    return link_to("actions:own-confirm", *secrets, language=sign_up.language)


def write_to(
    sign_up: SignUp, template: str, *, urgency: str = Message.Urgency.URGENT, **context: Any
) -> bool:
    """Write one mail to somebody who left an address; says whether there was one to write to."""
    if is_closed(sign_up.email) or not sign_up.email:
        return False
    outbox.mail(
        template,
        to=sign_up.email,
        language=sign_up.language,
        about=sign_up,
        urgency=urgency,
        until=sign_up.delete_on,
        context={
            "sign_up": sign_up,
            "slip": slip_of(sign_up.action, language=sign_up.language, sign_up=sign_up),
            "own_url": own_url(sign_up),
            "kept_until": day_words(sign_up.delete_on, sign_up.language),
            **context,
        },
    )
    return True


def mail_moved_up(sign_up: SignUp) -> None:
    """Tell somebody who waited that there is room now."""
    write_to(sign_up, "actions/moved-up")
