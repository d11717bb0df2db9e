"""An action on the pages of another campaign: both sides agree, and either ends it alone."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.actions.models import Action, Attachment
from convoca.actions.services.host_links import mail_hosts
from convoca.actions.services.life import locked
from convoca.audit import services as audit
from convoca.campaigns.addresses import link_to
from convoca.campaigns.models import Campaign, Moment
from convoca.campaigns.rules import EDITORS
from convoca.core.errors import Refusal
from convoca.network.models import Mandate
from convoca.network.services import people
from convoca.pages import services as pages

Side = Attachment.Side


@transaction.atomic
def ask_to_attach(
    action: Action, campaign: Campaign, *, side: str, moment: Moment | None = None, **who: Any
) -> Attachment:
    """One side asks; if the other has asked already, that is their yes. Harmless to repeat.

    Whoever is asked is told, and whoever asked is told the answer.
    """
    action = locked(action)
    if not action.is_public:
        raise Refusal("action-not-public", _("Only an action that is public can be attached."))
    if not campaign.is_open:
        raise Refusal("campaign-closed", _("This campaign takes no more actions."))
    if moment is not None and moment.campaign_id != campaign.pk:
        raise Refusal("moment-foreign", _("This date belongs to another campaign."))
    attachment = Attachment.objects.filter(action=action, campaign=campaign).first()
    if attachment is None or attachment.detached_at is not None:
        attachment = attachment or Attachment(action=action, campaign=campaign)
        attachment.moment, attachment.asked_by = moment, side
        attachment.asked_at = timezone.now()
        attachment.agreed_at = attachment.detached_at = None
        attachment.detached_by = ""
        attachment.save()
        audit.record("attachment.asked", about=attachment, side=side, **who)
        if side == Side.CAMPAIGN:
            _tell_hosts(attachment, "actions/asked-to-attach")
        else:
            _tell_editors(attachment, "actions/asks-to-stand")
        return attachment
    if attachment.agreed_at is None and attachment.asked_by != side:
        return agree(attachment, side=side, **who)
    return attachment


@transaction.atomic
def agree(attachment: Attachment, *, side: str, **who: Any) -> Attachment:
    """The side that was asked says yes. Whoever asked cannot answer for the other."""
    attachment = _held(attachment)
    if attachment.stands:
        return attachment
    if attachment.detached_at is not None:
        raise Refusal("attachment-ended", _("This was taken back. Ask again."))
    if side == attachment.asked_by:
        raise Refusal("attachment-own", _("The other side has to agree."))
    attachment.agreed_at = timezone.now()
    attachment.save()
    audit.record("attachment.agreed", about=attachment, side=side, **who)
    if side == Side.CAMPAIGN:
        _tell_hosts(attachment, "actions/attached")
    else:
        _tell_editors(attachment, "actions/agreed-to-stand")
    _touch(attachment)
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, side: str, **who: Any) -> Attachment:
    """Either side takes it off, or takes its question back. The campaign through which an action
    came keeps it: there it is refused or cancelled instead.
    """
    attachment = _held(attachment)
    if attachment.campaign_id == attachment.action.campaign_id:
        raise Refusal("attachment-home", _("This is the campaign through which it came."))
    if attachment.detached_at is None:
        attachment.detached_at, attachment.detached_by = timezone.now(), side
        attachment.save()
        audit.record("attachment.ended", about=attachment, side=side, **who)
        if side == Side.CAMPAIGN and (attachment.asked_by != side or attachment.agreed_at):
            _tell_hosts(attachment, "actions/not-attached")
        _touch(attachment)
    return attachment


def _held(attachment: Attachment) -> Attachment:
    """The attachment as it stands now. Its action is locked first, as by whoever changes that."""
    action = locked(attachment.action)
    held = Attachment.objects.select_for_update().get(pk=attachment.pk)
    held.action = action
    return held


def _tell_hosts(attachment: Attachment, template: str) -> None:
    page, campaign = "actions:host-campaigns", attachment.campaign
    mail_hosts(attachment.action, template, page=page, campaign=campaign)


def _tell_editors(attachment: Attachment, template: str) -> None:
    """Those who edit the campaign for its convenors; stewards where nobody does."""
    campaign = attachment.campaign
    held = Mandate.objects.standing().filter(
        role__in=EDITORS, organisation__in=campaign.convenors.all()
    )
    editors = Person.objects.filter(pk__in=held.values("person")).order_by("pk")
    for person in editors or people.stewards():
        url = link_to("actions:attached", campaign.code, language=person.ui_language)
        facts = {"campaign": campaign, "action": attachment.action, "url": url}
        accounts.notify(person, template, about=attachment, **facts)


def _touch(attachment: Attachment) -> None:
    pages.touch(*attachment.action.page_tags(), *attachment.campaign.page_tags())
