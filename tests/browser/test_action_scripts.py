"""The small scripts around actions: ticks that wait for the net, a position that is asked for and
forgotten, a telephone's own share sheet. The map's script has `test_map`.
"""

import re

import pytest
from django.db import connection
from playwright.sync_api import Error as PlaywrightError

from convoca.actions.models import Seats, SignUp
from tests.actions.making import make_action, make_link, sign_up
from tests.campaigns.conftest import campaign, draft, steward  # noqa: F401  used as fixtures
from tests.cli.conftest import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = {"latitude": -25.286417, "longitude": -57.646917}


@pytest.fixture
def action(campaign, union):  # noqa: F811
    """A march in Asunción."""
    return make_action(campaign, union)


# --- arrivals -------------------------------------------------------------------------------


@pytest.fixture
def at_the_gate(action, new_page):
    """The page on which two people and whoever else comes are ticked."""
    for name, people in (("Ana Canaria", 1), ("Luz", 3)):
        sign_up(action, name=name, people=people)
    page = new_page(width=360)
    page.goto(f"/en/host/{make_link(action)[1]}/arrivals/")
    return page


def arrived():
    return {str(row.name): row.arrived for row in SignUp.objects.all()}


def row(page, name):
    return page.locator("[data-who]").filter(has_text=name)


def kept(page):
    return page.evaluate("JSON.stringify(localStorage)")


def test_ticks_wait_while_the_net_is_away_and_go_when_it_is_back(at_the_gate):
    page = at_the_gate
    page.context.set_offline(True)
    row(page, "Ana").get_by_role("button", name="Is here").click()
    for _person in range(2):
        row(page, "Luz").get_by_role("button", name="One more").click()
    page.locator("[name=walk_ins]").fill("4")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("No net.").wait_for()
    assert row(page, "Ana").locator("[data-count]").inner_text() == "1"
    assert arrived() == {"Ana Canaria": 0, "Luz": 0}
    assert "anaria" not in kept(page)

    with page.expect_navigation():
        page.context.set_offline(False)
    assert arrived() == {"Ana Canaria": 1, "Luz": 2}
    assert Seats.objects.get().walk_ins == 4
    assert kept(page) == "{}"


def test_ticks_that_were_kept_go_when_the_page_is_opened_again(at_the_gate):
    page = at_the_gate
    page.context.set_offline(True)
    row(page, "Luz").get_by_role("button", name="All are here").click()
    page.get_by_text("No net.").wait_for()
    address = page.url
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(address, wait_until="commit")  # when all is sent, the page loads itself anew
    row(page, "Luz").get_by_role("button", name="All are here").wait_for(state="hidden")
    wait_until(lambda: arrived() == {"Ana Canaria": 0, "Luz": 3})
    wait_until(lambda: said(page) == "{}")


def said(page):
    """What is kept; None while the page is on its way."""
    try:
        return kept(page)
    except PlaywrightError:
        return None


def test_a_tick_by_mistake_is_taken_back_without_net(at_the_gate):
    page = at_the_gate
    page.context.set_offline(True)
    row(page, "Ana").get_by_role("button", name="Is here").click()
    row(page, "Ana").get_by_role("button", name="Not here").click()
    assert row(page, "Ana").locator("[data-count]").inner_text() == "0"
    with page.expect_navigation():
        page.context.set_offline(False)
    assert arrived() == {"Ana Canaria": 0, "Luz": 0}


# --- what is typed ---------------------------------------------------------------------------


def test_what_a_host_typed_outlives_a_cut_line_and_goes_when_it_was_sent(action, new_page):
    page = new_page(width=360)
    page.goto("/en/actions/host/")
    page.get_by_label("Title").fill("Vigil by the weir")
    page.get_by_label("Your e-mail address").fill("rosa@example.org")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("No net. What you typed is kept here").wait_for()
    assert "Vigil by the weir" in page.evaluate("JSON.stringify(sessionStorage)")

    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/en/actions/host/")
    page.get_by_text("What you typed here before is back.").wait_for()
    assert page.get_by_label("Title").input_value() == "Vigil by the weir"
    page.get_by_role("button", name="Empty the form").click()
    page.get_by_text("What you typed here before is back.").wait_for(state="detached")
    assert page.get_by_label("Title").input_value() == ""


def test_a_sign_up_that_was_sent_is_kept_no_longer(action, new_page):
    page = new_page(width=360)
    page.goto(f"/en/actions/{action.code}/{action.slug()}/come/")
    page.get_by_label("Your name").fill("Nima")
    page.reload()
    assert page.get_by_label("Your name").input_value() == "Nima"
    page.get_by_role("button", name="Sign up").click()
    page.get_by_text("Add another person").wait_for()
    assert page.get_by_label("Your name").input_value() == ""
    assert page.evaluate("JSON.stringify(sessionStorage)") == "{}"


# --- near me --------------------------------------------------------------------------------


def test_a_position_is_used_for_one_answer_and_kept_nowhere(action, new_page):
    page = new_page(width=360, geolocation=HERE, permissions=["geolocation"])
    sent = []
    page.on("request", lambda asked: sent.append((asked.url, asked.post_data or "")))
    page.goto("/en/actions/near/")
    with page.expect_navigation():
        page.get_by_role("button", name="Use my position").click()
    page.get_by_role("link", name=str(action)).wait_for()

    numbers = re.compile(r"25\.2|57\.6")
    assert [url for url, _body in sent if numbers.search(url)] == []
    assert [body for _url, body in sent if "latitude=-25.29&longitude=-57.65" in body]
    assert not numbers.search(page.content())
    assert page.evaluate("document.cookie + JSON.stringify(localStorage)") == "{}"
    assert not numbers.search(stored())


def stored():
    """Every cell of the tables that a visit could leave something in."""
    skipped = ("places_place", "actions_action", "actions_stop", "actions_attachment")
    with connection.cursor() as cursor:
        cells = []
        for table in set(connection.introspection.table_names(cursor)) - set(skipped):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  ours
            cells += [str(cell) for cells in cursor.fetchall() for cell in cells]
    return " ".join(cells)


def test_a_device_that_does_not_say_where_it_is_is_told_to_write_the_town(action, new_page):
    page = new_page(width=360)
    page.goto("/en/actions/near/")
    page.get_by_role("button", name="Use my position").click()
    page.get_by_text("Your device did not say where it is.").wait_for()
    page.locator("[name=q]").fill("Asunción")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("link", name=str(action)).wait_for()


def test_without_scripts_no_position_is_offered(new_page):
    page = new_page(scripts=False)
    page.goto("/en/actions/near/")
    assert not page.get_by_role("button", name="Use my position").is_visible()


# --- passing it on --------------------------------------------------------------------------


def test_a_telephones_own_sheet_gets_title_text_and_address(action, new_page):
    page = new_page(width=360)
    page.add_init_script("navigator.share = async (what) => { window.passedOn = what }")
    page.goto(action.get_absolute_url())
    page.get_by_role("button", name="Share from this phone").first.click()
    passed_on = page.evaluate("window.passedOn")
    assert passed_on["title"] == str(action)
    assert passed_on["url"].endswith(f"/a/{action.short_code}")
    assert "river" in passed_on["text"]


def test_where_there_is_no_sheet_links_do_the_same(action, new_page):
    page = new_page(width=360)
    page.goto(action.get_absolute_url())
    assert page.evaluate("navigator.share === undefined")
    assert not page.locator("button[data-share]").first.is_visible()
    assert page.locator("#share a[href^='mailto:']").first.is_visible()
