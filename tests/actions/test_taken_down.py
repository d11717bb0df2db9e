"""A moderator takes an action down: when the answer comes, no kept page shows a word of it."""

import pytest
from django.test import Client

from convoca.actions.facts import Where
from convoca.actions.front import ShownAction
from convoca.actions.models import Action, HostLink
from convoca.actions.models.action import Visibility
from convoca.actions.preview import Picture
from convoca.actions.services import host_deeds, letting_in, moderation, problems
from convoca.actions.services.describing import describe
from convoca.campaigns.front import reader
from convoca.pages.store import PLAIN
from tests.actions.making import make_action, make_link, town, write_action
from tests.cast import mandate_of

pytestmark = pytest.mark.django_db(transaction=True)

STREET = "Calle Palma 1313"
TITLE = "Canary march"
WORDS = "Knock twice at the green canary door."


def exposed(campaign, host, **facts) -> Action:
    """A public action that tells too much."""
    where = [Where(town(), venue="Ana's flat", street=STREET)]
    action = make_action(campaign, host, title=TITLE, places=where, **facts)
    describe(action, WORDS)
    return action


def pages_with(action: Action, campaign, host) -> list[str]:
    """Addresses of every kind of page on which it stands."""
    own = f"/en/actions/{action.code}"
    of_campaign = campaign.get_absolute_url()
    return [
        f"{own}/{action.slug()}/",
        f"{own}/{action.slug()}/report/",
        f"{own}/share/",
        f"{own}/poster/",
        f"{own}/calendar.ics",
        f"/en/texts/{action.description.code}/en/suggest/1/",
        "/en/",
        "/en/actions/",
        "/en/actions/map/",
        "/en/actions/in/py/",
        "/en/embed/actions/",
        "/sitemap.xml",
        Picture(ShownAction(action, reader())).path,
        *(f"/en/actions/actions.{kind}" for kind in ("ics", "atom", "rss", "geojson", "csv")),
        of_campaign,
        f"{of_campaign}actions/",
        host.get_absolute_url(),
    ]


def keep(kept_pages, addresses: list[str]) -> list[str]:
    """Ask for each as a stranger; answers the keys under which they are kept."""
    answers = [Client().get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200] * len(addresses)
    return sorted(kept_pages.keys())


def told_in(kept_pages, *words: str) -> list[str]:
    """Which of these words stand in the bytes of the file, packed pages unpacked."""
    raw = b"".join(p.read_bytes() for p in kept_pages.path.parent.glob("pages.sqlite3*"))
    keys = kept_pages.keys()
    raw += b"".join(kept_pages.look(key, PLAIN).body for key in keys)
    return [word for word in words if word.encode() in raw]


@pytest.fixture
def moderator(client, mia):
    client.force_login(mia)
    return client


def test_when_a_moderator_is_answered_no_page_that_showed_it_is_kept(
    kept_pages, moderator, campaign, union
):
    action = exposed(campaign, union)
    keys = keep(kept_pages, pages_with(action, campaign, union))
    keep(kept_pages, ["/en/imprint/"])
    assert len(keys) == len(pages_with(action, campaign, union))
    assert told_in(kept_pages, TITLE, STREET, WORDS) == [TITLE, STREET, WORDS]

    answer = moderator.post(f"/en/work/act/reported/{action.code}/down/")

    assert answer.status_code == 302
    assert [key for key in keys if kept_pages.look(key, PLAIN)] == []
    assert kept_pages.keys() == ["http://testserver/en/imprint/"]
    assert told_in(kept_pages, TITLE, action.slug(), STREET, WORDS) == []


def test_its_page_says_that_it_is_gone_and_nothing_of_what_it_was(
    kept_pages, moderator, campaign, union
):
    action = exposed(campaign, union)
    addresses = pages_with(action, campaign, union)
    keep(kept_pages, addresses)
    moderator.post(f"/en/work/act/reported/{action.code}/down/")
    answers = [Client().get(address) for address in addresses]
    bodies = b"".join(answer.content for answer in answers)

    assert answers[0].status_code == 410
    assert Client().get(f"/a/{action.short_code}").status_code == 410
    assert {answer.status_code for answer in answers[5:]} <= {200, 404}
    assert [word for word in (TITLE, STREET, WORDS) if word.encode() in bodies] == []
    assert told_in(kept_pages, TITLE, STREET, WORDS) == []


def test_what_is_shown_again_is_there_again(kept_pages, moderator, campaign, union):
    action = exposed(campaign, union)
    moderator.post(f"/en/work/act/reported/{action.code}/down/")
    moderator.post(f"/en/work/act/reported/{action.code}/wrong/", {"words": ""})

    assert TITLE in Client().get(action.get_absolute_url()).content.decode()
    action.refresh_from_db()
    assert (action.taken_off_at, action.sequence) == (None, 2)


DEEDS = {
    "refused": lambda action, mia: moderation.refuse(action, reason="unsafe", under=mia),
    "reports were right": lambda action, mia: problems.take_off(action, under=mia),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_every_way_out_of_sight_takes_it_down(kept_pages, campaign, union, mia, deed):
    action = exposed(campaign, union)
    keep(kept_pages, pages_with(action, campaign, union))
    DEEDS[deed](action, mandate_of(mia))
    assert told_in(kept_pages, TITLE, STREET, WORDS) == []


def test_taking_back_that_it_was_let_in_takes_it_down(kept_pages, campaign, union, mia):
    where = [Where(town(), street=STREET)]
    action = write_action(campaign, union, title=TITLE, places=where)
    action.state = "waiting"
    action.save()
    lot = letting_in.let_in_all([action], under=mandate_of(mia))
    action.refresh_from_db()
    keep(kept_pages, [action.get_absolute_url(), "/en/actions/"])
    assert told_in(kept_pages, STREET) == [STREET]

    letting_in.take_out(lot, under=mandate_of(mia))

    assert told_in(kept_pages, STREET) == []


def test_a_host_who_hides_the_address_hides_it_at_once(kept_pages, campaign, union):
    action = exposed(campaign, union)
    link: HostLink = make_link(action)[0]
    keep(kept_pages, [action.get_absolute_url(), "/en/actions/", "/en/actions/actions.ics"])
    assert told_in(kept_pages, STREET) == [STREET]

    host_deeds.edit(
        action,
        link,
        names=action.names,
        description=WORDS,
        more={"visibility": Visibility.CITY, "online_url": ""},
    )

    assert kept_pages.keys() == []
    assert told_in(kept_pages, STREET) == []
