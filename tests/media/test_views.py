"""Kept files over HTTP."""

import pytest

from convoca.media import services as media
from tests.media import fixtures
from tests.media.fixtures import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_picture_is_served_for_ever_as_what_our_table_says(client):
    kept = media.keep_picture(upload("logo.png", fixtures.picture()))
    response = client.get(kept.url("small"))

    assert response.status_code == 200
    assert body(response)[8:12] == b"WEBP"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response["Content-Disposition"].startswith("attachment")
    assert int(response["Content-Length"]) == kept.size("small")["bytes"]
    assert (
        client.get(kept.url("small"), headers={"if-none-match": response["ETag"]}).status_code
        == 304
    )
    assert client.head(kept.url("small")).status_code == 200
    assert client.post(kept.url("small")).status_code == 405


def test_a_document_is_always_a_download_under_its_own_name(client):
    kept = media.keep_file(upload("Plakat für alle.pdf", fixtures.pdf()))
    response = client.get(kept.url)
    assert response["Content-Type"] == "application/pdf"
    expected = "attachment; filename*=utf-8''Plakat%20f%C3%BCr%20alle.pdf"
    assert response["Content-Disposition"] == expected
    assert body(response) == fixtures.pdf()


@pytest.mark.parametrize(
    ("asked", "status", "shown"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=10-", 206, (10, None)),
        ("bytes=-10", 206, (-10, None)),
        ("bytes=5-999999999", 206, (5, None)),
        ("bytes=999999999-", 416, None),
        ("bytes=9-5", 416, None),
        ("bytes=0-1,5-6", 200, (0, None)),
        ("lines=1-2", 200, (0, None)),
    ],
)
def test_a_recording_can_be_asked_for_in_parts(client, asked, status, shown):
    kept = media.keep_recording(upload("talk.wav", fixtures.wav()))
    response = client.get(kept.url, headers={"range": asked})
    assert response.status_code == status
    if shown:
        assert body(response) == kept.content()[slice(*shown)]
    else:
        assert response["Content-Range"] == f"bytes */{kept.bytes}"


@pytest.mark.parametrize(
    "path",
    [
        "/media/nothing.webp",
        "/media/" + "0" * 40 + ".webp",
        "/media/" + "0" * 40 + ".php",
        "/media/..%2f..%2fdb.sqlite3",
        "/media/.work-1",
    ],
)
def test_what_is_no_kept_file_does_not_exist(client, path):
    assert client.get(path).status_code == 404
