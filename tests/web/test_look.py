"""The stylesheet, the fonts, the scripts and the base templates keep what the look promises."""

import gzip
import hashlib
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from convoca.core import ink

WEB = Path(ink.__file__).parent.parent / "web"
STATIC = WEB / "static" / "web"
CSS = (STATIC / "convoca.css").read_text()
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))

# --- the stylesheet -----------------------------------------------------------------------------


def test_the_stylesheet_stays_small():
    assert len(CSS.encode()) <= 35_000


def test_the_stylesheet_is_in_its_five_layers():
    assert "@layer reset, tokens, base, parts, pages;" in CSS
    used = set(re.findall(r"@layer (\w+) \{", CSS))
    assert used == {"reset", "tokens", "base", "parts", "pages"}


def test_the_stylesheet_knows_no_left_and_no_right():
    without_queries = re.sub(r"@media [^{]+|/\*.*?\*/", "", CSS, flags=re.DOTALL)
    properties = set(re.findall(r"[{;]\s*([a-z-]+)\s*:", without_queries))
    physical = {
        name
        for name in properties
        if re.search(r"(^|-)(left|right|top|bottom|width|height)(-|$)", name)
        and name not in {"line-height", "stroke-width", "border-inline-width"}
    }
    assert physical == set()
    assert re.findall(r":\s*(?:left|right)\b", without_queries) == []


def test_the_stylesheet_has_no_ornament_that_the_look_forbids():
    assert (
        re.findall(r"gradient|box-shadow|text-shadow|border-radius: [^0]|animation|@import", CSS)
        == []
    )


def test_the_tokens_are_those_of_the_look_and_of_the_ink():
    for token in ("#E9EBE6", "#FAFBF8", "#15191D", "#545B61", "#7B827C", "#BFC4BE"):
        assert token in CSS
    for name, value in [
        ("desk", ink.DESK_LIGHT),
        ("paper", ink.PAPER_LIGHT),
        ("ink", ink.INK_LIGHT),
    ]:
        assert f"--{name}: {value}" in CSS
    for name, value in [("desk", ink.DESK_DARK), ("paper", ink.PAPER_DARK), ("ink", ink.INK_DARK)]:
        assert f"--{name}: {value}" in CSS


@pytest.mark.parametrize(
    ("token", "light", "dark"),
    [
        ("ink", 4.5, 4.5),
        ("muted", 4.5, 4.5),
        ("ok", 4.5, 4.5),
        ("wait", 4.5, 4.5),
        ("stop", 4.5, 4.5),
        ("edge", 3, 3),
    ],
)
def test_every_token_for_text_can_be_read_on_both_grounds(token, light, dark):
    values = re.findall(rf"--{token}: (#[0-9A-F]{{6}})", CSS)
    assert len(values) == 2
    for ground in (ink.DESK_LIGHT, ink.PAPER_LIGHT):
        assert ink.contrast(values[0], ground) >= light
    for ground in (ink.DESK_DARK, ink.PAPER_DARK):
        assert ink.contrast(values[1], ground) >= dark


def test_no_stylesheet_script_or_template_fetches_from_elsewhere():
    ours = [STATIC / "convoca.css", STATIC / "convoca.js", *TEMPLATES]
    found = [
        (path.name, address)
        for path in ours
        for address in re.findall(
            r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s\"')]*", path.read_text()
        )
    ]
    assert found == []


def test_no_template_has_a_style_or_a_script_of_its_own():
    for path in TEMPLATES:
        text = path.read_text()
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", text) == [], (
            path.name
        )


# --- fonts --------------------------------------------------------------------------------------

LARGEST = {
    "latin": 14_500,
    "latin-ext": 16_500,
    "greek": 8_500,
    "cyrillic": 6_500,
    "arabic": 12_500,
}


@pytest.mark.parametrize("piece", list(LARGEST))
def test_a_font_file_stays_small_and_the_stylesheet_asks_for_it(piece):
    assert (STATIC / f"fonts/poster-{piece}.woff2").stat().st_size <= LARGEST[piece]
    assert f'url("fonts/poster-{piece}.woff2")' in CSS


def test_each_font_is_loaded_for_every_letter_that_it_holds():
    faces = re.findall(r"poster-([a-z-]+)\.woff2.*?unicode-range: ([^;]+);", CSS, flags=re.DOTALL)
    ranges = {piece: _points(text) for piece, text in faces}

    assert set(ranges) == set(ink.covered())
    for piece, points in ink.covered().items():
        assert points <= ranges[piece], piece


def _points(ranges: str) -> set[int]:
    spans = [span.strip().removeprefix("U+").split("-") for span in ranges.split(",")]
    return {p for span in spans for p in range(int(span[0], 16), int(span[-1], 16) + 1)}


def test_the_fonts_for_pictures_are_small_and_every_font_has_its_licence_beside_it():
    pictures = Path(ink.__file__).parent / "fonts"
    assert sum(path.stat().st_size for path in pictures.iterdir()) < 1_500_000
    licences = [pictures / f"LICENSE-{face}.txt" for face in ("fira", "kufi", "sans", "arabic")]
    licences += [STATIC / "fonts" / f"LICENSE-{face}.txt" for face in ("fira", "kufi")]
    for licence in licences:
        assert "SIL OPEN FONT LICENSE" in licence.read_text()


# --- scripts ------------------------------------------------------------------------------------


def test_our_own_script_stays_small():
    assert (STATIC / "convoca.js").stat().st_size <= 4_000


def test_htmx_is_the_file_whose_hash_is_written_down():
    said = dict(
        re.findall(r"\| `([\w.-]+\.js)` .* `([0-9a-f]{64})` \|", _vendor("README.md").decode())
    )
    vendored = {path.name for path in (STATIC / "vendor").glob("*.js")}

    assert set(said) == vendored
    for name, digest in said.items():
        assert hashlib.sha256(_vendor(name)).hexdigest() == digest


def _vendor(name: str) -> bytes:
    return (STATIC / "vendor" / name).read_bytes()


def test_a_first_visit_in_one_script_is_small():
    """Style, script and one poster font, compressed: leaves room for the page in 60 kB."""
    compressed = len(gzip.compress(CSS.encode(), 6)) + len(
        gzip.compress((STATIC / "convoca.js").read_bytes(), 6)
    )
    fonts = LARGEST["latin"] + LARGEST["latin-ext"]
    assert compressed + fonts <= 45_000


# --- templates ----------------------------------------------------------------------------------


def site(lang: str = "en", **facts: object) -> SimpleNamespace:
    tags = [("en", "English", "ltr"), ("ar", "العربية", "rtl")]
    languages = [
        SimpleNamespace(tag=tag, autonym=name, dir=way, url=f"/{tag}/")
        for tag, name, way in sorted(tags, key=lambda language: language[0] != lang)
    ]
    known = {
        "name": "Living Rivers",
        "lang": lang,
        "dir": "rtl" if lang == "ar" else "ltr",
        "is_demo": False,
        "languages": languages,
        "imprint_name": "Rivers e. V.",
        "bars": [],
        "stations": [],
        "acting": None,
        "ink_css": "",
    }
    return SimpleNamespace(**(known | facts))


def render(source: str, **context: object) -> str:
    lang = getattr(context.get("site"), "lang", "en")
    with translation.override(lang):
        return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize("base", ["base", "public", "work", "account", "error"])
def test_a_base_page_has_its_language_direction_title_and_way_to_the_text(base):
    page = render(f'{{% extends "web/{base}.html" %}}', site=site("ar"), title="T", advice="A")

    assert '<html lang="ar" dir="rtl">' in page
    assert page.count("<h1") <= 1
    assert page.count("<main") == 1
    assert '<a class="skip" href="#main">' in page
    assert 'id="main"' in page


@pytest.mark.parametrize("base", ["base", "public", "work", "account", "error"])
def test_every_page_of_a_demo_says_so(base):
    page = render(f'{{% extends "web/{base}.html" %}}', site=site(is_demo=True))

    assert "<title>Demo · " in page
    assert '<aside class="band" aria-label="Demo">' in page


def test_the_pages_own_language_stands_first_and_is_no_link():
    page = render('{% extends "web/public.html" %}', site=site("ar"))

    assert '<span aria-current="true" lang="ar" dir="rtl">العربية</span>' in page
    assert '<a href="/en/" hreflang="en" lang="en" dir="ltr">English</a>' in page
    assert page.index("العربية") < page.index(">English<")


def test_the_desk_says_who_acts_where_one_stands_and_what_was_done():
    stations = [
        SimpleNamespace(name="Today", url="/en/work/", is_current=True),
        SimpleNamespace(name="Network", url="/en/network/", is_current=False),
    ]
    acting = SimpleNamespace(person="Rosa", words="Rosa, for the network", switch_url="/en/acting/")
    page = render(
        '{% extends "web/work.html" %}',
        site=site(stations=stations, acting=acting),
        messages=[Message(messages.SUCCESS, "Published.")],
        what_is_url="/en/help/today/",
    )

    assert '<a href="/en/work/" aria-current="page">Today</a>' in page
    assert '<a href="/en/network/">Network</a>' in page
    assert re.search(r'<a [^>]*href="/en/acting/"[^>]*>Rosa, for the network</a>', page)
    assert '<div class="undo success"><p>Published.</p>' in page
    assert '<a class="what-is" href="/en/help/today/">What is this?</a>' in page


def test_names_that_try_to_be_markup_stay_words():
    page = render('{% extends "web/public.html" %}', site=site(name="<script>alert(1)</script>"))

    assert "<script>alert" not in page


def test_an_error_page_says_what_happened_and_what_to_do():
    page = render_to_string(
        "web/error.html",
        {
            "site": site(),
            "title": "Not here",
            "advice": "Look for it.",
            "search_url": "/en/search/",
        },
    )

    assert '<h1 class="title t3">Not here</h1>' in page
    assert "<p>Look for it.</p>" in page
    assert 'action="/en/search/"' in page


@pytest.mark.parametrize("name", ["500.html", "web/busy.html"])
def test_the_pages_for_bad_moments_need_nothing_and_speak_every_language(name):
    text = (WEB / "templates" / name).read_text()

    assert "{%" not in text
    assert "{{" not in text
    assert re.findall(r'lang="(\w+)"', text) == ["en", "es", "fr", "pt", "ar"]
    assert re.findall(r'(?:src|href)="([^"]+)"', text) == ["/static/web/convoca.css", "/"]


def test_a_mail_says_who_sends_it_why_and_whether_it_is_a_demo():
    text = render(
        '{% extends "web/mail/base.txt" %}{% block body %}Ana & Bo met.{% endblock %}',
        site=site(is_demo=True),
    )

    assert text.lstrip().startswith("This is a mail of a demo.")
    assert "Ana & Bo met." in text
    assert "Sent by Living Rivers." in text
    assert "Who answers for it: Rivers e. V." in text
    assert "You get this because" in text


# --- forms --------------------------------------------------------------------------------------


class Sample(forms.Form):
    name = forms.CharField(label="Your name")
    email = forms.EmailField(label="Email", required=False, help_text="Deleted after 14 days.")
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="I agree")


def test_a_question_has_its_label_its_help_and_says_when_it_is_optional():
    html = Sample()["email"].as_field_group()

    assert '<label for="id_email">Email <span class="optional">(optional)</span></label>' in html
    assert '<div class="help" id="id_email_helptext">Deleted after 14 days.</div>' in html
    assert 'aria-describedby="id_email_helptext"' in html
    assert "optional" not in Sample()["name"].as_field_group()


def test_a_wrong_answer_is_tied_to_what_is_wrong_with_it():
    html = Sample({"email": "x"})["email"].as_field_group()

    assert '<div class="ask wrong">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_error"' in html
    assert 'value="x"' in html


def test_the_list_at_the_top_leads_to_each_wrong_answer():
    html = str(Sample({"email": "x"}))
    targets = re.findall(r'<li><a href="#([\w-]+)">', html)

    assert targets == ["id_name", "id_email", "id_kind_group", "id_agree"]
    for target in targets:
        assert f'id="{target}"' in html


def test_choices_are_a_list_and_a_lone_box_stands_before_its_words():
    assert '<div id="id_kind" class="choices">' in Sample()["kind"].as_field_group()
    assert re.search(
        r'<label class="choice" for="id_agree"><input type="checkbox"[^>]*> <span>I agree</span>',
        Sample()["agree"].as_field_group(),
    )
