"""From a row to bytes: right in every script, and nothing can be injected."""

import email
import email.policy
import re

import pytest

from convoca.outbox import letters
from convoca.outbox.models import Message

SENDER = "Ríos Vivos <convoca@rivers.example>"


def mail(**facts):
    facts = {
        "to": "ana@union.example",
        "subject": "Hello",
        "body": "Words.\n",
        "message_id": "1@rivers.example",
    } | facts
    raw = letters.compose(Message(**facts), sender=SENDER, host="rivers.example")
    return raw, email.message_from_bytes(raw, policy=email.policy.default)


def text_of(parsed):
    """The text as a reader's program shows it: soft breaks joined, stuffing taken away."""
    raw = parsed.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n")
    lines, open_line = [], False
    for line in raw.split("\n"):
        is_signature = line == "-- "
        plain = line[1:] if line.startswith(" ") else line
        if open_line:
            lines[-1] += plain
        else:
            lines.append(plain)
        open_line = plain.endswith(" ") and not is_signature
    return "\n".join(line.rstrip(" ") if line != "-- " else line for line in lines)


def test_a_mail_has_what_a_mail_of_a_machine_should_have():
    raw, parsed = mail(language="es", urgency="long", unsubscribe="https://rivers.example/es/off/")
    assert parsed["Message-ID"] == "<1@rivers.example>"
    assert parsed["From"].addresses[0].display_name == "Ríos Vivos"
    assert parsed["To"] == "ana@union.example"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Content-Language"] == "es"
    assert parsed["Date"].datetime.tzinfo is not None
    assert parsed["List-Id"] == "<notices.rivers.example>"
    assert parsed["List-Unsubscribe"] == "<https://rivers.example/es/off/>"
    assert parsed.get_content_type() == "text/plain"
    assert (parsed.get_param("charset"), parsed.get_param("format")) == ("utf-8", "flowed")
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))


SUBJECTS = [
    "Your call",
    "دعوة إلى يوم عمل من أجل أنهار حية ومياه نظيفة للجميع في كل مكان، مع شكرنا الجزيل لكم",
    "Llamamiento: " + "ríos vivos y agua limpia " * 12,
    "A subject of plain words that goes on and on " * 5,
    "一个非常长的主题" * 20,
    "Ünï <script>alert(1)</script> {{7*7}}",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subjects_of_any_script_and_length_come_through(subject):
    raw, parsed = mail(subject=subject)
    assert str(parsed["Subject"]) == " ".join(subject.split())
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))


BODIES = [
    "Words.\n",
    "أنهار حية ومياه نظيفة للجميع. " * 30 + "\n",
    "A long paragraph that must be folded for old programs. " * 10 + "\n\nAnd another.\n",
    "https://rivers.example/" + "a" * 300 + " and more words after it to fold\n",
    "From here on\n> not quoted\n  indented\n",
    "words " * 12 + "From there\n",
    "Body\n\n-- \nThe network\n",
    "没有空格的长文字" * 40 + "\n",
    "x" * 2000 + "\n",
    ".\n.hidden\n",
]


@pytest.mark.parametrize("body", BODIES)
def test_bodies_come_through_as_they_were_written(body):
    raw, parsed = mail(body=body)
    expected = "\n".join(line if line == "-- " else line.rstrip() for line in body.split("\n"))
    assert text_of(parsed).rstrip("\n") == expected.rstrip("\n")
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))


def test_addresses_in_a_body_are_never_broken():
    link = "https://rivers.example/en/invitation/" + "k" * 60
    _raw, parsed = mail(body=f"Please follow this address if you want to join us: {link} today.\n")
    assert link in parsed.get_payload(decode=True).decode()


@pytest.mark.parametrize("field", ["subject", "unsubscribe"])
def test_no_header_can_be_injected(field):
    evil = "Hello\r\nBcc: everyone@union.example\r\n\r\nAnother body"
    raw, parsed = mail(**{field: evil})
    assert parsed["Bcc"] is None
    assert not re.search(rb"(?m)^Bcc:", raw)
    assert parsed.get_payload(decode=True).decode().strip() == "Words."


def test_a_domain_in_another_script_is_spelt_as_mail_servers_know_it():
    _raw, parsed = mail(to="ana@ríos.example")
    assert parsed["To"] == "ana@xn--ros-rma.example"


def test_composing_again_gives_the_same_bytes():
    message = Message(to="a@b.example", subject="Olá", body="x\n", message_id="1@h")
    again = [letters.compose(message, sender=SENDER, host="h.example") for _ in range(2)]
    assert again[0] == again[1]
