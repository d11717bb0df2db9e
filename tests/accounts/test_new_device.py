"""Told of a sign-in on a kind of device that one has never used; once, and never of the first."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from convoca.accounts import services
from convoca.accounts.models import Device
from convoca.outbox import services as outbox
from convoca.outbox.models import Message

SIGN_IN, CODE = "/en/account/sign-in/", "/en/account/sign-in/code/"
PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
NEWER_PHONE = PHONE.replace("130", "131")
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/128.0 Safari/537.36"


@pytest.fixture
def sign_in(rosa, code_for):
    """Sign in by a mailed code with a browser of this name."""

    def go(agent: str = PHONE) -> Client:
        client = Client(headers={"user-agent": agent})
        client.post(SIGN_IN, {"email": rosa.email})
        client.post(CODE, {"code": code_for(rosa.email)})
        assert "_auth_user_id" in client.session
        return client

    return go


def told(person) -> list[str]:
    mails = outbox.pending(to=person).filter(template="accounts/new-device")
    return [mail.subject for mail in mails]


def test_the_first_device_ever_is_not_new(rosa, sign_in):
    sign_in()

    assert told(rosa) == []


def test_a_new_kind_of_device_is_told_once_in_the_persons_language(rosa, sign_in):
    sign_in()
    for _ in range(3):
        sign_in(LAPTOP)

    mail = outbox.pending(to=rosa).get(template="accounts/new-device")
    assert mail.language == "es"
    assert "Chrome" in mail.subject
    assert "/es/account/sessions/" in mail.body


@pytest.mark.parametrize("agent", [PHONE, NEWER_PHONE])
def test_the_same_kind_is_not_new_after_signing_out_or_an_update(agent, rosa, sign_in):
    sign_in().post("/en/account/sign-out/")
    sign_in(agent)

    assert told(rosa) == []


def test_even_who_reads_one_mail_a_day_is_told_at_once(rosa, sign_in):
    rosa.notices = "daily"
    rosa.save()
    sign_in()
    sign_in(LAPTOP)

    assert [mail.state for mail in Message.objects.filter(template="accounts/new-device")] == [
        "waiting"
    ]


def test_a_device_that_was_signed_out_from_afar_is_new_again(rosa, sign_in):
    here = sign_in()
    sign_in(LAPTOP)
    here.post("/en/account/sessions/end-others/")
    sign_in(LAPTOP)
    sign_in()

    assert len(told(rosa)) == 2


def test_what_is_kept_is_the_kind_and_no_more(rosa, sign_in):
    sign_in()
    sign_in("curl/8.0")

    kinds = Device.objects.filter(person=rosa).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["Firefox Android", ""]


def test_kinds_are_forgotten_after_400_days_and_with_the_account(rosa, sign_in):
    sign_in()
    with time_machine.travel(timezone.now() + timedelta(days=399)):
        assert services.sweep_devices() == 0
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        assert services.sweep_devices() == 1
    sign_in()
    services.leave(rosa)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        services.erase_who_left()
    assert Device.objects.count() == 0


def test_noting_a_device_twice_at_once_tells_once(rosa):
    services.note_device(rosa, PHONE)

    assert [services.note_device(rosa, LAPTOP), services.note_device(rosa, LAPTOP)] == [True, False]
