"""The first run: one page, opened once by a link, that keeps what was typed."""

import dataclasses
import re

import pytest

from convoca.accounts.models import Person
from convoca.core.config import make_keys
from convoca.core.first_run import make_link
from convoca.network.models import Invitation, Mandate, Network
from convoca.outbox import services as outbox

pytestmark = pytest.mark.django_db

ANSWERS = {
    "names-in-es": "Ríos Vivos",
    "names-in-ar": "أنهار حية",
    "ink": "#2A3FC0",
    "languages": ["es", "ar", "qu"],
    "fallbacks": "qu > es",
    "zone": "America/Lima",
    "imprint_name": "Secretariat of Living Rivers",
    "imprint_address": "Jirón Puno 1\nLima",
    "imprint_mail": "post@rivers.example",
    "your_name": "Rosa",
    "your_address": "Rosa@rivers.example",
}


@pytest.fixture
def home(settings, tmp_path):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, home=tmp_path, mail_url="folder:")
    make_keys(settings.CONFIG)
    return tmp_path


@pytest.fixture
def link(home, settings):
    """The path of the link that `convoca init` prints."""
    return make_link(settings.CONFIG).removeprefix(settings.CONFIG.url)


@pytest.fixture
def inside(client, link):
    """A browser that has opened the link."""
    assert client.post(link)["Location"] == "/en/first-run/"
    return client


def mailed_code(home):
    newest = max((home / "mail").glob("*.eml"))
    return re.search(r"^ +(\w{4}-\w{4})", newest.read_text(), re.MULTILINE).group(1)


def test_the_link_shows_a_button_and_opens_once(client, link):
    for _ in range(2):  # looking does not use it up
        assert client.get(link).status_code == 200
    assert client.post(link).status_code == 302
    assert client.get("/en/first-run/").status_code == 200
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410


def test_without_the_link_there_is_no_first_run(client, link):
    page = client.get("/en/first-run/")
    assert page.status_code == 410
    assert "convoca init prints a new one" in page.content.decode()
    assert client.get(link.replace(link[-10:-1], "a" * 9)).status_code == 410


def test_a_new_link_closes_the_one_before(client, link, settings):
    make_link(settings.CONFIG)
    assert client.get(link).status_code == 410


def test_everything_is_set_up_at_once_after_the_mail_was_read_back(inside, home):
    sent = inside.post("/es/first-run/", {**ANSWERS, "do": "send"})
    assert sent.status_code == 200
    assert f"{home}/mail" in sent.content.decode()
    code = mailed_code(home)

    done = inside.post(
        "/es/first-run/",
        {
            **ANSWERS,
            "do": "finish",
            "code": f" {code.upper().replace('-', ' ')} ",
            "second_name": "Bo",
            "second_address": "bo@rivers.example",
        },
    )

    assert done.status_code == 302, done.context["form"].errors
    assert done["Location"].startswith("/es/account/sign-in/link/")
    network = Network.load()
    assert network.names == {"es": "Ríos Vivos", "ar": "أنهار حية"}
    assert network.languages == ["es", "ar", "qu"]
    assert (network.fallbacks, network.zone) == ({"qu": "es"}, "America/Lima")
    assert network.is_ready
    rosa = Person.objects.get()
    assert (rosa.email, rosa.name, rosa.language) == ("rosa@rivers.example", "Rosa", "es")
    assert [m.role for m in Mandate.objects.standing().filter(person=rosa)] == ["steward"]
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("bo@rivers.example", "steward")
    assert [m.template for m in outbox.pending(to="bo@rivers.example")] == ["network/invitation"]
    assert inside.get("/es/first-run/").status_code == 410


@pytest.mark.parametrize("code", ["", "aaaa-0000"])
def test_a_wrong_code_sets_nothing_up_and_keeps_every_answer(inside, home, code):
    inside.post("/en/first-run/", {**ANSWERS, "do": "send"})
    page = inside.post("/en/first-run/", {**ANSWERS, "do": "finish", "code": code})
    said = page.content.decode()
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["code"]
    for words in ("Ríos Vivos", "أنهار حية", "Jirón Puno 1\nLima", "qu &gt; es", "Rosa"):
        assert words in said
    assert not Network.load().is_ready
    assert Person.objects.count() == 0


def test_a_code_counts_for_the_address_it_went_to(inside, home):
    inside.post("/en/first-run/", {**ANSWERS, "do": "send"})
    other = {**ANSWERS, "your_address": "other@rivers.example", "do": "finish"}
    page = inside.post("/en/first-run/", {**other, "code": mailed_code(home)})
    assert "another address" in str(page.context["form"].errors)


def test_codes_cannot_be_guessed_for_long(inside, home):
    inside.post("/en/first-run/", {**ANSWERS, "do": "send"})
    code = mailed_code(home)
    for _ in range(10):
        inside.post("/en/first-run/", {**ANSWERS, "do": "finish", "code": "0000-0000"})
    page = inside.post("/en/first-run/", {**ANSWERS, "do": "finish", "code": code})
    assert page.status_code == 422


def test_sending_a_code_asks_for_the_address_only(inside, home):
    page = inside.post("/en/first-run/", {"do": "send", "names-in-en": "Half"})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["your_address"]
    page = inside.post(
        "/en/first-run/", {"do": "send", "your_address": "a@b.example", "names-in-en": "Half"}
    )
    assert page.status_code == 200
    assert 'value="Half"' in page.content.decode()


def test_mail_that_does_not_work_says_why_and_one_can_go_on(inside, home, settings, free_port):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, mail_url=f"smtp://127.0.0.1:{free_port}")
    page = inside.post("/en/first-run/", {**ANSWERS, "do": "send"})
    said = page.content.decode()
    assert "The mail could not be sent." in said
    assert "Connection refused" in said
    assert 'name="without_mail"' in said

    done = inside.post("/en/first-run/", {**ANSWERS, "do": "finish", "without_mail": "on"})
    assert done.status_code == 302
    assert Network.load().is_ready


def test_another_language_keeps_what_was_typed_without_complaints(inside):
    page = inside.post("/ar/first-run/", {"names-in-es": "Ríos Vivos", "do": "speak"})
    said = page.content.decode()
    assert page.status_code == 200
    assert 'dir="rtl"' in said
    assert 'value="Ríos Vivos"' in said
    assert not page.context["form"].errors


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ar"])
def test_it_opens_in_every_language_of_the_interface(inside, language):
    page = inside.get(f"/{language}/first-run/")
    assert page.status_code == 200
    assert page.context["form"].initial["languages"] == [language]
    assert page.content.decode().count('name="ink"') == 12


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"names-in-es": "", "names-in-ar": ""}, "names"),
        ({"names-in-es": "w" * 201}, "names"),
        ({"ink": "#123456"}, "ink"),
        ({"languages": ["klingonese"]}, "languages"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"imprint_name": ""}, "imprint_name"),
        ({"second_address": "ROSA@rivers.example"}, "second_address"),
    ],
)
def test_a_wrong_answer_is_named(inside, changed, field):
    page = inside.post(
        "/en/first-run/", {**ANSWERS, **changed, "do": "finish", "without_mail": "on"}
    )
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not Network.load().is_ready


def test_a_line_of_languages_may_hold_several(inside):
    answers = {**ANSWERS, "languages": ["es", "en, français; العربية"], "do": "finish"}
    page = inside.post("/en/first-run/", answers)
    assert page.context["form"].cleaned_data["languages"] == ["es", "en", "fr", "ar"]


def test_zones_are_places(inside):
    zones = [
        zone for zone, _label in inside.get("/en/first-run/").context["form"].fields["zone"].choices
    ]
    assert zones[0] == "UTC"
    assert not {"Factory", "localtime", "Etc/GMT+3", "GB-Eire"} & set(zones)


def test_script_in_an_answer_is_only_text(inside):
    page = inside.post("/en/first-run/", {"names-in-en": "<script>{{7*7}}</script>", "do": "speak"})
    assert "<script>{{7*7}}" not in page.content.decode()


def test_a_steward_named_at_init_is_known_and_not_made_twice(inside, home):
    rosa = Person.objects.create_person("rosa@rivers.example")
    Mandate.objects.create(person=rosa, role="steward")
    page = inside.get("/en/first-run/")
    assert 'value="rosa@rivers.example"' in page.content.decode()
    done = inside.post("/en/first-run/", {**ANSWERS, "do": "finish", "without_mail": "on"})
    assert done.status_code == 302
    assert Mandate.objects.count() == 1
    assert Person.objects.get().name == "Rosa"


def test_an_account_that_was_closed_takes_everything_back(inside, home):
    Person.objects.create_person("rosa@rivers.example", is_active=False)
    page = inside.post("/en/first-run/", {**ANSWERS, "do": "finish", "without_mail": "on"})
    assert page.status_code == 422
    assert not Network.load().is_ready
    assert Mandate.objects.count() == 0
