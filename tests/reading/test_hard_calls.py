"""Texts as mail, messengers and paper leave them, labelled before any rule saw them."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

from django.conf import settings

from convoca.core.fold import fold
from convoca.places.gazetteer import Gazetteer
from convoca.reading.layout import readable
from convoca.reading.reader import read

HARD = sorted((Path(__file__).parent / "hard").glob("*.txt"))
LEAST = 0.9


def items(said):
    """What is compared of each field, as pairs of field and value."""
    for name in ("language", "kind", "issued"):
        if said[name]:
            yield name, said[name]
    for name in ("issuers", "campaigns", "lines"):
        yield from ((name, fold(value)) for value in said[name])
    for name in ("moments", "mentions"):
        yield from ((name, one["starts"], one["ends"]) for one in said[name])
    yield from (("places", fold(one["name"]), one["kind"]) for one in said["places"])
    yield from (("organisations", fold(one["name"])) for one in said["organisations"])
    yield from (("figures", one["value"], one["qualifier"], one["unit"]) for one in said["figures"])


def test_hard_calls_are_read_well_in_every_field():
    places = Gazetteer(settings.PLACES_TABLE)
    right, seen, wanted = Counter(), Counter(), Counter()
    for file in HARD:
        expected = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        received = date.fromisoformat(expected["received"])
        draft = read(file.read_text(encoding="utf-8"), received=received, places=places)
        found, gold = set(items(draft.as_json())), set(items(expected))
        right.update(one[0] for one in found & gold)
        seen.update(one[0] for one in found)
        wanted.update(one[0] for one in gold)
        assert all(0 <= s.start <= s.end <= len(draft.text) for s in draft.spans())

    scores = {name: 2 * right[name] / (seen[name] + wanted[name]) for name in wanted}
    assert len(HARD) >= 45
    assert {name: score for name, score in scores.items() if score < LEAST} == {}


def test_quote_marks_stars_and_broken_lines_are_made_readable_sign_for_sign():
    text = (
        "> *Red de Huertas* (RH) y la Coope-\n> rativa del Valle llaman a todas las vecinas\n"
        "> y vecinos.\n\n- una\n- dos\n"
    )

    plain = readable(text)

    assert len(plain) == len(text)
    assert "Red de Huertas" in plain
    assert "la Cooperativa del Valle" not in plain  # the blanks are left behind the word
    assert "la Cooperativa" in plain
    assert plain.endswith("y vecinos.\n\n- una\n- dos\n")


def test_senders_of_a_mail_are_no_part_of_its_text_and_its_own_day_goes_first():
    text = (
        "From: Red de Radios <a@radios.example>\nDate: Mon, 11 Jan 2027 09:14\n"
        "Subject: Fwd: Call\n\n"
        "Lyon, 8 January 2027\n\nThe Union of Cooks calls all members to meet on 5 May."
    )

    draft = read(text, received=date(2027, 1, 12))

    assert draft.issued.value == "2027-01-08"
    assert [one.name for one in draft.organisations] == ["Union of Cooks"]
