"""Posting an action: what is asked, what is kept, what is never lost."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from convoca.actions.facts import When, Where, Wish
from convoca.actions.models import Action, Door, HostCode, Hosting, HostLink
from convoca.actions.models.action import State
from convoca.actions.services import host_codes, hosting, standby
from convoca.actions.tasks import forget_drafts
from convoca.campaigns.models import Moment
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network.models import Committee, Mandate
from convoca.outbox import services as outbox
from convoca.texts.models import Text
from tests.actions.making import in_days, make_action, make_link, town
from tests.campaigns.conftest import publish, start
from tests.cast import mandate_of

pytestmark = pytest.mark.django_db

SEND = "/en/actions/host/send/"


def typed(campaign, **more) -> dict:
    """What a host types on the one page."""
    facts = {
        "part_of": campaign.code,
        "title": "March along the river",
        "kind": "march",
        "stop_0_place": "Asunción",
        "stop_0_venue": "In front of the library",
        "day": in_days(30).isoformat(),
        "clock": "17:30",
        "host": "Friends of the Weir",
        "host_for": "Friends of the Weir",
        "host_chosen": "new",
        "email": "rosa@example.org",
        "language": "es",
        "visibility": "public",
    }
    return {key: value for key, value in {**facts, **more}.items() if value is not None}


def send(client, campaign, **more):
    return client.post(SEND, typed(campaign, **more), headers={"origin": "http://testserver"})


def press(client, path, **typed):
    return client.post(path, typed, headers={"origin": "http://testserver"})


def link_in_mail(to: str = "rosa@example.org") -> str:
    """The path of the link in the last mail to somebody."""
    body = outbox.pending(to=to).last().body
    return re.search(r"https?://[^/\s]+(/\S+)", body)[1]


def errors_of(answer) -> dict:
    return {name: list(map(str, words)) for name, words in answer.context["form"].errors.items()}


# One page


def test_the_page_knows_what_the_link_to_it_says(client, campaign, week):
    page = client.get(f"/en/actions/host/?campaign={campaign.code}&moment={week.code}&place=Lisboa")
    form = page.context["form"]
    assert page.status_code == 200
    assert form["part_of"].value() == f"{campaign.code}/{week.code}"
    assert form["stop_0_place"].value() == "Lisboa"


def test_a_campaign_and_each_of_its_moments_have_a_form_of_their_own(client, campaign, week):
    address = f"/en/campaigns/{campaign.code}/{campaign.slug()}/"
    page = client.get(f"{address}host/")
    assert page.context["form"]["part_of"].value() == f"{campaign.code}/{week.code}"
    assert f'href="{address}host/"' in client.get(address).text
    page = client.get(f"{address}moments/{week.code}/host/?place=Lisboa")
    form = page.context["form"]
    assert form["part_of"].value() == f"{campaign.code}/{week.code}"
    assert form["stop_0_place"].value() == "Lisboa"
    assert f'value="{campaign.code}/{week.code}" selected' in page.text
    wrong = client.get(f"/en/campaigns/{campaign.code}/other/host/?place=Lisboa")
    assert wrong["Location"] == f"{address}host/?place=Lisboa"
    assert client.get("/en/campaigns/00000000/x/host/").status_code == 404


def test_a_campaign_that_has_closed_says_so_at_its_form(client, campaign):
    type(campaign).objects.update(state="closed", closed_at=timezone.now())
    address = f"/en/campaigns/{campaign.code}/{campaign.slug()}/host/"
    assert "takes no new actions" in client.get(address).text


@time_machine.travel("2026-11-10 12:00", tick=False)
def test_the_next_day_of_action_is_proposed_and_what_is_over_is_not(client, campaign):
    def moment(kind, first, last):
        return Moment.objects.create(
            campaign=campaign, kind=kind, starts_on=date(2026, *first), ends_on=date(2026, *last)
        )

    moment("launch", (10, 14), (10, 14))
    moment("deadline", (11, 30), (11, 30))
    assembly = moment("assembly", (12, 1), (12, 1))
    week = moment("week", (12, 21), (12, 27))
    for query in ("", f"?campaign={campaign.code}"):
        field = client.get(f"/en/actions/host/{query}").context["form"]["part_of"]
        assert field.value() == f"{campaign.code}/{week.code}"
        codes = [code for code, _words in field.field.choices]
        assert codes == [
            f"{campaign.code}/{assembly.code}",
            f"{campaign.code}/{week.code}",
            campaign.code,
        ]
        assert dict(field.field.choices)[codes[1]].endswith(" · 21–27 December 2026")


def test_what_is_sent_waits_as_a_draft_for_its_host_to_confirm(client, campaign):
    answer = send(client, campaign)

    assert (answer.status_code, answer["Location"]) == (302, "/en/actions/host/sent/")
    action = Action.objects.get()
    assert (action.state, action.zone, str(action.clock)) == (
        State.DRAFT,
        "America/Asuncion",
        "17:30:00",
    )
    assert action.names == {"es": "March along the river"}
    assert [row.proposed for row in action.hostings.all()] == ["Friends of the Weir"]
    link = HostLink.objects.get()
    assert (link.email, link.is_confirmed) == ("rosa@example.org", False)


def test_what_another_campaign_waits_for_is_no_choice(client, campaign, steward, union):
    other = publish(start(steward, union), steward)
    trigger = standby.add_trigger(other, names=Names(en="After the ruling"), under=steward)
    answer = send(client, campaign, trigger=trigger.code, day=None, clock=None)
    assert (answer.status_code, "trigger" in errors_of(answer)) == (422, True)


def test_a_place_of_no_number_is_not_taken_away(client, campaign):
    assert send(client, campaign, **{"drop-place": "9" * 5000}).status_code == 302


def test_five_sends_of_an_impatient_thumb_are_one_action_and_one_mail(client, campaign):
    answers = [send(client, campaign) for _ in range(5)]

    assert {answer["Location"] for answer in answers} == {"/en/actions/host/sent/"}
    assert Action.objects.count() == 1
    assert outbox.pending(to="rosa@example.org").count() == 1


def test_who_sends_again_what_somebody_has_confirmed_learns_no_link(client, campaign):
    send(client, campaign)
    press(client, link_in_mail() + "yes/")
    again = send(client, campaign)

    assert HostLink.objects.get().is_confirmed
    assert (again.status_code, again["Location"]) == (302, "/en/actions/host/sent/")


def test_the_same_may_be_posted_again_much_later(client, campaign):
    send(client, campaign)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        send(client, campaign, another="1")
    assert Action.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "🌊🌊"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"day": "2027-02-31"}, "day"),
        ({"day": "2020-02-03"}, "day"),
        ({"day": "2126-02-03"}, "day"),
        ({"day": ""}, "day"),
        ({"clock": "25:00"}, "clock"),
        ({"clock": "10:00", "last_clock": "09:00"}, "last_clock"),
        ({"last_clock": "19:00", "clock": ""}, "clock"),
        ({"last_day": "2026-01-01"}, "last_day"),
        ({"stop_0_place": "Xqzzvwk"}, "stop_0_place"),
        ({"stop_0_place": ""}, "stop_0_place"),
        ({"stop_0_pin_latitude": "-90", "stop_0_pin_longitude": "0"}, "stop_0_pin"),
        ({"stop_0_pin_latitude": "north", "stop_0_pin_longitude": "0"}, "stop_0_pin"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "-1"}, "capacity"),
        ({"capacity": "1000000000"}, "capacity"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"online_url": "http://example.org/"}, "online_url"),
        ({"online_url": "https://a@b"}, "online_url"),
        ({"kind": "online", "stop_0_place": "", "stop_0_venue": ""}, "online_url"),
        ({"description": "word " * 5000}, "description"),
        ({"email": "rosa"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "", "code": "k7mq-02xd-0000"}, "code"),
        ({"host": ""}, "host"),
        ({"host_chosen": ""}, "host"),
        ({"language": "klingon!"}, "language"),
        ({"part_of": "nosuch00"}, "part_of"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(client, campaign, more, field):
    answer = send(client, campaign, **more)

    assert answer.status_code == 422
    assert list(errors_of(answer)) == [field]
    sent = typed(campaign, **more)
    kept = {name: answer.context["form"].data.get(name) for name in sent}
    assert kept == sent
    assert "March along the river" in answer.text or "title" in more
    assert not Action.objects.exists()


def test_a_title_may_be_adorned(client, campaign):
    send(client, campaign, title="March along the river 🌊")
    assert Action.objects.get().names == {"es": "March along the river 🌊"}


def test_an_hour_that_clocks_skip_gets_a_sentence(client, campaign):
    with time_machine.travel(date(2027, 1, 1), tick=False):
        answer = send(
            client, campaign, stop_0_place="Lisboa, Portugal", day="2027-03-28", clock="01:30"
        )
    assert answer.status_code == 422
    assert "put forward" in errors_of(answer)["clock"][0]


def test_an_hour_that_comes_twice_is_asked_about(client, campaign):
    there = {"stop_0_place": "Lisboa, Portugal", "day": "2027-10-31", "clock": "01:30"}
    with time_machine.travel(date(2027, 1, 1), tick=False):
        asked = send(client, campaign, **there)
        assert list(errors_of(asked)) == ["fold"]
        assert ["UTC+1" in asked.text, "(UTC)" in asked.text] == [True, True]
        send(client, campaign, **there, fold="1")
    assert Action.objects.get().starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_another_place_is_added_without_sending_and_without_a_script(client, campaign):
    answer = send(client, campaign, **{"add-place": "1", "title": "", "stop_0_street": "Palma 3"})

    form = answer.context["form"]
    assert (answer.status_code, form.count, form["stop_0_street"].value()) == (200, 2, "Palma 3")
    assert (dict(form.errors), Action.objects.count()) == ({}, 0)


def test_a_route_has_stops_with_times(client, campaign):
    send(
        client,
        campaign,
        stop_0_clock="17:30",
        stop_1_place="Encarnación, Paraguay",
        stop_1_clock="19:00",
    )
    stops = Action.objects.get().stops.order_by("number")
    assert [(stop.place.name, str(stop.clock)) for stop in stops] == [
        ("Asunción", "17:30:00"),
        ("Encarnación", "19:00:00"),
    ]


def test_online_takes_place_by_the_clock_that_is_named(client, campaign):
    send(
        client,
        campaign,
        kind="online",
        stop_0_place="",
        stop_0_venue="",
        zone="Asia/Kolkata",
        online_url="https://meet.example.org/river",
    )
    action = Action.objects.get()
    assert (action.place, action.zone, action.online_url) == (
        None,
        "Asia/Kolkata",
        "https://meet.example.org/river",
    )


def test_nothing_is_taken_while_hosting_is_paused(client, campaign):
    Door.objects.create(
        campaign=campaign, paused_at=timezone.now(), paused_because={"en": "Until Monday."}
    )
    page = client.get("/en/actions/host/")
    assert ("Until Monday." in page.text, page.context["form"].campaigns) == (True, [])
    assert send(client, campaign).status_code == 422


def test_a_name_that_several_bear_is_asked_about(client, campaign, union, harbour):
    answer = send(client, campaign, host="port", host_chosen=None)
    assert "Union of Port Workers" in answer.text
    assert Action.objects.count() == 0


def test_what_is_posted_in_the_name_of_others_waits_for_their_yes(client, campaign, union, ana):
    send(client, campaign, host="union of port workers", host_chosen=None)
    row = Hosting.objects.get()
    assert (row.organisation, row.state) == (union, Hosting.State.ASKED)

    press(client, link_in_mail() + "yes/")

    assert Action.objects.get().state == State.WAITING
    assert [mail.template for mail in outbox.pending(to=ana)] == ["actions/asked-to-host"]


# Near by


def test_what_is_near_at_that_time_is_shown_first(client, campaign, union):
    there = make_action(campaign, union, title="Vigil at the port", when=_at(30, "16:00"))
    answer = send(client, campaign)
    assert [one["action"] for one in answer.context["near"]] == [there]
    assert (answer.status_code, Action.objects.count()) == (200, 1)

    assert send(client, campaign, another="1").status_code == 302


def test_what_waits_or_is_hours_away_is_not_shown(client, campaign, union):
    make_action(campaign, union, title="In the morning", when=_at(30, "09:00"))
    assert send(client, campaign).status_code == 302


def _at(days, clock):

    hour, minute = map(int, clock.split(":"))

    town()
    return When(in_days(days), time(hour, minute))


def test_instead_its_hosts_can_be_asked_to_host_together(client, campaign, union):
    there = make_action(campaign, union, when=_at(30, "17:00"))
    make_link(there, "ines@example.org")
    answer = send(client, campaign, join=there.code)
    assert answer["Location"] == "/en/actions/host/asked/"
    mail = outbox.pending(to="ines@example.org").get()
    assert ("rosa@example.org" in mail.body, Action.objects.count()) == (True, 1)


# Confirming


def test_looking_confirms_nothing_pressing_does(client, campaign):
    send(client, campaign)
    path = link_in_mail()
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert Action.objects.get().state == State.DRAFT

    answer = press(client, f"{path}yes/")

    assert answer["Location"] == path.replace("confirm/", "")
    assert Action.objects.get().state == State.WAITING
    assert client.get(answer["Location"]).status_code == 200


def test_confirming_twice_is_confirming_once(client, campaign):
    send(client, campaign)
    path = link_in_mail()
    first, again = press(client, f"{path}yes/"), press(client, f"{path}yes/")
    assert (first.status_code, again.status_code) == (302, 302)
    assert "Nothing more is needed" in client.get(path).text


def test_a_link_of_long_ago_says_so(client, campaign):
    send(client, campaign)
    path = link_in_mail()
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        forget_drafts()
        answer = client.get(path)
        pressed = press(client, f"{path}yes/")
    assert (answer.status_code, pressed.status_code) == (404, 404)
    assert "This link leads nowhere" in answer.text


def test_who_posted_nothing_says_it_was_not_me(client, campaign):
    send(client, campaign, description="Words that somebody else wrote.")
    assert press(client, f"{link_in_mail()}not-me/").status_code == 200
    gone = (Action.objects.count(), HostLink.objects.count(), Text.objects.filter(action=None))
    assert gone[:2] == (0, 0)
    assert Text.objects.filter(draft__contains="somebody else").count() == 0


def test_a_draft_is_forgotten_after_seven_days_with_its_words(client, campaign):
    send(client, campaign, description="Words that nobody confirmed.")
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        forget_drafts()
        assert Action.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        forget_drafts()
    assert Action.objects.count() == 0
    assert not Text.objects.filter(draft__contains="nobody confirmed").exists()


def test_an_open_door_lets_newcomers_in_when_they_confirm(client, campaign):
    Door.objects.create(campaign=campaign, mode=Door.Mode.OPEN)
    send(client, campaign)
    press(client, f"{link_in_mail()}yes/")
    assert Action.objects.get().state == State.PUBLISHED


def test_who_speaks_for_the_host_goes_in_at_once(client, campaign, union, ana):
    send(client, campaign, host="Union of Port Workers", host_chosen=None, email=ana.email)
    press(client, f"{link_in_mail(ana.email)}yes/")
    action = Action.objects.get()
    assert (action.state, action.stands_with) == (State.PUBLISHED, [union])


# Without mail, and with a mandate


def test_a_code_posts_without_mail_and_shows_the_link_once(client, campaign, union, ana):
    under = mandate_of(ana, union)
    code, spoken = host_codes.make_code(union, uses=1, days=30, under=under)
    with_code = {"email": "", "code": spoken.upper(), "host": "Union of Port Workers"}

    answer = send(client, campaign, **with_code, host_chosen=None)
    again = send(client, campaign, **with_code, host_chosen=None)

    assert (answer.status_code, "<svg" in answer.text) == (200, True)
    assert again.context["url"] == answer.context["url"]
    action = Action.objects.get()
    assert (action.state, HostLink.objects.get().email) == (State.PUBLISHED, "")
    code.refresh_from_db()
    assert code.uses_left == 0


def test_a_code_ends_with_the_mandate_under_which_it_was_made(client, campaign, union, ana):
    under = mandate_of(ana, union)
    code, spoken = host_codes.make_code(union, uses=2, days=30, under=under)
    Mandate.objects.filter(pk=under.pk).update(until_at=timezone.now())
    with pytest.raises(Refusal) as refused:
        host_codes.use(spoken)
    assert (refused.value.code, HostCode.objects.get(pk=code.pk).is_open) == ("code-unknown", False)


def test_a_code_is_for_its_own_host_and_can_be_taken_back(client, campaign, union, library, ana):
    under = mandate_of(ana, union)
    code, spoken = host_codes.make_code(union, uses=2, days=30, under=under)
    other = {"email": "", "code": spoken, "host": "Library of the Delta", "host_chosen": None}
    assert list(errors_of(send(client, campaign, **other))) == ["code"]
    host_codes.revoke(code, under=under)
    own = {**other, "host": "Union of Port Workers"}
    assert list(errors_of(send(client, campaign, **own))) == ["code"]
    code.refresh_from_db()
    assert code.uses_left == 2


def test_with_a_mandate_no_mail_is_needed(client, campaign, union, ana):
    client.force_login(ana)
    page = client.get("/en/work/act/host/")
    assert page.context["form"]["host"].value() == union
    sent = typed(campaign, host="Union of Port Workers", host_chosen=None, email=None)
    answer = client.post("/en/work/act/host/", sent)
    action = Action.objects.get()
    assert (answer.status_code, action.state) == (302, State.PUBLISHED)
    assert HostLink.objects.get().person == ana


def test_at_work_nobody_posts_for_others(client, campaign, library, ana):
    client.force_login(ana)
    sent = typed(campaign, host="Library of the Delta", host_chosen=None, email=None)
    answer = client.post("/en/work/act/host/", sent)
    assert (answer.status_code, list(errors_of(answer))) == (422, ["host"])


# Together


def test_an_organisation_accepts_and_lets_in_what_waited_for_it(client, campaign, union, ana):
    send(client, campaign, host="Union of Port Workers", host_chosen=None)
    press(client, f"{link_in_mail()}yes/")
    client.force_login(ana)
    row = Hosting.objects.get()
    assert "March along the river" in client.get("/en/work/act/hosting/").text
    client.post(f"/en/work/act/hosting/{row.pk}/", {"answer": "yes"})
    assert Action.objects.get().state == State.PUBLISHED


def test_what_is_refused_is_not_said_as_if_it_were_done(client, action, ana):
    client.force_login(ana)
    row = Hosting.objects.get()
    answer = client.post(f"/en/work/act/hosting/{row.pk}/", {"answer": "no"}, follow=True)
    row.refresh_from_db()
    assert (row.state, [said.level_tag for said in answer.context["messages"]]) == (
        Hosting.State.ACCEPTED,
        ["error"],
    )


def test_several_host_together_and_each_accepts(client, campaign, union, library, ana, eve):
    send(client, campaign, email=ana.email, host="Union of Port Workers", host_chosen=None,
         with_1="Library of the Delta")  # fmt: skip
    press(client, f"{link_in_mail(ana.email)}yes/")
    action = Action.objects.get()
    assert action.stands_with == [union]
    client.force_login(eve)
    row = action.hostings.get(organisation=library)
    client.post(f"/en/work/act/hosting/{row.pk}/", {"answer": "yes"})
    assert Action.objects.get().stands_with == [union, library]


def test_others_answer_for_nobody(client, campaign, union, ana, eve):
    action = make_action(campaign, union)
    client.force_login(eve)
    row = action.hostings.get()
    assert client.post(f"/en/work/act/hosting/{row.pk}/", {"answer": "no"}).status_code == 404


def test_a_newcomers_committee_is_vouched_for(client, campaign, union, ana):
    union.country = "PY"
    union.save()
    send(client, campaign)
    press(client, f"{link_in_mail()}yes/")
    client.force_login(ana)
    row = Hosting.objects.get()
    client.post(f"/en/work/act/hosting/{row.pk}/vouch/", {"organisation": union.code})
    committee = Committee.objects.get()
    assert (str(committee), list(committee.organisations.all())) == ("Friends of the Weir", [union])
    assert Action.objects.get().state == State.PUBLISHED


def test_near_costs_the_same_at_any_number(campaign, union, django_assert_num_queries):
    wish = Wish(
        campaign=campaign, kind="march", title="x", language="en", host=union,
        places=[Where(town())], when=_at(30, "10:00"), zone="America/Asuncion",
    )  # fmt: skip
    make_action(campaign, union, when=_at(30, "10:00"))
    with django_assert_num_queries(4):
        assert len(hosting.near(wish)) == 1
    for _ in range(2):
        make_action(campaign, union, when=_at(30, "11:00"))
    with django_assert_num_queries(4):
        assert len(hosting.near(wish)) == 3
