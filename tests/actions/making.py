"""Actions as the tests of this folder need them, made by the same doors as everybody's."""

from datetime import date, time, timedelta

from django.db.models import F
from django.utils import timezone

from convoca.actions.facts import When, Where
from convoca.actions.models import Action, Hosting, HostLink, Seats, SignUp
from convoca.actions.models.hosting import LINK_KEPT
from convoca.actions.models.signup import KEPT
from convoca.actions.services import life
from convoca.core.codes import secret_token, token_digest
from convoca.core.names import Names
from convoca.places.models import Place
from convoca.vault import services as vault

ASUNCION = {"country": "PY", "latitude": -25.286, "longitude": -57.647, "zone": "America/Asuncion"}
LISBON = {"country": "PT", "latitude": 38.717, "longitude": -9.133, "zone": "Europe/Lisbon"}


def town(name: str = "Asunción", **facts) -> Place:
    """A town; the same name and country is the same row."""
    facts = {**ASUNCION, **facts}
    return Place.objects.get_or_create(
        name=name, country=facts["country"], defaults={"region": "", "population": 0, **facts}
    )[0]


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def at_ten(days: int = 20, **facts) -> When:
    """Ten o'clock some days from now."""
    return When(in_days(days), time(10), **facts)


def write_action(
    campaign,
    host,
    *,
    title: str = "March along the river",
    when: When | None = None,
    places=None,
    moment=None,
    **facts,
) -> Action:
    """A draft, in the name of an organisation or a committee (or a proposed name)."""
    places = [Where(town())] if places is None else places
    facts.setdefault("kind", Action.Kind.MARCH)
    action = Action(
        campaign=campaign,
        names=Names(en=title),
        zone=places[0].place.zone if places else "UTC",
        **facts,
    )
    if when is None and "trigger" not in facts:
        when = at_ten()
    if when is not None:
        life.set_when(action, when)
    life.place_at(action, places)
    life.attach_at_home(action, moment)
    host_facts = {"proposed": host} if isinstance(host, str) else _named(host)
    Hosting.objects.create(action=action, is_first=True, state=Hosting.State.ACCEPTED, **host_facts)
    return action


def _named(host) -> dict:
    return {host._meta.model_name: host}


def make_action(campaign, host, **facts) -> Action:
    """A public action."""
    return life.let_in(write_action(campaign, host, **facts))


def make_link(action: Action, email: str = "rosa@example.org", **facts) -> tuple[HostLink, str]:
    """A confirmed host link and its secret."""
    secret = secret_token()
    facts.setdefault("confirmed_at", timezone.now())
    link = HostLink.objects.create(
        action=action,
        scope=action.scope,
        delete_on=(action.final_day or timezone.localdate()) + LINK_KEPT,
        digest=token_digest(secret),
        secret=secret,
        email=email,
        email_index=vault.index(action.scope, email) if email else "",
        **facts,
    )
    return link, secret


def sign_up(action: Action, name: str = "", email: str = "", **facts) -> SignUp:
    """Somebody who comes, confirmed."""
    made = SignUp.objects.create(
        action=action,
        scope=action.scope,
        delete_on=(action.final_day or timezone.localdate()) + KEPT,
        name=name,
        email=email,
        email_index=vault.index(action.scope, email) if email else "",
        digest=token_digest(secret_token()),
        **{"state": SignUp.State.COMING, "confirmed_at": timezone.now(), **facts},
    )
    if made.state == SignUp.State.COMING:
        Seats.objects.filter(action=action).update(
            people=F("people") + made.people, sign_ups=F("sign_ups") + 1
        )
    return made
