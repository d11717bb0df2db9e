"""Passkeys in a real browser, with a virtual authenticator in place of a finger."""

import re

import pytest
from allauth.mfa.models import Authenticator

from convoca.accounts import rules
from convoca.accounts.models import Person
from convoca.outbox.models import Message
from tests.browser.conftest import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rosa(transactional_db):
    return Person.objects.create_person("rosa@example.org", name="Rosa")


@pytest.fixture
def with_finger():
    """Give a page a device that answers for its owner; returns how to take the finger away."""

    def give(page):
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        device = {"authenticatorId": made["authenticatorId"]}
        return lambda verified: devtools.send(
            "WebAuthn.setUserVerified", {**device, "isUserVerified": verified}
        )

    return give


def add_passkey(page, name="my phone"):
    page.goto("/en/account/security/passkeys/add/")
    page.get_by_label("A name for it").fill(name)
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()


def sign_out(page):
    page.goto("/en/account/sign-out/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/en/")


def test_a_passkey_is_added_and_signs_in_alone(new_page, session_cookie, with_finger, rosa):
    page = new_page(cookies=session_cookie(rosa))
    with_finger(page)
    add_passkey(page)
    sign_out(page)

    page.goto("/en/account/sign-in/?next=/en/account/sessions/")
    page.get_by_role("button", name="Use a passkey").click()

    page.get_by_role("heading", name="Where you are signed in").wait_for()
    assert [key.wrap().name for key in Authenticator.objects.filter(type="webauthn")] == [
        "my phone"
    ]
    assert [m.template for m in Message.objects.all()] == [
        "accounts/security-changed",
        "accounts/new-device",  # the session it began with was no browser's
    ]


def test_a_passkey_is_the_second_step_after_a_mailed_code(
    new_page, session_cookie, with_finger, rosa
):
    page = new_page(cookies=session_cookie(rosa))
    with_finger(page)
    add_passkey(page)
    sign_out(page)

    page.goto("/en/account/sign-in/")
    page.get_by_label("Your mail address").fill("rosa@example.org")
    page.get_by_role("button", name="Mail me a code").click()
    mail = Message.objects.get(template="accounts/login-code")
    page.get_by_label("Code").fill(re.search(r"\d{4} \d{4}", mail.body).group())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="The second step").wait_for()
    page.goto("/en/account/")
    page.get_by_role("heading", name="Sign in").wait_for()
    page.goto("/en/account/sign-in/second-factor/")
    page.get_by_role("button", name="Use your passkey or security key").click()

    page.wait_for_url("**/en/work/")


def test_a_refused_finger_is_said_in_words_and_the_other_way_stays(
    new_page, session_cookie, with_finger, rosa
):
    page = new_page(cookies=session_cookie(rosa))
    verify = with_finger(page)
    add_passkey(page)
    sign_out(page)
    verify(False)

    page.goto("/en/account/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()

    page.get_by_text("That did not work, or you stopped it.").wait_for()
    assert page.get_by_role("button", name="Mail me a code").is_visible()


def test_a_passkey_is_renamed_and_removed_after_showing_it_once_more(
    new_page, session_cookie, with_finger, rosa
):
    page = new_page(cookies=session_cookie(rosa))
    with_finger(page)
    add_passkey(page)
    sign_out(page)
    page.goto("/en/account/sign-in/?next=/en/account/security/")
    page.get_by_role("button", name="Use a passkey").click()

    page.get_by_role("link", name="Rename my phone").click()
    page.get_by_role("heading", name="Is it you?").wait_for()
    page.get_by_role("button", name="Use your passkey or security key").click()
    page.get_by_label("Name").fill("the blue phone")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove the blue phone").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("The passkey is removed.").wait_for()

    assert Authenticator.objects.count() == 0


def test_who_must_have_a_second_factor_is_let_through_by_a_passkey(
    new_page, session_cookie, with_finger, rosa, monkeypatch
):
    monkeypatch.setattr(rules, "_questions", [lambda person: True])
    page = new_page(cookies=session_cookie(rosa))
    with_finger(page)

    page.goto("/en/account/")
    page.get_by_text("One step first.").wait_for()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("my phone")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.goto("/en/account/")

    page.get_by_role("heading", name="Your account").wait_for()


def test_without_scripts_a_code_signs_in_and_no_dead_button_shows(new_page, rosa):
    page = new_page(scripts=False)
    page.goto("/en/account/sign-in/")
    assert not page.get_by_role("button", name="Use a passkey").is_visible()

    page.get_by_label("Your mail address").fill("rosa@example.org")
    page.get_by_role("button", name="Mail me a code").click()
    mail = Message.objects.get(template="accounts/login-code")
    page.get_by_label("Code").fill(re.search(r"\d{4} \d{4}", mail.body).group())
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url("**/en/work/")


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_the_account_have_no_barriers(new_page, session_cookie, rosa, lang, width):
    page = new_page(width=width, cookies=session_cookie(rosa))
    faults = []
    for path in [
        "",
        "security/",
        "security/app/",
        "security/passkeys/add/",
        "sessions/",
        "address/",
        "leave/",
        "sign-out/",
    ]:
        page.goto(f"/{lang}/account/{path}")
        faults += [f"{path}: {fault}" for fault in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        faults += [f"{path}: scrolls sideways"] if wide else []
    stranger = new_page(width=width)
    stranger.goto(f"/{lang}/account/sign-in/")
    faults += axe(stranger)

    assert faults == []
