"""Reading grows in step with the text, whatever is repeated in it.

Each shape is read at two lengths, four times apart, in processor time: in step is about 4 times,
with the square 16. A machine that does much else may still count some more, so 9 is the bound.
"""

import time
import unicodedata
from datetime import date
from itertools import count

import pytest
from django.conf import settings

from convoca.places.gazetteer import Gazetteer
from convoca.reading.reader import read
from convoca.reading.text import LONGEST, tidy

SHORT = 5_000
BOUND = 9
SHAPES = {
    "days": lambda n: "el 5 de marzo, ",
    "days that differ": lambda n: f"el {n % 28 + 1} de mayo de {2000 + n % 60}, ",
    "days in numbers": lambda n: f"del {n % 28 + 1:02d}/03/2027, ",
    "weekdays": lambda n: "el próximo sábado y el viernes 5, ",
    "numbered lines": lambda n: "1. Marchar el 5 de marzo.\n",
    "bullets": lambda n: "- Marchar con las vecinas de la plaza\n",
    "one sentence": lambda n: "la Red Azul llama a todas el 5 de marzo en Lima con 40 personas y ",
    "names": lambda n: f"la Red de Aguas {chr(97 + n % 26) * 3}a Claras, y ",
    "signatories": lambda n: f"Firmas de la Red Azul {n}\n",
    "signatories in one line": lambda n: "Firman: la Red Azul, la Red Verde y la Red Roja\n",
    "days and signatories": lambda n: ["Firmas de la red\n", "Grupo 5 de marzo de la red\n"][n % 2],
    "capitals": lambda n: "de la Abc Def ",
    "acronyms": lambda n: f"la ABC{chr(65 + n % 26)}{chr(65 + n // 26 % 26)} y ",
    "places": lambda n: ("en Lima, ", "en Quito, ", "en Abc Def y ")[n % 3],
    "figures": lambda n: f"más de {n + 3} personas; de las 900; ",
    "brackets": lambda n: "la (de [el «",
    "quotes": lambda n: 'la campaña "de ',
    "addresses": lambda n: "en la https://a.example/x de a@b.example ",
    "adopted": lambda n: "adoptado el 5 de marzo y la ",
    "mail": lambda n: "From: la red\nAsunto: [el] Re: [la\n",
    "blanks": lambda n: "la\n" if n % 900 == 0 else " ",
    "days in Arabic": lambda n: "في 5 مارس، ",
    "lists of names": lambda n: f"la CGT, Brisa{chr(97 + n % 26)}, la FSU y ",
    "names in brackets": lambda n: "Sintra (Sindicato de Trenes y Rutas Azules), ",
    "letters of names": lambda n: "la Ronda Fluvial de Jardines, la RFJ, el VI FSM y ",
    "firms": lambda n: "la Río Claro S.A. y ",
    "provinces": lambda n: "las provincias de San Juan, Catamarca y Chubut, ",
    "conveners": lambda n: ["Convocan:\n", "1. Red Azul\n"][n % 2],
    "months of action": lambda n: "un mes de lucha en octubre y ",
    "made by": lambda n: "organizada por la gente y ",
    "lists in brackets": lambda n: "(Red Azul, CGT, Marea Alta) ",
    "campaigns": lambda n: "la campaña Agua Viva de ",
    "rows": lambda n: "organizada por la Red Azul, la Red Verde y ",
    "clauses": lambda n: "cuando la Red Azul, la Red Verde llama ",
    "names in Arabic": lambda n: "تدعو جمعية البيئة في المدرسة الى ",
}  # fmt: skip


@pytest.fixture(scope="module")
def places():
    return Gazetteer(settings.PLACES_TABLE)


def text_of(shape, length):
    text = ""
    numbers = count()
    while len(text) < length:
        text += "".join(shape(next(numbers)) for _ in range(100))
    return text[:length]


def spent(text, places):
    """Seconds of processor for one reading."""
    started = time.process_time()
    read(text, received=date(2027, 3, 1), places=places)
    return time.process_time() - started


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_text_four_times_as_long_takes_about_four_times_as_long(shape, places):
    short, long = text_of(shape, SHORT), text_of(shape, 4 * SHORT)
    read("el 5 de marzo en Lima", received=date(2027, 3, 1), places=places)  # what is kept is kept

    bound = BOUND * max(spent(short, places), 0.02)

    assert spent(long, places) < bound or spent(long, places) < bound


def test_more_accents_than_any_letter_has_are_left_out():
    """Two million of them, turn about, would be put in order for hours."""
    text = "agua " + "a" + "\u0301\u0316" * 1_000_000 + " clara"

    started = time.process_time()
    tidied = tidy(text)

    assert time.process_time() - started < 60
    assert len(tidied) < LONGEST
    assert tidied.startswith("agua á")
    assert sum(map(unicodedata.combining, tidied)) > 0
