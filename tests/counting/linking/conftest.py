from datetime import date

import pytest

from convoca.counting.linking.linker import Linker
from convoca.counting.linking.reports import Report

DAY = date(2027, 10, 5)
TOWNS = {
    "Valparaíso": ("CL", "01", (-33.036, -71.630)),
    "Viña del Mar": ("CL", "01", (-33.025, -71.552)),
    "Lyon": ("FR", "84", (45.749, 4.847)),
    "Beirut": ("LB", "04", (33.893, 35.502)),
}


@pytest.fixture(scope="session")
def linker():
    return Linker.shipped()


@pytest.fixture
def report():
    """A report in a town that is known, with whatever else is said of it."""

    def made(name, town="Valparaíso", day=DAY, **said):
        country, region, position = TOWNS.get(town, ("", "", None))
        facts = {
            "source": name[0],
            "country": country,
            "region": region,
            "town": town,
            "place": town,
            "position": position,
        }
        return Report(id=name, first_on=day, **facts | said)

    return made
