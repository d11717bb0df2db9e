"""The sign-ups of several actions in one file: a reason, two stewards, one hand-out, hosts told."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action, HostLink, ListAsked, SignUp
from convoca.actions.services.host_links import mail_to
from convoca.audit import services as audit
from convoca.campaigns.models import Campaign
from convoca.core.codes import public_code
from convoca.core.errors import Refusal
from convoca.network.models import Mandate
from convoca.network.services import tell_stewards
from convoca.outbox.models import Message

TO_TAKE = timedelta(days=7)
"""How long a list that was allowed can be taken."""
MOST_ACTIONS = 500
HEAD = ("mark", "action", "title", "day", "name", "email", "people", "answer", "state", "language")


@transaction.atomic
def ask(campaign: Campaign, *, reason: str, country: str = "", under: Mandate) -> ListAsked:
    """Ask for the sign-ups of a campaign's actions, in one country or in all. Nothing is handed
    out before a second steward allows it.
    """
    if not reason.strip():
        raise Refusal("reason-missing", _("Say what the list is for."))
    actions = Action.objects.filter(campaign=campaign, sign_ups__in=SignUp.objects.standing())
    if country:
        actions = actions.filter(country=country)
    keys = list(actions.order_by("pk").values_list("pk", flat=True).distinct()[: MOST_ACTIONS + 1])
    if not keys:
        raise Refusal("nobody-signed-up", _("Nobody has signed up there."))
    if len(keys) > MOST_ACTIONS:
        raise Refusal(
            "list-too-large",
            _("More than %(most)d actions at once: ask for one country.") % {"most": MOST_ACTIONS},
        )
    asked = ListAsked.objects.create(
        campaign=campaign, reason=reason.strip()[:500], asked_under=under, mark=public_code()
    )
    asked.actions.set(keys)
    audit.record("list.asked", about=asked, under=under, count=len(keys), country=country)
    tell_stewards("actions/list-asked", about=asked, asked=asked, count=len(keys))
    return asked


def _locked(asked: ListAsked) -> ListAsked:
    rows = ListAsked.objects.select_for_update(of=("self",)).select_related("asked_under")
    return rows.get(pk=asked.pk)


@transaction.atomic
def allow(asked: ListAsked, *, under: Mandate) -> ListAsked:
    """A second steward agrees. Allowing twice is allowing once."""
    asked = _locked(asked)
    if asked.allowed_at:
        return asked
    if asked.declined_at:
        raise Refusal("list-declined", _("This was declined."))
    if asked.asked_under.person_id == under.person_id:
        raise Refusal("list-own", _("A second steward has to allow what you ask for."))
    asked.allowed_under, asked.allowed_at = under, timezone.now()
    asked.save(update_fields=["allowed_under", "allowed_at"])
    audit.record("list.allowed", about=asked, under=under)
    return asked


@transaction.atomic
def decline(asked: ListAsked, *, under: Mandate) -> ListAsked:
    """Any steward says no, or whoever asked takes it back, until it has been handed out."""
    asked = _locked(asked)
    if asked.declined_at:
        return asked
    if asked.taken_at:
        raise Refusal("list-taken", _("This list has been handed out."))
    asked.declined_at = timezone.now()
    asked.save(update_fields=["declined_at"])
    audit.record("list.declined", about=asked, under=under)
    return asked


@transaction.atomic
def hand_out(asked: ListAsked, *, under: Mandate) -> list[list[object]]:
    """The rows of the file, once, to whoever asked. Its hosts are told by mail."""
    asked = _locked(asked)
    if asked.taken_at:
        raise Refusal("list-taken", _("This list has been handed out."))
    if asked.allowed_at is None or asked.declined_at:
        raise Refusal("list-not-allowed", _("A second steward has not allowed this."))
    if asked.asked_under.person_id != under.person_id:
        raise Refusal("list-of-another", _("Only who asked for a list gets it."))
    if asked.allowed_at < timezone.now() - TO_TAKE:
        raise Refusal("list-lapsed", _("It was allowed more than 7 days ago. Ask again."))
    rows = list(_rows(asked))
    asked.taken_at = timezone.now()
    asked.save(update_fields=["taken_at"])
    audit.record("list.taken", about=asked, under=under, count=len(rows))
    _tell_hosts(asked)
    return rows


def _rows(asked: ListAsked) -> Iterator[list[object]]:
    """A line for each who comes or waits, with the mark of this one list."""
    rows = SignUp.objects.standing().filter(action__in=asked.actions.all())
    for row in rows.select_related("action").order_by("action", "created_at", "pk"):
        action = row.action
        yield [
            asked.mark,
            action.code,
            str(action),
            action.day.isoformat() if action.day else "",
            str(row.name),
            str(row.email),
            row.people,
            str(row.answer),
            row.state,
            row.language,
        ]


def _tell_hosts(asked: ListAsked) -> None:
    links = HostLink.objects.confirmed().filter(action__in=asked.actions.all())
    for link in links.select_related("action"):
        mail_to(link, "actions/list-taken", urgency=Message.Urgency.LONG, asked=asked)
