"""Reports that may be of one action wait for a person, who answers and takes it back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convoca.actions.models import Action
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.counting import doubtful
from convoca.counting.models import Claim, Link
from convoca.counting.rules import may_decide
from convoca.counting.services import answering
from convoca.network import services as network
from convoca.network import trail
from tests.actions.conftest import mia  # noqa: F401  used as a fixture
from tests.actions.making import LISBON, in_days, town
from tests.cast import make_person, mandate_of, with_second_factor
from tests.counting.making import claim_of
from tests.counting.test_deciding import columns

pytestmark = pytest.mark.django_db

QUEUE = "/en/work/act/doubtful/"


def doubt(claim: Claim, action: Action, score: float = 0.5) -> Link:
    return Link.objects.create(
        claim=claim,
        action=action,
        state=Link.State.DOUBTFUL,
        score=score,
        reasons=[["same-day"], ["metres-apart", 300]],
    )


@pytest.fixture
def pair(rivers, gazette, campaign):
    """The Gazette's report may be of the march that the Rivers Alliance told of."""
    ours = claim_of(rivers, campaign, title="March to the dam")
    theirs = claim_of(gazette, campaign, title="Thousands march", organisers="Dockers")
    return doubt(theirs, ours.action)


def text(answer) -> str:
    assert answer.status_code == 200
    return " ".join(answer.text.split())


# --- services -----------------------------------------------------------------------------------


def test_the_same_and_taken_back_is_as_it_was(pair, steward):
    before = columns()
    row = answering.say_same(pair.claim, pair.action, under=steward)
    assert list(Action.objects.public()) == [pair.action]
    answering.take_back(row, under=steward)
    assert columns() == before
    pair.refresh_from_db()
    assert (pair.state, pair.score, pair.left, pair.decided_under) == ("doubtful", 0.5, None, None)
    trail = Entry.objects.filter(event__startswith="claim.").order_by("pk")
    assert [one.event for one in trail] == ["claim.linked", "claim.reopened"]


def test_two_actions_and_taken_back_waits_again(pair, steward):
    before = columns()
    (row,) = answering.say_apart(pair.claim, [pair], under=steward)
    assert not doubtful.candidates().exists()
    answering.take_back(row, under=steward)
    assert (columns(), list(doubtful.candidates())) == (before, [pair])


def test_the_same_as_one_is_apart_from_the_others(pair, rivers, campaign, steward):
    other = doubt(pair.claim, claim_of(rivers, campaign, number=2).action, 0.4)
    row = answering.say_same(pair.claim, other.action, under=steward)
    pair.refresh_from_db()
    assert (row, row.state, pair.state) == (other, "linked", "apart")
    answering.take_back(row, under=steward)
    assert list(doubtful.candidates()) == [pair, other]


def test_the_second_of_two_moderators_is_told_who_answered(pair, steward, rivers, campaign):
    other = claim_of(rivers, campaign, number=2).action
    second = network.grant(make_person("Mo"), "moderator")
    row = answering.say_same(pair.claim, pair.action, under=steward)
    assert answering.say_same(pair.claim, pair.action, under=second) == row
    row.refresh_from_db()
    assert row.decided_under == steward
    for answer in (
        lambda: answering.say_apart(pair.claim, [pair], under=second),
        lambda: answering.say_same(pair.claim, other, under=second),
    ):
        with pytest.raises(Refusal, match="Bo has answered meanwhile"):
            answer()
    assert list(Action.objects.public()) == [pair.action, other]


def test_what_is_apart_can_still_be_said_the_same(pair, steward):
    answering.say_apart(pair.claim, [pair], under=steward)
    assert answering.say_same(pair.claim, pair.action, under=steward).state == "linked"


def test_a_link_that_a_person_found_comes_apart_when_it_is_taken_back(
    rivers, gazette, campaign, steward
):
    ours, theirs = claim_of(rivers, campaign), claim_of(gazette, campaign)
    before = columns()
    row = answering.say_same(theirs, ours.action, under=steward)
    answering.take_back(row, under=steward)
    assert (columns(), Link.objects.get().state) == (before, "apart")


def test_what_turned_out_to_be_one_otherwise_waits_no_more(pair, rivers, campaign, steward):
    answering.say_same(Claim.objects.get(action=pair.action), pair.claim.action, under=steward)
    assert not doubtful.candidates().exists()


def test_the_hidden_wait_for_nobody(pair, steward):
    pair.action.state = "hidden"
    pair.action.save()
    assert not doubtful.candidates().exists()
    with pytest.raises(Refusal, match="cannot be read"):
        answering.say_same(pair.claim, pair.action, under=steward)


# --- who may ------------------------------------------------------------------------------------


@pytest.fixture
def far(campaign):
    """Lets actions in for Portugal."""
    person = with_second_factor(make_person("Far"))
    network.grant(person, "moderator", countries=["PT"])
    return person


def test_moderators_of_the_country_and_stewards_may(pair, bo, mia, far, ana):  # noqa: F811
    may = [may_decide(person, pair.claim) for person in (bo, mia, far, ana)]
    assert may == [True, True, False, False]
    waits = [list(doubtful.waiting(person)) for person in (bo, mia, far, ana)]
    assert waits == [[pair.claim], [pair.claim], [], []]


def test_others_get_neither_the_list_nor_the_report(client, pair, far, ana):
    page = f"{QUEUE}{pair.claim.code}/"
    assert client.get(page).status_code == 302
    client.force_login(ana)
    assert [client.get(QUEUE).status_code, client.get(page).status_code] == [403, 403]
    client.force_login(far)
    assert [client.get(QUEUE).status_code, client.get(page).status_code] == [200, 403]
    for verb in ("same", "apart"):
        answer = client.post(f"{page}{verb}/", {"action": pair.action.code})
        assert answer.status_code == 403
    assert client.post(f"{QUEUE}{pair.code}/back/").status_code == 403


# --- screens ------------------------------------------------------------------------------------


def test_side_by_side_with_what_differs(client, pair, mia):  # noqa: F811
    client.force_login(mia)
    page = text(client.get(f"{QUEUE}{pair.claim.code}/"))
    for words in (
        "Perhaps the same: 50 of 100",
        "same day; 300 m apart",
        "Thousands march",
        "March to the dam",
        "Union of Port Workers",
        "Dockers",
        "Differs",
        "Same",
    ):
        assert words in page


def test_the_same_leads_on_and_is_undone(client, pair, mia):  # noqa: F811
    client.force_login(mia)
    data = {"action": pair.action.code}
    page = text(client.post(f"{QUEUE}{pair.claim.code}/same/", data, follow=True))
    assert "The report of The Gazette is of “March to the dam”." in page
    assert f"{QUEUE}{pair.code}/back/" in page
    assert list(Action.objects.public()) == [pair.action]
    page = text(client.post(f"{QUEUE}{pair.code}/back/", follow=True))
    assert "Taken back" in page
    assert doubtful.candidates().count() == 1


def test_two_actions_goes_on_to_the_next(client, pair, gazette, rivers, campaign, mia):  # noqa: F811
    ours = claim_of(rivers, campaign, number=2, day=in_days(-3))
    second = doubt(claim_of(gazette, campaign, number=2, day=in_days(-3)), ours.action, 0.3)
    client.force_login(mia)
    answer = client.post(f"{QUEUE}{pair.claim.code}/apart/", {"action": pair.action.code})
    assert answer["Location"] == f"{QUEUE}{second.claim.code}/"
    answer = client.post(f"{QUEUE}{second.claim.code}/apart/", {"action": second.action.code})
    assert answer["Location"] == QUEUE
    assert "Nothing waits" in text(client.get(QUEUE))


def test_skipping_leaves_it_for_others(client, pair, mia):  # noqa: F811
    client.force_login(mia)
    assert f'href="{QUEUE}" data-key="n"' in client.get(f"{QUEUE}{pair.claim.code}/").text
    assert doubtful.candidates().count() == 1


def test_the_filter_goes_along(client, pair, rivers, gazette, campaign, bo):
    lisbon = town("Lisbon", **LISBON)
    ours = claim_of(rivers, campaign, number=2, place=lisbon)
    other = doubt(claim_of(gazette, campaign, number=2, place=lisbon), ours.action, 0.7)
    client.force_login(bo)
    page = text(client.get(f"{QUEUE}?country=PY"))
    assert f"{QUEUE}{pair.claim.code}/?country=PY" in page
    assert other.claim.code not in page
    answer = client.post(
        f"{QUEUE}{pair.claim.code}/apart/?country=PY", {"action": pair.action.code}
    )
    assert answer["Location"] == f"{QUEUE}?country=PY"


def test_another_action_is_found_and_linked(client, rivers, gazette, campaign, mia):  # noqa: F811
    ours = claim_of(rivers, campaign, title="March to the dam")
    theirs = claim_of(gazette, campaign, title="Thousands march")
    client.force_login(mia)
    page = f"{QUEUE}{theirs.code}/"
    assert "No action of these words" in text(client.get(page, {"q": "vigil"}))
    found = text(client.get(page, {"q": "dam", "day": in_days(-2).isoformat()}))
    assert ours.action.code in found
    client.post(f"{page}same/", {"action": ours.action.code})
    assert list(Action.objects.public()) == [ours.action]


def test_an_unknown_action_is_refused_with_a_sentence(client, pair, mia):  # noqa: F811
    client.force_login(mia)
    answer = client.post(f"{QUEUE}{pair.claim.code}/same/", {"action": "nothing"}, follow=True)
    assert "There is no such action" in text(answer)


def test_the_second_moderator_reads_who_was_first(client, pair, mia, steward):  # noqa: F811
    answering.say_same(pair.claim, pair.action, under=steward)
    client.force_login(mia)
    page = f"{QUEUE}{pair.claim.code}/apart/"
    answer = client.post(page, {"action": pair.action.code}, follow=True)
    assert "Bo has answered meanwhile" in text(answer)


def test_one_row_and_three_cost_the_same(client, pair, rivers, gazette, campaign, mia):  # noqa: F811
    client.force_login(mia)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as with_one:
        client.get(QUEUE)
    for number in (2, 3):
        ours = claim_of(rivers, campaign, number=number, day=in_days(-number))
        doubt(claim_of(gazette, campaign, number=number, day=in_days(-number)), ours.action)
    with CaptureQueriesContext(connection) as with_three:
        assert client.get(QUEUE).text.count("Look at it") == 3
    assert len(with_three) == len(with_one)


def test_answers_are_listed_and_taken_back(client, pair, mia):  # noqa: F811
    answering.say_apart(pair.claim, [pair], under=mandate_of(mia))
    client.force_login(mia)
    page = text(client.get(f"{QUEUE}answers/"))
    assert "Mia" in page
    assert f"{QUEUE}{pair.code}/back/" in page


def test_today_says_that_reports_wait(client, pair, mia):  # noqa: F811
    client.force_login(mia)
    assert "1 report may be of an action that is here already" in text(client.get("/en/work/"))


def test_answers_are_sentences_in_the_trail(pair, steward):
    row = answering.say_same(pair.claim, pair.action, under=steward)
    answering.take_back(row, under=steward)
    entries = Entry.objects.filter(event__startswith="claim.").order_by("pk")
    assert [line.text for line in trail.in_words(entries)] == [
        "Bo said of which action the report Thousands march is",
        "Bo took back an answer about the report Thousands march: it waits again",
    ]


def test_what_is_looked_for_comes_nearest_first(client, rivers, gazette, campaign, mia):  # noqa: F811
    lisbon = town("Lisbon", **LISBON)
    places = ((1, in_days(-9), None), (2, in_days(-2), lisbon), (3, in_days(-3), None))
    for number, day, place in places:
        claim_of(rivers, campaign, number=number, day=day, place=place)
    theirs = claim_of(gazette, campaign, number=4)
    client.force_login(mia)
    answer = client.get(f"{QUEUE}{theirs.code}/", {"q": "march", "day": ""})
    assert [str(one) for one in answer.context["found"]] == ["March number 3", "March number 1"]
