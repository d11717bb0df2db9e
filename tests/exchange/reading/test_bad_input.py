"""What networks hand in by mistake, or strangers on purpose: each thing named, the rest read."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convoca.core.errors import Refusal
from convoca.exchange.reading import (
    in_words,
    open_file,
    read_rows,
    study_file,
    suggest,
    suggest_settings,
)
from convoca.exchange.reading.reasons import WORDS, Reason

HEAD = "Title,Date,City,Country,Attendees,Low,High\n"


def packed(name):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, "Title,Date\nA,2027-05-01\n")
    return archive.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"   \n\n", "file-empty"),
        (b"Dear all, here is the list, as promised.", "file-not-list"),
        (b"one\ntwo\nthree\n", "file-not-list"),
        (packed("list.csv"), "file-zip"),
        (packed("[Content_Types].xml"), "file-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "file-workbook"),
        (b"%PDF-1.7\n", "file-pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "file-not-text"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "file-page"),
        (b"<?xml version='1.0'?><list/>", "file-xml"),
        (b"\x1f\x8b\x08\x00broken", "file-packed-broken"),
    ],
)
def test_what_is_no_list_is_refused_whatever_its_name(read, content, code):
    with pytest.raises(Refusal) as refusal:
        read(content, name="list.csv")
    assert refusal.value.code == code


def test_letters_that_are_no_utf8_are_windows_letters_also_in_mixed_files(read):
    content = (
        "Title,Date,City\nMarché,2027-05-01,Lyon\n".encode()
        + "Café,2027-05-02,Lyon\n".encode("cp1252")
    )
    result = read(content)
    assert [row.title for row in result.rows] == ["Marché", "Café"]
    assert [note.code for note in result.file.notes] == ["encoding-mended"]


def test_ten_megabytes_in_one_cell_cost_that_row_only(read):
    for big in ("x" * 10_000_000, '"' + "x\n" * 5_000_000 + '"'):
        result = read(f"{HEAD}A,2027-05-01,Lima\n{big},2027-05-02,Lima\nC,2027-05-03,Lima\n")
        assert [(row.number, row.title) for row in result.rows] == [(2, "A"), (4, "C")]
        assert result.why == [(3, "cell-long")]


def test_a_line_without_end_is_refused(read):
    result = read(f"{HEAD}A,2027-05-01,Lima\n{'x' * 13_000_000},\nC,2027-05-03,Lima\n")
    assert [row.title for row in result.rows] == ["A", "C"]
    assert result.why == [(3, "row-long")]


def test_five_thousand_columns_are_read_as_far_as_they_are_kept(read):
    head = ["Title", "Date", "City", *(f"c{n}" for n in range(5_000))]
    cells = ["A", "2027-05-01", "Lima", *("x" for _ in range(5_000))]
    result = read(",".join(head) + "\n" + ",".join(cells) + "\n")
    assert [row.title for row in result.rows] == ["A"]
    assert [note.code for note in result.file.notes] == ["columns-many"]
    assert len(result.rows[0].extra) == 497


def test_formulas_are_words(read):
    result = read(f'{HEAD}"=HYPERLINK(""https://x.example"")",2027-05-01,Lima,PE,=1+1\n')
    (row,) = result.rows
    assert row.title == '=HYPERLINK("https://x.example")'
    assert (row.size, row.size_text) == (None, "=1+1")


def test_two_rows_with_one_id_are_named_and_the_first_is_kept(read):
    result = read("id,Title,Date\n7,A,2027-05-01\n8,B,2027-05-01\n7,C,2027-05-02\n")
    assert [row.title for row in result.rows] == ["A", "B"]
    assert result.why == [(4, "id-twice")]
    assert in_words(result.refused[0].reasons[0]) == "Row 2 has the same id, “7”."


def test_a_column_that_repeats_its_numbers_is_no_id(read):
    rows = "".join(f"{n % 5},March {n},2027-05-01\n" for n in range(50))
    result = read("id,Title,Date\n" + rows)
    assert len(result.rows) == 50
    assert [reason.code for reason in result.study.decisions] == ["id-repeats"]


def test_two_rows_that_say_the_same_are_one_and_what_differs_beside_is_numbered(read):
    result = read(
        "Title,Date,City,Source\nA,2027-05-01,Lima,https://a.example\n"
        "A,2027-05-01,Lima,https://a.example\nA,2027-05-01,Lima,https://b.example\n"
    )
    assert result.why == [(3, "row-twice")]
    assert result.rows[1].key == f"{result.rows[0].key}-2"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("A,2108-05-01,Lima", "date-late"),
        ("A,0208-05-01,Lima", "date-early"),
        ("A,31/2/2027,Lima", "date-impossible"),
        ("A,soon,Lima", "date-unread"),
        ("A,,Lima", "date-missing"),
        ("A,2027-05-01,Lima,PE,,500,50", "size-turned"),
        ("A,2027-05-01,Lima,PE,-20", "size-negative"),
        ("A,2027-05-01,Lima,PE,1000000000000", "size-impossible"),
        (",,,,300", "row-empty"),
    ],
)
def test_one_bad_row_never_loses_the_others(read, cells, code):
    result = read(f"{HEAD}First,2027-05-01,Lima\n{cells}\nLast,2027-05-03,Lima\n")
    assert [row.title for row in result.rows] == ["First", "Last"]
    assert result.why == [(3, code)]
    assert result.tally.refused == 1


def test_a_row_with_only_its_number_is_blank(read):
    result = read("Nr.,Title,Date\n1,A,2027-05-01\n2,,\n")
    assert (result.tally.blank, result.why) == (1, [])


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ("A,2027-05-01,Nowhereville,PE", ["place-unknown"]),
        ("A,2027-05-01,nationwide,PE", ["place-wide"]),
        ("A,2027-05-01,Springfield,US", ["place-asked"]),
        ("A,2027-05-01,Lima,Atlantis", ["country-unknown"]),
        ("A,2027-05-01,Lima,PE,a crowd", ["size-unread"]),
        ("A,2027-05-01", ["place-missing"]),
    ],
)
def test_what_is_not_clear_is_left_open_and_said_so(read, cells, codes):
    (row,) = read(HEAD + cells + "\n").rows
    assert [note.code for note in row.notes] == codes


def test_every_reason_has_words():
    names = "text most row rows sure year start end low high place km country town"
    values = dict.fromkeys(names.split(), 1)
    assert all(in_words(Reason(code, values)) for code in WORDS)


def whole(path, places):
    """All sentences about a file that is read as an import would."""
    try:
        file = open_file(path)
        mapping = suggest(file)
        suggest_settings(file, mapping, places)
        rows = list(read_rows(file, mapping, study_file(file, mapping), places))
    except Refusal as refusal:
        return [str(refusal)]
    reasons = [getattr(row, "reasons", ()) or getattr(row, "notes", ()) for row in rows]
    return [in_words(reason) for found in reasons for reason in found]


ODD = [
    "2027-05-01", "1.5.27", "5 May", "dozens", ">50", "1.000", '"', '""', "\n", "14:00", "Lima",
    "-5", "5 al 8 de", "21., 22.", "a few", "several hundred", "1e9", "9" * 40, "99/99/9999",
    "24:60", "²",
]  # fmt: skip
CELL = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ODD
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_reason(tmp_path, places, content):
    path = Path(tmp_path) / "any"
    path.write_bytes(content)
    assert all(whole(path, places))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(CELL, min_size=1, max_size=9), max_size=8), st.sampled_from(",;\t"))
def test_any_cells_under_known_headings_are_read_or_refused(tmp_path, places, rows, sign):
    path = Path(tmp_path) / "cells.csv"
    head = ["Date", "Time", "Start", "End", "City", "Attendees", "Low", "Location", "Latitude"]
    lines = [sign.join(head), *(sign.join(cells) for cells in rows)]
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    assert all(whole(path, places))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["title", "date", "lat", "timeslots", "place", "x"]), inner
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_is_read_or_refused(tmp_path, places, document):
    path = Path(tmp_path) / "any.json"
    path.write_text(json.dumps({"list": [document, {"title": "A", "date": "2027-05-01"}]}))
    assert all(whole(path, places))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.text(alphabet="DTSTARENULEQVOI:;=,-/0123456789TZ\n \\", max_size=40), max_size=8)
)
def test_any_calendar_is_read_or_refused(tmp_path, places, lines):
    path = Path(tmp_path) / "any.ics"
    body = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART:20270501T100000", *lines])
    path.write_text(body, encoding="utf-8", newline="")
    assert all(whole(path, places))
