"""After the day in a real browser: a host reports from a telephone, sends photos over a line that
is cut, and everybody reads it; somebody contests a figure and is answered.
"""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from convoca.counting import services
from convoca.counting.models import Contest, Photo, Report
from convoca.outbox.models import Message
from tests.actions.making import make_link
from tests.browser.conftest import axe
from tests.campaigns.conftest import (  # noqa: F401  used as fixtures
    campaign,
    draft,
    steward,
)
from tests.counting.conftest import gazette, rivers  # noqa: F401  used as fixtures
from tests.counting.making import claim_of, past_action
from tests.counting.test_tally import people
from tests.media import fixtures as files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def main(page):
    return page.locator("main").inner_text()


def faults(page):
    return axe(page) + (["runs off the side"] if page.evaluate(WIDER) else [])


def photo(name, colour, size=(3000, 2000)):
    """A large photo, as a telephone makes it."""
    body = BytesIO()
    Image.new("RGB", size, colour).save(body, "JPEG", quality=95)
    return {"name": name, "mimeType": "image/jpeg", "buffer": body.getvalue()}


def with_place(name):
    return {"name": name, "mimeType": "image/jpeg", "buffer": files.photo_with_place()}


@pytest.fixture
def march(campaign, union):  # noqa: F811  the fixture of that name
    return past_action(campaign, union)


def reported(page, secret):
    """A host says how it went; the page that answers."""
    page.goto(f"/en/host/{secret}/report/")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("At least").fill("1 200")
    page.get_by_label("At most").fill("1500")
    page.get_by_label("How this number was arrived at").select_option(label="Counted")
    page.get_by_label("How it was, in a few lines").fill("Loud and dry.")
    press(page, "Save")
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_a_host_reports_from_a_telephone_and_everybody_reads_it(new_page, march, scripts):
    secret = make_link(march)[1]
    page = new_page(width=360, scripts=scripts)
    page.goto(f"/en/host/{secret}/")
    page.get_by_role("link", name="How did it go?").first.click()
    if scripts:
        assert faults(page) == []
    press(page, "Save")
    assert "Did it take place?" in main(page)
    assert page.locator(".ask.wrong").count() >= 1
    reported(page, secret)
    assert "Saved. Thank you." in main(page)
    page.goto(march.get_absolute_url())
    assert "1,200 to 1,500 people" in main(page)
    assert "Loud and dry." in main(page)
    if scripts:
        assert faults(page) == []


def test_photos_are_made_smaller_sent_one_by_one_and_go_on_after_a_cut(new_page, march):
    secret = make_link(march)[1]
    page = reported(new_page(width=360), secret)
    page.get_by_role("link", name="Add photos").click()
    sent, sizes = [], []

    def line(route):
        if route.request.method != "POST":
            return route.continue_()
        sent.append(route.request.url)
        sizes.append(len(route.request.post_data_buffer or b""))
        return route.abort() if len(sent) == 2 else route.continue_()

    page.route("**/report/photos/", line)
    page.get_by_label("Photos", exact=True).set_input_files(
        [photo("one.jpg", (200, 30, 30)), photo("two.jpg", (30, 200, 30)), with_place("three.jpg")]
    )
    page.locator("input[name=agreed]").check()
    page.get_by_role("button", name="Send the photos").click()
    page.get_by_text("No net. The rest is sent when it is back").wait_for()
    assert Photo.objects.count() == 1
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("main ul.rows li").nth(2).wait_for()
    assert (len(sent), Photo.objects.count()) == (4, 3)
    assert max(sizes) < 400_000
    for row in Photo.objects.all():
        drawn = Image.open(BytesIO(row.picture.content()))
        assert max(drawn.size) <= 2400
        assert not drawn.getexif()
    assert Report.objects.get().photos_agreed_at is not None
    assert faults(page) == []
    page.get_by_role("link", name="Describe, cut or take away").first.click()
    before = Photo.objects.order_by("pk").first().picture.pk
    page.get_by_label("What can be seen").fill("People on a bridge")
    page.locator("select[name=part]").select_option(index=1)
    assert faults(page) == []
    press(page, "Save")
    cut = Photo.objects.order_by("pk").first().picture
    assert (cut.alt, cut.pk != before) == ("People on a bridge", True)
    page.goto(march.get_absolute_url())
    assert page.get_by_alt_text("People on a bridge").count() == 1


def test_without_scripts_all_photos_go_at_once(new_page, march):
    secret = make_link(march)[1]
    page = reported(new_page(width=360, scripts=False), secret)
    page.get_by_role("link", name="Add photos").click()
    chosen = [photo("one.jpg", (200, 30, 30), (900, 600)), with_place("two.jpg")]
    page.get_by_label("Photos", exact=True).set_input_files(chosen)
    press(page, "Send the photos")
    assert Photo.objects.count() == 0  # nobody has said that they may be shown
    page.get_by_label("Photos", exact=True).set_input_files(chosen)
    page.locator("input[name=agreed]").check()
    press(page, "Send the photos")
    assert Photo.objects.count() == 2


def test_a_figure_is_contested_and_answered_in_public(
    new_page, session_cookie, rivers, campaign, steward, bo  # noqa: F811
):  # fmt: skip
    services.show_totals(campaign, shows_totals=True, from_actions=1, under=steward)
    claim = claim_of(rivers, campaign, how_many=[people(9000, 9000)])
    claim_of(rivers, campaign, number=2, how_many=[people(10, 20)])
    page = new_page(width=360)
    page.goto(f"{campaign.get_absolute_url()}results/")
    page.get_by_role("link", name="Open the figures").click()
    page.get_by_role("link", name="March number 1").click()
    page.get_by_role("link", name="Contest it").click()
    assert faults(page) == []
    page.get_by_label("At least so many people").fill("900")
    page.get_by_label("At most so many people").fill("90")
    page.get_by_label("Who you are in this").fill("Inés Ruiz")
    page.get_by_label("What is wrong with the figure?").fill("We were there, and counted 900.")
    page.get_by_label("Your mail address").fill("ines@example.org")
    press(page, "Send")
    assert page.locator(".ask.wrong").count() == 1
    assert faults(page) == []
    page.get_by_label("At most so many people").fill("1000")
    press(page, "Send")
    assert "We have mailed you a link." in main(page)
    sent = Message.objects.get(template="counting/contest-confirm")
    page.goto(re.search(r"https?://[^/\s]+(/\S+)", sent.body).group(1))
    assert faults(page) == []
    press(page, "Yes, that was me")
    assert "contested since" in " ".join(main(page).split())
    desk = new_page(width=360, dark=True, cookies=session_cookie(bo))
    desk.goto(reverse("counting:answer-contest", args=[Contest.objects.get().code]))
    assert faults(desk) == []
    desk.locator("main input[type=radio]").first.check()
    desk.locator("main textarea").fill("A nought too many: we set it aside.")
    press(desk, "Answer in public")
    desk.goto(reverse("counting:set-aside", args=[claim.estimates.get().pk]))
    assert faults(desk) == []
    desk.locator("main textarea").fill("A nought too many.")
    press(desk, "Set it aside")
    page.reload()
    assert "A nought too many: we set it aside." in main(page)
    assert claim.action.code in page.url
