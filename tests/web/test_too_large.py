"""What is larger than the site takes: a sentence, 413, and everything else that was typed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from convoca.media import uploads
from tests.campaigns.conftest import start
from tests.cast import mandate_of
from tests.media.fixtures import picture


@pytest.fixture
def small(settings, monkeypatch):
    """A site that takes one megabyte."""
    monkeypatch.setattr(uploads, "most", lambda: uploads.MEGABYTE)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = uploads.MEGABYTE


def big(name="big.png", megabytes=2.0):
    return SimpleUploadedFile(name, b"x" * int(megabytes * uploads.MEGABYTE), "image/png")


def test_a_file_over_the_limit_is_refused_with_the_form_kept(small, client, bo, network, union):
    client.force_login(bo)
    answer = client.post(reverse("network:logo", args=[union.code]), {"logo": big()})

    assert answer.status_code == 413
    page = answer.content.decode()
    assert "This file is larger than 1 megabyte. Make it smaller first." in page
    assert 'type="file"' in page


def test_what_was_typed_beside_the_file_is_kept(small, client, bo, network, union):
    campaign = start(mandate_of(bo), union)
    client.force_login(bo)
    answer = client.post(
        f"/en/work/campaigns/{campaign.code}/look/",
        {"picture": big(), "hashtags": "#rivers #water", "alt": "A river", "ink": "petrol"},
    )
    page = answer.content.decode()

    assert answer.status_code == 413
    assert "A river" in page
    assert "rivers" in page


def test_a_sheet_over_the_limit_is_refused_in_the_readers_language(small, client, bo, network):
    client.force_login(bo)
    address = reverse("exchange:bring-in").replace("/en/", "/es/", 1)
    answer = client.post(address, {"file": big("m.csv")})

    assert answer.status_code == 413
    assert 'lang="es"' in answer.content.decode()
    assert "1 megabyte" in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ar"])
def test_a_text_over_the_limit_gets_a_page_in_words(small, client, bo, network, language):
    client.force_login(bo)
    answer = client.post(
        f"/{language}/work/network/settings/", {"imprint_address": "x" * 1_100_000}
    )

    assert answer.status_code == 413
    page = answer.content.decode()
    assert f'lang="{language}"' in page
    if language == "en":
        assert "your browser still has what you typed" in page


def test_far_too_much_is_not_even_read(small, client, network):
    answer = Client().post(
        "/ar/join/send/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(9**9),
    )
    assert answer.status_code == 413
    assert 'dir="rtl"' in answer.content.decode()


def test_a_file_within_the_limit_is_as_before(small, client, bo, network, union):
    client.force_login(bo)
    logo = SimpleUploadedFile("logo.png", picture(), "image/png")
    answer = client.post(reverse("network:logo", args=[union.code]), {"logo": logo})

    assert answer.status_code == 302
