"""Posters, cards and sheets as PDF: right pages, right words, whatever stands in a title."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

pytest.importorskip("typst", reason="the extra pdf is not installed")

from convoca.actions.printing import papers
from convoca.core.typefaces import folder_of_ours
from tests.actions.printing.samples import (
    ARABIC,
    CANCELLED,
    ENGLISH,
    GERMAN,
    HOSTILE,
    SPANISH,
    UNPRINTABLE,
    UNSET,
    sheet_of,
)

ALL = [ENGLISH, SPANISH, ARABIC, GERMAN, CANCELLED, UNSET, HOSTILE]
ENVIRONMENT = {
    **os.environ,
    "DJANGO_SETTINGS_MODULE": "tests.settings",
    "PYTHONPATH": os.pathsep.join(sys.path),
}
reads = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")


def pages(pdf: bytes) -> list[tuple[int, int]]:
    """The size of each page in millimetres."""
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in boxes]


def text_of(pdf: bytes) -> str:
    made = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return re.sub(r"[\u200b\u202a-\u202e\u2066-\u2069]", "", made)


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: facts.title[:12])
def test_a_poster_is_one_tagged_page_with_its_language_and_title(facts):
    pdf = papers.poster(facts)

    assert pages(pdf) == [(210, 297)]
    assert f"/Lang({facts.lang})".encode() in pdf
    assert b"/MarkInfo" in pdf
    assert b"pdfuaid:part" in pdf
    assert b"<dc:title>" in pdf
    assert len(pdf) < 100_000


def test_a_poster_comes_in_three_papers_and_two_grounds():
    assert pages(papers.poster(ENGLISH, "a3")) == [(297, 420)]
    assert pages(papers.poster(ENGLISH, "us-letter")) == [(216, 279)]
    assert papers.poster(ENGLISH, is_filled=True) != papers.poster(ENGLISH)


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: facts.title[:12])
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_ten_cards_stand_on_one_sheet(facts, paper):
    assert len(pages(papers.cards(facts, paper))) == 1


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: facts.title[:12])
def test_a_sheet_has_as_many_pages_as_its_lines_need(facts):
    assert len(pages(papers.sheet(sheet_of(facts)))) == 2


@reads
def test_a_poster_says_what_the_facts_say():
    words = text_of(papers.poster(ENGLISH))

    for said in ("March for", "the river", "12", "June 2027", "Saturday", "18:00 Central"):
        assert said in words
    for said in ("Ljubljana", "Prešeren Square", "Workers’", "rivers.example/a/7KQ2"):
        assert said in words


@reads
def test_hostile_words_are_printed_as_they_were_typed():
    words = " ".join(text_of(papers.sheet(sheet_of(HOSTILE))).split())

    for said in ('#import "x": * \\ $a$ *b* _c_ [d] <e> @f `g` // #panic("no")', "#show: x"):
        assert said in words
    for said in ('#read("/etc/passwd")', "</svg><script>alert(1)</script>", "= Heading"):
        assert said in words


@reads
def test_a_sheet_says_when_to_destroy_it_and_asks_for_nothing_without_consent():
    words = text_of(papers.sheet(sheet_of()))

    assert "Destroy this sheet by 26 June 2027" in words
    assert "Printed on 1 June 2027." in words
    assert "Page 1 of 2" in words
    assert "Phone or email" not in words


@reads
def test_a_sheet_that_asks_how_to_reach_people_says_for_what():
    consent = "The committee writes to you about this action only."
    words = text_of(papers.sheet(sheet_of(consent=consent)))

    assert consent in words
    assert "Phone or email" in words


@reads
def test_a_sheet_speaks_the_language_of_the_action():
    pdf = papers.sheet(sheet_of(SPANISH))

    assert b"/Lang(es)" in pdf
    assert "26 de junio de 2027" in text_of(pdf)


@reads
def test_arabic_letters_are_joined():
    """Four joined letters are narrower than the four letters kept apart."""
    apart = "\u200c".join("بيتي")

    assert 0 < breadth_of_arabic("بيتي") < 0.9 * breadth_of_arabic(apart)


def breadth_of_arabic(title: str) -> float:
    sheet = papers.sheet(replace(sheet_of(replace(ENGLISH, title=title)), names=()))
    words = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", "-", "-"], input=sheet, capture_output=True, check=True
    ).stdout.decode()
    found = re.findall(r'xMin="([\d.]+)".*? xMax="([\d.]+)".*?>[^<]*[ء-ي][^<]*<', words)
    return max(float(end) for _, end in found) - min(float(start) for start, _ in found)


def test_letters_that_no_typeface_holds_are_named_and_nothing_is_drawn_wrongly():
    with pytest.raises(papers.Missing) as refusal:
        papers.poster(UNPRINTABLE)

    assert refusal.value.code == "typeface-missing"
    assert "ሁለሉምንወዝ" in str(refusal.value)


def test_a_typeface_in_the_operators_folder_is_found(settings, tmp_path):
    """Ours stands in for one: the same file, in the operator's folder."""
    settings.CONVOCA_HOME = tmp_path
    (tmp_path / "fonts").mkdir()
    shutil.copy(folder_of_ours() / "poster-kufi.ttf", tmp_path / "fonts" / "Own.ttf")

    assert papers._operators_families() == ["Noto Kufi Arabic"]
    assert pages(papers.poster(ENGLISH)) == [(210, 297)]


def test_without_the_extra_the_refusal_says_what_to_do(monkeypatch):
    monkeypatch.setattr(papers, "find_spec", lambda name: None)

    assert not papers.is_possible()
    with pytest.raises(papers.Missing, match="make program-pdf") as refusal:
        papers.poster(ENGLISH)
    assert refusal.value.code == "pdf-missing"


def test_typst_is_loaded_only_when_a_paper_is_made():
    script = (
        "import django; django.setup()\n"
        "import sys, convoca.actions.printing.papers as papers\n"
        "print(papers.is_possible(), 'typst' in sys.modules)"
    )
    said = subprocess.check_output([sys.executable, "-c", script], text=True, env=ENVIRONMENT)

    assert said.split() == ["True", "False"]


def test_a_long_route_and_a_long_address_stay_on_one_page():
    full = replace(
        ENGLISH,
        place=tuple("Stop of the march " * 20 for _ in range(14)),
        hosts=tuple("Committee of a district " * 10 for _ in range(30)),
        short_address="a-very-long-network-name.coalition.example.org/a/7KQ2",
    )
    assert pages(papers.poster(full)) == [(210, 297)]
    assert len(pages(papers.cards(full))) == 1


def test_a_private_link_is_nowhere_in_a_paper_but_in_its_code():
    secret = replace(ENGLISH, url="https://rivers.example/host/very-secret-token")
    assert b"very-secret-token" not in papers.poster(secret)
