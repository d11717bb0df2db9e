"""Mail is from the network, in the mail's language."""

import email
import email.policy

import pytest

from convoca.core.names import Names
from convoca.network.models import Network
from convoca.outbox import services as outbox

NAME = 'Ríos, "Vivos" (net.) <x>'
pytestmark = pytest.mark.django_db


def test_mail_is_from_the_network_by_its_name_in_the_mails_language(settings, tmp_path):
    settings.CONFIG = type(settings.CONFIG)(home=tmp_path)
    network = Network.load()
    network.names = Names({"en": NAME, "ar": "أنهار حية"})
    network.imprint_name = "Ana Sol, Lisbon"
    network.save()
    words = {"subject": "Hello", "text": "Words."}

    arabic = outbox.mail("outbox/plain", to="a@x.example", language="ar", context=words)
    english = outbox.mail("outbox/plain", to="b@x.example", language="en", context=words)
    assert "أنهار حية" in arabic.body
    assert f"Sent by {NAME}." in english.body
    assert "Who answers for it: Ana Sol, Lisbon" in english.body

    with outbox.open_office() as office:
        office.send(english)
    (file,) = (tmp_path / "mail").iterdir()
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert parsed["From"].addresses[0].display_name == NAME
