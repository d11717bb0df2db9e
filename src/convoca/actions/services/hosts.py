"""In whose name an action is: asked, accepted, declined, left, vouched for."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import Person, tidy_email
from convoca.actions.models import Action, Door, Hosting, HostLink
from convoca.actions.models.hosting import hosted_by
from convoca.actions.services import host_links, letting_in
from convoca.actions.services.doors import door_of
from convoca.actions.services.life import locked
from convoca.actions.services.words import refresh_sought
from convoca.audit import services as audit
from convoca.campaigns.addresses import interface_language, link_to
from convoca.core.errors import Refusal
from convoca.network.models import Committee, Mandate, Organisation
from convoca.network.models.mandate import Role
from convoca.outbox import services as outbox
from convoca.pages import services as pages

Host = Organisation | Committee
MOST_HOSTS = 20


def mandates_for(host: Host) -> Any:
    """The standing mandates under which somebody answers for it."""
    standing = Mandate.objects.standing()
    if isinstance(host, Organisation):
        return standing.filter(organisation=host, role=Role.COORDINATOR)
    return standing.filter(
        Q(committee=host, role=Role.HOST)
        | Q(organisation__in=host.organisations.all(), role=Role.COORDINATOR)
    )


def mandate_for(person: Person, host: Host) -> Mandate | None:
    """Under which this person answers for it; None where they do not."""
    found: Mandate | None = mandates_for(host).filter(person=person).order_by("pk").first()
    return found


def mandate_of_address(host: Host, email: str) -> Mandate | None:
    """The mandate of the person with this address. Worth something once the mail is confirmed."""
    rows = mandates_for(host).filter(person__email=tidy_email(email))
    found: Mandate | None = rows.order_by("pk").first()
    return found


def speaks_by_address(action: Action, host: Host, link: HostLink) -> bool:
    """Whether a confirmed address may use this name: it is the organisation's own, or it hosted
    an action in this name before that the host had accepted.
    """
    if not link.email:
        return False
    if isinstance(host, Organisation) and tidy_email(host.contact_mail or "") == link.email:
        return True
    before = HostLink.objects.filter(
        email_index=link.email_index, scope=link.scope, confirmed_at__isnull=False
    ).exclude(action=action)
    accepted = Hosting.objects.standing().filter(is_first=True, **hosted_by(host))
    return accepted.filter(action__in=before.values("action")).exists()


@transaction.atomic
def ask(action: Action, host: Host, **who: Any) -> Hosting:
    """Ask an organisation or a committee to host together. Asking twice is asking once; whoever
    declined or left can be asked again.
    """
    if action.hostings.count() >= MOST_HOSTS:
        raise Refusal("hosts-many", _("An action has at most 20 hosts."))
    row, is_new = Hosting.objects.get_or_create(action=action, **hosted_by(host))
    if not is_new and row.state in (Hosting.State.DECLINED, Hosting.State.ENDED):
        row.state, row.asked_at, row.answered_at = Hosting.State.ASKED, timezone.now(), None
        row.save()
        is_new = True
    if is_new:
        audit.record("hosting.asked", about=row, **who)
        if action.state != Action.State.DRAFT:
            tell_asked(row)
    return row


def tell_asked(row: Hosting) -> None:
    """A notice to everybody who answers for the one that is asked."""
    if isinstance(row.host, str):
        return
    people = Person.objects.filter(pk__in=mandates_for(row.host).values("person"))
    for person in people:
        url = link_to("actions:work-hosting", language=person.ui_language)
        accounts.notify(
            person, "actions/asked-to-host", about=row, hosting=row, action=row.action, url=url
        )


@transaction.atomic
def accept(row: Hosting, *, under: Mandate) -> Hosting:
    """It hosts, too; the action's page says so. The first host's yes lets in what waited for it."""
    row = _held(row)
    if row.state == Hosting.State.ACCEPTED:
        return row
    if row.is_new:
        raise Refusal("host-new", _("This committee does not exist yet."))
    row.state, row.answered_at, row.mandate = Hosting.State.ACCEPTED, timezone.now(), under
    row.save()
    audit.record("hosting.accepted", about=row, under=under)
    _shown_anew(row.action)
    host_links.mail_hosts(row.action, "actions/host-answered", hosting=row, has_accepted=True)
    _let_in_what_waited(row, under=under)
    return row


@transaction.atomic
def decline(row: Hosting, *, under: Mandate) -> Hosting:
    """It does not host; one that did, no longer does."""
    row = _held(row)
    if row.state in (Hosting.State.DECLINED, Hosting.State.ENDED):
        return row
    if row.is_first and row.action.is_public:
        raise Refusal(
            "host-first",
            _("It is in your name alone. Take it over and cancel it, or write to its hosts."),
        )
    was = row.state
    row.state = Hosting.State.ENDED if was == Hosting.State.ACCEPTED else Hosting.State.DECLINED
    row.answered_at, row.mandate = timezone.now(), under
    row.save()
    event = "hosting.ended" if was == Hosting.State.ACCEPTED else "hosting.declined"
    audit.record(event, about=row, under=under)
    _shown_anew(row.action)
    host_links.mail_hosts(row.action, "actions/host-answered", hosting=row, has_accepted=False)
    return row


@transaction.atomic
def vouch(row: Hosting, organisation: Organisation, *, under: Mandate) -> Hosting:
    """An organisation says that a newcomer's committee is one of its own: where the campaign lets
    in those who are known, this lets the action in.
    """
    row = _held(row)
    if not row.is_new or row.vouched_by_id is not None:
        return row
    row.vouched_by = organisation
    row.save()
    audit.record("hosting.vouched", about=row, under=under)
    _let_in_what_waited(row, under=under, vouched_by=organisation)
    row.refresh_from_db()
    return row


def _let_in_what_waited(row: Hosting, **how: Any) -> None:
    """What waited for its first host's yes goes in, unless the campaign looks at everything."""
    if not row.is_first or row.action.state != Action.State.WAITING:
        return
    if door_of(row.action.campaign).mode != Door.Mode.ALWAYS:
        letting_in.let_in(row.action, **how)


@transaction.atomic
def ask_to_join(action: Action, *, name: str, email: str) -> bool:
    """Somebody would rather join an action than host another one beside it: its hosts are asked
    by mail, and invite them or do not. False where there is nobody to write to.
    """
    count = host_links.mail_hosts(action, "actions/asks-to-join", name=name, email=email)
    if not count:
        for person in _people_behind(action):
            outbox.mail(
                "actions/asks-to-join",
                to=person,
                language=interface_language(person.language),
                about=action,
                context={"action": action, "name": name, "email": email},
            )
            count += 1
    return count > 0


def _people_behind(action: Action) -> list[Person]:
    """Those who answer for the hosts that stand, where no link has an address."""
    found: dict[int, Person] = {}
    for row in action.hostings.standing().select_related("organisation", "committee"):
        if not isinstance(row.host, str):
            for mandate in mandates_for(row.host).select_related("person"):
                found.setdefault(mandate.person_id, mandate.person)
    return list(found.values())[:10]


def _held(row: Hosting) -> Hosting:
    locked(row.action)
    rows = Hosting.objects.select_for_update(of=("self",))
    return rows.select_related("action__campaign", "organisation", "committee").get(pk=row.pk)


def _shown_anew(action: Action) -> None:
    refresh_sought(action)
    pages.touch(*action.page_tags())
