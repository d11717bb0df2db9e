"""Each action counts once, as a range; what is not known is said, and never guessed."""

import csv
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from convoca.campaigns.models import Campaign
from convoca.counting import services
from convoca.counting.models import Claim, Link
from convoca.counting.tally import read, total, totals_by
from convoca.counting.tally.rows import Figure, Range
from convoca.counting.tally.sheet import as_csv
from tests.actions.making import LISBON, in_days, make_action, sign_up, town
from tests.counting.making import claim_of, past_action

pytestmark = pytest.mark.django_db


def people(low=None, high=None, method="estimated", **facts):
    return {"low": low, "high": high, "method": method, **facts}


def tally_of(campaign, moment=None):
    return total(read(campaign, moment).actions)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([], (None, None)),
        ([(200, 300)], (200, 300)),
        ([(200, 300), (250, 900)], (200, 900)),  # never their sum
        ([(200, None)], (200, None)),  # nobody says an at-most
        ([(None, 50)], (None, 50)),  # nobody says an at-least: not 0
        ([(200, None), (100, 150)], (100, 200)),  # no figure lies outside
        ([(None, 50), (100, 150)], (50, 150)),
        ([(200, None), (None, 300)], (200, 300)),
        ([(0, 0)], (0, 0)),  # nobody came is known, too
    ],
)
def test_several_figures_of_one_thing_are_a_range(figures, expected):
    rows = [
        Figure(pk=pk, low=low, high=high, method="other", voice="other")
        for pk, (low, high) in enumerate(figures)
    ]
    found = Range.around(rows)
    assert (found.low, found.high) == expected


def test_one_march_that_three_tell_of_counts_once(rivers, gazette, campaign, steward):
    ours = claim_of(rivers, campaign, how_many=[people(2000, 3000)])
    theirs = claim_of(
        gazette, campaign, how_many=[people(1500, 1500, "press"), people(900, 1200, "police")]
    )
    before = tally_of(campaign)
    services.link(theirs, ours.action, under=steward)
    after = tally_of(campaign)
    assert (before.actions, before.low, before.high) == (2, 2900, 4500)
    assert (after.actions, after.reported, after.claims) == (1, 1, 2)
    assert (after.low, after.high) == (900, 3000)
    assert (after.avoided_low, after.avoided_high) == (2000, 1500)
    made_up = {name: (one.actions, one.low, one.high) for name, one in after.voices.items()}
    assert made_up == {
        "counted": (0, 0, 0),
        "organisers": (1, 2000, 3000),
        "press": (1, 1500, 1500),
        "police": (1, 900, 1200),
        "other": (0, 0, 0),
    }
    services.undo(Link.objects.get(), under=steward)
    assert tally_of(campaign) == before


def test_what_is_unknown_is_counted_as_unknown(rivers, campaign, union):
    claim_of(rivers, campaign, how_many=[people(100, 200)])
    claim_of(rivers, campaign, number=2)
    past_action(campaign, union)
    found = tally_of(campaign)
    assert (found.actions, found.reported, found.with_figure, found.unknown) == (3, 2, 1, 2)
    assert (found.low, found.high) == (100, 200)


def test_what_is_still_to_come_is_not_counted_yet(rivers, gazette, campaign, union):
    claim_of(rivers, campaign, how_many=[people(100, 200)])
    coming = make_action(campaign, union)
    claim_of(rivers, campaign, number=2, day=in_days(3), how_many=[people(9000, 9000)])
    found = tally_of(campaign)
    assert (found.actions, found.to_come, found.unknown, found.high) == (1, 2, 0, 200)
    with time_machine.travel(coming.starts_at - timedelta(hours=1)):
        found = tally_of(campaign)  # the announced number is now a figure like any other
        assert (found.actions, found.to_come, found.unknown, found.high) == (2, 1, 0, 9200)
    with time_machine.travel(coming.over_at + timedelta(hours=1)):
        found = tally_of(campaign)
        assert (found.actions, found.to_come, found.unknown) == (3, 0, 1)


def test_what_goes_on_for_days_counts_from_its_first_figure_on(rivers, campaign):
    claim_of(rivers, campaign, day=in_days(-1), last_day=in_days(4))
    assert (tally_of(campaign).actions, tally_of(campaign).to_come) == (0, 1)
    claim_of(rivers, campaign, day=in_days(-1), last_day=in_days(4), how_many=[people(50, 60)])
    assert (tally_of(campaign).actions, tally_of(campaign).high) == (1, 60)


def test_ends_that_nobody_says_are_said_to_be_open(rivers, campaign):
    claim_of(rivers, campaign, how_many=[people(2000, None)])
    claim_of(rivers, campaign, number=2, how_many=[people(None, 50)])
    found = tally_of(campaign)
    assert (found.low, found.high) == (2000, 2050)
    assert (found.without_low, found.without_high, found.is_open) == (1, 1, True)


def test_what_was_set_aside_or_is_no_longer_said_does_not_count(rivers, campaign, steward):
    claim = claim_of(rivers, campaign, how_many=[people(100, 200), people(9000, 9000)])
    gone = claim_of(rivers, campaign, number=2, how_many=[people(5, 5)])
    Claim.objects.filter(pk=gone.pk).update(vanished_at=timezone.now())
    estimate = claim.estimates.get(low=9000)
    estimate.set_aside_at, estimate.set_aside_under = timezone.now(), steward
    estimate.set_aside_why = "It is the figure of the whole country."
    estimate.save()
    found = tally_of(campaign)
    assert (found.actions, found.low, found.high, found.set_aside) == (1, 100, 200, 1)
    assert found.unsaid == 1


def test_what_was_called_off_is_no_action_unless_somebody_says_it_took_place(
    rivers, gazette, campaign, steward
):
    off = claim_of(rivers, campaign, state="cancelled", how_many=[people(500, 500)])
    found = tally_of(campaign)
    assert (found.actions, found.called_off, found.with_figure) == (0, 1, 0)
    theirs = claim_of(gazette, campaign, how_many=[people(40, 60)])
    services.link(theirs, off.action, under=steward)
    found = tally_of(campaign)
    assert (found.actions, found.called_off, found.low, found.high) == (1, 0, 40, 60)


def test_sign_ups_are_never_people_on_the_street(campaign, action):
    sign_up(action, "Rosa", "rosa@example.org")
    found = tally_of(campaign)
    assert (found.to_come, found.actions, found.with_figure, found.high) == (1, 0, 0, 0)


def test_totals_by_country_city_moment_and_organisation(
    rivers, campaign, week, union, library, steward
):
    rivers.organisation = library
    rivers.save()
    claim_of(rivers, campaign, day=week.starts_on, how_many=[people(10, 20)])
    lisbon = town("Lisbon", **LISBON)
    claim_of(rivers, campaign, number=2, place=lisbon, how_many=[people(5, 6)])
    past_action(campaign, union)
    actions = read(campaign).actions

    def facts(keys):
        return {
            key: (one.actions, one.low, one.high) for key, one in totals_by(actions, keys).items()
        }

    assert facts(lambda one: [one.country]) == {"PY": (2, 10, 20), "PT": (1, 5, 6)}
    assert facts(lambda one: [one.town]) == {"Asunción": (2, 10, 20), "Lisbon": (1, 5, 6)}
    assert facts(lambda one: one.hosts) == {library.pk: (2, 15, 26), union.pk: (1, 0, 0)}
    assert facts(lambda one: [one.moment]) == {week.pk: (1, 10, 20), None: (2, 5, 6)}
    here = read(campaign, week)
    assert [one.town for one in here.actions] == ["Asunción"]


def test_what_cannot_be_placed_and_what_waits_for_a_person_is_said(rivers, gazette, campaign):
    ours = claim_of(rivers, campaign)
    claim_of(rivers, campaign, number=2, day=None, how_many=[people(70, 80)])
    theirs = claim_of(gazette, campaign)
    Link.objects.create(
        claim=theirs, action=ours.action, state=Link.State.DOUBTFUL, score=0.5, reasons=[]
    )
    ledger = read(campaign)
    found = total(ledger.actions)
    assert ledger.unplaced == {"PY": 1}
    assert (found.actions, found.waiting, found.with_figure) == (2, 1, 0)


def test_what_stands_with_another_campaign_is_said(rivers, gazette, campaign, draft, steward):
    other = Campaign.objects.get(pk=campaign.pk)
    theirs = claim_of(gazette, campaign)
    theirs.action.attachments.all().delete()
    ledger = read(other)
    assert (ledger.elsewhere, total(ledger.actions).actions) == (1, 0)


def test_one_action_and_twenty_cost_the_same_queries(
    rivers, campaign, week, django_assert_num_queries
):
    claim_of(rivers, campaign, how_many=[people(1, 2)])
    with django_assert_num_queries(10):
        read(campaign)
    for number in range(2, 21):
        claim_of(rivers, campaign, number=number, how_many=[people(1, 2), people(3, 4)])
    with django_assert_num_queries(10):
        read(campaign)


# --- the sheet


def recomputed(sheet: bytes):
    """The totals of a sheet, by nothing but the rule as it stands in the documentation."""
    actions, said = {}, {}
    for row in csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))):
        if row["action_counts"] != "yes":
            continue
        figures = actions.setdefault(row["action"], [])
        if row["claim"] and row["claim_says"] == "took place":
            said[row["action"]] = True
        if row["in_force"] == "yes":
            figures.append((row["low"], row["high"]))
    low = high = unknown = 0
    for figures in actions.values():
        lows = [int(one) for one, _high in figures if one]
        highs = [int(one) for _low, one in figures if one]
        if not figures:
            unknown += 1
            continue
        low += min(lows + highs) if lows else 0
        high += max(lows + highs)
    return len(actions), len(said), unknown, low, high


def test_the_totals_can_be_computed_again_from_the_sheet(
    rivers, gazette, campaign, steward, union, week
):
    ours = claim_of(rivers, campaign, how_many=[people(2000, 3000), people(8, 8)])
    theirs = claim_of(gazette, campaign, how_many=[people(1500, None, "press", words="=1+1")])
    services.link(theirs, ours.action, under=steward)
    claim_of(rivers, campaign, number=2, how_many=[people(None, 50)])
    claim_of(rivers, campaign, number=3, day=week.starts_on, how_many=[people(2000, None)])
    claim_of(rivers, campaign, number=4)
    claim_of(rivers, campaign, number=5, state="cancelled", how_many=[people(7, 7)])
    past_action(campaign, union)
    aside = ours.estimates.get(low=8)
    aside.set_aside_at, aside.set_aside_under = timezone.now(), steward
    aside.set_aside_why = "A slip of the pen."
    aside.save()
    rivers.licence = "CC BY 4.0"
    rivers.save()
    ledger = read(campaign)
    found = total(ledger.actions)
    sheet = as_csv(ledger)
    expected = (found.actions, found.reported, found.unknown, found.low, found.high)
    assert recomputed(sheet) == expected == (5, 4, 2, 3500, 5050)
    rows = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert len(rows) == 8
    assert {row["licence"] for row in rows if row["source"] == "Rivers Alliance"} == {"CC BY 4.0"}
    assert [row["set_aside_why"] for row in rows if row["set_aside_on"]] == ["A slip of the pen."]
    assert [row["words"] for row in rows if row["words"]] == ["'=1+1"]


# --- the command


def told(capsys, *words):
    from convoca.cli.main import main  # noqa: PLC0415  as the command is

    return main(["tally", *words]), capsys.readouterr()


def test_the_command_says_it_to_people_and_programs(rivers, campaign, week, capsys, monkeypatch):
    monkeypatch.setattr("convoca.cli.tally.start_django", lambda: None, raising=True)
    claim_of(rivers, campaign, day=week.starts_on, how_many=[people(1200, None)])
    claim_of(rivers, campaign, number=2)
    status, said = told(capsys, campaign.code)
    assert status == 0
    assert said.out.splitlines()[0] == f"{campaign}: 1200 to 1200+ people, 2 of 2 actions reported"
    assert "1 actions of which nobody says how many; they are in no total" in said.out
    status, said = told(capsys, campaign.slug(), "--json")
    answer = json.loads(said.out)
    assert (status, answer["total"]["low"], answer["total"]["unknown"]) == (0, 1200, 1)
    assert answer["countries"]["PY"]["actions"] == 2
    assert answer["moments"][week.code]["actions"] == 1
    assert told(capsys, campaign.code, "--moment", week.code)[0] == 0


def test_the_command_says_what_it_does_not_know(campaign, week, capsys, monkeypatch):
    monkeypatch.setattr("convoca.cli.tally.start_django", lambda: None, raising=True)
    status, said = told(capsys, "nothing-such")
    assert (status, said.err) == (
        1,
        "convoca: There is no campaign “nothing-such”. Its code stands in its address.\n",
    )
    status, said = told(capsys, campaign.code, "--moment", "none")
    assert status == 1
    assert f"It has: {week.code} (" in said.err
