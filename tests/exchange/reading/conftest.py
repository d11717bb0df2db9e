import pytest
from django.conf import settings

from convoca.exchange.reading import (
    Places,
    ReadRow,
    Tally,
    open_file,
    read_rows,
    study_file,
    suggest,
)
from convoca.places.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def places():
    return Places(Gazetteer(settings.PLACES_TABLE))


class Result:
    """What came of a file."""

    def __init__(self, file, mapping, study, rows, tally):
        self.file, self.mapping, self.study, self.tally = file, mapping, study, tally
        self.rows = [row for row in rows if isinstance(row, ReadRow)]
        self.refused = [row for row in rows if not isinstance(row, ReadRow)]

    @property
    def why(self):
        """The number of each refused row and the code of its first reason."""
        return [(row.number, row.reasons[0].code) for row in self.refused]


@pytest.fixture
def read(places, tmp_path):
    """Write a file and read it, with changes to the suggested mapping."""

    def read(content, *changes, name="marches.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        file = open_file(path)
        mapping = suggest(file).with_changes(changes)
        study, tally = study_file(file, mapping), Tally()
        return Result(
            file, mapping, study, list(read_rows(file, mapping, study, places, tally)), tally
        )

    return read
