"""The private links by which hosts get at their action: made, sent, renewed, ended."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from convoca.accounts.models import Person, tidy_email
from convoca.actions.models import Action, HostLink
from convoca.actions.models.hosting import DRAFT_KEPT, LINK_KEPT
from convoca.actions.services.life import locked
from convoca.audit import services as audit
from convoca.campaigns.addresses import interface_language, link_to
from convoca.core.codes import secret_token, token_digest
from convoca.core.errors import Refusal
from convoca.network.trail import HOST_LINK
from convoca.outbox import services as outbox
from convoca.outbox.models import Message, MessageQuerySet
from convoca.vault import services as vault

UNDATED_KEPT = timedelta(days=400)
"""How long the link to an action without a day is kept: the day is not known, but not for ever."""
MOST_CO_HOSTS = 10


def who(link: HostLink) -> dict[str, Any]:
    """Who did something by a link, for the trail: the person, where there is an account."""
    if link.person_id:
        return {"by": link.person, "via": HOST_LINK}
    return {"via": HOST_LINK}


def kept_until(action: Action) -> date:
    """The day on which links to this action, and the addresses of its hosts, are deleted."""
    if action.final_day is not None:
        return action.final_day + LINK_KEPT
    return timezone.localdate() + UNDATED_KEPT


def keep_until(action: Action) -> None:
    """Tell the links the day that follows from the action's day: it was moved."""
    links = HostLink.objects.filter(action=action, confirmed_at__isnull=False)
    vault.reseal(links, delete_on=kept_until(action))


def derived_secret(sent: str) -> str:
    """The secret of the link of what was sent: the same for the same, and nobody else's."""
    return salted_hmac("convoca.actions.host", sent, algorithm="sha256").hexdigest()[:40]


def make_link(
    action: Action,
    *,
    email: str = "",
    name: str = "",
    language: str,
    role: str = HostLink.Role.HOST,
    secret: str = "",
    person: Person | None = None,
    is_confirmed: bool = False,
) -> tuple[HostLink, str]:
    """A link to the host page, and its secret. Until it is confirmed by mail it is kept for the
    days of a draft only.
    """
    secret, email = secret or secret_token(), tidy_email(email)
    link = HostLink.objects.create(
        action=action,
        scope=action.scope,
        delete_on=kept_until(action) if is_confirmed else timezone.localdate() + DRAFT_KEPT,
        digest=token_digest(secret),
        secret=secret,
        role=role,
        name=name,
        email=email,
        email_index=vault.index(action.scope, email) if email else "",
        language=language,
        person=person,
        confirmed_at=timezone.now() if is_confirmed else None,
    )
    return link, secret


def link_of(token: str) -> HostLink | None:
    """The link of this secret, whatever became of it. Looking changes nothing."""
    rows = HostLink.objects.select_related(
        "action__campaign", "action__place", "after_telling", "person"
    )
    return rows.filter(digest=token_digest(token)).first()


def host_url(secret: str, language: str, name: str = "actions:host-page") -> str:
    """The whole address of a host's page, in their language."""
    return link_to(name, secret, language=language)


def mail_to(
    link: HostLink,
    template: str,
    *,
    page: str = "actions:host-page",
    urgency: str = Message.Urgency.URGENT,
    not_before: datetime | None = None,
    **more: Any,
) -> None:
    """Write to a host, if they left an address that can still be opened; `url` leads to `page`."""
    if not link.email:
        return
    outbox.mail(
        template,
        to=link.email,
        language=interface_language(link.language),
        about=link.action,
        urgency=urgency,
        context={
            "action": link.action,
            "link": link,
            "url": host_url(link.secret, link.language, page) if link.secret else "",
            **more,
        },
        not_before=not_before,
        until=link.delete_on,
    )


def mail_hosts(action: Action, template: str, *, but: HostLink | None = None, **more: Any) -> int:
    """Write to all confirmed hosts of an action; how many were written to."""
    links = [one for one in HostLink.objects.confirmed().filter(action=action) if one != but]
    for link in links:
        link.action = action
        mail_to(link, template, **more)
    return sum(1 for link in links if link.email)


def main_addresses(action: Action) -> list[HostLink]:
    """The confirmed links of an action's hosts, not of co-hosts, that have an address."""
    links = action.links.confirmed().filter(role=HostLink.Role.HOST)
    return [link for link in links if link.email]


def mail_main_hosts(action: Action, template: str, **more: Any) -> None:
    """Write to whoever holds an action's main link."""
    for link in main_addresses(action):
        link.action = action
        mail_to(link, template, campaign=action.campaign, **more)


def unsent(action: Action, template: str) -> MessageQuerySet:
    """Mail of this kind about an action that nobody has got yet."""
    return Message.objects.waiting().filter(
        template=template,
        about_type=action._meta.label_lower,
        about_id=str(action.pk),
        attempts=0,
    )


@transaction.atomic
def renew(link: HostLink) -> tuple[HostLink, str]:
    """A new link in place of this one, which ends now. Mailed, if there is an address."""
    locked(link.action)
    held = HostLink.objects.select_for_update().get(pk=link.pk)
    if not held.is_confirmed:
        raise Refusal("link-ended", _("This link has ended already."))
    fresh, secret = make_link(
        link.action,
        email=held.email or "",
        name=held.name or "",
        language=held.language,
        role=held.role,
        person=held.person,
        is_confirmed=True,
    )
    fresh.after_telling = held.after_telling
    fresh.save(update_fields=["after_telling"])
    held.revoked_at = timezone.now()
    held.save(update_fields=["revoked_at"])
    audit.record("host-link.renewed", about=fresh, **who(link))
    mail_to(fresh, "actions/host-link")
    return fresh, secret


@transaction.atomic
def end_link(link: HostLink, ended: HostLink) -> None:
    """End a link of the same action: a co-host's, or one's own. The last host's stays, because
    then nobody could get at the action any more.
    """
    locked(link.action)
    held = HostLink.objects.select_for_update().filter(action=link.action, pk=ended.pk).first()
    if held is None or not held.is_standing:
        return
    others = HostLink.objects.confirmed().filter(action=link.action, role=HostLink.Role.HOST)
    if held.is_main and not others.exclude(pk=held.pk).exists():
        raise Refusal(
            "link-last",
            _("This is the only link of a host. Renew it instead, or cancel the action."),
        )
    held.revoked_at = timezone.now()
    held.save(update_fields=["revoked_at"])
    audit.record("host-link.ended", about=held, **who(link))


@transaction.atomic
def invite_co_host(link: HostLink, *, email: str, name: str = "", language: str) -> HostLink:
    """Mail a link of their own to somebody who helps to host. The same address twice is once."""
    action = locked(link.action)
    index = vault.index(action.scope, tidy_email(email))
    standing = HostLink.objects.standing().filter(action=action)
    known = standing.filter(email_index=index).first()
    if known is not None:
        return known
    if standing.filter(role=HostLink.Role.CO_HOST).count() >= MOST_CO_HOSTS:
        raise Refusal(
            "co-hosts-many",
            _("There are %(most)d co-hosts already. End one of them first.")
            % {"most": MOST_CO_HOSTS},
        )
    fresh, _secret = make_link(
        action, email=email, name=name, language=language, role=HostLink.Role.CO_HOST
    )
    audit.record("host-link.invited", about=fresh, **who(link))
    mail_to(
        fresh,
        "actions/co-host",
        page="actions:host-confirm",
        days=DRAFT_KEPT.days,
    )
    return fresh


@transaction.atomic
def accept_link(link: HostLink) -> HostLink:
    """Confirm a link by the button on the page behind it: now it opens the host page."""
    held = HostLink.objects.select_for_update().get(pk=link.pk)
    if held.is_standing and held.confirmed_at is None:
        held.confirmed_at = held.used_at = timezone.now()
        held.delete_on = kept_until(link.action)
        held.save(update_fields=["confirmed_at", "used_at", "delete_on"])
    return held
