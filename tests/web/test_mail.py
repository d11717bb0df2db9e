import pytest
from django.utils import timezone

from convoca.outbox import services as outbox
from convoca.outbox.models import Message


@pytest.fixture
def dead_mail(network):
    return Message.objects.create(
        to="gone@example.org",
        subject="About the river",
        body="…",
        message_id="1@localhost",
        state=Message.State.DEAD,
        last_error="550 no such mailbox",
        due_at=timezone.now(),
    )


def test_a_steward_sees_what_was_given_up_and_tries_it_again(client, bo, dead_mail):
    client.force_login(bo)
    page = client.get("/en/work/mail/").content.decode()
    assert "About the river" in page
    assert "550 no such mailbox" in page

    client.post(f"/en/work/mail/{dead_mail.pk}/retry/")
    dead_mail.refresh_from_db()
    assert dead_mail.state == Message.State.WAITING


def test_a_held_server_says_so_and_a_steward_lets_mail_leave(client, bo, network):
    outbox.hold("restored")
    client.force_login(bo)
    assert "On hold." in client.get("/en/work/mail/").content.decode()

    client.post("/en/work/mail/release/")
    assert not outbox.is_held()


def test_a_code_is_read_out_and_shown_once(client, bo, ana, network):
    client.force_login(bo)
    page = client.post("/en/work/mail/code/", {"email": "ANA@example.org "}).content.decode()
    assert 'class="otp"' in page
    assert 'class="otp"' not in client.get("/en/work/mail/").content.decode()


def test_a_code_for_nobody_is_refused_in_words(client, bo, network):
    client.force_login(bo)
    answer = client.post("/en/work/mail/code/", {"email": "nobody@example.org"})
    assert answer.status_code == 422
    assert "Nobody with this address" in answer.content.decode()


NO_MAIL = "018f3c5a-0000-7000-8000-000000000000"


@pytest.mark.parametrize("path", ["", "release/", "code/", f"{NO_MAIL}/retry/"])
def test_only_stewards_come_here(client, ana, network, path):
    client.force_login(ana)
    method = client.get if path == "" else client.post
    assert method(f"/en/work/mail/{path}").status_code == 403
