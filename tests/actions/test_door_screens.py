"""Who may do what about letting in, and the screen of a campaign's door."""

import pytest
from django.utils import timezone

from convoca.actions import rules
from convoca.actions.facts import Where
from convoca.actions.models import Door, Duty, ListAsked
from convoca.actions.services import doors
from convoca.network import services as network
from convoca.network.models import Mandate
from tests.actions.making import LISBON, make_action, town
from tests.cast import make_person, mandate_of, with_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(campaign, ana, bo, ben, chi, dia, eve, fay):
    """Everybody, with Mia who lets in for Paraguay and Noa who does for all countries."""
    mia, noa = make_person("Mia"), with_second_factor(make_person("Noa"))
    network.grant(mia, "moderator", countries=["PY"])
    network.grant(noa, "moderator")
    people = {"ana": ana, "bo": bo, "ben": ben, "chi": chi, "dia": dia, "eve": eve, "fay": fay}
    return people | {"mia": mia, "noa": noa}


def those_who(cast, may, thing) -> str:
    return " ".join(sorted(name for name, person in cast.items() if may(person, thing)))


def test_who_may_do_what_about_letting_in(cast, campaign, union):
    here = make_action(campaign, union)
    there = make_action(campaign, union, places=[Where(town("Lisbon", **LISBON))])
    asked = ListAsked(campaign=campaign, asked_under=mandate_of(cast["bo"]))
    assert those_who(cast, rules.may_moderate, here) == "ben bo mia noa"
    assert those_who(cast, rules.may_moderate, there) == "ben bo noa"
    assert those_who(cast, rules.may_moderate_anything, here) == "ben bo mia noa"
    assert those_who(cast, rules.may_pause_hosting, campaign) == "ben bo mia noa"
    assert those_who(cast, rules.may_set_door, campaign) == "ana ben bo noa"
    assert those_who(cast, rules.may_allow_list, asked) == "ben"


@pytest.mark.parametrize(
    ("name", "countries"),
    [("bo", None), ("noa", None), ("mia", {"PY"}), ("ana", set()), ("chi", set())],
)
def test_for_which_countries_somebody_lets_in(cast, name, countries):
    assert rules.countries_moderated(cast[name]) == countries


def test_the_door_is_set_and_its_rota(client, cast, campaign):
    client.force_login(cast["noa"])
    page = f"/en/work/act/doors/{campaign.code}/"
    assert client.get(page).status_code == 200
    assert not Door.objects.exists(), "looking stores nothing"

    client.post(page, {"what": "door", "mode": "always", "flood_at": 7})
    mandate = Mandate.objects.get(person=cast["mia"])
    client.post(page, {"what": "rota", "day-2": [mandate.pk]})

    door = Door.objects.get()
    assert (door.mode, door.flood_at) == ("always", 7)
    assert list(Duty.objects.values_list("weekday", "mandate")) == [(2, mandate.pk)]


def test_a_moderator_of_one_country_pauses_and_does_not_set(client, cast, campaign):
    client.force_login(cast["mia"])
    page = f"/en/work/act/doors/{campaign.code}/"
    assert client.post(page, {"what": "door", "mode": "open", "flood_at": 7}).status_code == 403
    client.post(f"{page}pause/", {"because-in-en": "We are sorting."})
    assert doors.hosting_pause(campaign) == {"en": "We are sorting."}
    client.post(f"{page}resume/")
    assert doors.hosting_pause(campaign) is None


def test_a_pause_without_a_sentence_is_asked_for_one(client, cast, campaign):
    client.force_login(cast["noa"])
    answer = client.post(f"/en/work/act/doors/{campaign.code}/pause/", {})
    assert answer.status_code == 422


def test_after_a_flood_one_press_lets_in_as_before(client, cast, campaign):
    Door.objects.create(
        campaign=campaign, mode="always", mode_before="open", flooded_at=timezone.now()
    )
    client.force_login(cast["mia"])
    assert "Many new actions at once" in client.get("/en/work/act/moderation/").content.decode()
    client.post(f"/en/work/act/doors/{campaign.code}/turn-back/")
    assert Door.objects.get().mode == "open"
