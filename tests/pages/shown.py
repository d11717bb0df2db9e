"""A world in which everything that strangers may read is there, and every page that shows it.

It is the world of `tests.world` with what that one has no need for: actions in every state that
is public, routes, hosts of every kind, pictures, words in two languages.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from convoca.actions.facts import When, Where
from convoca.actions.models import Action, Attachment, Hosting, Seats
from convoca.actions.services import attaching, describing, doors, life, standby
from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Campaign
from convoca.core.names import Names
from convoca.media import services as media
from convoca.network import services as network
from convoca.network.models import Committee, Network, Organisation
from convoca.pages.keeping import forget_everything
from convoca.pages.middleware import KEPT_AS
from convoca.texts import services as texts
from tests import matrix, world
from tests.actions.making import LISBON, in_days, make_action, town
from tests.media import fixtures as files

LANGUAGES = ("en", "ar")


def build() -> world.World:
    """Make it, inside the caller's transaction."""
    made = world.build()
    for add in (_looks, _more_of_campaigns, _more_actions):
        add(made)
    return made


def _picture(name: str):
    kept = media.keep_picture(files.upload(f"{name}.png", files.picture(size=(60, 40))), alt=name)
    assert kept.alt == name
    return kept


def _looks(made: world.World) -> None:
    """Pictures, what an organisation says of itself, and hosts in a town of their own."""
    made.union.logo, made.union.site = _picture("Logo"), "https://union.example/"
    made.union.save()
    about = network.start_about(made.union, by=made.ana)
    texts.save_source(about, "We load and unload.", seen_revision=0, by=made.ana)
    texts.publish_version(about, by=made.ana)
    made.market = Committee.objects.create(
        names=Names(en="Lisbon"), country="PT", place=made.harbour.place
    )
    made.market.organisations.add(made.union, made.library)
    row = Network.load()
    row.imprint_address, row.fallbacks = "1 Quay Road", {"qu": "es"}
    row.save()


def _more_of_campaigns(made: world.World) -> None:
    under = made.secretariat
    campaigns.change(
        made.campaign,
        lead=Names(en="Come to the banks."),
        hashtags=["rivers"],
        picture=_picture("Poster"),
        convenors=[made.union, made.library],
        under=under,
    )
    campaigns.add_moment(
        made.campaign,
        kind="deadline",
        starts_on=in_days(5),
        ends_on=in_days(5),
        clock=time(18),
        zone="America/Asuncion",
        names=Names(en="Sign by"),
        under=under,
    )
    campaigns.add_moment(
        made.campaign,
        kind="week",
        starts_on=in_days(20),
        ends_on=in_days(26),
        place=town(),
        where=Names(en="On every bank"),
        under=under,
    )
    gone = campaigns.add_moment(
        made.campaign, kind="day", starts_on=in_days(30), ends_on=in_days(30), under=under
    )
    campaigns.cancel_moment(gone, under=under)
    other = media.keep_file(files.upload("song.txt", b"A song.\n"))
    media.keep_recording(files.upload("other.mp3", files.mp3(30)))
    for file in (made.picture, made.recording, other):
        campaigns.add_material(made.campaign, file, names=Names(en="To show"), under=under)
    made.next = campaigns.start(
        Names(en="Rivers again"),
        source_language="en",
        convenors=[made.union],
        follows=made.campaign,
        under=under,
    )
    texts.save_source(made.next.call, "Again.", seen_revision=0, by=made.bo)
    texts.publish_version(made.next.call, by=made.bo)
    made.next = campaigns.take_step(made.next, world.STEPS["publish"], under=under)
    back = campaigns.endorse(made.campaign, on_behalf_of=made.chapter, under=_coordinator(made))
    campaigns.withdraw_endorsement(back, under=_coordinator(made))
    doors.pause_hosting(made.lakes, Names(en="Back on Monday"), under=under)


def _coordinator(made: world.World):
    if not hasattr(made, "cas"):
        made.cas = network.grant(made.gus, "coordinator", organisation=made.chapter)
    return made.cas


def _more_actions(made: world.World) -> None:
    lisbon = town("Lisbon", **LISBON)
    route = [
        Where(lisbon, "Fish market", "Lota", "2 Dock Street", 38.71, -9.14),
        Where(lisbon, "The bridge", clock=time(11)),
    ]
    made.route = make_action(
        made.campaign,
        made.union,
        title="Walk to the bridge",
        when=When(in_days(9), time(10), last_day=in_days(10), last_clock=time(12)),
        places=route,
        moment=made.moment,
        picture=_picture("A bridge"),
        bring=Names(en="Boots"),
        contact="ask@harbour.example",
        access=["step-free", "captions"],
        spoken=["pt", "en"],
        online_url="https://meet.example/bridge",
        question=Names(en="Do you bring a boat?"),
        capacity=40,
        keeps_waiting_list=True,
        shows_count=True,
    )
    describing.describe(made.route, "We walk slowly.\n\nWith *music*.")
    _say_in_arabic(made)
    for committee in (made.harbour, made.market):
        Hosting.objects.create(action=made.route, committee=committee, state=Hosting.State.ACCEPTED)
    Seats.objects.filter(action=made.route).update(people=7, sign_ups=7)
    attaching.ask_to_attach(made.route, made.lakes, side=Attachment.Side.HOST)
    attached = Attachment.objects.get(action=made.route, campaign=made.lakes)
    attaching.agree(attached, side=Attachment.Side.CAMPAIGN)
    life.move(made.route, when=At.moved(), places=route)
    made.hidden_place = make_action(
        made.campaign,
        made.harbour,
        title="Meeting at home",
        kind="workshop",
        places=[Where(lisbon, "Home", "", "3 Hush Street")],
        visibility="city",
    )
    made.on_now = make_action(
        made.campaign, made.library, title="Vigil without end", kind="vigil", when=At.now()
    )
    made.long_over = make_action(made.campaign, made.union, title="First march")
    made.long_over.day = in_days(-30)
    made.long_over.save()
    called = standby.add_trigger(made.campaign, names=Names(en="It rains"), under=made.secretariat)
    made.tentative = make_action(
        made.campaign, made.union, title="Concert, perhaps", trigger=called
    )
    standby.call(called, day=in_days(12), clock=time(19), under=made.secretariat)
    made.standby = make_action(
        made.campaign, made.union, title="When it is ruled", trigger=made.trigger
    )
    made.cancelled = life.cancel(
        make_action(made.campaign, made.union, title="Stall", kind="stall"), reason="Rain"
    )
    made.postponed = life.postpone(
        make_action(made.campaign, made.union, title="Strike", kind="strike"), reason="Talks"
    )
    made.taken_off = life.hide(
        make_action(made.campaign, made.union, title="Hush address"), why="address"
    )
    made.online = make_action(
        made.campaign,
        made.library,
        title="Call us",
        kind="online",
        places=[],
        online_url="https://meet.example/us",
    )


class At:
    """When things are, as seen from now."""

    @staticmethod
    def now() -> When:
        return When(in_days(-1), time(8), last_day=in_days(3), last_clock=time(20))

    @staticmethod
    def moved() -> When:
        return When(in_days(9), time(11), last_day=in_days(10), last_clock=time(12))


def _say_in_arabic(made: world.World) -> None:
    text = Action.objects.get(pk=made.route.pk).description
    translated = texts.open_translation(text, "ar", by=made.bo)
    for source in text.sources():
        texts.save_paragraph(translated, source.key, "بطيئا", seen_revision=0, by=made.bo)
    texts.publish_unreviewed(translated, by=made.bo)


# Their pages


def paths(made: world.World) -> list[str]:
    """Every page that strangers read in this world, in two languages. PDF is left out, which takes
    long: it says what the page to print says, and has its tags.
    """
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found += _of_matrix(made)
            found += _of_objects()
    return sorted(set(found))


def _of_matrix(made: world.World) -> list[str]:
    views = {one.name: one for one in matrix.addresses()}
    rows = [row for row in matrix.rows() if row.get[0] == "200"]
    return [
        reverse(row.name, args=[made.find(word) for word in row.at])
        for row in rows
        if views[row.name].is_public_page and not row.name.endswith("-pdf")
    ]


def _of_objects() -> list[str]:
    found = [
        f"{reverse('network:organisations')}?former=on",
        f"{reverse('network:organisations')}?country=PT",
        f"{reverse('actions:list')}?when=past",
        f"{reverse('actions:list')}?online=1",
        f"{reverse('actions:list')}in/pt/",
        f"{reverse('actions:list')}in/py/actions.csv",
    ]
    for campaign in Campaign.objects.published():
        at = [campaign.code, campaign.slug()]
        found += [campaign.get_absolute_url(), reverse("actions:campaign-list", args=at)]
        found += [reverse("campaigns:signers-by", args=[*at, by]) for by in ("country", "region")]
        found += [reverse("campaigns:call", args=[*at, "es"])]
    for action in Action.objects.public():
        found.append(action.get_absolute_url())
        found.append(reverse("actions:share", args=[action.code]))
        found.append(reverse("actions:come", args=[action.code, action.slug()]))
        found.append(reverse("actions:calendar", args=[action.code]))
    found += [reverse("actions:calendar", args=[one.code]) for one in Action.objects.taken_off()]
    found += [reverse("campaigns:calendar", args=[c.code]) for c in Campaign.objects.taken_off()]
    for host in (*Organisation.objects.public(), *Committee.objects.public()):
        found.append(host.get_absolute_url())
    return found


Statement = tuple[str, tuple]
"""What was sent to the database, and with which values."""


@contextmanager
def statements(found: set[Statement]) -> Iterator[None]:
    """Every question that is put to the database meanwhile."""

    def note(execute, sql, params, many, context):
        if sql.startswith(("SELECT", "(SELECT")):
            found.add((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield


def keep(made: world.World) -> dict[str, set[Statement]]:
    """Have every page drawn and kept; its key → the questions with whose answers it was drawn."""
    client, read = Client(), {}
    ahead = paths(made)
    while ahead:
        path = ahead.pop()
        found: set[Statement] = set()
        forget_everything()  # of what this process keeps nothing is asked again
        with statements(found):
            answer = client.get(path)
        if KEPT_AS in answer and answer[KEPT_AS] not in read:
            read[answer[KEPT_AS]] = found
            ahead += _pictures(answer)
    return read


def _pictures(answer) -> set[str]:
    """Addresses of the pictures of an English page that are drawn."""
    if not answer.get("Content-Type", "").startswith("text/html"):
        return set()
    return set(re.findall(r"(/en/[\w/]*/(?:preview|poster)-\w+\.png)", answer.content.decode()))
