"""An organisation asks to join: written, confirmed by mail, answered by a steward."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.audit import services as audit
from convoca.core.codes import secret_token, token_digest
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network.models import JoinRequest, Mandate, Organisation
from convoca.network.models.joining import CONFIRMED_WITHIN
from convoca.network.services.mandates import grant
from convoca.network.services.organisations import (
    add_organisation,
    admit,
    edit_organisation,
    move,
)
from convoca.network.services.people import tell_stewards
from convoca.outbox import services as outbox


@transaction.atomic
def ask_to_join(*, email: str, language: str, **facts: Any) -> JoinRequest:
    """Keep what was asked and mail a link that confirms it. Nobody is told before."""
    token = secret_token()
    request = JoinRequest.objects.create(
        email=email,
        language=language,
        digest=token_digest(token),
        expires_at=timezone.now() + CONFIRMED_WITHIN,
        **facts,
    )
    outbox.mail(
        "network/confirm-joining",
        to=email,
        language=language,
        about=request,
        context={"request": request, "token": token},
    )
    return request


def join_request_of(token: str) -> JoinRequest | None:
    """The request that this link confirms; looking changes nothing."""
    return JoinRequest.objects.filter(digest=token_digest(token)).first()


@transaction.atomic
def confirm_joining(token: str) -> JoinRequest:
    """The organisation asks now, and stewards are told. Confirming twice is confirming once."""
    request = JoinRequest.objects.select_for_update().filter(digest=token_digest(token)).first()
    if request is None:
        raise Refusal("join-unknown", _("There is no such link. Look at the mail once more."))
    if request.confirmed_at:
        return request
    if request.expires_at <= timezone.now():
        raise Refusal("join-expired", _("This link is older than 7 days. Please ask again."))
    request.organisation = add_organisation(
        Names({request.language: request.name}),
        state=Organisation.State.ASKED,
        kind=request.kind,
        country=request.country,
        site=request.site,
        languages=[request.language],
        contact_mail=request.email,
    )
    request.confirmed_at = timezone.now()
    request.save(update_fields=["organisation", "confirmed_at"])
    tell_stewards("network/asks-to-join", about=request.organisation, request=request)
    return request


def _answered(request: JoinRequest, under: Mandate, reason: str) -> None:
    request.answered_at, request.answered_by = timezone.now(), under.person
    request.reason = reason
    request.save(update_fields=["answered_at", "answered_by", "reason"])


@transaction.atomic
def admit_asking(organisation: Organisation, *, under: Mandate) -> Organisation:
    """Admit an organisation that asks. Who asked for it becomes its coordinator and is told."""
    was_member = Organisation.objects.select_for_update().get(pk=organisation.pk).is_member
    organisation = admit(organisation, under=under)
    request = JoinRequest.objects.filter(organisation=organisation).first()
    if request is None or was_member:
        return organisation
    _answered(request, under, "")
    person = accounts.invite_person(request.email, request.language, request.contact_name)
    if not organisation.mandates.current().filter(person=person, role="coordinator").exists():
        grant(person, "coordinator", organisation=organisation, under=under)
    outbox.mail(
        "network/admitted",
        to=person.email,
        language=person.language,
        about=organisation,
        context={"organisation": organisation, "person": person},
    )
    return organisation


@transaction.atomic
def let_go(organisation: Organisation, *, under: Mandate | None = None) -> Organisation:
    """An organisation that asked by signing through a link and was not confirmed asks no more; the
    address it gave is forgotten. One that asked by the form, or is a member, stays as it is.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    asked = organisation.state == Organisation.State.ASKED
    if asked and not JoinRequest.objects.filter(organisation=organisation).exists():
        move(organisation, Organisation.State.DECLINED)
        edit_organisation(organisation, contact_mail="", under=under)
        audit.record("organisation.declined", about=organisation, under=under)
    return organisation


@transaction.atomic
def decline_asking(organisation: Organisation, *, reason: str, under: Mandate) -> Organisation:
    """Decline an organisation that asks, and mail it the reason. It can be admitted later."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.state == Organisation.State.DECLINED:
        return organisation
    if organisation.state != Organisation.State.ASKED:
        raise Refusal("organisation-not-asking", _("This organisation does not ask to join."))
    move(organisation, Organisation.State.DECLINED)
    audit.record("organisation.declined", about=organisation, under=under)
    request = JoinRequest.objects.filter(organisation=organisation).first()
    if request is not None:
        _answered(request, under, reason)
        outbox.mail(
            "network/declined",
            to=request.email,
            language=request.language,
            about=organisation,
            context={"organisation": organisation, "request": request, "reason": reason},
        )
    return organisation


def forget_unconfirmed() -> int:
    """Delete requests that nobody confirmed in time. Answers how many."""
    old = JoinRequest.objects.filter(confirmed_at=None, expires_at__lt=timezone.now())
    return old.delete()[0]
