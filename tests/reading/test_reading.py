"""What a text says is drafted: six texts in six languages, bad input, and any text at all."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from convoca.places.gazetteer import Gazetteer
from convoca.reading.reader import read

CALLS = sorted((Path(__file__).parent / "calls").glob("*.txt"))
LABELLED = Path(__file__).resolve().parents[3] / "shared/calls"
DAY = date(2027, 3, 1)


@pytest.fixture(scope="module")
def places():
    return Gazetteer(settings.PLACES_TABLE)


def essence(said):
    """What of a draft is compared with the expected: no spans, labels or confidence."""

    def days(listed):
        return {(one["starts"], one["ends"]) for one in listed}

    return {
        **{name: said[name] for name in ("language", "kind", "issued", "lines")},
        "issuers": set(said["issuers"]),
        "campaigns": set(said["campaigns"]),
        "moments": {(m["starts"], m["ends"], m["year_inferred"]) for m in said["moments"]},
        "mentions": days(said["mentions"]),
        "places": {(p["name"], p["kind"], p["country"]) for p in said["places"]},
        "organisations": {(o["name"], o["acronym"]) for o in said["organisations"]},
        "figures": {(f["value"], f["qualifier"], f["unit"]) for f in said["figures"]},
    }


@pytest.mark.parametrize("file", CALLS, ids=lambda file: file.stem)
def test_a_call_is_drafted(file, places):
    expected = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    received = date.fromisoformat(expected["received"])

    draft = read(file.read_text(encoding="utf-8"), received=received, places=places)

    found = essence(draft.as_json())
    found["lines"] = [line.replace(".", "").rstrip(";") for line in found["lines"]]
    assert found == essence(expected)


def test_each_thing_names_its_passage(places):
    draft = read(CALLS[0].read_text(encoding="utf-8"), received=date(2027, 5, 4), places=places)

    for place in draft.places:
        assert draft.text[place.span.start : place.span.end] == place.name
    for one in draft.organisations:
        assert draft.text[one.span.start : one.span.end] == one.name
    assert all(0 < m.confidence < 1 for m in draft.moments)


def test_a_year_left_out_is_taken_from_the_day_of_issue_across_new_year():
    text = "Lyon, le 20 décembre 2027\n\nNous appelons à une journée d'action le 15 janvier."

    [moment] = read(text, received=date(2028, 3, 1)).moments

    assert (moment.starts, moment.year_by) == (date(2028, 1, 15), "issue")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("اجتماع في 15 كانون الثاني 2028", date(2028, 1, 15)),  # the Levant
        ("اجتماع في 15 يناير 2028", date(2028, 1, 15)),  # the Gulf
        ("اجتماع في 15 جانفي 2028", date(2028, 1, 15)),  # the Maghreb
        ("اجتماع في ١٥ غشت 2028", date(2028, 8, 15)),
    ],
)
def test_arabic_months_are_read_as_each_country_writes_them(written, day):
    assert [m.starts for m in read(written, received=DAY).moments] == [day]


def test_a_city_that_may_be_several_is_left_open(places):
    text = "We call all members to meet in Springfield on 5 May 2027 and to write to the papers."

    [place] = read(text, received=DAY, places=places).places

    assert place.country == "US" or len(place.choices) > 1


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "empty"),
        (" \n\t\n", "empty"),
        ("\x00\x01\x02PK\x03\x04" * 50, "binary"),
        ("Nos reunimos el 31 de abril de 2027 en la plaza de la ciudad.", "date-impossible"),
        ("qwrt zxcv plmk", "language-unknown"),
        ("Wir rufen alle auf, am 5. Mai mit uns auf die Straße zu gehen.", "language-partly"),
    ],
)
def test_what_cannot_be_read_is_said(text, note):
    draft = read(text, received=DAY)

    assert note in draft.notes
    assert not draft.moments or note == "language-partly"


def test_a_text_of_two_million_signs_is_read_to_where_it_is_cut(places):
    draft = read("La reunión será el 5 de mayo de 2027 en Lima. " * 45_000, received=DAY)

    assert "cut" in draft.notes
    assert [m.starts for m in draft.moments] == [date(2027, 5, 5)]


def test_five_hundred_places_are_read(places):
    names = "Lima, Quito, Bogotá, Caracas, Santiago, Montevideo, Asunción, La Paz, " * 63
    draft = read(f"Las redes se reunirán en {names}y en Buenos Aires.", received=DAY, places=places)

    assert {"Lima", "Quito", "Buenos Aires"} <= {p.name for p in draft.places}


_PIECES = st.sampled_from(
    ["5 de mayo", "31/4/2027", "Red de Agua (RA)", "«", "»", "1. ", "\n- ", "\n", "الى ", "Paris, ",
     "12,000 people", "campaign “", "٢٠", "ß", "İ", "e\u0301", "2027", "mil ", " y ", "del 1 al "]
)  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=30).map("".join)))
@examples(max_examples=150, deadline=None)
def test_any_text_is_read_the_same_twice_with_spans_inside(text):
    finder = Gazetteer(settings.PLACES_TABLE)

    draft = read(text, received=DAY, places=finder)

    assert draft.as_json() == read(text, received=DAY, places=finder).as_json()
    assert all(0 <= s.start <= s.end <= len(draft.text) for s in draft.spans())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Nous appelons à voter lors des 30 juin et 7 juillet 2027.", ["2027-06-30", "2027-07-07"]),
        ("O ato é na praça.\n\nData: 4 de novembro\nHora: 16h\nTodas na rua!", ["2027-11-04"]),
        ("Convidamos para o ato em sete de setembro na praça da cidade.", ["2027-09-07"]),
        ("A rede já tem 12 rádios e sub 20 na cidade.", []),
    ],
)
def test_a_day_is_one_only_in_the_language_of_the_text(text, days):
    moments = read(text, received=date(2027, 5, 1)).moments

    assert [m.starts.isoformat() for m in moments] == days


def test_letters_in_a_row_are_organisations_and_those_of_a_state_are_none(places):
    text = "A reunião foi em São Paulo (SP), ao lado de CUT, MST e UNE, na praça do Derby."

    draft = read(text, received=DAY, places=places)

    assert [one.name for one in draft.organisations] == ["CUT", "MST", "UNE"]
    assert [one.name for one in draft.places] == ["São Paulo"]


def test_a_list_of_signatories_that_breaks_off_is_read_to_its_end():
    draft = read("Firman: Red Azul de Lima, Red Verde y la ", received=DAY)

    assert [one.value for one in draft.issuers] == ["Red Azul de Lima", "Red Verde"]


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_text_received_on_the_first_or_last_day_there_is_breaks_nothing(day):
    words = "El próximo sábado, el 5 de marzo y el 28 de diciembre. Ayer, el lunes pasado."
    assert read(words, received=day).received == day


@pytest.mark.skipif(not LABELLED.is_dir(), reason="no labelled calls beside the project")
def test_labelled_calls_are_read_well(places, tmp_path):
    for file in LABELLED.glob("*.txt"):
        received = json.loads(file.with_suffix(".json").read_text())["received"]
        draft = read(file.read_text(), received=date.fromisoformat(received), places=places)
        (tmp_path / f"{file.stem}.json").write_text(json.dumps(draft.as_json()))
    words = [sys.executable, LABELLED / "score.py", LABELLED, tmp_path, "--json"]
    report = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)

    assert report["macro"]["f1"] >= 0.92
    assert min(field["f1"] for field in report["fields"].values()) >= 0.8
