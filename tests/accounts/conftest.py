"""What the tests of accounts share."""

import re

import pytest

from convoca.outbox import services as outbox


@pytest.fixture
def code_for(db):
    """The code in the last mail that waits for an address."""

    def find(address: str) -> str:
        mail = outbox.pending(to=address).filter(template="accounts/login-code").last()
        assert mail is not None, f"no code waits for {address}"
        return re.search(r"\d{4} \d{4}", mail.body).group()

    return find


@pytest.fixture
def rosa(db):
    """Somebody with an account and no mandate."""
    from convoca.accounts.models import Person  # noqa: PLC0415  app ready

    return Person.objects.create_person("rosa@example.org", name="Rosa", language="es")
