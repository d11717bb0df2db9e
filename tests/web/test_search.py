import pytest

from convoca.core.access import STRANGER
from convoca.core.names import Names
from convoca.network.models import Committee, Organisation
from convoca.web import search
from tests.cast import make_organisation

pytestmark = pytest.mark.django_db


def titles(asked, visitor=STRANGER):
    return [hit.title for hit in search.find(asked, visitor)]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("São Paulo River Union", "sao paulo"),
        ("Σύλλογος Ποταμών Έβρου", "εβρου"),
        ("جمعية أنهار القاهرة", "القاهره"),
        ("河流联盟", "河流"),
        ("Øresund Alliance", "oresu"),
    ],
)
def test_any_spelling_finds_it(name, asked):
    make_organisation(name)
    assert titles(asked) == [name]


def test_every_word_has_to_be_there():
    make_organisation("River Union")
    make_organisation("River Church")
    assert titles("union river") == ["River Union"]


def test_strangers_find_only_what_they_may_see(bo):
    make_organisation("River Union", state=Organisation.State.INVITED)
    assert titles("river") == []
    assert titles("river", bo) == ["River Union"]


def test_a_new_name_is_found_and_the_old_one_no_longer():
    committee = Committee.objects.create(names=Names(en="Harbour"))
    committee.names = Names(en="Estuary")
    committee.save()
    assert titles("harbour") == []
    assert titles("estuary") == ["Estuary"]


@pytest.mark.parametrize("asked", ["", '"', "* OR (", "NEAR/", "'; DROP", "a" * 5000, "\x00", "-"])
def test_no_question_breaks_it(client, network, asked):
    assert client.get("/en/search/", {"q": asked}).status_code == 200


def test_only_stewards_find_people(bo, ana, eve):
    assert titles("Eve", bo) == ["Eve"]
    assert titles("Eve", ana) == []


def test_the_index_can_be_made_anew(network):
    make_organisation("River Union")
    search.SearchEntry.objects.all().delete()
    assert titles("river") == []
    search.index_all()
    assert titles("river") == ["River Union"]
