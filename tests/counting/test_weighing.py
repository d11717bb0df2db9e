"""Moderators note what the press says, and set figures aside for a reason; everybody reads it."""

from datetime import timedelta

import pytest
import time_machine

from convoca.actions.models import Action
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.counting.models import Claim, Estimate, Link, Report, Source
from convoca.counting.rules import may_note_press, may_set_aside
from convoca.counting.said import HowMany
from convoca.counting.services import link, reporting, undo, weighing
from convoca.counting.services.reporting import Told
from convoca.counting.services.weighing import Printed
from convoca.network import services as network
from convoca.pages.audit import audit
from tests.actions.making import make_link
from tests.cast import make_person
from tests.counting.making import claim_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def over(action):
    """An action of which its hosts said that 200 to 300 came."""
    made, _secret = make_link(action)
    with time_machine.travel(action.over_at + timedelta(hours=3), tick=False):
        some = (HowMany(low=200, high=300, method="estimated"),)
        told = Told(happened="yes", words="Loud and dry.", won="Talks", how_many=some)
        reporting.report(action, told, link=made)
        yield Action.objects.get(pk=action.pk)


def printed(**facts) -> Printed:
    return Printed(
        **{
            "paper": "The Gazette",
            "low": 90,
            "high": None,
            "method": "press",
            "url": "https://example.org/gazette",
            **facts,
        }
    )


def shown(client, action) -> str:
    answer = client.get(action.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_signing_in_does_not_look_for_figures(bo, django_assert_num_queries):
    with django_assert_num_queries(1):
        bo.save(update_fields=["last_login"])


def test_what_the_press_says_is_a_claim_that_a_person_linked(over, steward):
    estimate = weighing.note_press(over, printed(), under=steward)
    assert [estimate.claim.source.kind, estimate.claim.action] == ["press", over]
    row = Link.objects.get()
    assert [row.state, row.decided_under, row.action] == ["linked", steward, over]
    added = Entry.objects.get(event="source.added")
    assert [added.about_words, added.person_id] == ["The Gazette", steward.person_id]
    assert Entry.objects.filter(event="estimate.noted").count() == 1


def test_the_same_once_more_is_one_and_another_article_stands_beside(over, steward):
    for url in ("https://example.org/1", "https://example.org/1", "https://example.org/2"):
        weighing.note_press(over, printed(url=url), under=steward)
    press = Claim.objects.filter(source__kind="press")
    assert [press.count(), press.get().estimates.count(), Source.objects.count()] == [1, 2, 2]


def test_a_network_is_no_newspaper(over, steward, rivers):
    with pytest.raises(Refusal, match="another kind of source"):
        weighing.note_press(over, printed(paper="Rivers Alliance"), under=steward)


def test_a_wrong_link_to_the_press_is_undone(over, steward):
    claim = weighing.note_press(over, printed(), under=steward).claim
    undo(Link.objects.get(), under=steward)
    claim.refresh_from_db()
    assert [claim.action == over, claim.action.is_told] == [False, True]


def test_what_is_set_aside_counts_no_more_stays_struck_and_comes_back(client, over, steward):
    estimate = weighing.note_press(over, printed(), under=steward)
    assert "90 to 300 people" in shown(client, over)
    weighing.set_aside(estimate, why="Counted at another square.", under=steward)
    page = shown(client, over)
    assert "200 to 300 people" in page
    assert "<del>90 or more</del>" in page
    assert "Counted at another square." in page
    weighing.put_back(estimate, under=steward)
    assert "90 to 300 people" in shown(client, over)
    events = Entry.objects.filter(event__startswith="estimate.").order_by("pk")
    assert [one.event for one in events] == [
        "estimate.noted",
        "estimate.set_aside",
        "estimate.put_back",
    ]


def test_nothing_is_set_aside_without_a_reason(over, steward):
    with pytest.raises(Refusal):
        weighing.set_aside(Estimate.objects.get(), why="  ", under=steward)


def test_a_correction_of_the_host_leaves_what_was_set_aside(over, steward):
    weighing.set_aside(Estimate.objects.get(), why="Too many for the square.", under=steward)
    other = (HowMany(low=100, high=120, method="counted"),)
    reporting.report(over, Told(happened="yes", how_many=other), link=over.links.get())
    rows = Estimate.objects.order_by("pk").values_list("low", "set_aside_why")
    assert list(rows) == [(200, "Too many for the square."), (100, "")]


def test_moderators_of_the_country_and_stewards_may(over, bo, ana):
    near, far = make_person("Mia"), make_person("Max")
    network.grant(near, "moderator", countries=["PY"])
    network.grant(far, "moderator", countries=["PT"])
    estimate = Estimate.objects.get()
    may = [(may_note_press(one, over), may_set_aside(one, estimate)) for one in (near, far, ana)]
    assert may == [(True, True), (False, False), (False, False)]


# The public page


def test_the_page_says_what_its_hosts_reported(client, over):
    page = shown(client, over)
    for words in ("It took place.", "200 to 300 people", "Loud and dry.", "Talks"):
        assert words in page
    assert "Estimated by the organisers" in page


def test_no_report_is_said_honestly(client, network, action):
    make_link(action)
    assert "No report" not in shown(client, action)
    for days, words in ((1, "No report yet."), (15, "No report.")):
        with time_machine.travel(action.over_at + timedelta(days=days), tick=False):
            page = shown(client, action)
        assert words in page
        assert "How many people there were is not known." in page


def test_what_lists_say_stands_there_with_its_source_and_its_link(client, over, campaign, rivers):
    claim = claim_of(rivers, campaign, day=over.day, how_many=[{"low": 400, "high": None}])
    Claim.objects.filter(pk=claim.pk).update(urls=["https://example.org/r", "javascript:alert(1)"])
    link(claim, over)
    page = shown(client, over)
    assert "Rivers Alliance" in page
    assert 'href="https://example.org/r"' in page
    assert "javascript:" not in page
    assert "200 to 400 people" in page


def test_a_source_that_says_it_was_called_off_counts_nobody(client, over, campaign, rivers):
    how_many = [{"low": 5, "high": 5}]
    claim = claim_of(rivers, campaign, day=over.day, state="cancelled", how_many=how_many)
    link(claim, over)
    page = shown(client, over)
    assert ["200 to 300 people" in page, "it did not take place" in page] == [True, True]


def test_kept_pages_follow(client, audited_pages, over, steward, campaign, rivers):
    address = over.get_absolute_url()
    client.get(address)
    assert list(audit()) == []
    claim = claim_of(rivers, campaign, day=over.day, how_many=[{"low": 400, "high": 500}])
    link(claim, over, under=steward)
    client.get(address)
    weighing.set_aside(claim.estimates.get(), why="Twice", under=steward)
    rivers.name = "Alliance of Rivers"
    rivers.save()
    assert list(audit()) == []


# The desk


def at_work(action) -> str:
    return f"/en/work/act/actions/{action.code}/"


def test_at_work_the_report_stands_with_what_may_be_done(client, over, bo, ana):
    client.force_login(ana)
    page = client.get(at_work(over)).text
    assert ["Reported" in page, "/press/" in page, "/aside/" in page] == [True, False, False]
    client.force_login(bo)
    page = client.get(at_work(over)).text
    assert ["/press/" in page, "/aside/" in page] == [True, True]


def test_at_work_no_report_is_seen(client, network, action, ana):
    Report.objects.create(action=action, asked=2, ask_at=action.over_at)
    client.force_login(ana)
    with time_machine.travel(action.over_at + timedelta(days=2), tick=False):
        page = " ".join(client.get(at_work(action)).text.split())
    assert ["No report yet." in page, "written to 2 times" in page] == [True, True]


def test_a_moderator_notes_sets_aside_and_takes_it_back(client, over, bo):
    client.force_login(bo)
    given = {"paper": " The  Gazette ", "low": "90", "method": "press", "url": "example.org/a"}
    assert client.post(f"{at_work(over)}press/", given).status_code == 302
    estimate = Estimate.objects.get(method="press")
    assert [estimate.claim.source.name, estimate.url] == ["The Gazette", "https://example.org/a"]
    aside = f"/en/work/act/numbers/{estimate.pk}/aside/"
    assert client.get(aside).status_code == 200
    assert client.post(aside, {"why": ""}).status_code == 422
    assert client.post(aside, {"why": "Another day"})["Location"] == at_work(over)
    assert "Another day" in client.get(at_work(over)).text
    client.post(f"/en/work/act/numbers/{estimate.pk}/back/")
    estimate.refresh_from_db()
    assert estimate.set_aside_at is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"low": "90", "high": "80"}, "high"),
        ({"low": "1.000"}, "low"),
        ({}, "low"),
        ({"low": "90", "url": "ftp://x y"}, "url"),
        ({"low": "90", "archived_on": "2108-01-01"}, "archived_on"),
        ({"low": "90", "archived_on": "0208"}, "archived_on"),
        ({"low": "90", "paper": ""}, "paper"),
    ],
)
def test_what_cannot_be_is_asked_back(client, over, bo, given, field):
    client.force_login(bo)
    whole = {"paper": "The Gazette", "method": "press", "url": "https://example.org/a", **given}
    answer = client.post(f"{at_work(over)}press/", whole)
    assert [answer.status_code, list(answer.context["form"].errors)] == [422, [field]]


def test_a_figure_of_what_one_may_not_see_does_not_exist(client, over, bo):
    client.force_login(bo)
    assert client.get("/en/work/act/numbers/4711/aside/").status_code == 404
