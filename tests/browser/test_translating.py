"""Translating in a browser: saved as one types, asked when two wrote, kept when the line is cut."""

import pytest
from django.urls import reverse

from convoca.texts import services
from convoca.texts.models import Translation
from tests.browser.conftest import axe
from tests.texts.conftest import (  # noqa: F401
    edi,
    edit,
    make_text,
    published,
    rhea,
    roster,
    rui,
    shelf,
    stu,
    text,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("network"),
]


def editor(text):  # noqa: F811
    return reverse("texts:translation", args=[text.code, "fr"])


def body_of(key):
    return Translation.objects.get().paragraphs.get(key=key).body


def test_words_are_saved_while_typing_and_leaving_asks_nothing(
    new_page, session_cookie, rhea, text  # noqa: F811
):  # fmt: skip
    page = new_page(cookies=session_cookie(rhea))
    page.goto(editor(text))
    with page.expect_response("**/paragraph/2/"):
        page.locator("#body-2").press_sequentially("L'eau est **à tous**.")
    page.locator("#ending-2").get_by_text("Saved").wait_for()

    assert body_of(2) == "L'eau est **à tous**."
    assert page.locator("#preview-2 strong").text_content() == "à tous"
    assert page.locator("#ending-2 input[name=seen-2]").input_value() == "1"

    with page.expect_response("**/paragraph/2/"):
        page.locator("#body-2").press_sequentially(" Oui.")
    page.wait_for_function("document.querySelector('[name=seen-2]').value === '2'")
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.wait_for_load_state()
    assert body_of(2) == "L'eau est **à tous**. Oui."


def test_a_second_editor_is_asked_and_puts_both_together(
    new_page, session_cookie, rhea, rui, text  # noqa: F811
):  # fmt: skip
    fr = services.open_translation(text, "fr", by=rhea)
    page = new_page(width=360, cookies=session_cookie(rui))
    page.goto(editor(text))
    services.save_paragraph(fr, 2, "De Rhea.", seen_revision=0, by=rhea)

    page.locator("#body-2").fill("De Rui.")
    page.get_by_role("button", name="Compare and choose").click()
    page.get_by_role("heading", name="Two people wrote here").wait_for()
    assert axe(page) == []
    page.get_by_label("Take what I put together here").check()
    page.get_by_label("Both together").fill("De Rhea et de Rui.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/in/fr/")
    assert body_of(2) == "De Rhea et de Rui."


def test_a_cut_line_keeps_the_words_on_the_device(
    new_page, session_cookie, rhea, text  # noqa: F811
):  # fmt: skip
    page = new_page(cookies=session_cookie(rhea))
    page.goto(editor(text))
    page.context.set_offline(True)
    page.locator("#body-2").fill("Écrit sans réseau.")
    page.get_by_text("The line is cut").wait_for()
    page.context.set_offline(False)

    page.goto(editor(text))
    page.get_by_role("button", name="Use them").click()
    page.locator("#ending-2").get_by_text("Saved").wait_for()
    assert body_of(2) == "Écrit sans réseau."


def test_without_scripts_everything_is_a_plain_form(
    new_page, session_cookie, rhea, rui, text  # noqa: F811
):  # fmt: skip
    page = new_page(width=360, scripts=False, cookies=session_cookie(rhea))
    page.goto(editor(text))
    for key in range(5):
        page.locator(f"#body-{key}").fill(f"Mots {key}")
    page.get_by_role("button", name="Save and hand in").click()
    page.wait_for_url("**/work/translate/*/")
    assert Translation.objects.get().stage == "review"


def test_the_source_is_previewed_while_typing(
    new_page, session_cookie, edi, text  # noqa: F811
):  # fmt: skip
    page = new_page(cookies=session_cookie(edi))
    page.goto(reverse("texts:source", args=[text.code]))
    page.locator("#id_markdown").fill("# Otro comienzo")
    page.locator("#preview h2").get_by_text("Otro comienzo").wait_for()
    text.refresh_from_db()
    assert text.draft == "# Otro comienzo"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_screen_is_accessible_and_never_scrolls_sideways(
    new_page, session_cookie, rhea, rui, stu, edi, text, edit, width, language  # noqa: F811
):  # fmt: skip
    fr = published(text, "fr", rhea)
    edit(text, text.draft.replace("5 de octubre", "6 de octubre"))
    row = fr.paragraphs.get(key=2)
    services.save_paragraph(fr, 2, "[x](https://e.example/)", seen_revision=row.revision, by=rhea)
    services.submit(fr, by=rhea)
    services.suggest(text, "es", 2, "El agua es de todas y todos.")
    services.save_source(text, text.draft + "\n\nMás.", seen_revision=text.revision, by=edi)
    code = text.code
    screens = [
        (rui, "queue", []), (stu, "board", []), (stu, "text", [code]), (edi, "source", [code]),
        (edi, "publish", [code]), (edi, "versions", [code]), (rui, "translation", [code, "fr"]),
        (rui, "review", [code, "fr"]), (rui, "import", [code, "fr"]),
        (edi, "suggestions", [code, "es"]), (edi, "suggest", [code, "fr", 2]),
    ]  # fmt: skip
    faults = []
    for person, name, args in screens:
        page = new_page(width=width, cookies=session_cookie(person), dark=width == 360)
        page.goto(reverse(f"texts:{name}", args=args).replace("/en/", f"/{language}/", 1))
        faults += [f"{name}: {line}" for line in axe(page)]
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        faults += [f"{name}: scrolls sideways"] if page.evaluate(wide) > 0 else []
        page.context.close()
    assert faults == []
