"""Pictures are drawn anew; what is none, or lies, or is too much, is refused with a sentence."""

import errno
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from convoca.core.errors import Refusal
from convoca.media import draw, pictures, store
from convoca.media import services as media
from tests.media.fixtures import photo_with_place, picture, png_of, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def opened(kept, size="full"):
    return Image.open(io.BytesIO(store.read(kept.size(size)["file"])))


def test_a_photo_keeps_nothing_that_the_camera_wrote_and_stands_upright():
    original = photo_with_place()
    assert b"SecretMaker" in original

    kept = media.keep_picture(upload("march.jpg", original), alt="A march")

    for name in kept.files:
        content = store.read(name)
        assert b"SecretMaker" not in content
        assert b"secret words" not in content
        again = Image.open(io.BytesIO(content))
        assert (again.format, dict(again.getexif()), again.info.get("icc_profile")) == (
            "WEBP",
            {},
            None,
        )
    assert (kept.width, kept.height, kept.alt) == (300, 400, "A march")
    red, _green, blue = opened(kept).convert("RGB").getpixel((150, 50))
    assert (red > 200, blue < 60) == (True, True)


def test_sizes_are_never_larger_than_the_picture_and_known_in_the_row():
    kept = media.keep_picture(upload("banner.png", picture(size=(2000, 1000))))

    shown = {name: (size["width"], size["height"]) for name, size in kept.sizes.items()}
    assert shown == {
        "small": (320, 160),
        "medium": (640, 320),
        "wide": (1280, 640),
        "full": (2000, 1000),
    }
    for name, size in kept.sizes.items():
        assert opened(kept, name).size == (size["width"], size["height"])
        assert len(store.read(size["file"])) == size["bytes"]
    assert kept.srcset.count(" 320w") == kept.srcset.count(" 2000w") == 1


@pytest.mark.parametrize(
    ("kind", "mode", "colour"),
    [
        ("PNG", "RGBA", (9, 9, 9, 0)),
        ("PNG", "P", 3),
        ("PNG", "1", 1),
        ("PNG", "LA", (9, 128)),
        ("PNG", "I;16", 40_000),
        ("JPEG", "CMYK", (10, 20, 30, 40)),
        ("JPEG", "L", 100),
        ("GIF", "P", 3),
        ("WEBP", "RGB", (1, 2, 3)),
        ("AVIF", "RGB", (1, 2, 3)),
    ],
)
def test_every_kind_of_picture_that_we_name_is_drawn(kind, mode, colour):
    name = f"logo.{'jpg' if kind == 'JPEG' else kind.lower()}"
    kept = media.keep_picture(upload(name, picture(kind, mode=mode, colour=colour)))
    assert opened(kept).size == (400, 300)
    if mode in {"RGBA", "LA"}:
        assert opened(kept).mode == "RGBA"
    if mode == "I;16":
        assert abs(opened(kept).convert("L").getpixel((5, 5)) - 156) < 4


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("logo.svg", SVG, "picture-svg"),
        ("logo.png", b"  <svg onload='x'></svg>", "picture-svg"),
        ("logo.png", b"<?php system($_GET['c']); ?>", "picture-unknown"),
        ("logo.jpg", b"MZ\x90\0 a program", "picture-unknown"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "picture-heic"),
        ("logo.png", picture("JPEG"), "picture-mislabelled"),
        ("logo.php", picture("PNG"), "picture-mislabelled"),
        ("cut.png", picture("PNG", size=(900, 900), colour=(1, 2, 3))[:-300], "picture-broken"),
        ("cut.jpg", photo_with_place()[:-900], "picture-broken"),
        ("torn.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture-broken"),
        ("dot.png", picture(size=(4, 4)), "picture-too-small"),
        ("none.png", b"", "file-empty"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(name, content, code):
    with pytest.raises(Refusal) as refused:
        media.keep_picture(upload(name, content))
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert list(store.names()) == []


def test_two_hundred_megapixels_are_refused_before_they_are_unpacked():
    bomb = png_of(20_000, 10_000)
    assert len(bomb) < 1_000_000
    with pytest.raises(Refusal) as refused:
        media.keep_picture(upload("logo.png", bomb))
    assert refused.value.code == "picture-too-large"
    assert "50 million" in str(refused.value)


def test_fifty_megapixels_are_drawn():
    kept = media.keep_picture(upload("poster.png", png_of(9_990, 5_000)))
    assert (kept.width, kept.height) == (2400, 1201)


def test_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(media, "MOST_PICTURE", 1_048_576)
    with pytest.raises(Refusal) as refused:
        media.keep_picture(upload("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(1_048_576)))
    assert (refused.value.code, "1 megabyte." in str(refused.value)) == ("file-too-large", True)


def test_a_decoder_that_dies_or_hangs_is_a_refusal(monkeypatch, tmp_path):
    """Programs stand in for the one that draws: one kills itself, one eats memory, one sleeps."""
    for body in ["import os; os.abort()", "x = bytearray(10**13)", "import time; time.sleep(60)"]:
        program = tmp_path / "bad.py"
        program.write_text(body)
        monkeypatch.setattr(draw, "__file__", str(program))
        monkeypatch.setattr(pictures, "MOST_SECONDS", 1)
        with pytest.raises(Refusal) as refused:
            media.keep_picture(upload("logo.png", picture()))
        assert refused.value.code == "picture-too-heavy"


def test_the_process_that_draws_has_little_memory(monkeypatch, tmp_path):
    program = tmp_path / "hungry.py"
    text = Path(draw.__file__).read_text(encoding="utf-8")
    program.write_text(
        text.replace(
            "    try:\n        answer = draw(",
            "    bytes(2 * 10**9)\n    try:\n        answer = draw(",
        )
    )
    assert "bytes(2 * 10**9)" in program.read_text()
    monkeypatch.setattr(draw, "__file__", str(program))
    with pytest.raises(Refusal) as refused:
        media.keep_picture(upload("logo.png", picture()))
    assert refused.value.code == "picture-too-heavy"


def test_a_full_disk_leaves_nothing_half_written(monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as failed:
        media.keep_picture(upload("logo.png", picture()))
    assert failed.value.errno == errno.ENOSPC
    assert [p for p in store.root().rglob("*") if p.is_file()] == []


def test_the_same_picture_twice_is_two_rows_and_one_set_of_files():
    first = media.keep_picture(upload("a.png", picture()), alt="A")
    again = media.keep_picture(upload("b.png", picture()), alt="B")
    assert first.files == again.files
    assert len(list(store.names())) == len(first.files)
