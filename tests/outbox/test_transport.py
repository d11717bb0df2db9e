"""`mail_url`, and what a real SMTP server's answers come to."""

import smtplib
from pathlib import Path
from uuid import UUID

import pytest

from convoca.core.config import Config, WrongSetting
from convoca.outbox.models import Message
from convoca.outbox.transport import (
    ConnectionLost,
    NotConnected,
    Refused,
    ToServer,
    TryLater,
    open_transport,
    read_mail_url,
)
from tests.outbox.sink import Sink
from tests.ports import free_port

SENDER = "The network <convoca@rivers.example>"


@pytest.mark.parametrize(
    ("url", "kind", "host", "port", "user", "password"),
    [
        ("smtp://mail.example", "smtp", "mail.example", 25, "", ""),
        ("smtp://u%40x:p%2Fw@mail.example", "smtp", "mail.example", 587, "u@x", "p/w"),
        ("smtps://u:s3cret@mail.example", "smtps", "mail.example", 465, "u", "s3cret"),
        ("smtp://[::1]:2525/", "smtp", "::1", 2525, "", ""),
    ],
)
def test_a_mail_server_is_read_from_one_address(url, kind, host, port, user, password):
    server = read_mail_url(Config(mail_url=url))
    found = (server.kind, server.host, server.port, server.user, server.password)
    assert found == (kind, host, port, user, password)
    assert password not in str(server) or not password


@pytest.mark.parametrize(
    ("url", "folder"), [("", "mail"), ("folder:", "mail"), ("folder:post", "post")]
)
def test_a_folder_lies_under_home(url, folder):
    server = read_mail_url(Config(home=Path("/srv"), mail_url=url))
    assert (server.kind, server.folder) == ("folder", Path("/srv") / folder)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example:99999",
        "smtp://user@mail.example",
        "smtp://mail.example/path",
        "smtp://mail.example?tls=1",
        "folder://host/x",
    ],
)
def test_a_wrong_mail_url_is_a_sentence_that_names_it_and_tells_no_secret(url):
    with pytest.raises(WrongSetting) as wrong:
        read_mail_url(Config(mail_url=url))
    assert str(wrong.value).startswith("mail_url: ")
    assert "smtp://user:password@host:587" in str(wrong.value)


def message(to="ana@union.example", number=1):
    return Message(
        pk=UUID(int=number),
        to=to,
        subject=f"Number {number}",
        body="x\n",
        message_id=f"{number}@h.example",
    )


@pytest.fixture
def sink():
    with Sink(free_port()) as sink:
        yield sink


@pytest.fixture
def server(sink):
    config = Config(url="https://rivers.example", mail_url=f"smtp://127.0.0.1:{sink.port}")
    with open_transport(config, sender=SENDER) as server:
        yield server


def test_one_connection_carries_many_mails(sink, server):
    for number in range(10):
        server.send(message(number=number))
    assert len(sink.mails) == 10
    assert sink.connections == 1
    assert {mail.mail_from for mail in sink.mails} == {"convoca@rivers.example"}
    assert [str(mail["Subject"]) for mail in sink.parsed][:2] == ["Number 0", "Number 1"]


def test_after_a_refused_address_the_same_connection_goes_on(sink, server):
    sink.refuse_rcpt = {"gone@x.example": "550 5.1.1 no such user"}
    with pytest.raises(Refused):
        server.send(message("gone@x.example"))
    server.send(message())
    assert (len(sink.mails), sink.connections) == (1, 1)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.1.1 no such user", Refused),
        ("553 bad address", Refused),
        ("451 4.7.1 greylisted", TryLater),
        ("452 full", TryLater),
        ("552 5.2.2 mailbox full", TryLater),
        ("550 5.7.1 policy: no SPF", TryLater),
        ("421 closing", TryLater),
    ],
)
def test_what_an_answer_to_an_address_means(sink, server, answer, kind):
    sink.refuse_rcpt = {"ana@union.example": answer}
    with pytest.raises(kind) as trouble:
        server.send(message())
    assert trouble.value.words.startswith(answer[:3])
    sink.refuse_rcpt = {}
    server.send(message())
    assert len(sink.mails) == 1


def test_what_an_answer_to_the_mail_itself_means(sink, server):
    sink.refuse_data = "554 5.6.0 no such thing ana@union.example"
    with pytest.raises(Refused) as trouble:
        server.send(message())
    assert trouble.value.words == "554 5.6.0 no such thing [address]"


def test_a_sender_that_is_not_wanted_concerns_every_mail(sink, server):
    sink.refuse_mail = "550 5.7.1 sender not allowed"
    with pytest.raises(NotConnected):
        server.send(message())


def test_a_server_that_hangs_up_between_mails_is_called_again(sink, server):
    server.send(message(number=1))
    server._connection.sock.shutdown(2)
    server.send(message(number=2))
    assert (len(sink.mails), sink.connections) == (2, 2)


def test_a_server_that_hangs_up_with_a_mail_in_hand_leaves_it_open(sink, server):
    sink.hang_up_after = 2
    server.send(message(number=1))
    with pytest.raises(ConnectionLost):
        server.send(message(number=2))
    server.send(message(number=3))
    assert [str(mail["Subject"]) for mail in sink.parsed] == ["Number 1", "Number 2", "Number 3"]


def test_nobody_there_is_trouble_with_every_mail(free_port):
    config = Config(mail_url=f"smtp://127.0.0.1:{free_port}")
    with open_transport(config, sender=SENDER) as server, pytest.raises(NotConnected) as trouble:
        server.send(message())
    assert trouble.value.words == f"127.0.0.1:{free_port}: Connection refused"


def test_a_password_is_never_sent_to_a_server_without_tls(sink):
    config = Config(mail_url=f"smtp://user:secret@127.0.0.1:{sink.port}")
    with open_transport(config, sender=SENDER) as server, pytest.raises(NotConnected) as trouble:
        server.send(message())
    assert "STARTTLS" in trouble.value.words
    assert "secret" not in trouble.value.words


def test_an_address_in_another_script_needs_a_server_that_can(sink, server):
    server.send(message("añá@union.example"))
    assert sink.mails[0].rcpt_tos == ["añá@union.example"]
    server._connection.esmtp_features.pop("smtputf8")
    with pytest.raises(Refused):
        server.send(message("añá@union.example"))


def test_a_mail_in_a_folder_is_one_whole_file_and_a_repeat_is_the_same(tmp_path):
    config = Config(home=tmp_path, url="https://rivers.example")
    with open_transport(config, sender=SENDER) as folder:
        again = message(number=7)
        folder.send(again)
        folder.send(again)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name.endswith("-00000000000000000000000000000007.eml")
    assert b"Message-ID: <7@h.example>" in file.read_bytes()


def test_a_folder_that_cannot_be_written_is_trouble_with_every_mail(tmp_path):
    (tmp_path / "mail").write_text("not a folder")
    config = Config(home=tmp_path)
    with open_transport(config, sender=SENDER) as folder, pytest.raises(NotConnected):
        folder.send(message())


def test_smtp_connections_end_politely(sink):
    server = ToServer(
        read_mail_url(Config(mail_url=f"smtp://127.0.0.1:{sink.port}")),
        sender=SENDER,
        host="h.example",
    )
    server.send(message())
    connection = server._connection
    server.close()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        connection.noop()
