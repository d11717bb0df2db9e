"""Second factors: who must have one, how one is set up, used, lost and changed."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from convoca.accounts import rules, services
from convoca.accounts.models import Person
from convoca.accounts.receivers import make_cache_table
from convoca.audit.models import Entry
from convoca.outbox.models import Message

SIGN_IN, CODE = "/en/account/sign-in/", "/en/account/sign-in/code/"
SECOND, SECURITY = "/en/account/sign-in/second-factor/", "/en/account/security/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def shown_by_app(secret=SECRET):
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))


@pytest.fixture(autouse=True)
def _empty_cache():
    """Wrong codes are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def must(monkeypatch):
    """Who registers a question in a test takes it away with the test."""
    monkeypatch.setattr(rules, "_questions", [])
    return services.who_needs_second_factor


@pytest.fixture
def with_app(rosa):
    TOTP.activate(rosa, SECRET)
    return rosa


def half_way_in(person, code_for):
    client = Client()
    client.post(SIGN_IN, {"email": person.email, "next": "/en/account/sessions/"})
    answer = client.post(CODE, {"code": code_for(person.email)})
    return client, answer


def test_setting_up_an_app_gives_recovery_codes_and_tells_the_person(
    client, rosa, django_capture_on_commit_callbacks
):
    client.force_login(rosa)
    page = client.get(f"{SECURITY}app/").content.decode()
    secret = re.search(r'class="copy">([A-Z2-7]+)<', page).group(1)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{SECURITY}app/", {"code": shown_by_app(secret)})

    assert "<svg" in page
    assert "data:image" not in page
    assert answer["Location"] == f"{SECURITY}recovery-codes/"
    assert [m.template for m in Message.objects.all()] == ["accounts/security-changed"]
    events = Entry.objects.filter(event="second-factor.added").values_list("details", flat=True)
    assert sorted(one["kind"] for one in events) == ["recovery_codes", "totp"]


def test_a_wrong_first_code_keeps_the_same_key(client, rosa):
    client.force_login(rosa)
    before = client.get(f"{SECURITY}app/").context["form"].secret
    answer = client.post(f"{SECURITY}app/", {"code": "000000"})

    assert answer.context["form"].secret == before
    assert "This is not the right code." in answer.content.decode()


def test_with_an_app_the_mailed_code_is_only_half(with_app, code_for):
    client, answer = half_way_in(with_app, code_for)

    assert answer["Location"] == SECOND
    assert client.get("/en/account/").status_code == 302
    done = client.post(SECOND, {"code": shown_by_app()})
    assert done["Location"] == "/en/account/sessions/"
    assert client.get("/en/account/").status_code == 200


def test_a_wrong_second_code_is_said_in_words(with_app, code_for):
    client, _ = half_way_in(with_app, code_for)

    answer = client.post(SECOND, {"code": "000000"})

    assert answer.status_code == 422
    assert "This is not the right code." in answer.content.decode()


def test_second_codes_cannot_be_tried_for_ever(with_app, code_for):
    client, _ = half_way_in(with_app, code_for)
    for _ in range(5):
        client.post(SECOND, {"code": "000000"})

    page = client.post(SECOND, {"code": shown_by_app()}).content.decode()

    assert "Too many tries." in page


def test_the_same_app_code_does_not_work_twice(with_app, code_for):
    one, two = (half_way_in(with_app, code_for)[0] for _ in range(2))
    with time_machine.travel(timezone.now(), tick=False):
        first = one.post(SECOND, {"code": shown_by_app()})
        second = two.post(SECOND, {"code": shown_by_app()})

    assert (first.status_code, second.status_code) == (302, 422)


def test_a_recovery_code_stands_in_once_for_a_lost_phone(
    client, rosa, code_for, django_capture_on_commit_callbacks
):
    client.force_login(rosa)
    secret = client.get(f"{SECURITY}app/").context["form"].secret
    client.post(f"{SECURITY}app/", {"code": shown_by_app(secret)})
    lost = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]

    first, _ = half_way_in(rosa, code_for)
    again, _ = half_way_in(rosa, code_for)

    assert first.post(SECOND, {"code": lost}).status_code == 302
    assert again.post(SECOND, {"code": lost}).status_code == 422


def test_changing_safety_asks_once_more_for_the_second_factor(client, with_app):
    client.force_login(with_app)

    asked = client.get(f"{SECURITY}app/remove/")
    shown = client.post(
        asked["Location"], {"code": shown_by_app(), "next": f"{SECURITY}app/remove/"}
    )
    removed = client.post(f"{SECURITY}app/remove/")

    assert asked["Location"].startswith("/en/account/again/?next=")
    assert shown["Location"] == f"{SECURITY}app/remove/"
    assert removed["Location"] == SECURITY
    assert Authenticator.objects.count() == 0


def test_recovery_codes_can_be_read_downloaded_and_made_anew(
    client, rosa, django_capture_on_commit_callbacks
):
    client.force_login(rosa)
    secret = client.get(f"{SECURITY}app/").context["form"].secret
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        client.post(f"{SECURITY}app/", {"code": shown_by_app(secret)})
    client.post("/en/account/again/?next=/", {"code": shown_by_app(secret)})
    before = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    page = client.get(f"{SECURITY}recovery-codes/").content.decode()
    assert 'href="/en/work/"' in page  # the next step
    text = client.get(f"{SECURITY}recovery-codes/download/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{SECURITY}recovery-codes/new/")
    after = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    assert [code for code in before if code not in page] == []
    assert [line for line in text.content.decode().split() if line in before] == before
    assert text["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert text["Cache-Control"] == "no-store"
    assert set(before) & set(after) == set()
    assert Message.objects.filter(template="accounts/security-changed").count() == 1


def test_who_must_have_a_second_factor_can_do_nothing_else_before(client, rosa, must):
    must(lambda person: person == rosa)
    client.force_login(rosa)

    led = [client.get(f"/en/account/{path}") for path in ("", "sessions/", "address/")]
    page = client.get(SECURITY).content.decode()

    assert [answer["Location"] for answer in led] == [SECURITY] * 3
    assert client.post("/en/account/", {"name": "x"})["Location"] == SECURITY
    assert "One step first." in page
    assert client.get(f"{SECURITY}passkeys/add/").status_code == 200
    assert client.get(f"{SECURITY}app/").status_code == 200


def test_with_a_second_factor_everything_opens(client, with_app, must):
    must(lambda person: True)
    client.force_login(with_app)

    assert client.get("/en/account/").status_code == 200
    assert "One step first." not in client.get(SECURITY).content.decode()


def test_who_need_not_have_one_is_not_asked(client, rosa, must):
    must(lambda person: False)
    client.force_login(rosa)

    assert client.get("/en/account/").status_code == 200


def test_in_a_demo_nobody_needs_one(rosa, must, settings):
    must(lambda person: True)
    settings.DEMO = True

    assert not services.needs_second_factor(rosa)


def test_recovery_codes_alone_are_no_second_factor(rosa):
    Authenticator.objects.create(user=rosa, type="recovery_codes", data={"seed": "x"})

    assert not services.has_second_factor(rosa)


@pytest.mark.parametrize("path", ["passkeys/99/", "passkeys/99/remove/"])
def test_nobody_touches_the_passkey_of_another(client, rosa, path):
    client.force_login(rosa)

    assert client.get(f"{SECURITY}{path}").status_code == 404


def test_what_allauth_counts_in_the_cache_is_counted_in_the_database_too(
    with_app, code_for, settings
):
    """At work the cache is a table: migrating makes it, and limits hold in it."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "convoca_cache",
        }
    }
    make_cache_table(None, using="default")
    cache.clear()
    client, _ = half_way_in(with_app, code_for)
    for _ in range(5):
        client.post(SECOND, {"code": "000000"})

    assert "Too many tries." in client.post(SECOND, {"code": shown_by_app()}).content.decode()


@pytest.mark.parametrize("path", ["address/", "leave/"])
def test_leaving_and_a_new_address_ask_for_the_second_factor_too(client, with_app, path):
    client.force_login(with_app)

    assert client.get(f"/en/account/{path}")["Location"].startswith("/en/account/again/")


def test_forgotten_factors_sign_out_everywhere_and_tell_the_person(client, with_app, code_for):
    bo = Person.objects.create_person("bo@example.org", name="Bo")
    client.force_login(with_app)
    client.get("/en/account/")

    counts = [services.forget_second_factors(with_app, by=bo) for _ in range(2)]

    assert counts == [1, 0]
    assert client.get("/en/account/").status_code == 302
    assert half_way_in(with_app, code_for)[1]["Location"] == "/en/account/sessions/"
    told = Message.objects.filter(template="accounts/second-factor-forgotten")
    assert [mail.to for mail in told] == [with_app.email]
    assert Entry.objects.get(event="second-factor.forgotten").person_id == bo.pk


def test_the_second_step_offers_a_passkey_only_to_those_who_have_one(with_app, code_for):
    client, _ = half_way_in(with_app, code_for)

    assert "Use your passkey" not in client.get(SECOND).content.decode()
