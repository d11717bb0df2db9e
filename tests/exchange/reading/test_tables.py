"""CSV from end to end: invented river marches."""

import gzip
from datetime import date, time

import pytest

from convoca.core.errors import Refusal
from convoca.exchange.reading import open_file, suggest

PLAIN = """Event title,Date,Time,City,State,Country,Attendees,Host,Source1,Source2,Colour
River walk,2027-05-01,14:00,Portland,OR,US,about 200,River Union; Boat Club,https://a.example/1,,blue
Bridge vigil,2027-05-02,6 pm,Richmond,VA,US,dozens,River Union,https://a.example/2,https://b.example/2,
"""


def test_a_plain_list_is_read_from_end_to_end(read):
    result = read(PLAIN)
    walk, vigil = result.rows
    assert (walk.number, walk.title, walk.first, walk.starts) == (
        2,
        "River walk",
        date(2027, 5, 1),
        time(14),
    )
    assert (walk.place.name, walk.place.region, walk.zone) == (
        "Portland",
        "Oregon",
        "America/Los_Angeles",
    )
    assert (walk.size.low, walk.size.high, walk.size_text) == (200, 200, "about 200")
    assert walk.organisers == ("River Union", "Boat Club")
    assert walk.extra == {"Colour": "blue"}
    assert vigil.urls == ("https://a.example/2", "https://b.example/2")
    assert (vigil.size.low, vigil.size.high) == (24, 99)
    assert result.refused == []
    assert result.tally.read == 2


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_separator_and_encoding_is_recognised(read, sign, encoding):
    rows = [["Título", "Fecha", "Ciudad", "País", "Asistentes"]]
    rows.append(["Marcha por el río", "3/5/2027", "Asunción", "Paraguay", "unas 300"])
    text = "\r\n".join(sign.join(row) for row in rows)
    (row,) = read(text.encode(encoding)).rows
    assert (row.title, row.place.name, row.place.country) == ("Marcha por el río", "Asunción", "PY")
    assert row.size.low == 300


def test_a_packed_list_is_read(read):
    assert len(read(gzip.compress(PLAIN.encode()), name="marches.csv.gz").rows) == 2


def test_cells_of_several_lines_and_doubled_quotes_are_one_cell(read):
    result = read('Title,Date,City\n"River\n""walk""",2027-05-01,Lima\nVigil,2027-05-02,Quito\n')
    assert [row.title for row in result.rows] == ['River "walk"', "Vigil"]
    assert [row.number for row in result.rows] == [2, 3]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_lone_quote_costs_no_row(read, at):
    titles = ["River walk", "Bridge vigil", "Boat parade"]
    titles[at] = '"' + titles[at]
    lines = [f"{title},2027-05-0{n},Lima" for n, title in enumerate(titles, start=1)]
    result = read("Title,Date,City\n" + "\n".join(lines) + "\n")
    assert [row.title for row in result.rows] == ["River walk", "Bridge vigil", "Boat parade"]
    assert [row.number for row in result.rows] == [2, 3, 4]


def test_two_lone_quotes_swallow_nothing_between_them(read):
    lines = ['"First,2027-05-01,Lima', "Second,2027-05-02,Lima", '"Third,2027-05-03,Lima']
    result = read("Title,Date,City\n" + "\n".join(lines) + "\n")
    assert [row.title for row in result.rows] == ["First", "Second", "Third"]


def test_a_quoted_word_at_the_beginning_of_a_cell_stays_in_its_row(read):
    result = read('Title,Date,City\n"Great" walk,2027-05-01,Lima\nVigil,2027-05-02,Lima\n')
    assert [(row.number, row.title) for row in result.rows] == [(2, "Great walk"), (3, "Vigil")]


def test_blank_rows_and_repeated_headings_are_counted_and_not_read(read):
    result = read(
        "Title,Date,City\nA walk,2027-05-01,Lima\n\n,,\nTitle,Date,City\nA vigil,2027-05-02,Lima\n"
    )
    assert [row.number for row in result.rows] == [2, 6]
    assert (result.tally.blank, result.tally.headings, result.tally.rows) == (2, 1, 2)


def test_a_heading_below_other_lines_is_found(read):
    result = read("River week 2027,,\n,,\nTitle,Date,City\nA walk,2027-05-01,Lima\n")
    assert [row.number for row in result.rows] == [4]
    assert [note.code for note in result.file.notes] == ["header-late"]


def test_without_a_heading_columns_are_called_by_their_numbers(read):
    result = read("A walk,2027-05-01,Lima\n", "1=title", "2=day", "3=city")
    assert [note.code for note in result.file.notes] == ["header-missing"]
    assert [(row.number, row.title, row.place.name) for row in result.rows] == [
        (1, "A walk", "Lima")
    ]


def test_days_first_or_months_first_is_decided_by_the_whole_file(read):
    lines = ["Title,Date,City", "A,6/12/2026,Lima", "B,7/12/2026,Lima", "C,6/30/2026,Lima"]
    result = read("\n".join(lines))
    assert [row.first.month for row in result.rows] == [6, 7, 6]
    assert [reason.code for reason in result.study.decisions] == ["dates-mdy"]
    result = read("\n".join(lines[:3]), "@country=DE")
    assert [row.first.month for row in result.rows] == [12, 12]
    assert [reason.code for reason in result.study.decisions] == ["dates-dmy-guess"]
    result = read("\n".join(lines[:3]), "@country=US")
    assert [row.first.month for row in result.rows] == [6, 7]


def test_a_thousand_or_one_is_decided_by_the_whole_file(read):
    head = "Title,Date,City,Attendees\nA,2027-05-01,Lima,1.000\n"
    assert read(head).rows[0].size.low == 1000
    assert read(head + "B,2027-05-01,Lima,30.5\nC,2027-05-01,Lima,2.5\n").rows[0].size.low == 1


def test_a_row_of_several_days_is_an_action_on_each(read):
    result = read("Titel;Datum;Stadt;Land\nWache;21., 28.07. und 4.8.2026;Erfurt;Deutschland\n")
    assert [row.first for row in result.rows] == [
        date(2026, 7, 21),
        date(2026, 7, 28),
        date(2026, 8, 4),
    ]
    assert len({row.key for row in result.rows}) == 3
    assert {row.number for row in result.rows} == {2}


def test_an_id_is_the_key_and_without_one_a_digest_that_a_correction_keeps(read):
    with_id = read("id,Title,Date,City\nx7,A walk,2027-05-01,Lima\n").rows[0]
    assert (with_id.key, with_id.has_id) == ("x7", True)
    before = read("Title,Date,City,Attendees\nA walk,2027-05-01,Lima,200\n").rows[0]
    after = read("Title,Date,City,Attendees\nA walk,01.05.2027,Lima,about 300\n").rows[0]
    assert before.key == after.key
    assert not before.has_id


def test_long_ids_stay_apart_and_short(read):
    ids = ["x" * 400 + "1", "x" * 400 + "2"]
    rows = read("id,Title,Date\n" + "".join(f"{own},A,2027-05-01\n" for own in ids)).rows
    assert len({row.key for row in rows}) == 2
    assert {len(row.key) for row in rows} == {150}


def test_unknown_columns_are_kept_and_private_ones_left_away(read):
    text = "Title,Date,City,Shoe size,Contact email\nA,2027-05-01,Lima,44,ana@example.org\n"
    (row,) = read(text).rows
    assert row.extra == {"Shoe size": "44"}


def test_a_town_for_the_whole_file_makes_places_venues(read):
    text = "Datum,Ort,Thema\n01.05.2026,Neumarkt,Flussfest\n02.05.2026,Rathaus,Wache\n"
    rows = read(text, "@town=Dresden, DE").rows
    assert {row.place.name for row in rows} == {"Dresden"}
    assert [row.venue for row in rows] == ["Neumarkt", "Rathaus"]


@pytest.mark.parametrize(
    ("written", "town", "venue"),
    [
        ('"City Hall, Portland, OR"', "Portland", "City Hall"),
        ('"Johnson City, TN"', "Johnson City", ""),
        ('"Pier 4, Harbour, Portland, OR"', "Portland", "Pier 4, Harbour"),
    ],
)
def test_a_venue_before_the_town_is_kept_apart(read, written, town, venue):
    (row,) = read(f"Title,Date,Location\nA,2027-05-01,{written}\n", "@country=US").rows
    assert (row.place.name, row.venue) == (town, venue)


def test_a_mapping_is_changed_kept_and_used_again(read):
    result = read(
        "Wer,Wann,Was\nBund,2027-05-01,Wache\n", "Wer=organisers", "Wann=day", "Was=title"
    )
    said = result.mapping
    again = said.with_changes(["Wer=other"]).recalling(said.columns, said.settings)
    assert again.columns == {"Wer": "organisers", "Wann": "day", "Was": "title"}
    gone = {"Wo": "city", "Wer": "title"}
    assert said.with_changes(["Wer=other"]).recalling(gone, {}).columns == {
        "Wer": "title",
        "Wann": "day",
        "Was": "other",
    }
    for change, code in [
        ("Wo=city", "mapping-no-column"),
        ("Wer=colour", "mapping-no-field"),
        ("@colour=red", "mapping-no-setting"),
        ("Wer", "mapping-unread"),
    ]:
        with pytest.raises(Refusal) as refusal:
            result.mapping.with_changes([change])
        assert refusal.value.code == code


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Start date,Start time,End date,End time", "2027-05-01,14:00,2027-05-01,16:30"),
        ("Start time,End time", "2027-05-01 14:00,2027-05-01 16:30"),
        ("Date,Start time,End time", "2027-05-01,14:00,16:30"),
        ("Date,Time", "2027-05-01,14:00 - 16:30"),
        ("Datum,Beginn,Ende", "01.05.2027,14.00,16.30 Uhr"),
        ("Date,Start,End", "2027-05-01,2 pm,4:30 pm"),
        ("Start", "2027-05-01 14:00"),
    ],
)
def test_day_and_times_may_stand_in_any_columns(read, heading, cells):
    (row,) = read(f"Title,{heading}\nA,{cells}\n").rows
    assert (row.first, row.last, row.starts) == (date(2027, 5, 1), date(2027, 5, 1), time(14))
    assert row.ends == (None if heading == "Start" else time(16, 30))


def test_a_column_of_days_is_known_by_what_is_in_it(read):
    result = read("Jina,Siku,Mji\nWalk,2027-05-01,Lima\nVigil,2.5.2027,Quito\n", "Jina=title")
    assert result.mapping.columns["Siku"] == "day"
    assert [row.first.day for row in result.rows] == [1, 2]


def test_what_forms_ask_is_understood_and_persons_are_left_away(read):
    text = (
        "Marca temporal,Nombre y apellidos,Dirección de correo electrónico,"
        "¿Cómo se llama la actividad? Título,Fecha y hora,¿En qué ciudad será?,País,"
        "¿Cuántas personas vinieron?,Teléfono,Otro dato\n"
        "2/5/2027 10:11:12,Ana Ruiz,ana@example.org,Marcha del río,1/5/2027 16:00,Asunción,"
        "Paraguay,unas 300,+595 21 000,escribir a ana@example.org\n"
    )
    (row,) = read(text).rows
    assert (row.title, row.first, row.starts) == ("Marcha del río", date(2027, 5, 1), time(16))
    assert (row.place.name, row.size.low) == ("Asunción", 300)
    assert row.extra == {"Marca temporal": "2/5/2027 10:11:12"}
    assert "Ana" not in repr(row)
    assert "ana@" not in repr(row)


def test_a_column_of_the_injured_is_no_crowd(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Title,Date,City,Participants injured\nA,2027-05-01,Lima,3\n")
    assert suggest(open_file(path)).columns["Participants injured"] == "other"


def test_headings_are_known_in_several_languages_and_spellings(tmp_path):
    path = tmp_path / "list.csv"
    headings = {
        "Start-Date": "start",
        "location__venue": "venue",
        "Lieu": "place",
        "Teilnehmer (geschätzt)": "size",
        "Uhrzeit der Versammlung": "clock",
        "Organizado por quem": "other",
        "المدينة": "city",
        "País": "country",
        "Source 3": "urls",
        "Datum der Anmeldung": "other",
    }
    path.write_text(",".join(headings), encoding="utf-8")
    assert suggest(open_file(path)).columns == headings
