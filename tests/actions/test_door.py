"""What goes in at once, what waits, what a flood does, and what moderators say."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from convoca.actions.models import Action, Arrival, Door, Hosting, KnownHost
from convoca.actions.models.action import State
from convoca.actions.services import arriving, doors, letting_in, moderation, signups
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network import services as network
from convoca.network.models import Committee
from convoca.outbox import services as outbox
from convoca.outbox.models import Message
from tests.actions.making import make_link, write_action
from tests.cast import make_person, mandate_of

pytestmark = pytest.mark.django_db

ROSA = "rosa@example.org"


def open_door(campaign: Campaign, mode: str, **facts) -> Door:
    door = doors.door_of(campaign)
    for name, value in {"mode": mode, **facts}.items():
        setattr(door, name, value)
    door.save()
    return door


def bring(campaign, host, email=ROSA, *, sender="", language="en", **facts) -> Action:
    """A host confirms by mail what they wrote."""
    action = write_action(campaign, host, **facts)
    link = make_link(action, email, language=language)[0]
    return arriving.arrive(action, link=link, sender=sender)


@pytest.mark.parametrize(
    ("mode", "newcomer", "coordinator"),
    [
        ("open", State.PUBLISHED, State.PUBLISHED),
        ("trusted", State.WAITING, State.PUBLISHED),
        ("always", State.WAITING, State.WAITING),
    ],
)
def test_the_door_decides_by_its_mode_and_by_who_comes(
    campaign, harbour, union, ana, mode, newcomer, coordinator
):
    open_door(campaign, mode)
    assert bring(campaign, harbour).state == newcomer

    theirs = write_action(campaign, union)
    arrived = arriving.arrive(theirs, under=mandate_of(ana, union))
    assert arrived.state == coordinator


def test_a_coordinators_own_address_needs_no_look(campaign, union, ana):
    assert bring(campaign, union, ana.email).state == State.PUBLISHED


def test_a_mandate_for_another_host_does_not_help(campaign, union, eve, library):
    action = write_action(campaign, union)
    assert arriving.arrive(action, under=mandate_of(eve, library)).state == State.WAITING


def test_what_came_already_comes_no_second_time(campaign, harbour):
    action = bring(campaign, harbour)
    again = arriving.arrive(action)
    assert (again.state, again.waiting_since) == (State.WAITING, action.waiting_since)


def test_a_new_committee_always_waits_unless_the_door_is_open(campaign, ana, union):
    action = write_action(campaign, "Friends of the Weir")
    link = make_link(action, ana.email)[0]
    assert arriving.arrive(action, link=link).state == State.WAITING


def test_letting_in_starts_the_committee_and_the_address_is_known(campaign, mia):
    action = bring(campaign, "Friends of the Weir", language="es")

    let_in = letting_in.let_in(action, under=mandate_of(mia))

    committee = Committee.objects.get()
    hosting = Hosting.objects.get(action=action)
    assert (str(committee), committee.country) == ("Friends of the Weir", "PY")
    assert (let_in.state, hosting.committee) == (State.PUBLISHED, committee)
    assert KnownHost.objects.filter(scope=action.scope, lost_at=None).count() == 1
    mail = outbox.pending(to=ROSA).get()
    assert (mail.template, mail.language) == ("actions/let-in", "es")
    assert f"/es/actions/{action.code}/" in mail.body


def test_letting_in_that_is_undone_was_never_said(campaign, mia):
    action = bring(campaign, "Friends of the Weir")
    since = action.waiting_since
    lot = letting_in.let_in_one(action, under=mandate_of(mia))
    mail = outbox.pending(to=ROSA).get()
    assert (mail.template, mail.due_at > timezone.now()) == ("actions/let-in", True)

    letting_in.take_out(lot, under=mandate_of(mia))
    letting_in.take_out(lot, under=mandate_of(mia))

    action.refresh_from_db()
    hosting = Hosting.objects.get(action=action)
    assert (action.state, action.published_at) == (State.WAITING, None)
    assert abs(action.waiting_since - since) < timedelta(seconds=5)
    assert (hosting.committee, hosting.is_new) == (None, True)
    assert not Committee.objects.exists()
    assert not KnownHost.objects.exists()
    assert not outbox.pending(to=ROSA).exists()

    letting_in.let_in_one(action, under=mandate_of(mia))
    assert Hosting.objects.get(action=action).committee == Committee.objects.get()


def test_a_lot_that_was_let_in_is_taken_out_in_one_go(campaign, mia, harbour):
    actions = [bring(campaign, f"Friends {n}", f"f{n}@example.org") for n in range(2)]
    asked = write_action(campaign, harbour, state="waiting")
    asked.hostings.update(state=Hosting.State.ASKED)
    lot = letting_in.let_in_all([*actions, asked], under=mandate_of(mia))
    assert lot.actions.count() == 2, "nobody has said yes for the third"

    letting_in.take_out(lot, under=mandate_of(mia))

    assert {one.state for one in Action.objects.all()} == {State.WAITING}


@pytest.mark.parametrize("why", ["let-in-final", "let-in-people"])
def test_letting_in_stands_once_somebody_was_told_or_signed_up(campaign, mia, why):
    action = bring(campaign, "Friends of the Weir")
    lot = letting_in.let_in_one(action, under=mandate_of(mia))
    later = timedelta(minutes=6) if why == "let-in-final" else timedelta()
    if not later:
        signups.sign_up(action, sender="x")
    with (
        time_machine.travel(timezone.now() + later, tick=False),
        pytest.raises(Refusal) as refused,
    ):
        letting_in.take_out(lot, under=mandate_of(mia))
    assert refused.value.code == why


def test_what_a_flood_brought_in_is_only_looked_at_again(campaign, mia):
    open_door(campaign, "open", flood_at=0)
    action = bring(campaign, "Group")
    Action.objects.filter(pk=action.pk).update(
        state=State.PUBLISHED, published_at=timezone.now() - timedelta(hours=1)
    )
    lot = letting_in.let_in_one(Action.objects.get(), under=mandate_of(mia))
    letting_in.take_out(lot, under=mandate_of(mia))
    assert Action.objects.get().is_public
    assert Arrival.objects.get().looked_at is None


def test_letting_in_twice_is_letting_in_once(campaign, mia):
    action = bring(campaign, "Friends of the Weir")
    for _time in range(2):
        letting_in.let_in(action, under=mandate_of(mia))
    assert Committee.objects.count() == 1
    assert outbox.pending(to=ROSA).count() == 1


def test_the_same_new_name_from_the_same_address_is_one_committee(campaign, mia):
    for title in ("Vigil", "March"):
        action = bring(campaign, "Friends of the Weir", title=title)
        letting_in.let_in(action, under=mandate_of(mia))
    assert Committee.objects.count() == 1


def test_a_moderator_may_say_which_committee_it_is(campaign, mia, harbour):
    action = bring(campaign, "The harbour people")
    letting_in.let_in(action, under=mandate_of(mia), committee=harbour)
    assert [one.committee for one in action.hostings.all()] == [harbour]


def test_an_organisation_that_vouches_has_a_new_committee(campaign, ana, union):
    action = bring(campaign, "Friends of the Weir")
    letting_in.let_in(action, under=mandate_of(ana, union), vouched_by=union)
    committee = Committee.objects.get()
    assert list(committee.organisations.all()) == [union]


def test_who_was_let_in_in_a_name_needs_no_look_in_that_name_again(campaign, mia, library):
    first = bring(campaign, "Friends of the Weir")
    letting_in.let_in(first, under=mandate_of(mia))
    committee = Committee.objects.get()

    assert bring(campaign, committee).state == State.PUBLISHED
    assert bring(campaign, library).state == State.WAITING, "in the name of another"
    assert bring(campaign, committee, "other@example.org").state == State.WAITING


def test_a_host_with_whom_something_was_wrong_is_new_again(campaign, mia):
    first = bring(campaign, "Friends of the Weir")
    letting_in.let_in(first, under=mandate_of(mia))
    moderation.forget_host(first)
    assert bring(campaign, Committee.objects.get()).state == State.WAITING


def test_a_question_reopens_the_form_and_keeps_the_place_in_the_queue(campaign, mia):
    action = bring(campaign, "Friends of the Weir", language="es")
    since = action.waiting_since

    asked = moderation.ask_for_more(action, "Where exactly?", under=mandate_of(mia))
    assert (asked.state, asked.asked_for_more) == (State.DRAFT, "Where exactly?")
    mail = outbox.pending(to=ROSA).get()
    assert (mail.template, mail.language) == ("actions/asked-for-more", "es")
    assert "Where exactly?" in mail.body

    back = arriving.arrive(asked, link=action.links.get())
    assert (back.state, back.waiting_since, back.asked_for_more) == (State.WAITING, since, "")


def test_nobody_is_asked_where_nobody_would_read_it(campaign, mia):
    action = write_action(campaign, "Friends of the Weir")
    arriving.arrive(action)
    with pytest.raises(Refusal) as refused:
        moderation.ask_for_more(action, "Where?", under=mandate_of(mia))
    assert refused.value.code == "host-without-address"


def test_a_refusal_tells_the_host_why(campaign, mia):
    action = bring(campaign, "Friends of the Weir")
    moderation.refuse(action, reason="twice", words="See the other one.", under=mandate_of(mia))
    action.refresh_from_db()
    mail = outbox.pending(to=ROSA).get()
    assert action.state == State.REFUSED
    assert (mail.template, mail.due_at > timezone.now()) == ("actions/refused", True)
    assert "It is here already." in mail.body
    assert "See the other one." in mail.body


def test_what_is_undone_at_once_was_never_said(campaign, mia):
    actions = [bring(campaign, f"Friends {n}", title=f"Vigil {n}") for n in range(3)]
    lot = moderation.refuse_all(actions, reason="fake", under=mandate_of(mia))
    moderation.take_back(lot, under=mandate_of(mia))

    assert {one.state for one in Action.objects.all()} == {State.WAITING}
    assert list(Message.objects.values_list("template", flat=True)) == []


def test_who_was_told_of_a_refusal_is_told_that_it_was_taken_back(campaign, mia):
    action = bring(campaign, "Friends of the Weir")
    lot = moderation.refuse(action, reason="fake", under=mandate_of(mia))
    Message.objects.update(state=Message.State.SENT, sent_at=timezone.now())
    moderation.take_back(lot, under=mandate_of(mia))
    assert outbox.pending(to=ROSA).waiting().get().template == "actions/taken-back"


def test_who_was_told_nothing_of_a_refusal_is_told_nothing_of_its_end(campaign, mia):
    action = bring(campaign, "Friends of the Weir")
    lot = moderation.refuse(action, reason="fake", tell=False, under=mandate_of(mia))
    moderation.take_back(lot, under=mandate_of(mia))
    assert list(Message.objects.values_list("template", flat=True)) == []


def test_a_refusal_can_be_undone_for_thirty_days(campaign, mia):
    lot = moderation.refuse(
        bring(campaign, "Friends of the Weir"), reason="fake", under=mandate_of(mia)
    )
    with (
        time_machine.travel(timezone.now() + timedelta(days=31), tick=False),
        pytest.raises(Refusal) as refused,
    ):
        moderation.take_back(lot, under=mandate_of(mia))
    assert refused.value.code == "refusal-final"


def test_a_flood_turns_the_door_once_and_tells_the_rota(campaign, mia, bo):
    open_door(campaign, "open", flood_at=3)
    doors.set_rota(campaign, {timezone.now().weekday(): [mandate_of(mia)]}, under=mandate_of(bo))

    states = [bring(campaign, f"Group {n}", f"g{n}@example.org").state for n in range(6)]

    door = Door.objects.get()
    assert states == [State.PUBLISHED] * 3 + [State.WAITING] * 3
    assert (door.mode, door.mode_before, door.is_flooded) == ("always", "open", True)
    assert [m.to for m in Message.objects.filter(template="actions/flood")] == [mia.email]
    assert Arrival.objects.unseen().count() == 3


def test_without_a_rota_moderators_of_its_countries_and_stewards_are_told(campaign, mia, bo):
    elsewhere = make_person("Noa")
    network.grant(elsewhere, "moderator", countries=["PT"])
    bring(campaign, "Group")
    assert set(doors.on_duty(campaign)) == {mia, bo}


def test_hosts_we_know_make_no_flood(campaign, union, ana):
    open_door(campaign, "trusted", flood_at=1)
    for _time in range(4):
        bring(campaign, union, ana.email)
    assert not Door.objects.get().is_flooded


def test_a_moderator_turns_back_what_the_flood_turned(campaign, mia):
    open_door(campaign, "open", flood_at=0)
    bring(campaign, "Group")
    door = doors.turn_back(campaign, under=mandate_of(mia))
    assert (door.mode, door.mode_before, door.is_flooded) == ("open", "", False)


def test_hosting_is_paused_with_a_sentence_and_resumed(campaign, mia):
    why = Names(en="We are sorting what came in.")
    doors.pause_hosting(campaign, why, under=mandate_of(mia))
    assert doors.hosting_pause(campaign) == why
    doors.resume_hosting(campaign, under=mandate_of(mia))
    assert doors.hosting_pause(campaign) is None


def test_a_pause_says_why(campaign, mia):
    with pytest.raises(Refusal) as refused:
        doors.pause_hosting(campaign, Names(), under=mandate_of(mia))
    assert refused.value.code == "sentence-missing"


def test_traces_are_forgotten_after_thirty_days(campaign):
    bring(campaign, "Group", sender="net")
    assert arriving.forget_traces() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert arriving.forget_traces() == 1
    arrival = Arrival.objects.get()
    assert (arrival.sender, arrival.email_index) == ("", "")
