"""The host page: what hosts and co-hosts do behind their link."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from convoca.actions.models import Action, HostCode, HostLink, Telling
from convoca.actions.models.action import State
from convoca.actions.services import host_deeds, host_links
from convoca.actions.tasks import ask_hosts
from convoca.outbox import services as outbox
from tests.actions.making import in_days, make_link, write_action
from tests.actions.test_hosting import link_in_mail, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(action):
    return make_link(action)


def page(link, step=""):
    return f"/en/host/{link[1]}/{step}"


def moved(action, **more) -> dict:
    stop = action.stops.get()
    facts = {
        "stop_0_place": "Asunción",
        "stop_0_venue": stop.venue,
        "day": in_days(20).isoformat(),
        "clock": "10:00",
    }
    return {**facts, **more}


def test_the_page_says_where_it_stands_and_what_can_be_done(client, link, action):
    answer = client.get(page(link))
    assert answer.status_code == 200
    assert ["Published" in answer.text, "0 people" in answer.text] == [True, True]
    assert [row.label for row in answer.context["front"].last_row] == [
        "Put it off",
        "Cancel this action",
    ]


@pytest.mark.parametrize(
    "step",
    ["move/", "words/", "co-hosts/", "link/", "repeat/", "campaigns/", "postpone/", "cancel/"],
)
def test_every_page_behind_it_opens(client, link, step):
    assert client.get(page(link, step)).status_code == 200


def test_another_time_keeps_the_link_longer(client, link, action):
    answer = press(client, page(link, "move/"), **moved(action, day=in_days(40).isoformat()))
    assert answer["Location"] == page(link) + "?done=moved"
    action.refresh_from_db()
    assert (action.day, action.moved_at is not None) == (in_days(40), True)
    assert HostLink.objects.get().delete_on == host_links.kept_until(action)


def test_nothing_is_moved_into_the_past(client, link, action):
    answer = press(client, page(link, "move/"), **moved(action, day="2020-01-01"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["day"])


def test_words_are_changed_and_given_in_another_language(client, link, action):
    typed = {
        "names-in-en": "Walk along the river",
        "names-in-es": "Caminata por el río",
        "description": "Bring water.",
        "capacity": "30",
        "visibility": "city",
    }
    answer = press(client, page(link, "words/"), **typed)
    action.refresh_from_db()
    assert answer["Location"].endswith("?done=words")
    assert action.names == {"en": "Walk along the river", "es": "Caminata por el río"}
    assert (action.description.draft, action.capacity) == ("Bring water.", 30)
    assert action.stops.get().shown_street == ""


def test_a_co_host_has_a_link_of_their_own_and_may_not_cancel(client, link, action):
    press(client, page(link, "co-hosts/"), email="ines@example.org")
    press(client, f"{link_in_mail('ines@example.org')}yes/")
    own = HostLink.objects.get(role=HostLink.Role.CO_HOST)
    theirs = (own, own.secret)
    answers = {s: client.get(page(theirs, s)).status_code for s in ("", "words/", "cancel/")}
    assert answers == {"": 200, "words/": 200, "cancel/": 403}
    assert press(client, page(theirs, "cancel/")).status_code == 403

    press(client, page(link, "co-hosts/"), end=str(own.pk))
    assert client.get(page(theirs), follow=True).status_code == 410


def test_the_last_host_cannot_end_their_own_link(client, link):
    assert press(client, page(link, "co-hosts/"), end="x").status_code == 404
    assert press(client, page(link, "co-hosts/"), end=str(link[0].pk)).status_code == 422


def test_a_renewed_link_ends_the_old_one(client, link):
    answer = press(client, page(link, "link/"))
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(page(link), follow=True).status_code == 410
    assert outbox.pending(to="rosa@example.org").get().template == "actions/host-link"


def test_cancelled_and_brought_back(client, link, action):
    press(client, page(link, "cancel/"), reason="Storm")
    action.refresh_from_db()
    assert (action.state, action.cancel_reason) == (State.CANCELLED, "Storm")
    press(client, page(link, "back/"))
    action.refresh_from_db()
    assert (action.state, Telling.objects.count()) == (State.PUBLISHED, 0)


def test_what_was_public_is_not_deleted_a_draft_is(client, link, campaign):
    assert press(client, page(link, "delete/")).status_code == 422
    draft = write_action(campaign, "Friends of the Weir")
    own = make_link(draft, "ines@example.org")
    assert press(client, page(own, "delete/")).status_code == 200
    assert not Action.objects.filter(pk=draft.pk).exists()


def test_what_a_moderator_asks_stands_on_top_and_is_sent_again(client, campaign):
    draft = write_action(campaign, "Friends of the Weir", asked_for_more="Which bridge?")
    own = make_link(draft)
    assert "Which bridge?" in client.get(page(own)).text
    assert press(client, page(own), step="send")["Location"].endswith("?done=sent")
    draft.refresh_from_db()
    assert draft.state == State.WAITING


def test_it_is_repeated_each_week_with_links_of_their_own(client, link, action):
    press(client, page(link, "repeat/"), every="week", times="3")
    row = Action.objects.filter(series=action.code).order_by("day")
    assert [one.day for one in row] == [in_days(20 + 7 * n) for n in range(4)]
    assert HostLink.objects.confirmed().count() == 4
    assert press(client, page(link, "repeat/"), every="week", times="3").status_code == 422


def test_months_that_are_too_short_have_a_last_day():
    days = host_deeds.days_to_repeat(date(2027, 1, 31), every="month", times=3)
    assert days == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_three_days_before_its_host_is_asked_and_answers_with_one_press(client, link, action):
    with time_machine.travel(action.starts_at - timedelta(days=2), tick=False):
        ask_hosts()
        ask_hosts()
        assert outbox.pending(to="rosa@example.org").count() == 1
        action.refresh_from_db()
        assert action.unconfirmed_since == timezone.now()
    with time_machine.travel(action.starts_at - timedelta(days=1), tick=False):
        assert client.get(page(link)).context["front"].step.name == "still-on"
        press(client, page(link), step="still-on")
        action.refresh_from_db()
        assert action.unconfirmed_since is None


def test_a_form_of_another_site_does_nothing(client, link, action):
    answer = client.post(page(link, "cancel/"), {}, headers={"origin": "https://evil.example"})
    action.refresh_from_db()
    assert (answer.status_code, action.state) == (403, State.PUBLISHED)


def test_coordinators_make_and_take_back_codes(client, campaign, union, ana, eve):

    client.force_login(ana)
    typed = {"host": f"o-{union.code}", "uses": "3", "days": "30", "note": "Market hall"}
    made = client.post("/en/work/act/codes/", typed)
    code = HostCode.objects.get()
    assert (made.status_code, code.uses_left) == (200, 3)
    assert "Market hall" in client.get("/en/work/act/codes/").text
    client.force_login(eve)
    assert client.post("/en/work/act/codes/", typed).status_code == 422
    assert client.post(f"/en/work/act/codes/{code.pk}/").status_code == 404
    client.force_login(ana)
    client.post(f"/en/work/act/codes/{code.pk}/")
    code.refresh_from_db()
    assert code.revoked_at is not None
