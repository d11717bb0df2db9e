"""The sample's actions: each town has two or three, in the words of those who host them."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from convoca.actions.facts import When, Where
from convoca.actions.models import (
    Action,
    Arrival,
    Attachment,
    Hosting,
    HostLink,
    Problem,
    Seats,
    SignUp,
    Trigger,
)
from convoca.actions.models.action import State, Visibility
from convoca.actions.models.hosting import LINK_KEPT
from convoca.actions.models.signup import KEPT
from convoca.actions.services import life
from convoca.campaigns.models import Campaign, Moment
from convoca.core.codes import secret_token, token_digest
from convoca.core.names import Names
from convoca.network.models import Committee, Organisation
from convoca.vault import services as vault

if TYPE_CHECKING:
    from convoca.web.sample.loading import Loader

KINDS = ("march", "workshop", "rally", "stall", "vigil", "other", "concert", "march", "rally")
"""What towns put on, by turns."""
CLOCKS = (time(10), time(17, 30), time(11), time(18), time(9, 30), time(16), time(19))
ACCESS: tuple[list[str], ...] = (
    ["step-free", "seats"],
    ["step-free", "child-care"],
    [],
    ["sign-language"],
    ["transport"],
)
DEMO_LINK = "demo-host-of-zaragoza"
"""The secret of one host page that visitors of the demo may open. A real one is never written
down anywhere."""


@dataclass(frozen=True)
class Plan:
    """One action to come: where in the row of all it stands decides what it is like."""

    number: int
    key: str
    host: Organisation | Committee
    town: str
    country: str


class ActionLoader:
    """Puts the actions in, after campaigns, committees and people are there."""

    def __init__(self, loader: "Loader") -> None:
        self.loader = loader
        path = loader.data / "actions.toml"
        self.facts = tomllib.loads(path.read_text(encoding="utf-8"))
        self.week = loader.campaigns["week"]

    def load(self) -> None:
        """Some three hundred around the week, and last year's."""
        moment = self.week.moments.get(kind=Moment.Kind.WEEK)
        self.trigger = Trigger.objects.create(
            campaign=self.week, names=Names(self.facts["triggers"]["names"])
        )
        made = [self.put_on(plan, moment) for plan in self.plans()]
        self.load_past()
        self.host_together(made)
        self.change_some([action for action in made if action.is_public])
        self.sign_up_for([action for action in made if action.is_public])
        self.load_queue(made)
        self.open_a_host_page(made)

    def plans(self) -> Iterator[Plan]:
        """Two actions for each town, and a third for every seventh."""
        loader, number = self.loader, 0
        for key, organisation in loader.organisations.items():
            towns: list[tuple[str, Organisation | Committee]] = [
                (city, loader.committees[city]) for city in loader.facts["committees"].get(key, ())
            ]
            towns += [(city, organisation) for city in self.facts["towns"].get(key, ())]
            for town, host in towns:
                country = "" if "," in town and host is organisation else organisation.country
                for _turn in range(3 if len(town) % 7 == 0 else 2):
                    yield Plan(number, key, host, town, country)
                    number += 1

    def put_on(self, plan: Plan, moment: Moment) -> Action:
        """One action of the week: most are public, some wait, some have no day."""
        number, organisation = plan.number, self.loader.organisations[plan.key]
        is_online = number % 29 == 11
        kind = "online" if is_online else KINDS[number % len(KINDS)]
        language = self.language_of(organisation)
        action = Action(
            campaign=self.week,
            kind=kind,
            names=Names({language: self.title(kind, language, plan)}),
            language=language,
            zone="UTC",
            spoken=organisation.languages[:2],
            access=ACCESS[number % len(ACCESS)],
            contact=organisation.contact_mail if number % 4 == 0 else "",
            capacity=(12, 25, 40)[number % 3] if kind == "workshop" else None,
            keeps_waiting_list=kind == "workshop",
            shows_count=number % 3 == 0,
            visibility=Visibility.CITY if number % 31 == 7 else Visibility.PUBLIC,
            online_url="https://talk.rivers.example/river" if is_online else "",
        )
        if number % 3 == 0 and language in self.facts["bring"]:
            action.bring = Names({language: self.facts["bring"][language]})
        places = [] if is_online else self.places(plan, language)
        action.zone = places[0].place.zone if places else "Europe/Lisbon"
        if number % 41 == 17:
            action.trigger = self.trigger
        else:
            life.set_when(action, self.when(number, moment))
        life.place_at(action, places)
        life.attach_at_home(action, moment)
        self.host(action, plan.host, is_first=True)
        if number % 27 == 13:
            waits = timezone.now() - timedelta(minutes=20 + number)
            action.state, action.waiting_since = State.WAITING, waits
            action.save()
            return action
        return life.let_in(action)

    def language_of(self, organisation: Organisation) -> str:
        """The first of its languages in which the sample has titles."""
        known = [tag for tag in organisation.languages if tag in self.facts["titles"]]
        return known[0] if known else "en"

    def title(self, kind: str, language: str, plan: Plan) -> str:
        titles: Sequence[str] = self.facts["titles"][language][kind]
        water: str = self.facts["waters"].get(plan.key, "")
        return titles[plan.number // len(KINDS) % len(titles)].replace("{water}", water)

    def places(self, plan: Plan, language: str) -> list[Where]:
        """A venue in the town; for some marches a route of three stops."""
        place = self.loader.place(plan.town, plan.country)
        venues: Sequence[str] = self.facts["venues"][language]
        venue = venues[plan.number % len(venues)]
        first = Where(
            place,
            venue=venue,
            latitude=place.latitude + (plan.number % 7 - 3) / 900,
            longitude=place.longitude + (plan.number % 5 - 2) / 900,
        )
        if plan.number % 9 or plan.number % 2:
            return [first]
        rest = [one for one in venues if one != venue][:2]
        hours = (time(11), time(12, 30))
        return [
            first,
            *(Where(place, venue=one, clock=at) for one, at in zip(rest, hours, strict=False)),
        ]

    def when(self, number: int, moment: Moment) -> When:
        """Somewhere in the week, the Saturday more than the rest; a few the days before."""
        span = (moment.ends_on - moment.starts_on).days
        shift = -(number % 9) if number % 13 == 0 else (number * 5) % (span + 1)
        clock = CLOCKS[number % len(CLOCKS)]
        end = time(clock.hour + 2, clock.minute) if number % 2 else None
        return When(moment.starts_on + timedelta(days=shift), clock, last_clock=end)

    def host(
        self, action: Action, host: Organisation | Committee, *, is_first: bool = False
    ) -> Hosting:
        facts: dict[str, Any] = {str(host._meta.model_name): host}
        return Hosting.objects.create(
            action=action,
            is_first=is_first,
            state=Hosting.State.ACCEPTED,
            answered_at=self.loader.at(-3),
            **facts,
        )

    # What has become of them

    def host_together(self, made: list[Action]) -> None:
        """Every tenth has a second host: the organisation of the committee, or a neighbour."""
        bodies = list(self.loader.organisations.values())
        for number, action in enumerate(made):
            if number % 10 == 4:
                first = action.hostings.get(is_first=True)
                other = bodies[number % 25]
                if first.organisation_id != other.pk:
                    self.host(action, other)

    def change_some(self, public: list[Action]) -> None:
        """Some are cancelled, moved, put off, not confirmed, or stand on two campaigns' pages."""
        for number, action in enumerate(public):
            if action.day is None:
                continue
            if number % 47 == 20:
                life.cancel(action, reason=_REASONS.get(action.language, _REASONS["en"]))
            elif number % 53 == 30:
                moved = When(action.day, time(12), last_clock=time(15))
                life.move(action, when=moved)
            elif number % 61 == 33:
                life.postpone(action)
            elif number % 37 == 25:
                asked = self.loader.at(-1)
                Action.objects.filter(pk=action.pk).update(
                    still_on_asked_at=asked, state=State.TENTATIVE
                )

    def load_past(self) -> None:
        """What was put on for the day that is over: it never stands on this year's map."""
        past: Campaign = self.loader.campaigns["day"]
        moment = past.moments.order_by("starts_on").first()
        if moment is None:
            return
        for number, (city, committee) in enumerate(list(self.loader.committees.items())[::3]):
            place = committee.place
            if place is None:
                continue
            title = self.facts["titles"]["en"]["stall"][1]
            action = Action(
                campaign=past, kind="stall", names=Names(en=title), zone=place.zone,
                state=State.PUBLISHED, published_at=self.loader.at(-250),
            )  # fmt: skip
            life.set_when(action, When(moment.starts_on, CLOCKS[number % len(CLOCKS)]))
            life.place_at(action, [Where(place, venue=city.partition(",")[0])])
            Attachment.objects.create(
                action=action, campaign=past, moment=moment, agreed_at=self.loader.at(-250)
            )
            self.host(action, committee, is_first=True)
            Seats.objects.create(action=action, people=20 + number * 7, sign_ups=15 + number)

    # Who comes

    def sign_up_for(self, public: list[Action]) -> None:
        """Invented people for every sixth action; a few workshops are full, with a waiting list."""
        from_names = self.loader.given_names
        rows: list[SignUp] = []
        for number, action in enumerate(public[::6]):
            if action.day is None or action.is_cancelled:
                continue
            wanted = 4 + (number * 13) % 34
            room = action.capacity or 10_000
            people, waiting = 0, 0
            for turn in range(wanted):
                brings = 1 + turn % 3 // 2
                state = SignUp.State.COMING if people + brings <= room else SignUp.State.WAITING
                people += brings if state == SignUp.State.COMING else 0
                waiting += brings if state == SignUp.State.WAITING else 0
                name = from_names[(turn * 5 + number) % len(from_names)]
                email = f"{name.lower()}{number}@people.example" if turn % 3 else ""
                rows.append(
                    SignUp(
                        action=action, scope=action.scope, delete_on=action.day + KEPT,
                        name=name, email=email,
                        email_index=vault.index(action.scope, email) if email else "",
                        people=brings, state=state, language=action.language,
                        digest=token_digest(secret_token()),
                        confirmed_at=self.loader.at(-2) if email else None,
                        waits_since=self.loader.at(-1) if state == SignUp.State.WAITING else None,
                        created_at=self.loader.at(-2, 8 + turn % 10),
                    )
                )  # fmt: skip
            Seats.objects.filter(action=action).update(
                people=people, waiting=waiting, sign_ups=wanted
            )
        SignUp.objects.bulk_create(rows, batch_size=200)

    # What waits for moderators

    def load_queue(self, made: list[Action]) -> None:
        """Two newcomers among those that wait, and two reports of readers."""
        waiting = [action for action in made if action.state == State.WAITING]
        for action, name in zip(
            waiting, ("Vecinas del Puente", "Les Amis du Moulin"), strict=False
        ):
            Hosting.objects.filter(action=action, is_first=True).update(
                organisation=None, committee=None, proposed=name
            )
        Arrival.objects.bulk_create(
            Arrival(
                action=action,
                campaign=action.campaign,
                at=action.waiting_since or timezone.now(),
                is_newcomer=number < 2,
                sender=f"sample-{number}",
            )
            for number, action in enumerate(waiting)
        )
        for action, kind in zip(
            made[40:43:2], (Problem.Kind.WRONG, Problem.Kind.PRIVATE), strict=True
        ):
            Problem.objects.create(
                action=action,
                scope=action.scope,
                delete_on=self.loader.day(60),
                kind=kind,
                words="The clock on the poster says eleven.",
                sender=f"sample-{kind}",
                reported_at=self.loader.at(-1),
            )

    def open_a_host_page(self, made: list[Action]) -> None:
        """The first action of the first town has a host page to look at."""
        action = made[0]
        HostLink.objects.create(
            action=action,
            scope=action.scope,
            delete_on=(action.day or self.loader.today) + LINK_KEPT,
            digest=token_digest(DEMO_LINK),
            secret=DEMO_LINK,
            name="Mireia",
            email="mireia@rivers.example",
            email_index=vault.index(action.scope, "mireia@rivers.example"),
            language="es",
            confirmed_at=self.loader.at(-5),
        )


_REASONS = {
    "es": "La crecida ha cubierto el embarcadero.",
    "pt": "A cheia cobriu o cais.",
    "fr": "La crue a recouvert le quai.",
    "en": "The flood has covered the landing.",
    "de": "Das Hochwasser hat den Anleger überspült.",
    "ar": "غمر الفيضان المرسى.",
}
