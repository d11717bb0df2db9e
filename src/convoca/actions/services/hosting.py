"""An action is posted: written once however often it is sent, confirmed, forgotten if not."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts import limits
from convoca.accounts.models import Person
from convoca.actions.facts import Wish
from convoca.actions.models import Action, Arrival, Hosting, HostLink, KnownHost, Seats, Stop
from convoca.actions.models.action import DATED, State
from convoca.actions.models.hosting import DRAFT_KEPT, hosted_by
from convoca.actions.services import arriving, host_codes, host_links, hosts, life
from convoca.actions.services.describing import describe, forget_text
from convoca.actions.services.doors import hosting_pause
from convoca.audit import services as audit
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network.models import Mandate
from convoca.pages import services as pages
from convoca.places.gazetteer import distance

SAME_WITHIN = timedelta(minutes=30)
"""So long, the same content sent again is the same action."""
NEAR_TIME = timedelta(hours=3)
NEAR_KM = 10
NEAR_SHOWN = 5
NEVER_READ = (State.DRAFT, State.WAITING, State.REFUSED)
"""States in which an action may be deleted, if the public never read it."""


@dataclass(frozen=True)
class Posted:
    """What became of it. `secret` opens the host page; shown only to who posted with a code."""

    action: Action
    link: HostLink
    secret: str
    is_new: bool


def refuse_paused(campaign: Campaign) -> None:
    """Refuse new actions while the campaign's moderators have paused them."""
    why = hosting_pause(campaign)
    if why is not None:
        words = str(why) or _("New actions cannot be posted at the moment.")
        raise Refusal("hosting-paused", words)


def near(wish: Wish) -> list[Action]:
    """Public actions in the same town or within ten kilometres, on the same day within three
    hours: perhaps one of them is the same. Those that wait are nobody's business.
    """
    if wish.when is None or not wish.places:
        return []
    draft = Action(zone=wish.zone)
    life.set_when(draft, wish.when)
    draft.derive_times()
    if draft.starts_at is None:
        return []
    at_the_time = Q(action__day=wish.when.day)
    if wish.when.clock is not None:
        around = (draft.starts_at - NEAR_TIME, draft.starts_at + NEAR_TIME)
        at_the_time &= Q(action__clock=None) | Q(action__starts_at__range=around)
    first = wish.places[0]
    latitude, longitude = first.place.latitude, first.place.longitude
    if first.latitude is not None and first.longitude is not None:
        latitude, longitude = first.latitude, first.longitude
    high = NEAR_KM / 111
    rows = Stop.objects.filter(at_the_time, action__listed=True, action__state__in=DATED).filter(
        Q(place=first.place) | Q(shown_latitude__range=(latitude - high, latitude + high))
    )
    found = rows.values_list("action", "place", "shown_latitude", "shown_longitude")
    close = {
        action
        for action, place, high_up, along in found
        if place == first.place.pk
        or distance(latitude, longitude, float(high_up or 0), float(along or 0)) <= NEAR_KM
    }
    return list(Action.objects.filter(pk__in=close).with_front().in_time()[:NEAR_SHOWN])


@transaction.atomic
def post(
    wish: Wish,
    *,
    interface: str,
    email: str = "",
    sent: str = "",
    sender: str = "",
    code: str = "",
    person: Person | None = None,
    under: Mandate | None = None,
) -> Posted:
    """Keep an action as its host wants it.

    By mail: a draft, and a mail with a link that confirms it. With a coordinator's `code`, or
    under a mandate: it arrives at the campaign's door at once. `sent` is all that was typed: the
    same within half an hour is one action, whoever's thumb was impatient. `sender` is a keyed hash
    of the network from which it came.
    """
    refuse_paused(wish.campaign)
    sent = _keyed(sent, person)
    if sent and (known := _sent_before(sent)):
        return known
    used = host_codes.use(code) if code else None
    if used is not None and used.host != wish.host:
        raise Refusal("code-other-host", _("This code is for somebody else’s actions."))
    action = _written(wish, sent)
    if action is None:  # another of the same came first, a moment ago
        known = _sent_before(sent)
        if known is None:
            raise Refusal("sent-twice", _("This was sent a moment ago. Look at your mail."))
        return known
    under = used.made_under if used is not None else under
    is_sure = under is not None
    link, secret = host_links.make_link(
        action,
        email=email or (person.email if person else ""),
        name=person.name if person else "",
        language=interface,
        secret=host_links.derived_secret(sent + action.code) if sent else "",
        person=person,
        is_confirmed=is_sure,
    )
    _put_hosts(action, wish, under=under)
    who = {"under": under} if under is not None else host_links.who(link)
    audit.record("action.posted", about=action, **who)
    if is_sure:
        _arrive(action, link, under=under, sender=sender)
    else:
        host_links.mail_to(
            link,
            "actions/host-confirm",
            page="actions:host-confirm",
            days=DRAFT_KEPT.days,
        )
    action.refresh_from_db()
    return Posted(action, link, secret, is_new=True)


def is_repeated(sent: str, person: Person | None = None) -> bool:
    """Whether the same was posted a moment ago: then nothing is asked about it again."""
    limit = timezone.now() - SAME_WITHIN
    rows = Action.objects.filter(sent_once=_keyed(sent, person), created_at__gt=limit)
    return rows.exists()


def _keyed(sent: str, person: Person | None) -> str:
    return limits.keyed(f"hosted {sent} {person.pk if person else ''}") if sent else ""


def _sent_before(sent: str) -> Posted | None:
    """What was posted with the same content a moment ago; older ones make room for a new one."""
    action = Action.objects.filter(sent_once=sent).first()
    if action is None:
        return None
    secret = host_links.derived_secret(sent + action.code)
    link = host_links.link_of(secret)
    is_fresh = action.created_at > timezone.now() - SAME_WITHIN
    if not is_fresh or link is None or not link.is_standing:
        Action.objects.filter(pk=action.pk).update(sent_once=None)
        return None
    return Posted(action, link, secret, is_new=False)


def _written(wish: Wish, sent: str) -> Action | None:
    """The action's rows as a draft; None where the same content was stored in this moment."""
    action = Action(
        campaign=wish.campaign,
        kind=wish.kind,
        names=Names({wish.language: wish.title}),
        language=wish.language,
        zone=wish.zone,
        trigger=wish.trigger,
        picture=wish.picture,
        sent_once=sent or None,
        **wish.more,
    )
    if wish.when is not None:
        life.set_when(action, wish.when)
    try:
        with transaction.atomic():
            action.save()
    except IntegrityError:
        if sent and Action.objects.filter(sent_once=sent).exists():
            return None
        raise
    life.place_at(action, wish.places)
    life.attach_at_home(action, wish.moment)
    Seats.objects.get_or_create(action=action)
    describe(action, wish.description)
    return action


def _put_hosts(action: Action, wish: Wish, *, under: Mandate | None) -> None:
    named = {"proposed": wish.host} if isinstance(wish.host, str) else hosted_by(wish.host)
    accepted = under is not None or isinstance(wish.host, str)
    Hosting.objects.create(
        action=action,
        is_first=True,
        state=Hosting.State.ACCEPTED if accepted else Hosting.State.ASKED,
        answered_at=timezone.now() if accepted else None,
        mandate=under,
        **named,
    )
    for other in wish.with_hosts:
        if other != wish.host:
            hosts.ask(action, other)


def _arrive(
    action: Action, link: HostLink, *, under: Mandate | None = None, sender: str = ""
) -> Action:
    """Bring a confirmed action to the door, and ask those who are to host with it."""
    action = arriving.arrive(action, link=link, under=under, sender=sender)
    for row in action.hostings.asked().select_related("organisation", "committee"):
        row.action = action
        hosts.tell_asked(row)
    return action


@transaction.atomic
def confirm(token: str, *, sender: str = "") -> HostLink:
    """The host pressed the button behind the mail's link. Confirming twice is confirming once."""
    link = host_links.link_of(token)
    if link is None:
        raise Refusal("link-unknown", _("There is no such link. Look at the mail once more."))
    if not link.is_standing:
        raise Refusal("link-ended", _("This link has ended. A newer one was made in its place."))
    if link.confirmed_at is not None:
        return link
    action = life.locked(link.action)
    link = host_links.accept_link(link)
    if not link.is_main:
        audit.record("host-link.accepted", about=link, **host_links.who(link))
        return link
    under = _recognise_first_host(action, link)
    audit.record("action.confirmed", about=action, **host_links.who(link))
    if action.is_past:
        raise Refusal(
            "action-past", _("The time of this action is over. Post it with a time to come.")
        )
    if action.state == State.DRAFT:
        link.action = _arrive(action, link, under=under, sender=sender)
    return link


def _recognise_first_host(action: Action, link: HostLink) -> Mandate | None:
    """Let the name stand where the confirmed address may use it; else its people are asked."""
    row = action.hostings.filter(is_first=True).select_related("organisation", "committee").first()
    if row is None or isinstance(row.host, str) or row.state != Hosting.State.ASKED:
        return row.mandate if row is not None else None
    under = hosts.mandate_of_address(row.host, link.email)
    if under is None and not hosts.speaks_by_address(action, row.host, link):
        return None
    row.state, row.answered_at, row.mandate = Hosting.State.ACCEPTED, timezone.now(), under
    row.save()
    return under


@transaction.atomic
def resubmit(action: Action, link: HostLink) -> Action:
    """The host answered what a moderator asked: it stands at the door again."""
    action = life.locked(action)
    if action.state != State.DRAFT or not link.is_confirmed:
        raise Refusal("not-a-draft", _("This was sent already."))
    if action.is_past:
        raise Refusal("action-past", _("This action is over; give it a day to come first."))
    return arriving.arrive(action, link=link)


@transaction.atomic
def disown(token: str) -> None:
    """ "It was not me": whoever got the mail and posted nothing deletes the draft."""
    link = host_links.link_of(token)
    if link is None or link.confirmed_at is not None or not link.is_standing:
        raise Refusal("link-unknown", _("There is no such link. Look at the mail once more."))
    if link.is_main:
        delete_draft(link.action)
    else:
        link.revoked_at = timezone.now()
        link.email = link.name = link.email_index = ""
        link.save()


@transaction.atomic
def delete_draft(action: Action, **who: Any) -> None:
    """Delete an action that the public never read, with its words, its links and its people.

    Its picture goes when nothing else needs it.
    """
    action = life.locked(action)
    if action.published_at is not None or action.state not in NEVER_READ:
        raise Refusal("action-was-public", _("It was public; it can only be cancelled."))
    audit.record("action.deleted", about=action, **who)
    text, action.description = action.description, None
    action.save(update_fields=["description"])
    if text is not None:
        forget_text(text)
    action.delete()


def what_goes_with(link: HostLink) -> str:
    """What becomes of the action when this host's link and address are deleted: it "must-end"
    first, it is a "draft" that goes with them, they are the "last", or one "link" of several.
    """
    action = link.action
    others = HostLink.objects.confirmed().filter(action=action, role=HostLink.Role.HOST)
    if not link.is_main or others.exclude(pk=link.pk).exists():
        return "link"
    if action.published_at is None and action.state in NEVER_READ:
        return "draft"
    is_over = action.is_past or action.is_cancelled or action.state == State.REFUSED
    return "last" if is_over or not link.is_confirmed else "must-end"


@transaction.atomic
def leave(link: HostLink) -> None:
    """A host deletes their link with their name and address. The only host of what is still to
    come cannot: nobody else could look after it.
    """
    link.action = action = life.locked(link.action)
    what = what_goes_with(link)
    if what == "must-end":
        raise Refusal(
            "host-last",
            _(
                "You are its only host. Cancel it first on your private page, or ask a coordinator "
                "of its organisation to take it over."
            ),
        )
    scope, index = link.scope, link.email_index
    if what == "draft":
        delete_draft(action, **host_links.who(link))
    else:
        audit.record("host-link.ended", about=link, **host_links.who(link))
        link.delete()
    if what == "last" and action.contact:
        action.contact = ""
        action.save(update_fields=["contact"])
        pages.touch(*action.page_tags())
    if index and not HostLink.objects.filter(scope=scope, email_index=index).exists():
        Arrival.objects.filter(email_index=index).update(email_index="")
        KnownHost.objects.filter(scope=scope, email_index=index, lost_at=None).delete()


def forget_unconfirmed() -> int:
    """Delete drafts that nobody confirmed within seven days. Says how many."""
    limit = timezone.now() - DRAFT_KEPT
    confirmed = HostLink.objects.filter(confirmed_at__isnull=False).values("action")
    old = Action.objects.filter(state=State.DRAFT, created_at__lt=limit, published_at=None).exclude(
        pk__in=confirmed
    )
    gone = 0
    for action in old[:500]:
        delete_draft(action)
        gone += 1
    return gone
