"""Recordings keep their sound and lose what was written about it."""

import math
import struct

import pytest

from convoca.core.errors import Refusal
from convoca.media import services as media
from convoca.media import store
from convoca.media.sounds import ogg
from tests.media import fixtures
from tests.media.fixtures import upload

pytestmark = pytest.mark.django_db


VORBIS = fixtures.webm(
    codec=b"A_VORBIS", private=fixtures.vorbis_headers(b"TITLE=SecretTitle", b"LOCATION=SecretTown")
)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.parametrize(
    ("name", "content", "secret", "kind", "seconds"),
    [
        ("talk.mp3", fixtures.mp3(), b"SecretPlace", "audio/mpeg", 20 * 1152 / 44100),
        ("talk.wav", fixtures.wav(), b"SecretPlace", "audio/wav", 1.0),
        ("talk.ogg", fixtures.opus(), b"SecretPlace", "audio/ogg", 3.0),
        ("talk.opus", fixtures.opus(b"SecretPlace" * 9000), b"SecretPlace", "audio/ogg", 3.0),
        ("talk.m4a", fixtures.m4a(), b"+52.52", "audio/mp4", 2.5),
        ("talk.webm", fixtures.webm(), b"SecretPlace", "audio/webm", 2.5),
        ("live.webm", fixtures.webm(live=True), b"SecretPlace", "audio/webm", 2.5),
        ("vorbis.webm", VORBIS, b"SecretTitle", "audio/webm", 2.5),
    ],
)
def test_a_recording_keeps_its_sound_and_loses_its_words(name, content, secret, kind, seconds):
    assert secret in content
    kept = media.keep_recording(upload(name, content))

    assert secret not in kept.content()
    assert b"Secret" not in kept.content()
    assert (kept.kind, round(kept.seconds, 3)) == (kind, round(seconds, 3))
    assert kept.bytes == len(kept.content())
    again = media.keep_recording(upload("again" + store.path(kept.file).suffix, kept.content()))
    assert again.content() == kept.content()


@pytest.mark.parametrize("seconds", [math.inf, math.nan, -5.0, 1e12])
def test_a_recording_that_claims_an_impossible_length_says_none(seconds):
    content = fixtures.webm().replace(struct.pack(">f", 2500.0), struct.pack(">f", seconds * 1000))
    assert media.keep_recording(upload("talk.webm", content)).seconds is None


def test_frames_of_mp3_are_the_same_afterwards():
    kept = media.keep_recording(upload("talk.mp3", fixtures.mp3(7)))
    assert kept.content() == (b"\xff\xfb\x90\x00" + bytes(413)) * 7


def test_pages_of_ogg_are_numbered_anew_with_right_checksums():
    kept = media.keep_recording(upload("talk.opus", fixtures.opus(b"x" * 90_000)))
    pages = ogg._pages(kept.content())
    assert [page.number for page in pages] == [0, 1, 2, 3, 4]
    for page in pages:
        right = page.crc
        page.crc = None
        assert struct.unpack("<I", page.to_bytes()[22:26])[0] == right


def test_the_checksum_of_ogg_is_the_published_one():
    assert ogg.crc(b"123456789") == 0x89A1897F


def test_boxes_of_m4a_do_not_move():
    content = fixtures.m4a()
    kept = media.keep_recording(upload("talk.m4a", content)).content()
    assert len(kept) == len(content)
    assert kept.index(b"mdat") == content.index(b"mdat")
    assert kept.endswith(b"\x21" * 200)
    assert struct.pack(">I", 3_800_000_000) not in kept


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("talk.mp3", b"<?php echo 1; ?>" * 99, "recording-unknown"),
        ("talk.mp3", fixtures.wav(), "recording-mislabelled"),
        ("talk.exe", fixtures.mp3(), "recording-mislabelled"),
        ("talk.mp3", b"ID3\x04\0\0\0\0\0\x05hello", "recording-broken"),
        ("talk.mp3", fixtures.mp3()[:-128] + b"<script>" * 40, "recording-broken"),
        ("talk.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f", "recording-broken"),
        ("talk.wav", fixtures.wav()[:30], "recording-broken"),
        ("talk.ogg", fixtures.opus()[:60], "recording-broken"),
        ("talk.ogg", b"OggS" + bytes(100), "recording-broken"),
        ("talk.m4a", fixtures.m4a()[:120], "recording-broken"),
        ("film.mp4", fixtures.m4a(handler=b"vide"), "recording-not-only-sound"),
        ("film.webm", fixtures.webm(track=1), "recording-not-only-sound"),
        ("flac.webm", fixtures.webm(codec=b"A_FLAC"), "recording-broken"),
        ("talk.webm", fixtures.webm()[:40], "recording-broken"),
        ("two.ogg", fixtures.opus() + fixtures.opus(), "recording-not-only-sound"),
        ("none.mp3", b"", "file-empty"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_sentence(name, content, code):
    with pytest.raises(Refusal) as refused:
        media.keep_recording(upload(name, content))
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert list(store.names()) == []


@pytest.mark.parametrize(
    "make", [fixtures.mp3, fixtures.wav, fixtures.opus, fixtures.m4a, fixtures.webm]
)
def test_a_file_cut_or_changed_anywhere_is_kept_or_refused_but_never_fails(make):
    content = make()
    ending = {"mp3": "mp3", "wav": "wav", "opus": "ogg", "m4a": "m4a", "webm": "webm"}[
        make.__name__
    ]
    for at in range(0, min(len(content), 400), 3):
        for wrong in (content[:at], content[:at] + b"\xff" + content[at + 1 :]):
            try:
                media.recordings.cleaned(f"talk.{ending}", wrong)
            except Refusal:
                continue
