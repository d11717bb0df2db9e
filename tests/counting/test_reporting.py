"""Hosts are asked how it went, and their reports are claims beside those of others."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from convoca.actions.facts import When
from convoca.actions.services import life
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.counting.models import Claim, Estimate, Report, Source
from convoca.counting.models.report import asked_from
from convoca.counting.said import HowMany
from convoca.counting.services import reporting
from convoca.counting.services.reporting import Told
from convoca.counting.services.weighing import Printed, note_press
from convoca.counting.tasks import ask_how_it_went
from convoca.outbox import services as outbox
from tests.actions.conftest import mia  # noqa: F401  used as a fixture
from tests.actions.making import in_days, make_action, make_link
from tests.counting.making import claim_of, past_action

pytestmark = pytest.mark.django_db

THERE = ZoneInfo("America/Asuncion")
SOME = (HowMany(low=200, high=300, method="estimated"),)


def asked(address="rosa@example.org") -> int:
    mails = outbox.pending(to=address).filter(template="counting/how-did-it-go")
    return mails.count()


def at(moment):
    return time_machine.travel(moment, tick=False)


def evening(action) -> datetime:
    return datetime.combine(action.day, time(18), tzinfo=THERE)


def after(action):
    return at(action.over_at + timedelta(hours=3))


@pytest.mark.parametrize(
    ("clock", "last", "expected"),
    [
        (time(10), time(12), (0, time(18))),
        (time(16), time(19, 30), (0, time(19, 30))),
        (time(20), time(23), (1, time(18))),
        (None, None, (1, time(18))),
    ],
)
def test_hosts_are_asked_in_the_evening_of_the_place(
    network, campaign, union, clock, last, expected
):
    when = When(in_days(3), clock, last_clock=last)
    action = make_action(campaign, union, when=when)
    days, hour = expected
    day = action.day + timedelta(days=days)
    assert asked_from(action) == datetime.combine(day, hour, tzinfo=THERE)


def test_each_host_gets_one_mail_with_one_link_in_their_language(network, action):
    _link, secret = make_link(action)
    make_link(action, "mia@example.org", language="es")
    with at(evening(action) - timedelta(minutes=1)):
        ask_how_it_went()
        assert asked() == 0
    with at(evening(action)):
        ask_how_it_went()
        ask_how_it_went()
    mail = outbox.pending(to="rosa@example.org").get()
    assert mail.body.count("http") == 1
    assert f"/en/host/{secret}/report/" in mail.body
    assert outbox.pending(to="mia@example.org").get().language == "es"


def test_hosts_are_reminded_after_one_three_and_seven_days_and_then_left_alone(network, action):
    make_link(action)
    written = []
    for day in range(13):
        with at(evening(action) + timedelta(days=day, minutes=5)):
            ask_how_it_went()
        written.append(asked())
    assert written == [1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4]


def test_who_has_reported_is_not_asked(network, action):
    link, _secret = make_link(action)
    with at(evening(action) - timedelta(hours=2)):
        reporting.report(action, Told(happened="yes"), link=link)
    with at(evening(action) + timedelta(days=1)):
        ask_how_it_went()
    assert asked() == 0


@pytest.mark.parametrize("why", ["cancelled", "no link", "not confirmed", "long over"])
def test_nobody_is_asked_about_what(network, action, why):
    if why != "no link":
        make_link(action, **({"confirmed_at": None} if why == "not confirmed" else {}))
    if why == "cancelled":
        life.cancel(action, reason="Rain")
    days = 20 if why == "long over" else 1
    with at(evening(action) + timedelta(days=days)):
        ask_how_it_went()
    assert asked() == 0


def test_what_others_told_of_has_no_hosts_to_ask(network, campaign, rivers):
    claim_of(rivers, campaign)
    ask_how_it_went()
    assert Report.objects.count() == 0


def test_what_is_taken_out_of_sight_meanwhile_is_left_alone(network, action):
    make_link(action)
    with at(evening(action)):
        ask_how_it_went()
        action.state = "hidden"
        action.save()
    with at(evening(action) + timedelta(days=1, minutes=1)):
        ask_how_it_went()
    assert [asked(), Report.objects.get().ask_at] == [1, None]


def test_after_a_standstill_hosts_get_one_mail_not_three(network, action):
    make_link(action)
    for hours in (0, 1):
        with at(evening(action) + timedelta(days=8, hours=hours)):
            ask_how_it_went()
    assert asked() == 1


def test_a_report_is_a_claim_of_the_hosts_about_their_own_action(network, action):
    link, _secret = make_link(action)
    with after(action):
        told = Told(happened="yes", words="Loud and dry.", won="Talks", how_many=SOME)
        report = reporting.report(action, told, link=link)
    claim = Claim.objects.get()
    assert [claim.source.kind, claim.external_id, claim.action, claim.founds] == [
        "hosts",
        action.code,
        action,
        False,
    ]
    assert list(claim.estimates.values_list("low", "high", "method")) == [(200, 300, "estimated")]
    assert [report.words, report.won, report.sent_at] == [
        "Loud and dry.",
        "Talks",
        report.changed_at,
    ]
    assert Entry.objects.filter(event="report.sent").count() == 1


def test_the_same_once_more_changes_nothing_and_a_correction_replaces(network, action):
    link, _secret = make_link(action)
    with after(action):
        for _time in range(2):
            reporting.report(action, Told(happened="yes", how_many=SOME), link=link)
        other = (HowMany(low=90, high=90, method="counted", url="https://example.org/p"),)
        reporting.report(action, Told(happened="otherwise", how_many=other), link=link)
    events = Entry.objects.filter(event__startswith="report.").order_by("pk")
    assert [one.event for one in events] == ["report.sent", "report.changed"]
    assert list(Estimate.objects.values_list("low", "method", "url")) == [
        (90, "counted", "https://example.org/p")
    ]


def test_a_link_that_is_added_to_a_figure_is_kept(network, action):
    link, _secret = make_link(action)
    with after(action):
        reporting.report(action, Told(happened="yes", how_many=SOME), link=link)
        linked = (HowMany(low=200, high=300, method="estimated", url="https://example.org/x"),)
        reporting.report(action, Told(happened="yes", how_many=linked), link=link)
    assert Estimate.objects.get().url == "https://example.org/x"


def test_what_did_not_take_place_is_said_so(network, action):
    link, _secret = make_link(action)
    with after(action):
        reporting.report(action, Told(happened="no"), link=link)
    assert Claim.objects.get().state == Claim.State.CANCELLED


def test_nothing_is_reported_before_it_is_over(network, action):
    link, _secret = make_link(action)
    with pytest.raises(Refusal, match="when it is over"):
        reporting.report(action, Told(happened="yes"), link=link)
    assert [Source.objects.count(), Report.objects.count()] == [0, 0]


def test_an_action_whose_hosts_cannot_be_asked_stands_under_today(
    client,
    campaign,
    union,
    bo,
    mia,  # noqa: F811
    steward,
    gazette,
):
    lost = past_action(campaign, union, title="The lost march")
    make_link(lost, email="")
    asked = past_action(campaign, union, title="The other march")
    make_link(asked)
    for person in (bo, mia):
        client.force_login(person)
        late = client.get("/en/work/").context["late"]
        assert [(one.what, one.url) for one in late if "asked how it went" in one.what] == [
            (
                "Nobody can be asked how it went: The lost march",
                f"/en/work/act/actions/{lost.code}/",
            )
        ]
    printed = Printed(paper="The Gazette", low=9, high=None, method="press", url="")
    note_press(lost, printed, under=steward)
    assert "Nobody can be asked" not in client.get("/en/work/").text
