"""Everybody reads totals once a steward shows them, and opens each figure down to its sources."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from convoca.counting import services
from convoca.counting.results import Results, ledger_of
from convoca.counting.tally import read, total
from tests.actions.making import LISBON, make_action, town
from tests.counting.making import claim_of, past_action
from tests.counting.test_tally import people, recomputed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("audited_pages")]


def page(client, campaign, name="results", *more, language="en", **query):
    with translation.override(language):
        url = reverse(f"counting:{name}", args=[campaign.code, campaign.slug(), *more])
    answer = client.get(url, query)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def shown(campaign, steward):
    return services.show_totals(campaign, shows_totals=True, from_actions=1, under=steward)


@pytest.fixture
def told(rivers, gazette, campaign, week, steward, union):
    """A march of which two tell, one in Lisbon without a number, and one that nobody reports."""
    ours = claim_of(rivers, campaign, day=week.starts_on, how_many=[people(2000, 3000)])
    theirs = claim_of(
        gazette,
        campaign,
        day=week.starts_on,
        how_many=[
            people(1500, 1500, "press", words="about 1,500", url="https://gazette.example/1")
        ],
        urls=["https://gazette.example/1", "javascript:alert(1)"],
    )
    services.link(theirs, ours.action, under=steward, score=0.9, reasons=[["same-day"]])
    claim_of(rivers, campaign, number=2, place=town("Lisbon", **LISBON), title="Vigil")
    past_action(campaign, union)
    return ours.action


def test_totals_are_shown_only_once_a_steward_says_so(client, campaign, told, steward):
    status, words = page(client, campaign)
    assert status == 200
    assert "2 of 3 actions reported" in words
    assert "not shown yet" in words
    assert "1,500" not in words
    for name in ("counted-actions", "results-csv"):
        assert page(client, campaign, name)[0] == 404
    assert page(client, campaign, "counted-action", told.code)[0] == 404
    services.show_totals(campaign, shows_totals=True, from_actions=2, under=steward)
    assert "not shown yet" in page(client, campaign)[1]  # one action alone has a figure
    services.show_totals(campaign, shows_totals=True, from_actions=1, under=steward)
    assert "1,500 to 3,000" in page(client, campaign)[1]


def test_the_page_says_what_is_known_and_what_is_not(client, campaign, told, shown, week):
    status, words = page(client, campaign)
    assert status == 200
    assert "1,500 to 3,000" in words
    assert "Of 2 actions nobody says how many people there were. They are in no total." in words
    assert "Added up, their figures would come to 3,500 at least and 4,500 at most" in words
    assert "Portugal" in words
    assert "Paraguay" in words
    assert page(client, campaign, "results-of-moment", week.code)[0] == 200
    assert "1 of 1 action reported" in page(client, campaign, "results-of-moment", week.code)[1]
    assert page(client, campaign, "results-of-moment", "nothing")[0] == 404


def test_a_figure_opens_into_its_actions_claims_and_sources(client, campaign, told, shown):
    status, words = page(client, campaign, "counted-actions", country="PY")
    assert (status, words.count('<p class="what">')) == (200, 2)
    status, words = page(client, campaign, "counted-action", told.code)
    assert status == 200
    for said in ("Rivers Alliance", "The Gazette", "about 1,500", "same day", "Press"):
        assert said in words
    assert "javascript:" not in words
    assert page(client, campaign, "counted-action", told.code, language="es")[0] == 200
    assert page(client, campaign, "counted-actions", country="FR")[0] == 404
    assert page(client, campaign, "counted-actions", only="whatever")[0] == 404
    assert page(client, campaign, "counted-actions", only="unreported")[0] == 200


def test_the_sheet_that_everybody_reads_gives_the_same_totals(client, campaign, told, shown):
    url = reverse("counting:results-csv", args=[campaign.code, campaign.slug()])
    sheet = client.get(url).content
    found = total(read(campaign).actions)
    expected = (found.actions, found.reported, found.unknown, found.low, found.high)
    assert recomputed(sheet) == expected
    assert len(list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))) == 4


def test_results_are_drawn_anew_when_the_next_action_is_over(client, campaign, told, shown, union):
    coming = make_action(campaign, union)
    words = page(client, campaign)[1]
    assert "2 of 3 actions reported" in words
    assert "1 action is still to come. It is not counted yet." in words
    with time_machine.travel(coming.over_at + timedelta(minutes=1)):
        assert "2 of 4 actions reported" in page(client, campaign)[1]


def test_before_anything_is_over_the_page_says_how_much_is_to_come(client, campaign, union):
    make_action(campaign, union)
    assert "1 action is still to come" in page(client, campaign)[1]


def test_what_is_to_come_opens_too(client, campaign, told, shown, union):
    make_action(campaign, union)
    status, words = page(client, campaign, "counted-actions", only="to-come")
    assert (status, words.count('<p class="what">')) == (200, 1)


def test_a_number_is_not_said_twice_in_words(client, rivers, campaign, shown):
    claim = claim_of(
        rivers,
        campaign,
        how_many=[
            people(300, 300, words="300"),
            people(1000, 2000, words="1.000-2.000"),
            people(400, None, words="400"),
        ],
    )
    words = page(client, campaign, "counted-action", claim.action.code)[1]
    assert [one in words for one in ("“300”", "“1.000-2.000”", "“400”")] == [False, False, True]


def test_long_tables_open_after_the_first_ten(client, rivers, campaign, shown):
    for number, country in enumerate(
        ["AR", "BO", "BR", "CL", "CO", "EC", "PE", "PT", "PY", "UY", "VE"]
    ):
        place = town(f"Town {number}", country=country)
        claim_of(rivers, campaign, number=number, place=place, how_many=[people(5, 50 + number)])
    words = page(client, campaign)[1]
    before, behind = words.split("<summary>1 more</summary>")
    assert (before.count("?country="), behind.count("?country=")) == (10, 1)


def test_a_change_is_seen_at_once(client, campaign, told, shown, steward, gazette):
    assert "1,500 to 3,000" in page(client, campaign)[1]
    claim = told.claims.get()
    claim.estimates.update(low=10)
    claim.save()
    assert "10 to 3,000" in page(client, campaign)[1]


def test_ranges_are_words_and_bars_turn_round_where_writing_does(client, campaign, told, shown):
    status, words = page(client, campaign, language="ar")
    assert status == 200
    assert "3,000–" not in words
    assert 'dir="rtl"' in words


def test_pages_cost_the_same_for_one_action_and_many(
    client, rivers, campaign, week, shown, django_assert_num_queries
):
    claim_of(rivers, campaign, how_many=[people(1, 2)])

    def queries():
        from django.db import connection  # noqa: PLC0415  counted here only
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

        with CaptureQueriesContext(connection) as seen:
            assert page(client, campaign)[0] == 200
        return len(seen)

    queries()
    claim_of(rivers, campaign, number=2, how_many=[people(1, 2)])
    first = queries()
    for number in range(3, 9):
        claim_of(rivers, campaign, number=number, how_many=[people(1, 2)])
    assert queries() == first
    assert Results(campaign, None, None, ledger_of(campaign, None)).tally.actions == 8


def test_a_steward_shows_and_hides_totals(client, campaign, told, bo, ana):
    url = reverse("counting:work-results", args=[campaign.code])
    client.force_login(ana)
    assert client.get(url).status_code == 403
    client.force_login(bo)
    assert "1,500 to 3,000" in client.get(url).content.decode()
    send = reverse("counting:show-totals", args=[campaign.code])
    wrong = client.post(send, {"shows_totals": "on", "from_actions": "0"})
    assert wrong.status_code == 422
    assert client.post(send, {"shows_totals": "on", "from_actions": "1"}).status_code == 302
    assert "1,500 to 3,000" in page(client, campaign)[1]
    client.post(send, {"from_actions": "1"})
    assert "1,500 to 3,000" not in page(client, campaign)[1]
