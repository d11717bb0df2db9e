"""One's own account: who one is, the address, devices, leaving."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone, translation

from convoca.accounts import rules, services
from convoca.accounts.adapter import NOWHERE
from convoca.accounts.models import Person
from convoca.accounts.tasks import sweep_accounts
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from convoca.outbox.models import Message

ACCOUNT = "/en/account/"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E Safari/604"


@pytest.fixture
def as_rosa(client, rosa):
    client.force_login(rosa)
    return client


def link_in(mail):
    return re.search(r"http://localhost:8000(\S+)", mail.body).group(1)


# Who one is


def details(**changed):
    return {
        "name": "Rosa",
        "language": "español (es)",
        "further_languages": ["Runasimi (qu)", ""],
        "notices": "at-once",
        **changed,
    }


@pytest.mark.parametrize("path", ["", "address/", "sessions/", "leave/", "security/"])
def test_a_stranger_is_led_to_sign_in_and_back(client, db, path):
    answer = client.get(f"{ACCOUNT}{path}")

    assert answer["Location"] == f"/en/account/sign-in/?next=/en/account/{path}"


def test_details_are_kept(as_rosa, rosa):
    answer = as_rosa.post(ACCOUNT, details(name=" Rosa L. ", notices="daily"))

    rosa.refresh_from_db()
    assert answer.status_code == 302
    assert (rosa.name, rosa.language, rosa.notices) == ("Rosa L.", "es", "daily")
    assert rosa.further_languages == ["qu"]


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("ht", "ht"),
        ("kreyòl ayisyen", "ht"),
        ("Kreyol Ayisyen", "ht"),
        ("mapudungun (arn)", "arn"),
        ("zh_hant", "zh-Hant"),
        ("Quechua", "qu"),
        ("العربية", "ar"),
        ("pt-br", "pt-BR"),
    ],
)
def test_a_language_is_chosen_by_any_of_its_names_or_its_tag(as_rosa, rosa, typed, tag):
    as_rosa.post(ACCOUNT, details(language=typed))

    rosa.refresh_from_db()
    assert rosa.language == tag


def test_an_unknown_language_is_refused_and_everything_typed_stays(as_rosa, rosa):
    answer = as_rosa.post(ACCOUNT, details(name="Changed", language="Klingonese"))

    page = answer.content.decode()
    rosa.refresh_from_db()
    assert answer.status_code == 422
    assert "We know no language “Klingonese”." in page
    assert 'value="Changed"' in page
    assert 'value="Runasimi (qu)"' in page
    assert rosa.name == "Rosa"


def test_a_name_is_only_words(as_rosa, rosa):
    as_rosa.post(ACCOUNT, details(name="<script>alert(1)</script>{{7*7}}"))
    page = as_rosa.get(ACCOUNT).content.decode()

    assert "<script>alert(1)" not in page
    assert "{{7*7}}" in page


@pytest.mark.parametrize(
    ("language", "further", "spoken"),
    [("es", [], "es"), ("pt-BR", [], "pt"), ("qu", ["es"], "es"), ("ht", [], "en")],
)
def test_mail_comes_in_the_nearest_language_that_we_speak(language, further, spoken):
    assert Person(language=language, further_languages=further).ui_language == spoken


# The address


def test_a_new_address_counts_only_when_its_mail_was_answered(as_rosa, rosa):
    asked = as_rosa.post(f"{ACCOUNT}address/", {"email": "New@Example.org"})
    rosa.refresh_from_db()
    before, path = rosa.email, link_in(Message.objects.get(template="accounts/confirm-address"))
    shown = Client().get(path)
    confirmed = Client().post(path)

    rosa.refresh_from_db()
    assert (asked.status_code, shown.status_code, confirmed.status_code) == (200, 200, 200)
    assert (before, rosa.email) == ("rosa@example.org", "new@example.org")
    told = Message.objects.get(template="accounts/address-changed")
    assert told.to == "rosa@example.org"
    assert Entry.objects.filter(event="address.changed").count() == 1


def test_the_old_address_signs_in_no_more(as_rosa, rosa):
    services.request_address_change(rosa, "new@example.org")
    as_rosa.post(link_in(Message.objects.get()))
    Message.objects.all().delete()

    Client().post("/en/account/sign-in/", {"email": "rosa@example.org"})
    Client().post("/en/account/sign-in/", {"email": "new@example.org"})

    assert [m.to for m in Message.objects.all()] == ["new@example.org"]


def test_an_address_link_works_once_and_for_a_day(rosa):
    services.request_address_change(rosa, "one@example.org")
    services.request_address_change(rosa, "two@example.org")
    one, two = (link_in(mail) for mail in Message.objects.order_by("pk"))
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert Client().post(one).status_code == 410
    Client().post(one)

    assert Client().post(one).status_code == 410
    assert Client().post(two).status_code == 410
    assert Person.objects.get().email == "one@example.org"


def test_an_address_that_somebody_has_is_answered_alike_and_gets_no_mail(as_rosa, rosa):
    Person.objects.create_person("bo@example.org")

    answers = [
        as_rosa.post(f"{ACCOUNT}address/", {"email": address}).content.decode()
        for address in ("bo@example.org", "free@example.org")
    ]

    assert answers[0] == answers[1].replace("free@", "bo@")
    assert [m.to for m in Message.objects.all()] == ["free@example.org"]


def test_an_address_that_is_taken_meanwhile_is_refused(rosa):
    services.request_address_change(rosa, "new@example.org")
    path = link_in(Message.objects.get())
    Person.objects.create_person("new@example.org")

    assert Client().post(path).status_code == 410
    rosa.refresh_from_db()
    assert rosa.email == "rosa@example.org"


# Devices


def signed_in(person, agent):
    client = Client(headers={"User-Agent": agent})
    client.force_login(person)
    client.get(ACCOUNT)
    return client


def test_devices_are_named_in_words_and_without_a_place(rosa):
    here = signed_in(rosa, FIREFOX)
    signed_in(rosa, SAFARI)
    page = here.get(f"{ACCOUNT}sessions/").content.decode()

    assert "Firefox on Android" in page
    assert "Safari on iPhone" in page
    assert page.index("this device") > page.index("Firefox on Android")
    assert {row.ip for row in UserSession.objects.all()} == {NOWHERE}


def test_ending_a_session_ends_it_at_once_and_tells_the_person(rosa):
    here, there = signed_in(rosa, FIREFOX), signed_in(rosa, SAFARI)
    other = UserSession.objects.get(user_agent=SAFARI)

    here.post(f"{ACCOUNT}sessions/{other.pk}/end/")

    assert there.get(ACCOUNT).status_code == 302
    assert here.get(ACCOUNT).status_code == 200
    assert [m.template for m in outbox.pending(to=rosa)] == ["accounts/sessions-ended"]


def test_nobody_ends_the_session_of_another(rosa):
    bo = Person.objects.create_person("bo@example.org")
    there = signed_in(bo, SAFARI)
    signed_in(rosa, FIREFOX).post(f"{ACCOUNT}sessions/{UserSession.objects.get(user=bo).pk}/end/")

    assert there.get(ACCOUNT).status_code == 200


def test_all_others_are_ended_and_this_one_stays(rosa):
    here, there, yonder = (signed_in(rosa, agent) for agent in (FIREFOX, SAFARI, ""))

    here.post(f"{ACCOUNT}sessions/end-others/")

    assert [c.get(ACCOUNT).status_code for c in (here, there, yonder)] == [200, 302, 302]


def test_a_session_is_seen_in_steps_of_ten_minutes(rosa, django_assert_num_queries):
    here = signed_in(rosa, FIREFOX)
    first = UserSession.objects.get().last_seen_at
    with time_machine.travel(first + timedelta(minutes=9)):
        here.get(ACCOUNT)
        early = UserSession.objects.get().last_seen_at
    with time_machine.travel(first + timedelta(minutes=11)):
        here.get(ACCOUNT)
        late = UserSession.objects.get().last_seen_at

    assert early == first
    assert late > first


# Leaving


@pytest.fixture
def objection(monkeypatch):
    """Who registers an objection in a test takes it away with the test."""
    monkeypatch.setattr(rules, "_objections", [])
    return services.before_leaving


def test_leaving_closes_the_account_everywhere(as_rosa, rosa, code_for):
    there = signed_in(rosa, SAFARI)

    answer = as_rosa.post(f"{ACCOUNT}leave/", {"sure": "on"})

    rosa.refresh_from_db()
    assert answer.status_code == 200
    assert (rosa.is_active, rosa.left_at is not None) == (False, True)
    assert [c.get(ACCOUNT).status_code for c in (as_rosa, there)] == [302, 302]
    assert [m.template for m in outbox.pending(to=rosa)] == ["accounts/left"]


def test_leaving_takes_a_tick(as_rosa, rosa):
    assert as_rosa.post(f"{ACCOUNT}leave/").status_code == 422
    rosa.refresh_from_db()
    assert rosa.is_active


def test_leaving_is_refused_where_an_app_objects(as_rosa, rosa, objection):
    @objection
    def last_coordinator(person):
        raise Refusal("last-coordinator", "Hand the union over to somebody first.")

    answer = as_rosa.post(f"{ACCOUNT}leave/", {"sure": "on"})

    rosa.refresh_from_db()
    assert answer.status_code == 422
    assert "Hand the union over to somebody first." in answer.content.decode()
    assert rosa.is_active


def test_who_left_can_come_back_for_thirty_days(rosa):
    services.leave(rosa)
    path = link_in(Message.objects.get(template="accounts/left"))

    assert Client().get(path).status_code == 200
    assert Client().post(path).status_code == 302
    rosa.refresh_from_db()
    assert (rosa.is_active, rosa.left_at) == (True, None)
    assert Client().post(path).status_code == 410


def test_after_thirty_days_name_and_address_are_erased_and_the_row_stays(rosa):
    services.leave(rosa)
    path = link_in(Message.objects.get(template="accounts/left"))
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        sweep_accounts()
        answer = Client().post(path)

    rosa.refresh_from_db()
    assert answer.status_code == 410
    with translation.override("en"):
        words = str(rosa)
    assert (rosa.name, rosa.email, words) == (
        "",
        f"erased-{rosa.pk}@erased.invalid",
        "A former member",
    )


def test_before_thirty_days_nothing_is_erased(rosa):
    services.leave(rosa)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        sweep_accounts()

    rosa.refresh_from_db()
    assert rosa.name == "Rosa"


def test_nobody_is_invited_back_over_their_head(rosa):
    services.leave(rosa)

    with pytest.raises(Refusal) as refusal:
        services.invite_person(rosa.email, "en")
    assert refusal.value.code == "person-left"


# Inviting, and news


def test_inviting_twice_is_one_person(db):
    first = services.invite_person(" Ada@Example.org", "fr", name="Ada")
    again = services.invite_person("ada@example.org", "en", name="Someone else")

    assert first == again
    assert (again.name, again.language) == ("Ada", "fr")
    assert Message.objects.count() == 0


def test_news_comes_at_once_in_the_persons_language(rosa):
    services.notify(rosa, "accounts/came-back")

    mail = outbox.pending(to=rosa).get()
    assert (mail.language, mail.state) == ("es", "waiting")


def test_news_waits_for_the_one_mail_a_day_and_stands_there_once(rosa):
    rosa.notices = Person.Notices.DAILY
    rosa.save()
    for _ in range(3):
        services.notify(rosa, "accounts/came-back", about=rosa)
    services.notify(rosa, "accounts/sessions-ended", about=rosa, count=1)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        outbox.send_digests()

    mail = outbox.pending(to=rosa).get()
    assert (mail.template, mail.state) == ("outbox/daily", "waiting")
    assert "2." in mail.body
    assert "3." not in mail.body


def test_who_left_is_told_no_news(rosa):
    services.leave(rosa)
    Message.objects.all().delete()
    rosa.refresh_from_db()

    services.notify(rosa, "accounts/came-back")

    assert Message.objects.count() == 0


# Keeping what was typed


def test_a_form_with_an_old_token_asks_once_more_and_keeps_what_was_typed(rosa):
    client = Client(enforce_csrf_checks=True)
    client.force_login(rosa)
    client.get(ACCOUNT)
    ours = {"Origin": "http://testserver"}

    page = client.post(ACCOUNT, details(name="Typed", csrfmiddlewaretoken="x" * 64), headers=ours)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode()).group(1)
    again = client.post(ACCOUNT, details(name="Typed", csrfmiddlewaretoken=token), headers=ours)

    rosa.refresh_from_db()
    assert page.status_code == 403
    assert 'value="Typed"' in page.content.decode()
    assert (again.status_code, rosa.name) == (302, "Typed")


def test_a_browser_without_cookies_is_told_so(rosa):
    client = Client(enforce_csrf_checks=True)

    page = client.post(
        "/en/account/sign-in/", {"email": rosa.email}, headers={"Origin": "http://testserver"}
    )

    assert page.status_code == 403
    assert "Your browser sent no cookie" in page.content.decode()
    assert f'value="{rosa.email}"' in page.content.decode()


def test_a_form_of_another_site_changes_nothing(rosa):
    client = Client(enforce_csrf_checks=True)
    client.force_login(rosa)

    page = client.post(ACCOUNT, details(name="Evil"), headers={"Origin": "https://evil.example"})

    rosa.refresh_from_db()
    assert page.status_code == 403
    assert "This form came from another site" in page.content.decode()
    assert rosa.name == "Rosa"


def test_a_device_in_use_stays_signed_in(rosa):
    here = signed_in(rosa, FIREFOX)
    now = timezone.now()
    for day in range(1, 60, 20):
        with time_machine.travel(now + timedelta(days=day)):
            assert here.get(ACCOUNT).status_code == 200
    with time_machine.travel(now + timedelta(days=80)):
        assert here.get(ACCOUNT).status_code == 302
