import pytest
from django.conf import settings

from convoca.places.gazetteer import Gazetteer, Table


@pytest.fixture(scope="session")
def gazetteer():
    return Gazetteer(settings.PLACES_TABLE)


@pytest.fixture(scope="session")
def table():
    return Table.load(settings.PLACES_TABLE)
