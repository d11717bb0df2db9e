"""Actions that stand here because a source told of them."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from convoca.actions.models import Action, Attachment, Hosting, Stop
from convoca.actions.models.action import State
from convoca.campaigns.models import Campaign, Moment
from convoca.core.bulk import insert
from convoca.core.codes import public_code, uuid7
from convoca.core.fold import fold
from convoca.core.names import Names
from convoca.counting.models import Claim
from convoca.network.models import Network
from convoca.pages import services as pages


@transaction.atomic
def found_actions(claims: Sequence[Claim]) -> list[Action]:
    """Make an action of each of these claims that says when and where, and speaks of none yet.

    `claims` come with `source`, `campaign` and `place`. Nobody is written to, and nobody can sign
    up: no host looks after such an action here.
    """
    mine = [one for one in claims if one.action_id is None and one.is_placed]
    if not mine:
        return []
    language = Network.load().main_language
    with override(language):
        made = list(insert([_action(one, language) for one in mine], known_by="code"))
    _put_around(mine, made)
    for claim, action in zip(mine, made, strict=True):
        claim.action, claim.founds = action, True
    note_actions(mine)
    tags = {tag for action in made for tag in action.page_tags()}
    pages.touch("claims", *tags, *{tag for one in mine for tag in one.campaign.page_tags()})
    return made


def note_actions(claims: Sequence[Claim]) -> None:
    """Write down of which action each of these claims speaks, and whether it was made of it."""
    table = connection.ops.quote_name(Claim._meta.db_table)
    rows = [(one.action_id, one.founds, one.pk) for one in claims]
    with connection.cursor() as cursor:  # `bulk_update` takes several times as long for thousands
        cursor.executemany(
            f"UPDATE {table} SET action_id = %s, founds = %s WHERE id = %s",  # noqa: S608  ours
            rows,
        )


def follow(claim: Claim) -> None:
    """Let the action that was made of a claim say what the claim says now. In the caller's
    transaction; what a member of the network hosts is never changed by a claim, and an action
    keeps day and place where its claim no longer says them.
    """
    action = claim.action
    if action is None or not claim.founds or not action.is_told:
        return
    if not claim.is_placed:
        return
    _say(action, claim, Network.load().main_language)
    action.save()
    action.stops.all().delete()
    stop = _stop(claim, action)
    stop.save()
    hosting = action.hostings.filter(is_first=True).first()
    if hosting is not None and hosting.proposed:
        hosting.proposed = _host_of(claim)
        hosting.save(update_fields=["proposed"])
    pages.touch(*action.page_tags())


def _action(claim: Claim, language: str) -> Action:
    action = Action(
        code=public_code(),
        uid=uuid7(),
        campaign=claim.campaign,
        is_told=True,
        published_at=timezone.now(),
    )
    _say(action, claim, language)
    action.derive()
    return action


def _say(action: Action, claim: Claim, language: str) -> None:
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
    action.place = claim.place
    is_off = claim.state == Claim.State.CANCELLED
    action.state = State.CANCELLED if is_off else State.PUBLISHED
    action.cancelled_at = (action.cancelled_at or timezone.now()) if is_off else None
    words = (title, claim.venue, claim.place.name, claim.place.region, claim.organisers)
    action.sought = fold(" ".join(filter(None, words)))


def _host_of(claim: Claim) -> str:
    return claim.organisers[:200] or str(claim.source)


def _stop(claim: Claim, action: Action) -> Stop:
    assert claim.place is not None  # noqa: S101  for types
    town = (claim.place.latitude, claim.place.longitude)
    has_pin = claim.latitude is not None and (claim.latitude, claim.longitude) != town
    stop = Stop(
        action=action,
        place=claim.place,
        venue=claim.venue,
        latitude=claim.latitude if has_pin else None,
        longitude=claim.longitude if has_pin else None,
    )
    stop.show_what_may_be_shown()
    return stop


def _put_around(claims: Sequence[Claim], actions: Sequence[Action]) -> None:
    """What stands around an action: its place, its host by name, its campaign and moment."""
    pairs = list(zip(claims, actions, strict=True))
    insert([_stop(claim, action) for claim, action in pairs])
    insert(
        [
            Hosting(
                action=action, proposed=_host_of(claim), is_first=True, state=Hosting.State.ACCEPTED
            )
            for claim, action in pairs
        ]
    )
    campaigns = {one.campaign_id: one.campaign for one in claims}
    moments = {number: _moments(campaign) for number, campaign in campaigns.items()}
    attached = [
        Attachment(
            action=action,
            campaign=claim.campaign,
            moment=_moment_on(moments[claim.campaign_id], claim.day),
            agreed_at=action.published_at,
        )
        for claim, action in pairs
    ]
    for row in attached:
        row.derive()
    insert(attached)


def _moments(campaign: Campaign) -> list[Moment]:
    found = campaign.moments.standing().exclude(kind=Moment.Kind.DEADLINE)
    return sorted(found, key=lambda one: (one.ends_on - one.starts_on, one.pk))


def _moment_on(moments: Sequence[Moment], day: date | None) -> Moment | None:
    """The shortest moment of the campaign in which this day falls."""
    return next((one for one in moments if day and one.starts_on <= day <= one.ends_on), None)
