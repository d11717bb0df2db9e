"""The page of the demo's mail: there in a demo only, and what a mail says is only text."""

import dataclasses

import pytest

from convoca.outbox.trial import send_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, home=tmp_path, demo=True, mail_url="")
    settings.DEMO = True


def send(subject, text, **facts):
    context = {"subject": subject, "text": text}
    return send_trial("rosa@rivers.example", template="outbox/plain", **context, **facts)


@pytest.mark.parametrize("path", ["/en/demo/mail/", "/en/demo/mail/any/"])
def test_outside_the_demo_there_is_no_such_page(client, path):
    assert client.get(path).status_code == 404


def test_the_short_address_leads_to_the_readers_language(client, demo):
    answer = client.get("/demo/mail/", headers={"Accept-Language": "ar"})
    assert answer["Location"] == "/ar/demo/mail/"


def test_no_mail_yet_says_how_to_get_some(client, demo):
    assert "No mail has been written yet" in client.get("/en/demo/mail/").content.decode()


def test_a_mail_is_listed_and_read_with_its_links(client, demo):
    long = "water " * 30 + "http://localhost:8000/en/account/sign-in/link/abc/"
    send("Ríos vivos", long, language="es")
    page = client.get("/en/demo/mail/")
    (letter,) = page.context["letters"]
    assert (letter.subject, letter.to, letter.language) == (
        "Demo: Ríos vivos",
        "rosa@rivers.example",
        "es",
    )
    said = client.get(f"/en/demo/mail/{letter.name}/").content.decode()
    assert '<a href="http://localhost:8000/en/account/sign-in/link/abc/"' in said
    assert long.split(" http")[0] in said  # the lines that were parted for the way are joined


def test_what_a_mail_says_is_only_text(client, demo):
    send("<script>alert(1)</script>", "<img src=x onerror=alert(1)> {{ 7|add:7 }}")
    (letter,) = client.get("/en/demo/mail/").context["letters"]
    for path in ("/en/demo/mail/", f"/en/demo/mail/{letter.name}/"):
        said = client.get(path).content.decode()
        assert "<script>alert" not in said
        assert "<img src=x" not in said
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fdb", "a.b", "x" * 300])
def test_only_mails_are_read_by_name(client, demo, name):
    assert client.get(f"/en/demo/mail/{name}/").status_code == 404
