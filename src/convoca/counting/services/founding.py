"""Actions that stand here because a source told of them."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from convoca.actions.models import Action, Attachment, Hosting, Stop
from convoca.actions.models.action import COUNTED, State
from convoca.campaigns.models import Campaign, Moment
from convoca.core.bulk import insert, like, refer
from convoca.core.codes import public_code, uuid7
from convoca.core.fold import fold
from convoca.core.names import Names
from convoca.counting.models import Claim
from convoca.counting.services.told import Told
from convoca.network.models import Network
from convoca.pages import services as pages


@transaction.atomic
def found_actions(claims: Sequence[Claim | Told]) -> list[Action]:
    """Make an action of each of these claims that says when and where, and speaks of none yet.

    `claims` come with `source`, `campaign` and `place`, and are not changed themselves. Nobody is
    written to, and nobody can sign up: no host looks after such an action here.
    """
    mine = [one for one in claims if one.action_id is None and one.is_placed]
    if not mine:
        return []
    language, now = Network.load().main_language, timezone.now()
    blank = like(Action(is_told=True, published_at=now, created_at=now, changed_at=now))
    with override(language):
        made = list(insert([_action(one, blank(), language) for one in mine], known_by="code"))
    _put_around(mine, made)
    note_actions((action.pk, True, one.pk) for one, action in zip(mine, made, strict=True))
    # No page shows them yet, so what stands for one of them alone need not be touched.
    campaigns = {one.campaign.pk: one.campaign for one in mine}.values()
    pages.touch("claims", "actions", COUNTED, *(t for one in campaigns for t in one.page_tags()))
    return made


def note_actions(rows: Iterable[tuple[int | None, bool, int]]) -> None:
    """Write down, for claims by their numbers, of which action each speaks and whether it was made
    of it: action, whether, claim.
    """
    table = connection.ops.quote_name(Claim._meta.db_table)
    with connection.cursor() as cursor:  # `bulk_update` takes several times as long for thousands
        cursor.executemany(
            f"UPDATE {table} SET action_id = %s, founds = %s WHERE id = %s",  # noqa: S608  ours
            list(rows),
        )


def follow(claim: Claim) -> None:
    """Let the action that was made of a claim say what the claim says now. In the caller's
    transaction; what a member of the network hosts is never changed by a claim, and an action
    keeps day and place where its claim no longer says them.
    """
    action = claim.action
    if action is None or not claim.founds or not action.is_told:
        return
    before = action.campaign_id, action.day
    action.campaign = claim.campaign
    if claim.is_placed:
        _say(action, claim, Network.load().main_language)
    action.save()
    if before != (action.campaign_id, action.day):
        _stand_elsewhere(action, before[0])
    if not claim.is_placed:
        return
    action.stops.all().delete()
    _stop(claim, action, Stop()).save()
    hosting = action.hostings.filter(is_first=True).first()
    if hosting is not None and hosting.proposed:
        hosting.proposed = _host_of(claim)
        hosting.save(update_fields=["proposed"])
    pages.touch(*action.page_tags())


def _stand_elsewhere(action: Action, before: int) -> None:
    """It stands with the campaign that it is of now, at the moment in which its day falls; with the
    one before only where another source says so.
    """
    moment = _moment_on(_moments(action.campaign), action.day)
    action.attachments.update_or_create(
        campaign=action.campaign,
        defaults={"moment": moment},
        create_defaults={"moment": moment, "agreed_at": timezone.now()},
    )
    if before != action.campaign_id:
        said = Claim.objects.standing().filter(Q(action=action) | Q(action__same_as=action))
        if not said.filter(campaign=before).exclude(founds=True, action=action).exists():
            action.attachments.filter(campaign=before).delete()


def _action(claim: Claim | Told, action: Action, language: str) -> Action:
    action.code, action.uid = public_code(), uuid7()
    refer(action, campaign=claim.campaign)
    _say(action, claim, language)
    action.derive()
    return action


def _say(action: Action, claim: Claim | Told, language: str) -> None:
    """Set the action's own columns from what the claim says."""
    assert claim.day is not None and claim.place is not None  # noqa: PT018, S101  for types
    action.kind = claim.kind
    action.language = claim.language or language
    title = claim.title
    if not title:
        action.language = language
        title = _("%(kind)s in %(place)s") % {
            "kind": action.get_kind_display(),
            "place": claim.place.name,
        }
    action.names = Names({action.language: title})
    action.day, action.last_day = claim.day, claim.last_day
    action.clock, action.last_clock = claim.clock, claim.last_clock
    action.zone = claim.zone or claim.place.zone
    refer(action, place=claim.place)
    is_off = claim.state == Claim.State.CANCELLED
    action.state = State.CANCELLED if is_off else State.PUBLISHED
    action.cancelled_at = (action.cancelled_at or timezone.now()) if is_off else None
    words = (title, claim.venue, claim.place.name, claim.place.region, claim.organisers)
    action.sought = fold(" ".join(filter(None, words)))


def _host_of(claim: Claim | Told) -> str:
    return claim.organisers[:200] or str(claim.source)


def _stop(claim: Claim | Told, action: Action, stop: Stop) -> Stop:
    assert claim.place is not None  # noqa: S101  for types
    town = (claim.place.latitude, claim.place.longitude)
    refer(stop, action=action, place=claim.place)
    stop.venue = claim.venue
    if claim.latitude is not None and (claim.latitude, claim.longitude) != town:
        stop.latitude, stop.longitude = claim.latitude, claim.longitude
    stop.show_what_may_be_shown()
    return stop


def _put_around(claims: Sequence[Claim | Told], actions: Sequence[Action]) -> None:
    """What stands around an action: its place, its host by name, its campaign and moment."""
    pairs = list(zip(claims, actions, strict=True))
    stop = like(Stop())
    insert([_stop(claim, action, stop()) for claim, action in pairs])
    hosting = like(Hosting(is_first=True, state=Hosting.State.ACCEPTED))
    insert([_hosting(claim, action, hosting()) for claim, action in pairs])
    campaigns = {one.campaign.pk: one.campaign for one in claims}
    moments = {number: _moments(campaign) for number, campaign in campaigns.items()}
    attachment = like(Attachment())
    insert(
        [
            _attachment(action, _moment_on(moments[claim.campaign.pk], claim.day), attachment())
            for claim, action in pairs
        ]
    )


def _hosting(claim: Claim | Told, action: Action, hosting: Hosting) -> Hosting:
    refer(hosting, action=action)
    hosting.proposed = _host_of(claim)
    return hosting


def _attachment(action: Action, moment: Moment | None, attachment: Attachment) -> Attachment:
    refer(attachment, action=action, campaign=action.campaign, moment=moment)
    attachment.agreed_at = action.published_at
    attachment.derive()
    return attachment


def _moments(campaign: Campaign) -> list[Moment]:
    found = campaign.moments.standing().exclude(kind=Moment.Kind.DEADLINE)
    return sorted(found, key=lambda one: (one.ends_on - one.starts_on, one.pk))


def _moment_on(moments: Sequence[Moment], day: date | None) -> Moment | None:
    """The shortest moment of the campaign in which this day falls."""
    return next((one for one in moments if day and one.starts_on <= day <= one.ends_on), None)
