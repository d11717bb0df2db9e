"""Somebody says yes to a list in the moment in which somebody else puts it away."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from convoca.counting.models import Source
from convoca.exchange.models import Import
from convoca.exchange.services import begin, hand_in, handing_in, put_away
from convoca.exchange.services.handing_in import drop_files
from tests.exchange.test_importing import ROWS

pytestmark = pytest.mark.django_db(transaction=True)
A_WHILE = 1.0
"""Seconds for what must wait; where it need not, it is through long before."""


def test_a_list_is_put_away_or_begun_but_never_without_its_file(steward, campaign, monkeypatch):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("needs a database that threads share: PostgreSQL")
    source = Source.objects.create(name="Rivers Alliance")
    run = hand_in(
        "marches.csv",
        SimpleUploadedFile("marches.csv", ROWS.encode()),
        kind=Import.Kind.ACTIONS,
        under=steward,
        source=source,
        campaign=campaign,
    )

    def say_yes():
        try:
            begin(run, under=steward)
        finally:
            connection.close()

    presses = threading.Thread(target=say_yes)

    def drop_and_wait(runs):
        drop_files(runs)
        presses.start()
        presses.join(A_WHILE)

    monkeypatch.setattr(handing_in, "drop_files", drop_and_wait)
    put_away(Import.objects.get(pk=run.pk))
    presses.join(60)
    assert not Import.objects.exists()
