"""A person says when and where a report is from, and it is compared like any other."""

import pytest

from convoca.actions.models import Action
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.counting import doubtful
from convoca.counting.models import Claim
from convoca.counting.said import Said
from convoca.counting.services import take
from convoca.counting.services.placing import is_placed_by_hand, place_claim
from convoca.network import trail
from convoca.places import services as places
from tests.actions.conftest import mia  # noqa: F401  used as a fixture
from tests.actions.making import in_days
from tests.counting.making import claim_of, said

pytestmark = pytest.mark.django_db

QUEUE = "/en/work/act/doubtful/"


@pytest.fixture
def loose(gazette, campaign):
    """A report of "last weekend, in the capital"."""
    row = said(7, title="Vigil at the dam", day=None, place=None, when_words="last weekend")
    take(gazette, campaign, [row])
    claim = Claim.objects.get(source=gazette)
    Claim.objects.filter(pk=claim.pk).update(
        place=None, latitude=None, longitude=None, where_words="in the capital"
    )
    claim.refresh_from_db()
    return claim


def asuncion():
    return places.find("Asunción", country="PY").place


def test_a_placed_report_makes_an_action(loose, steward):
    claim = place_claim(loose, day=in_days(-2), place=asuncion(), under=steward)
    assert (claim.founds, claim.when_words, claim.where_words) == (
        True,
        "last weekend",
        "in the capital",
    )
    assert (claim.action.day, claim.action.country) == (in_days(-2), "PY")


def test_what_was_noted_by_hand_can_be_corrected(loose, steward):
    place_claim(loose, day=in_days(-2), place=asuncion(), under=steward)
    claim = place_claim(loose, day=in_days(-3), place=asuncion(), under=steward)
    assert (Action.objects.get(), claim.action.day) == (claim.action, in_days(-3))


def test_what_its_source_says_stays(rivers, campaign, steward):
    with pytest.raises(Refusal, match="Its source says"):
        place_claim(claim_of(rivers, campaign), day=in_days(-3), place=asuncion(), under=steward)


def test_what_else_its_source_says_is_left_to_whoever_takes_it_in(
    loose, gazette, campaign, steward
):
    take(gazette, campaign, [said(8)])
    assert place_claim(loose, day=in_days(-2), place=asuncion(), under=steward).founds
    assert Claim.objects.get(external_id="r8").action is None


def test_a_moderator_does_not_place_it_in_a_country_of_somebody_else(
    client,
    loose,
    mia,  # noqa: F811
):
    client.force_login(mia)
    given = {"day": in_days(-2).isoformat(), "place": "Lisboa, Portugal"}
    done = client.post(f"{QUEUE}{loose.code}/place/", given)
    assert done.status_code == 422
    assert "You do not look after that country." in done.text
    assert "Lisboa, Portugal" in done.text
    loose.refresh_from_db()
    assert loose.place is None


def test_what_a_person_noted_stays_when_the_source_writes_its_row_anew(loose, gazette, steward):
    place_claim(loose, day=in_days(-3), place=asuncion(), under=steward)
    said_anew(gazette, loose, title="A silent vigil")
    loose.refresh_from_db()
    assert (loose.title, loose.day, loose.country) == ("A silent vigil", in_days(-3), "PY")
    assert (loose.place, loose.is_placed) == (loose.action.place, True)
    assert (loose.action.names["en"], loose.action.day) == ("A silent vigil", in_days(-3))
    assert not Entry.objects.filter(event="claim.placed_by_source").exists()


def test_a_day_or_town_that_the_source_names_itself_counts_from_then_on(loose, gazette, steward):
    place_claim(loose, day=in_days(-3), place=asuncion(), under=steward)
    lisbon = places.keep(places.find("Lisboa", country="PT").place)
    where = {"latitude": lisbon.latitude, "longitude": lisbon.longitude, "country": "PT"}
    said_anew(gazette, loose, place=lisbon.pk, **where)
    loose.refresh_from_db()
    assert (loose.day, loose.place, loose.action.country) == (in_days(-3), lisbon, "PT")
    (line,) = trail.in_words(Entry.objects.filter(event="claim.placed_by_source"))
    assert "what was noted by hand gives way" in line.text
    assert is_placed_by_hand(loose)  # its day

    said_anew(gazette, loose, day=in_days(-4), place=lisbon.pk, **where)
    loose.refresh_from_db()
    assert (loose.day, is_placed_by_hand(loose)) == (in_days(-4), False)


def said_anew(source, claim, **facts):
    """Its source's row, written anew."""
    row = Said(external_id=claim.external_id, **{"title": claim.title, **facts})
    assert take(source, claim.campaign, [row]).changed == [claim.pk]


def test_what_waits_for_a_place_is_found_without_looking_at_all_others(bo):
    assert str(doubtful.unplaced(bo).query).count("SELECT") == 1


def test_a_moderator_places_it_from_the_list(client, loose, mia):  # noqa: F811
    client.force_login(mia)
    page = client.get(f"{QUEUE}unplaced/").text
    assert f"{QUEUE}{loose.code}/place/" in page
    assert "last weekend" in page
    form = f"{QUEUE}{loose.code}/place/"
    assert client.get(form).status_code == 200
    refused = client.post(form, {"day": "2027-02-31", "place": "Nowhere at all"})
    assert refused.status_code == 422
    assert "Nowhere at all" in refused.text
    day = in_days(-2).isoformat()
    done = client.post(form, {"day": day, "place": "Asunción, Paraguay"}, follow=True)
    assert "It is an action of its own now." in done.text
    assert Action.objects.public().count() == 1
    assert "Every report says when and where" in client.get(f"{QUEUE}unplaced/").text
