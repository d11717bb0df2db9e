"""Journeys of hosts, moderators and campaigns through their screens: a host who has vanished, an
action on the pages of another campaign, and a flood that one tired person clears with the keyboard.
"""

import random
from dataclasses import replace
from datetime import time, timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from convoca.actions.facts import When, Where
from convoca.actions.models import Action, Door, HostLink
from convoca.actions.models.action import State
from convoca.actions.services import arriving, asking, doors, telling
from convoca.actions.services.describing import describe
from convoca.campaigns import services as campaigns
from convoca.core.names import Names
from convoca.network import services as network_services
from convoca.network.models import Mandate
from convoca.outbox.models import Message
from tests.actions.conftest import mia  # noqa: F401  used as a fixture
from tests.actions.making import (
    at_ten,
    in_days,
    make_action,
    make_link,
    sign_up,
    town,
    write_action,
)
from tests.actions.test_similar import NIGHT, fakes, real_ones
from tests.browser.conftest import axe
from tests.campaigns.conftest import (  # noqa: F401  used as fixtures
    campaign,
    draft,
    publish,
    start,
    steward,
)
from tests.cast import make_person, with_second_factor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def mails_to(address):
    """Templates of all mails to this address, in their order."""
    return [one.template for one in Message.objects.order_by("pk") if one.to == address]


def main(page):
    return page.locator("main").inner_text()


# --- the vanished host ----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ana", "mia"])
def test_somebody_takes_over_from_a_host_who_has_vanished(
    new_page, session_cookie, request, campaign, union, ana, mia, who  # noqa: F811
):  # fmt: skip
    person = request.getfixturevalue(who)
    with time_machine.travel(timezone.now() - timedelta(days=9)):
        action = make_action(campaign, union, when=at_ten(11))
    secret = make_link(action, "vanished@example.org")[1]
    sign_up(action, name="Inés", email="ines@example.org", language="es", tell_me=True)
    asking.ask_hosts()
    assert mails_to("vanished@example.org") == ["actions/still-on"]

    page = new_page(width=360, cookies=session_cookie(person))
    page.goto(action.get_absolute_url())
    assert "Not confirmed since" in main(page)
    page.goto("/en/work/act/actions/")
    page.get_by_role("link", name=str(action)).click()
    assert "not confirmed since" in main(page)
    assert axe(page) == []
    press(page, "Take this action over")

    own = page.url
    page.goto(f"{own}people/")
    assert "Inés" not in page.content()
    assert axe(page) == []
    assert new_page().goto(f"/en/host/{secret}/").status == 410
    assert mails_to("vanished@example.org")[1:] == ["actions/taken-over"]

    while telling.tell_next():
        pass
    assert mails_to("ines@example.org") == ["actions/told-new-host"]
    assert Message.objects.get(template="actions/told-new-host").language == "es"
    page.goto(f"{own}people/")
    assert "Inés" in main(page)
    page.goto(own)
    press(page, "Yes, it is on")
    page.goto(action.get_absolute_url())
    assert "Not confirmed since" not in main(page)
    assert [link.is_standing for link in HostLink.objects.order_by("pk")] == [False, True]


# --- another campaign -----------------------------------------------------------------------


def test_an_action_stands_in_another_campaign_when_both_agree(
    new_page, session_cookie, campaign, steward, union, library, bo  # noqa: F811
):  # fmt: skip
    other = publish(start(steward, library, names=Names(en="Lakes for all")), steward)
    day = timezone.localdate() + timedelta(days=20)
    moment = campaigns.add_moment(other, kind="day", starts_on=day, ends_on=day, under=steward)
    action = make_action(campaign, union)
    secret = make_link(action)[1]
    there = reverse("actions:moment-list", args=[other.code, other.slug(), moment.code])
    desk = new_page(cookies=session_cookie(bo))
    host, reader = new_page(width=360), new_page(width=360, scripts=False)

    def stands():
        assert reader.goto(there).status == 200
        return reader.get_by_role("link", name=str(action)).count() == 1

    desk.goto(f"/en/work/act/attached/{other.code}/")
    desk.get_by_label("Words of its title or town, or its short code").fill("river")
    press(desk, "Search")
    desk.get_by_label("Date of the campaign").select_option(moment.code)
    press(desk, "Ask its host")
    assert "The host is asked" in main(desk)
    assert axe(desk) == []
    assert not stands()
    assert mails_to("rosa@example.org") == ["actions/asked-to-attach"]

    host.goto(f"/en/host/{secret}/")
    assert "Lakes for all asks for your action" in main(host)
    host.get_by_role("link", name="Another campaign").click()
    assert axe(host) == []
    press(host, "Yes")
    assert stands()
    reader.get_by_role("link", name=str(action)).click()
    assert "Lakes for all" in main(reader)

    host.get_by_role("link", name="Another campaign").click()
    press(host, "Take it off")
    assert not stands()

    host.get_by_role("link", name="Another campaign").click()
    host.locator("[name=part_of]").select_option(f"{other.code}/{moment.code}")
    press(host, "Ask")
    assert not stands()
    desk.goto(f"/en/work/act/?campaign={other.code}")
    asks = desk.get_by_role("listitem").filter(has_text="1 action of another campaign asks")
    asks.get_by_role("link").click()
    press(desk, "Agree")
    assert stands()
    press(desk, "Take off")
    assert not stands()


# --- a flood --------------------------------------------------------------------------------

SAME_TEXT = "Come one, come all: free water for the whole city, now and for ever and for everybody."


def arrive(trace, campaign, *, host, address):  # noqa: F811
    """An action as a confirmed form of the public leaves it, at its hour."""
    day, hour = trace.when
    when = When(in_days((20 if day == "2027-04-01" else 21) + hour // 24), time(hour % 24))
    lies = {"latitude": len(trace.where) * 4.0, "longitude": ord(trace.where[0]) * 2.0 - 140}
    with time_machine.travel(trace.at, tick=False):
        places = [Where(town(trace.where, **lies))]
        action = write_action(campaign, host, title=trace.title, when=when, places=places)
        if trace.text:
            describe(action, SAME_TEXT)
        link = make_link(action, address)[0]
        return arriving.arrive(action, link=link, sender=trace.sender)


@pytest.fixture
def noa(campaign, steward):  # noqa: F811
    """Lets actions in for all countries, and is on the rota of every day; Kim is on none."""
    noa, kim = (with_second_factor(make_person(name)) for name in ("Noa", "Kim"))
    held = [network_services.grant(person, "moderator") for person in (noa, kim)]
    doors.set_rota(campaign, {day: [held[0]] for day in range(7)}, under=steward)
    return noa


@pytest.fixture
def night(campaign, union, ana, noa):  # noqa: F811
    """Three hundred fakes among forty real ones, half of these from a host we know: the keys of
    the real ones.
    """
    shift = timezone.now() - timedelta(hours=6) - NIGHT
    Mandate.objects.update(from_at=timezone.now() - timedelta(days=30))
    real = set()
    with transaction.atomic():
        for trace in sorted(fakes(random.Random(3)) + real_ones(), key=lambda one: one.at):
            trace = replace(trace, at=trace.at + shift)
            host, address = f"Group {trace.pk}", trace.address.replace(" ", "-")
            known = trace.pk < 1000 and trace.pk % 2
            facts = (
                {"host": union, "address": ana.email}
                if known
                else {"host": host, "address": f"{address}@example.org"}
            )
            made = arrive(trace, campaign, **facts)
            if trace.pk < 1000:
                real.add(made.pk)
    return real


def tab_to(page, name, most):
    """Press Tab until the button or link of this name has the focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name} is further than {most} presses away")


def open_first_row(page):
    page.locator("[data-keys]").wait_for()
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("[data-keys]").wait_for()


def refuse_first_lot(page):
    """Seven keys: down to the first row, into it, to the answer, refuse."""
    open_first_row(page)
    page.keyboard.press("r")
    tab_to(page, "Refuse those ticked", 4)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator(".above .undo").wait_for()


def on_the_map(page):
    """How many actions the dots of the map stand for."""
    page.goto("/en/actions/map/")
    dots = page.locator("svg.map.wide a")
    return sum(dots.evaluate_all("all => all.map(a => +(a.querySelector('text')?.innerHTML ?? 1))"))


def test_one_tired_person_clears_a_flood_with_the_keyboard(
    new_page, session_cookie, campaign, night, noa  # noqa: F811
):  # fmt: skip
    real = night
    door = Door.objects.get(campaign=campaign)
    assert (door.mode, door.mode_before) == ("always", "trusted")
    told = Message.objects.filter(template="actions/flood")
    assert [one.to for one in told] == [noa.email]
    public = set(Action.objects.public().values_list("pk", flat=True))
    assert len(public) > 5
    assert public <= real
    reader, page = new_page(), new_page(cookies=session_cookie(noa))
    assert on_the_map(reader) == len(public)

    page.goto("/en/work/act/moderation/")
    assert "Many new actions at once: Rivers for all" in page.locator(".above").inner_text()
    waiting = Action.objects.waiting()
    before, lots = waiting.count(), page.locator("[data-walk] > li", has_text="similar ones")
    lots = lots.filter(has_not_text="known host")
    refuse_first_lot(page)
    assert waiting.count() < before
    tab_to(page, "Undo", 30)
    page.keyboard.press("Enter")
    page.get_by_text("Taken back: it is where it was.").wait_for()
    assert waiting.count() == before
    steps = 0
    while lots.first.is_visible():
        refuse_first_lot(page)
        steps += 1
    assert steps <= 6
    assert set(waiting.values_list("pk", flat=True)) == real - public
    assert axe(page) == []

    open_first_row(page)
    for _one in range(2):
        with page.expect_navigation():
            page.keyboard.press("l")
        page.locator("[data-keys]").wait_for()
    assert Action.objects.public().count() == len(public) + 2
    assert on_the_map(reader) == len(public) + 2
    page.goto("/en/work/act/moderation/")
    tab_to(page, "Let in as before, or pause new actions", 30)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Let in as before").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    door.refresh_from_db()
    assert (door.mode, door.is_flooded) == ("trusted", False)
    assert not Action.objects.filter(pk__in=real, state=State.REFUSED).exists()
