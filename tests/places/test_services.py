import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from convoca.core.errors import Refusal
from convoca.places import services
from convoca.places.models import Place

ASUNCION = 3439389
pytestmark = pytest.mark.django_db


@pytest.fixture
def contested(settings, tmp_path):
    settings.CONVOCA_HOME = tmp_path

    def write(text):
        (tmp_path / "places.toml").write_text(text, encoding="utf-8")

    return write


def test_a_place_is_kept_once_with_all_that_the_table_says():
    place = services.place_for(ASUNCION)

    assert services.place_for(ASUNCION) == place
    assert (place.name, place.country, place.zone) == ("Asunción", "PY", "America/Asuncion")
    assert str(place) == "Asunción, Paraguay"
    assert Place.objects.count() == 1


def test_a_number_that_the_table_lacks_is_refused():
    with pytest.raises(Refusal) as refused:
        services.place_for(1)
    assert refused.value.code == "place-unknown"


def test_a_clear_name_is_kept():
    assert services.place_named("San José, Costa Rica").country == "CR"
    assert services.place_named("Córdoba", country="ES").region == "Andalucía"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("San José", "place-ambiguous"),
        ("Qwxzvfk", "place-unknown"),
        ("Jacksonvile, NC", "place-unknown"),
    ],
)
def test_a_name_that_is_not_clear_is_refused(name, code):
    with pytest.raises(Refusal) as refused:
        services.place_named(name)
    assert refused.value.code == code
    assert Place.objects.count() == 0


def test_an_import_may_take_a_guess():
    assert services.place_named("Jacksonvile, NC", guess=True).name == "Jacksonville"


def test_a_contested_place_is_shown_as_the_operator_says(contested):
    contested(f'[places.{ASUNCION}]\nname = "Paraguay’s capital"\nregion = ""\ncountry = ""\n')

    place = services.place_for(ASUNCION)

    assert (place.in_full, place.country) == ("Paraguay’s capital", "")
    assert services.find("Asunción").place.name == "Paraguay’s capital"


def test_kept_places_follow_the_operators_file(contested):
    place = services.place_for(ASUNCION)
    contested(f'[places.{ASUNCION}]\nname = "Nuestra Señora de la Asunción"\n')

    assert services.name_anew() == 1
    assert services.name_anew() == 0

    place.refresh_from_db()
    assert place.name == "Nuestra Señora de la Asunción"


@pytest.mark.parametrize("wrong", [{"latitude": 91}, {"longitude": -181}, {"country": "py"}])
def test_the_database_refuses_what_is_nowhere(wrong):
    fields = {"name": "X", "latitude": 0, "longitude": 0, "zone": "UTC", "country": "PY"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(**fields | wrong)
    with pytest.raises(ValidationError):
        Place(**fields | wrong).full_clean()
