"""Signing in by a mailed code, a code that is read out, and a link."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from convoca.accounts import services
from convoca.accounts.models import LoginCode, Person
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.outbox.models import Message

SIGN_IN, CODE = "/en/account/sign-in/", "/en/account/sign-in/code/"


def ask(client, address="rosa@example.org", **more):
    return client.post(SIGN_IN, {"email": address, **more})


def test_sign_in_by_mailed_code_leads_to_work(client, rosa, code_for):
    asked = ask(client)
    answer = client.post(CODE, {"code": code_for(rosa.email)})

    assert (asked.status_code, asked["Location"]) == (302, CODE)
    assert (answer.status_code, answer["Location"]) == (302, "/en/work/")
    assert client.session["_auth_user_id"] == str(rosa.pk)


def test_code_comes_in_the_persons_language_and_stands_in_the_subject(client, rosa, code_for):
    ask(client)

    mail = Message.objects.get()
    assert (mail.to, mail.language, mail.template) == (rosa.email, "es", "accounts/login-code")
    assert code_for(rosa.email) in mail.subject


@pytest.mark.parametrize("typed", ["Rosa@Example.ORG", "  rosa@example.org "])
def test_address_may_be_typed_in_any_case(client, rosa, code_for, typed):
    ask(client, typed)

    assert code_for(rosa.email)


@pytest.mark.parametrize(
    "spell", [lambda c: c, lambda c: c.replace(" ", ""), lambda c: f" {c[:4]}-{c[5:]} "]
)
def test_code_may_be_typed_with_anything_between_its_digits(client, rosa, code_for, spell):
    ask(client)

    assert client.post(CODE, {"code": spell(code_for(rosa.email))}).status_code == 302


def test_code_may_be_typed_in_arabic_digits(client, rosa, code_for):
    ask(client)
    arabic = code_for(rosa.email).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert client.post(CODE, {"code": arabic}).status_code == 302


def test_sign_in_goes_on_to_where_one_wanted(client, rosa, code_for):
    ask(client, next="/en/account/sessions/?page=2")

    answer = client.post(CODE, {"code": code_for(rosa.email)})

    assert answer["Location"] == "/en/account/sessions/?page=2"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"],
)
def test_sign_in_never_goes_on_to_another_host(client, rosa, code_for, elsewhere):
    ask(client, next=elsewhere)

    assert client.post(CODE, {"code": code_for(rosa.email)})["Location"] == "/en/work/"


def test_session_gets_a_new_key_at_sign_in(client, rosa, code_for):
    ask(client)
    before = client.session.session_key

    client.post(CODE, {"code": code_for(rosa.email)})

    assert client.session.session_key != before
    assert client.session.get_expiry_age() > timedelta(days=29).total_seconds()


def test_wrong_code_keeps_the_page_the_address_and_says_so(client, rosa):
    ask(client)

    answer = client.post(CODE, {"code": "1"})

    assert answer.status_code == 422
    assert "This is not the code in our last mail." in answer.content.decode()
    assert rosa.email in answer.content.decode()


def test_five_wrong_tries_end_the_code_even_for_the_right_one(client, rosa, code_for):
    ask(client)
    for _ in range(4):
        client.post(CODE, {"code": "1"})
    fifth = client.post(CODE, {"code": "1"})
    right = client.post(CODE, {"code": code_for(rosa.email)})

    assert "wrong five times" in fifth.content.decode()
    assert right.status_code == 422
    assert "no longer good" in right.content.decode()


def test_code_is_over_after_fifteen_minutes(client, rosa, code_for):
    ask(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = client.post(CODE, {"code": code_for(rosa.email)})

    assert answer.status_code == 422
    assert "Ask for a new one" in answer.content.decode()


def test_code_works_once(client, rosa, code_for):
    ask(client)
    row = LoginCode.objects.get()
    services.try_login_code(row.pk, code_for(rosa.email))

    with pytest.raises(Refusal) as refusal:
        services.try_login_code(row.pk, code_for(rosa.email))
    assert refusal.value.code == "login-code-over"


def test_code_of_another_browser_does_not_fit(client, rosa, code_for):
    ask(client)
    ask(other := Client())
    codes = [re.search(r"\d{4} \d{4}", m.body).group() for m in Message.objects.order_by("pk")]

    assert client.post(CODE, {"code": codes[1]}).status_code == 422
    assert other.post(CODE, {"code": codes[1]}).status_code == 302


def test_code_page_without_a_question_before_leads_to_sign_in(client, db):
    assert client.get(CODE)["Location"] == SIGN_IN


def test_no_code_is_stored_readably(client, rosa, code_for):
    ask(client)

    digits = code_for(rosa.email).replace(" ", "")
    assert digits not in LoginCode.objects.get().digest
    assert digits not in str(dict(client.session))


# No enumeration


def test_unknown_address_gets_the_same_answer_and_no_mail(rosa):
    known, unknown = Client(), Client()
    answers = [ask(known, rosa.email), ask(unknown, "nobody@example.org")]
    pages = [
        client.get(CODE).content.decode().replace(address, "ADDRESS")
        for client, address in [(known, rosa.email), (unknown, "nobody@example.org")]
    ]
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')

    assert [a.status_code for a in answers] == [302, 302]
    assert [a["Location"] for a in answers] == [CODE, CODE]
    assert token.sub("", pages[0]) == token.sub("", pages[1])
    assert [m.to for m in Message.objects.all()] == [rosa.email]


def shape_of(caught):
    """Which tables were read and written, in order, without the bounds of transactions."""
    words = [" ".join(query["sql"].split()[:3]) for query in caught]
    return [one for one in words if "SAVEPOINT" not in one]


def test_unknown_address_costs_the_same_work(rosa):
    """The same tables are read and written, the mail included, which is then taken back."""
    shapes = []
    for address in ("nobody@example.org", rosa.email):
        with CaptureQueriesContext(connection) as caught:
            ask(Client(), address)
        shapes.append(shape_of(caught))

    assert shapes[0] == shapes[1]
    assert [one for one in shapes[0] if one.startswith('INSERT INTO "outbox_message"')] != []


def test_wrong_code_for_an_unknown_address_gets_the_same_answer(rosa, client):
    client.get(SIGN_IN)  # the first page of all makes rows that every other finds
    texts, shapes = [], []
    for address in (rosa.email, "nobody@example.org"):
        client = Client()
        ask(client, address)
        with CaptureQueriesContext(connection) as caught:
            answer = client.post(CODE, {"code": "12345678"})
        texts.append(re.sub(r'value="[^"]+"', "", answer.content.decode().replace(address, "")))
        shapes.append(shape_of(caught))

    assert texts[0] == texts[1]
    assert shapes[0] == shapes[1]


def test_closed_account_is_like_an_unknown_address(client, rosa):
    Person.objects.filter(pk=rosa.pk).update(is_active=False)

    assert ask(client)["Location"] == CODE
    assert Message.objects.count() == 0


# Limits


def test_an_address_gets_ten_codes_an_hour_from_anywhere(rosa):
    statuses = [ask(Client(REMOTE_ADDR=f"198.51.100.{n}")).status_code for n in range(11)]

    assert statuses == [302] * 10 + [429]


def test_too_many_codes_keep_the_form_and_say_how_long_to_wait(client, rosa):
    for _ in range(10):
        ask(client)
    answer = ask(client)

    assert answer.status_code == 429
    assert "Wait" in answer.content.decode()
    assert 'value="rosa@example.org"' in answer.content.decode()


def test_three_hundred_people_behind_one_address_can_sign_in(db):
    answers = {ask(Client(), f"p{n}@example.org").status_code for n in range(300)}

    assert answers == {302}


# Read out by a steward


def test_spoken_code_signs_in_where_the_mail_does_not_come(client, rosa):
    bo = Person.objects.create_person("bo@example.org", name="Bo")
    spoken = services.spoken_login_code(rosa, by=bo)
    ask(client)

    assert client.post(CODE, {"code": spoken})["Location"] == "/en/work/"


def test_spoken_code_leaves_a_trace_and_tells_the_person(rosa):
    bo = Person.objects.create_person("bo@example.org", name="Bo")
    services.spoken_login_code(rosa, by=bo)

    entry = Entry.objects.get(event="login-code.spoken")
    assert (entry.person_id, entry.about_id) == (bo.pk, str(rosa.pk))
    assert [m.template for m in Message.objects.all()] == ["accounts/code-spoken"]


def test_spoken_code_works_once_and_only_the_last_one(client, rosa):
    bo = Person.objects.create_person("bo@example.org", name="Bo")
    first, last = (services.spoken_login_code(rosa, by=bo) for _ in range(2))
    ask(client)
    again = Client()
    ask(again)

    assert client.post(CODE, {"code": first}).status_code == 422
    assert client.post(CODE, {"code": last}).status_code == 302
    assert again.post(CODE, {"code": last}).status_code == 422


def test_spoken_code_is_of_no_use_for_another_address(client, rosa):
    bo = Person.objects.create_person("bo@example.org", name="Bo")
    spoken = services.spoken_login_code(rosa, by=bo)
    ask(client, "nobody@example.org")

    assert client.post(CODE, {"code": spoken}).status_code == 422


# By a link from the machine


def path_of(link: str) -> str:
    return link.removeprefix("http://localhost:8000")


def test_login_link_signs_in_only_when_its_button_is_pressed(client, rosa):
    path = path_of(services.login_link(rosa))

    previews = [Client().get(path), Client().head(path), client.get(path)]
    assert [p.status_code for p in previews] == [200, 200, 200]
    assert "_auth_user_id" not in client.session
    assert client.post(path)["Location"] == "/es/work/"
    assert client.session["_auth_user_id"] == str(rosa.pk)


def test_login_link_works_once_and_for_fifteen_minutes(client, rosa):
    used, old = path_of(services.login_link(rosa)), path_of(services.login_link(rosa))
    client.post(used)

    assert Client().post(used).status_code == 410
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert Client().post(old).status_code == 410


def test_login_link_replaces_whoever_was_signed_in(client, rosa):
    client.force_login(Person.objects.create_person("bo@example.org"))
    client.post(path_of(services.login_link(rosa)))

    assert client.session["_auth_user_id"] == str(rosa.pk)


# Signing out, and what is not there


def test_signing_out_is_a_post(client, rosa):
    client.force_login(rosa)

    assert client.get("/en/account/sign-out/").status_code == 200
    assert client.session["_auth_user_id"] == str(rosa.pk)
    assert client.post("/en/account/sign-out/")["Location"] == "/en/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path", ["password/reset/", "password/change/", "password/set/", "signup/", "login/", "email/"]
)
def test_there_are_no_passwords_and_no_sign_up(client, rosa, path):
    client.force_login(rosa)

    assert client.get(f"/en/account/{path}").status_code == 404


def test_signed_in_answers_are_never_stored(client, rosa):
    client.force_login(rosa)

    assert client.get("/en/account/")["Cache-Control"] == "no-store"


def test_a_number_is_led_to_the_name_before_signing_in(client, db):
    answer = client.get(SIGN_IN + "?next=/en/work/", headers={"host": "127.0.0.1:8000"})

    assert answer["Location"] == f"http://localhost:8000{SIGN_IN}?next=/en/work/"


def test_another_language_does_not_forget_where_one_was_going(client, network):
    page = client.get("/en/account/sign-in/?next=/en/work/").content.decode()
    assert 'href="/es/account/sign-in/?next=%2Fen%2Fwork%2F"' in page
    assert "next=" not in client.get("/en/about/?next=/en/work/").content.decode()
