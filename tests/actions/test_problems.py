"""What strangers report, what is hidden by it, and what moderators answer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from convoca.actions import queue
from convoca.actions.models import Action, KnownHost, Problem
from convoca.actions.models.action import State
from convoca.actions.services import arriving, letting_in, moderation, problems
from convoca.network import services as network
from convoca.network.models import Committee
from convoca.outbox import services as outbox
from tests.actions.making import make_action, make_link, write_action
from tests.cast import make_person, mandate_of

pytestmark = pytest.mark.django_db

NETS = ("198.51.100.7", "203.0.113.9", "192.0.2.44")


@pytest.fixture
def fresh(campaign, mia) -> Action:
    """A newcomer's action, let in by Mia."""
    action = write_action(campaign, "Friends of the Weir")
    link = make_link(action)[0]
    action = arriving.arrive(action, link=link)
    return letting_in.let_in(action, under=mandate_of(mia))


def report(action: Action, ip: str, **typed) -> int:
    """What a stranger's browser sends; answers the status."""
    data = {"kind": "fake", "words": f"Seen from {ip}", **typed}
    page = f"/en/actions/{action.code}/{action.slug()}/report/send/"
    return (
        Client()
        .post(page, data, headers={"origin": "http://testserver"}, REMOTE_ADDR=ip)
        .status_code
    )


def state_of(action: Action) -> str:
    action.refresh_from_db()
    return action.state


def test_the_form_says_until_when_a_report_is_kept(fresh):
    page = Client().get(f"/en/actions/{fresh.code}/{fresh.slug()}/report/")
    day = problems.kept_until(fresh)
    assert page.status_code == 200
    assert f"It is deleted on {day.day} {day:%B %Y}" in page.content.decode()


def test_a_report_is_kept_sealed_and_dated(fresh):
    assert report(fresh, NETS[0], email="ann@example.org") == 302
    problem = Problem.objects.get()
    assert (problem.kind, problem.email) == ("fake", "ann@example.org")
    assert problem.delete_on == problems.kept_until(fresh)
    assert "198.51" not in problem.sender


def test_what_is_wrong_must_be_said_and_what_was_typed_is_kept(fresh):
    data = {"kind": "wrong", "words": "", "email": "ann@example.org"}
    page = f"/en/actions/{fresh.code}/{fresh.slug()}/report/send/"
    answer = Client().post(page, data, headers={"origin": "http://testserver"})
    assert answer.status_code == 422
    assert "ann@example.org" in answer.content.decode()


def test_three_unrelated_people_hide_a_new_hosts_action(fresh):
    states = []
    for ip in NETS:
        report(fresh, ip)
        states.append(state_of(fresh))
    assert states == [State.PUBLISHED, State.PUBLISHED, State.HIDDEN]
    assert Client().get(f"/en/actions/{fresh.code}/{fresh.slug()}/").status_code == 410


def test_one_network_counts_once(fresh):
    for last in range(1, 9):
        report(fresh, f"198.51.100.{last}")
        report(fresh, f"2001:db8:1:{last}::1")
    assert problems.unrelated(fresh) == 2
    assert state_of(fresh) == State.PUBLISHED


def test_one_address_counts_once(fresh):
    for ip in NETS:
        report(fresh, ip, email="ann@example.org")
    assert problems.unrelated(fresh) == 1


def test_reports_never_hide_a_trusted_hosts_action(campaign, union):
    action = make_action(campaign, union)
    for ip in NETS:
        report(action, ip)
    assert state_of(action) == State.PUBLISHED
    assert Problem.objects.open().count() == 3


def test_an_old_committee_is_not_hidden(fresh):
    Committee.objects.update(state_since=timezone.now() - timedelta(days=31))
    for ip in NETS:
        report(fresh, ip)
    assert state_of(fresh) == State.PUBLISHED


def test_reports_that_were_not_right_do_not_count_again(fresh, mia):
    for ip in NETS:
        report(fresh, ip)
    problems.settle(fresh, was_right=False, under=mandate_of(mia))
    assert state_of(fresh) == State.PUBLISHED
    for ip in NETS:
        report(fresh, ip, words="Once more")
    assert (problems.unrelated(fresh), state_of(fresh)) == (0, State.PUBLISHED)


def test_who_left_an_address_is_answered(fresh, mia):
    report(fresh, NETS[0], email="ann@example.org")
    problems.settle(fresh, was_right=False, words="It is the real one.", under=mandate_of(mia))
    mail = outbox.pending(to="ann@example.org").get()
    assert mail.template == "actions/report-answered"
    assert "It is the real one." in mail.body


def test_private_data_is_taken_down_by_one_press(client, mia, fresh, campaign, union):
    other = make_action(campaign, union)
    report(other, NETS[0])
    report(fresh, NETS[0], kind="private")
    client.force_login(mia)
    page = client.get("/en/work/act/moderation/")
    assert [one.action for one in page.context["reported"]] == [fresh, other]
    client.post(f"/en/work/act/reported/{fresh.code}/down/")
    assert state_of(fresh) == State.HIDDEN


def test_what_is_right_is_taken_off_and_its_host_is_new_again(client, mia, fresh):
    report(fresh, NETS[0])
    client.force_login(mia)
    client.post(f"/en/work/act/reported/{fresh.code}/right/", {"reason": "fake"})
    assert state_of(fresh) == State.REFUSED
    assert KnownHost.objects.filter(lost_at=None).count() == 0
    moderation.take_back(fresh.refusals.get(), under=mandate_of(mia))
    assert state_of(fresh) == State.PUBLISHED


def test_what_was_corrected_is_shown_again(client, mia, fresh):
    for ip in NETS:
        report(fresh, ip)
    client.force_login(mia)
    client.post(f"/en/work/act/reported/{fresh.code}/corrected/", {"words": "Thanks."})
    assert state_of(fresh) == State.PUBLISHED
    assert list(Problem.objects.values_list("was_right", flat=True)) == [True] * 3


def test_what_is_hidden_without_an_open_report_is_not_forgotten(mia, fresh):
    problems.take_down(fresh, under=mandate_of(mia))
    assert [one.action for one in queue.reported(mia)] == [fresh]


def test_moderators_of_other_countries_see_no_report(client, campaign, fresh):
    noa = make_person("Noa")
    network.grant(noa, "moderator", countries=["PT"])
    report(fresh, NETS[0])
    client.force_login(noa)
    assert queue.reported(noa) == []
    assert client.get(f"/en/work/act/reported/{fresh.code}/").status_code == 404
