import csv
from datetime import date

import pytest

from convoca.exchange.reading import open_file
from convoca.exchange.reports import reports_of
from convoca.places.gazetteer import Answer, Outcome
from convoca.places.index import Found

LYON = Found(1, "Lyon", "FR", "84", "Auvergne-Rhône-Alpes", "", 45.7, 4.8, 500_000, "Europe/Paris")


class OnlyLyon:
    def find(self, name, *, country=None, region=None):
        is_it = name.startswith("Lyon") and country in (None, "FR")
        return Answer(Outcome.CLEAR, (LYON,)) if is_it else Answer(Outcome.UNKNOWN)


@pytest.fixture
def read(tmp_path):
    def reports_of_rows(*rows):
        path = tmp_path / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as sheet:
            writer = csv.DictWriter(sheet, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return reports_of(open_file(path), OnlyLyon())

    return reports_of_rows


def test_a_row_is_read_by_what_its_columns_are_called(read):
    listed = read(
        {
            "When": "x",
            "ID": "7",
            "Date": "2027-10-05",
            "City": "Lyon",
            "Actors": "Union; Lecteurs",
            "Claims": "la bibliothèque",
            "Tags": "livres",
            "Size low": "about 1,200",
            "Venue": "Place Bellecour",
        }
    )
    [report] = listed.reports
    assert listed.unused == ["When"]
    assert (report.id, report.first_on) == ("7", date(2027, 10, 5))
    assert (report.town, report.country, report.region, report.place) == ("Lyon", "FR", "84", "1")
    assert report.position == (45.7, 4.8)
    assert not report.is_pin
    assert report.organisers == ("Union", " Lecteurs")
    assert report.words == ("la bibliothèque", "livres")
    assert (report.low, report.high) == (1200, 1200)


def test_a_position_in_the_file_is_a_pin(read):
    [report] = read(
        {"id": "1", "date": "2027-10-05", "lat": "45.1", "lon": "4.2", "city": "Lyon"}
    ).reports
    assert report.position == (45.1, 4.2)
    assert report.is_pin


def test_swapped_or_broken_positions_are_none(read):
    rows = [
        {"id": str(at), "date": "2027-10-05", "lat": lat, "lon": lon}
        for at, (lat, lon) in enumerate([("145", "4"), ("x", "4"), ("", "")])
    ]
    assert [report.position for report in read(*rows).reports] == [None, None, None]


@pytest.mark.parametrize(
    ("cell", "size"),
    [
        ("", None),
        ("dozens", None),
        ("0", None),
        ("6 (photo headcount)", 6),
        ("1.200", 1200),
        ("50 - 100", 50),
        ("9" * 30, None),
    ],
)
def test_a_size_is_the_first_number_of_its_cell(read, cell, size):
    [report] = read({"id": "1", "date": "2027-10-05", "city": "Lyon", "attendees": cell}).reports
    assert report.low == size


def test_an_end_before_the_beginning_is_none(read):
    row = {"id": "1", "date": "2027-10-05", "end date": "2027-10-01", "city": "Lyon"}
    assert read(row).reports[0].last_on is None


@pytest.mark.parametrize(
    ("heading", "cells", "days"),
    [
        ("Fecha", ["5 de octubre de 2027", "6/10/2027", "13/10/2027"], [(5,), (6,), (13,)]),
        ("date", ["10/5/2027", "10/13/2027", "2027-10-14"], [(5,), (13,), (14,)]),
        ("Datum", ["5. bis 7.10.2027", "8.10.2027", "someday"], [(5, 7), (8,)]),
    ],
)
def test_days_are_read_as_people_write_them(read, heading, cells, days):
    rows = [
        {"Nr": str(n), heading: cell, "Stadt": "Lyon", "Thema": "la bibliothèque"}
        for n, cell in enumerate(cells)
    ]
    listed = read(*rows)
    found = [tuple(day.day for day in (one.first_on, one.last_on) if day) for one in listed.reports]
    assert found == days
    assert {one.words for one in listed.reports} == {("la bibliothèque",)}
    assert len(listed.refused) == len(cells) - len(days)


def test_a_category_is_what_it_is_about_and_a_type_of_event_its_kind(read):
    row = {"id": "1", "date": "2027-10-05", "city": "Lyon", "category": "Water", "tags": "rivers"}
    [report] = read(row).reports
    assert (report.kind, report.words) == ("", ("Water", "rivers"))
    [report] = read({**row, "event type": "march"}).reports
    assert (report.kind, report.words) == ("march", ("Water", "rivers"))
