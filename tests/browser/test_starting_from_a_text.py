"""Starting from a text in a browser: with scripts and without, in Spanish and in Arabic."""

import re
from datetime import date

import pytest

from convoca.campaigns.models import Campaign
from convoca.drafting import services
from convoca.drafting.models import ReadText
from tests.browser.conftest import axe
from tests.drafting.conftest import CALL_ES, read_es  # noqa: F401  a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("network"),
]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RECENT = CALL_ES.replace("10 de enero de 2027", "10 de noviembre de 2026")
CALL_AR = """نداء: الجسور للجميع

بيروت، 10 نوفمبر 2026

تدعو شبكة النهر الحي (RIB) إلى يوم عمل في 13 آذار 2027 في القاهرة، مصر.

1. فتح كل جسر أمام المشاة.
2. عدّ المارّة في أكثر من 40 مدينة.
"""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize(("language", "call"), [("es", RECENT), ("ar", CALL_AR)])
def test_a_pasted_call_becomes_a_campaign(
    new_page, session_cookie, bo, union, language, call, scripts
):
    page = new_page(width=360, scripts=scripts, cookies=session_cookie(bo))
    page.goto(f"/{language}/work/campaigns/start/text/")
    assert page.evaluate(WIDER) <= 0
    page.locator("[name=text]").fill(call)
    page.locator("[name=received_on]").fill("2026-11-20")
    page.locator("form.either button.button").click()
    page.wait_for_url("**/start/text/*/")

    read = ReadText.objects.get()
    assert [read.language, [m["starts"] for m in read.of("moments")][:1]] == [
        language,
        ["2027-03-13"],
    ]
    assert page.evaluate(WIDER) <= 0
    page.locator("#m1 a[href='#in-m1']").click()
    assert page.locator(".as-read mark:target, .as-read span:target").count() == 1
    page.locator("#in-m1 a").click()
    assert page.locator("#m1:target").count() == 1

    page.locator("#m1 input[value=yes]").check()
    page.locator("[name=title]").fill("Puentes")
    page.locator(f"[name=convenors][value='{union.pk}']").check()
    page.locator("button[value=save].outline").click()
    page.locator(".above .undo").wait_for()
    read.refresh_from_db()
    assert read.facts["title"] == "Puentes"
    page.locator("button[value=accept]").click()
    page.wait_for_url(re.compile(r"/work/campaigns/\w{8}/"))

    campaign = Campaign.objects.get()
    assert [dict(campaign.names), campaign.moments.get(starts_on=date(2027, 3, 13)).kind] == [
        {language: "Puentes"},
        "day",
    ]


def test_a_thing_in_hand_shows_its_passage(new_page, session_cookie, bo, read_es):  # noqa: F811
    page = new_page(cookies=session_cookie(bo))
    page.goto(f"/en/work/campaigns/start/text/{read_es.code}/")
    page.locator("#o2 .why").hover()
    assert page.locator(".as-read mark.now").text_content() == "Red Ibérica de Barqueros"
    page.locator("#m2 input[value=yes]").focus()
    assert page.locator(".as-read mark.now").text_content() == "del 5 al 7 de junio de 2027"
    page.locator("#in-m1").hover()
    assert page.locator("#m1.now").count() == 1


def test_enter_in_a_line_saves_and_makes_nothing(new_page, session_cookie, bo, read_es):  # noqa: F811
    page = new_page(scripts=False, cookies=session_cookie(bo))
    page.goto(f"/en/work/campaigns/start/text/{read_es.code}/")
    page.locator("[name=title]").fill("Puentes")
    page.locator("[name=title]").press("Enter")
    page.get_by_text("Saved.").wait_for()
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_screen_is_accessible_and_never_scrolls_sideways(
    new_page, session_cookie, bo, union, width, language, dark
):
    long_text = f"{CALL_ES}\n\n" + "\n\n".join(
        f"El Comité de Vecinos Número {number} se reúne el {number} de abril en Lima, Perú."
        for number in range(1, 25)
    )
    read, used = (
        services.keep(long_text, received_on=date(2027, 1, 11), by=bo) for _time in range(2)
    )
    campaign = services.accept(used, convenors=[union], under=bo.mandates.get())
    page = new_page(width=width, dark=dark, cookies=session_cookie(bo))
    for address in (
        "campaigns/start/text/",
        f"campaigns/start/text/{read.code}/",
        f"endorse/{campaign.code}/named/",
    ):
        page.goto(f"/{language}/work/{address}")
        assert page.evaluate(WIDER) <= 0
        assert axe(page) == []
