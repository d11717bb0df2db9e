"""The host page: what hosts and co-hosts do behind their link."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from convoca.actions.models import Action, HostCode, HostLink, Telling
from convoca.actions.models.action import State
from convoca.actions.services import host_deeds, host_links
from convoca.actions.tasks import ask_hosts
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from convoca.texts.models import Translation
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
    assert ["Published" in answer.text, "Nobody has signed up yet." in answer.text] == [True, True]
    assert [row.label for row in answer.context["front"].last_row] == [
        "Put it off",
        "Cancel this action",
    ]


@pytest.mark.parametrize(
    "step",
    [
        "move/",
        "words/",
        "languages/",
        "languages/gn/",
        "co-hosts/",
        "link/",
        "repeat/",
        "campaigns/",
        "postpone/",
        "cancel/",
    ],
)
def test_every_page_behind_it_opens(client, link, step):
    assert client.get(page(link, step)).status_code == 200


def described(client, link, words="Bring water.\n\nAnd a drum."):
    names = {"names-in-en": "Walk", "names-in-es": "Caminata"}
    press(client, page(link, "words/"), **names, description=words)


def in_spanish(client, link, **more):
    form = client.get(page(link, "languages/es/")).context["form"]
    keys = [source.key for source, _field in form.pairs]
    typed = {"title": "Caminata", "version": form.number}
    said = dict(zip(keys, ("Traigan agua.", "Y un tambor."), strict=False))
    typed |= {f"words_{key}": words for key, words in said.items()} | more
    return press(client, page(link, "languages/es/"), **typed)


def test_a_host_writes_in_another_language_and_readers_have_it_at_once(client, link, action):
    described(client, link)
    assert in_spanish(client, link)["Location"] == page(link) + "?done=words"

    spanish = client.get(f"/es/actions/{action.code}/", follow=True).text
    assert [words in spanish for words in ("Caminata", "Traigan agua.", "Y un tambor.")] == [
        True
    ] * 3
    assert "Bring water." not in spanish
    translation = Translation.objects.get()
    assert (translation.is_authors_own, translation.is_stale) == (True, False)
    english = client.get(f"/en/actions/{action.code}/", follow=True).text
    assert ("Bring water." in english, "Traigan agua." in english) == (True, False)


def test_what_to_bring_is_said_in_both_languages_and_stays(client, link, action):
    words = {"names-in-en": "Walk", "bring": "A cup"}
    press(client, page(link, "words/"), **words)
    form = client.get(page(link, "languages/es/")).context["form"]
    press(client, page(link, "languages/es/"), version=form.number, title="", bring="Un vaso")
    assert "Un vaso" in client.get(f"/es/actions/{action.code}/", follow=True).text
    press(client, page(link, "words/"), **words | {"bring": "Two cups"})
    action.refresh_from_db()
    assert action.bring == {"en": "Two cups", "es": "Un vaso"}


def test_a_paragraph_left_empty_stands_as_it_was_written(client, link, action):
    described(client, link)
    in_spanish(client, link)
    key = Translation.objects.get().paragraphs.first().key
    in_spanish(client, link, **{f"words_{key}": ""})
    spanish = client.get(f"/es/actions/{action.code}/", follow=True).text
    assert ["Bring water." in spanish, "Traigan agua." in spanish] == [True, False]


def test_all_taken_away_leaves_the_language_it_was_written_in(client, link, action):
    described(client, link)
    in_spanish(client, link)
    keys = Translation.objects.get().paragraphs.values_list("key", flat=True)
    in_spanish(client, link, title="", **{f"words_{key}": "" for key in keys})
    spanish = client.get(f"/es/actions/{action.code}/", follow=True).text
    assert ["Bring water." in spanish, "Caminata" in spanish] == [True, False]


def test_words_for_a_description_that_has_changed_come_back_with_what_was_typed(client, link):
    described(client, link)
    answer = in_spanish(client, link, version="0")
    assert (answer.status_code, "Traigan agua." in answer.text) == (422, True)
    assert "changed meanwhile" in answer.text
    assert not Translation.objects.exists()


def test_what_is_changed_in_the_original_is_older_in_the_other_language(client, link):
    described(client, link)
    in_spanish(client, link)
    described(client, link, "Bring much water.\n\nAnd a drum.")
    assert "1 paragraph older than yours" in client.get(page(link, "languages/")).text
    in_spanish(client, link)
    assert not Translation.objects.get().is_stale


def test_a_copy_has_the_words_of_its_host_in_all_languages(client, link, action):
    described(client, link)
    in_spanish(client, link)
    press(client, page(link, "repeat/"), day=in_days(27).isoformat())
    copy = Action.objects.exclude(pk=action.pk).get()
    words = Translation.objects.get(text=copy.description).published.values()
    assert [one["body"] for one in words] == ["Traigan agua.", "Y un tambor."]


def test_another_language_is_found_by_its_name_and_ones_own_is_no_other(client, link):
    answer = press(client, page(link, "languages/"), language="euskara (eu)")
    assert answer["Location"] == page(link, "languages/eu/")
    assert press(client, page(link, "languages/"), language="zzzz9").status_code == 422
    assert client.get(page(link, "languages/en/"))["Location"] == page(link, "words/")
    assert client.get(page(link, "languages/x9/")).status_code == 404


def test_a_route_has_an_hour_for_each_stop_and_loses_one_by_a_button(client, link, action):
    typed = moved(action, stop_1_place="Asunción", stop_1_clock="11:00", stop_1_venue="Market")
    typed |= {"stop_2_place": "Asunción", "stop_2_clock": "12:30", "stop_2_venue": "Bridge"}
    press(client, page(link, "move/"), **typed)
    assert [str(one.clock) for one in action.stops.all()][1:] == ["11:00:00", "12:30:00"]

    answer = press(client, page(link, "move/"), **typed, **{"drop-place": "1"})
    assert (answer.status_code, "Bridge" in answer.text, "Market" in answer.text) == (
        200,
        True,
        False,
    )
    assert action.stops.count() == 3, "nothing is done yet"


@pytest.mark.parametrize(
    ("hours", "wrong", "words"),
    [
        ({"stop_1_clock": "09:00"}, "stop_1_clock", "before the beginning"),
        ({"stop_1_clock": "12:00", "last_clock": "11:30"}, "stop_1_clock", "after the end"),
        ({"stop_1_clock": "25:00"}, "stop_1_clock", "Write the hour"),
    ],
)
def test_hours_of_a_route_that_cannot_be(client, link, action, hours, wrong, words):
    typed = moved(action, stop_1_place="Asunción", **hours)
    answer = press(client, page(link, "move/"), **typed)
    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors), words in str(errors)) == (422, [wrong], True)


def test_another_time_keeps_the_link_longer(client, link, action):
    answer = press(client, page(link, "move/"), **moved(action, day=in_days(40).isoformat()))
    assert answer["Location"] == page(link) + "?done=moved"
    action.refresh_from_db()
    assert (action.day, action.moved_at is not None) == (in_days(40), True)
    assert HostLink.objects.get().delete_on == host_links.kept_until(action)


def test_nothing_is_moved_into_the_past(client, link, action):
    answer = press(client, page(link, "move/"), **moved(action, day="2020-01-01"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["day"])


def test_what_is_not_online_keeps_a_town(client, link, action):
    answer = press(client, page(link, "move/"), **moved(action, stop_0_place=""))
    assert (answer.status_code, "stop_0_place" in answer.context["form"].errors) == (422, True)
    assert action.stops.count() == 1


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


def test_asking_again_and_again_has_an_end(client, link):
    answers = [press(client, page(link, "co-hosts/"), email="ines@example.org") for _ in range(21)]
    assert [one.status_code for one in answers] == [302] * 20 + [422]


def test_a_row_has_an_end(action, link):
    for first in (30, 56, 82):
        host_deeds.repeat(link[0], [in_days(first + n) for n in range(26)])
    with pytest.raises(Refusal) as refused:
        host_deeds.repeat(link[0], [in_days(108 + n) for n in range(26)])
    assert (refused.value.code, Action.objects.count()) == ("row-long", 79)


def test_the_last_host_cannot_end_their_own_link(client, link):
    assert press(client, page(link, "co-hosts/"), end="x").status_code == 404
    assert press(client, page(link, "co-hosts/"), end=str(link[0].pk)).status_code == 422


def test_a_renewed_link_ends_the_old_one(client, link):
    answer = press(client, page(link, "link/"))
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(page(link), follow=True).status_code == 410
    assert outbox.pending(to="rosa@example.org").get().template == "actions/host-link"


def test_what_is_cancelled_is_not_moved(client, link, action):
    press(client, page(link, "cancel/"), reason="Storm")
    answer = press(client, page(link, "move/"), **moved(action, day=in_days(40).isoformat()))
    assert answer.status_code == 422
    assert "Pass it on" not in client.get(page(link)).text


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
