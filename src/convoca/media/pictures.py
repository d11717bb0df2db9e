"""From an upload to sizes of a picture, through the process that draws."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal
from convoca.media import draw

MOST_SECONDS = 30
_ENDINGS = {
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "jpe": "JPEG",
    "jfif": "JPEG",
    "png": "PNG",
    "webp": "WEBP",
    "gif": "GIF",
    "avif": "AVIF",
}


def refuse_on_sight(name: str, head: bytes) -> None:
    """Refuse what its first bytes already show to be no picture that we draw."""
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<!doctype svg")) or (
        start.startswith(b"<?xml") and b"<svg" in head.lower()
    ):
        raise Refusal(
            "picture-svg",
            _("SVG files can carry programs, so we do not take them. Save it as PNG."),
        )
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"}:
        raise Refusal(
            "picture-heic",
            _("This picture is in HEIC, which few devices can show. Save it as JPEG."),
        )
    found = _format_of(head)
    if found is None:
        raise Refusal(
            "picture-unknown",
            _("This is not a picture that we can read. Use JPEG, PNG, WebP, AVIF or GIF."),
        )
    ending = Path(name).suffix.lower().lstrip(".")
    if ending and _ENDINGS.get(ending) != found:
        raise Refusal(
            "picture-mislabelled",
            _(
                "This file is called “.%(ending)s” but holds something else (%(found)s). "
                "Open it, save it again as a picture, and try again."
            )
            % {"ending": ending[:10], "found": found},
        )


def _format_of(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in {b"avif", b"avis"}:
        return "AVIF"
    return None


def drawn(source: Path, folder: Path, cut: Sequence[int] = ()) -> dict[str, Any]:
    """Let the other process draw `source` into `folder`; what it may not or cannot is a Refusal."""
    command = [
        sys.executable,
        "-I",
        str(Path(draw.__file__)),
        str(source),
        str(folder),
        *map(str, cut),
    ]
    environment = {"PATH": os.environ.get("PATH", ""), "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603  our own program, with paths that we made
            command, capture_output=True, timeout=MOST_SECONDS, env=environment, check=False
        )
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        answer = {}
    if "errno" in answer:
        raise OSError(answer["errno"], os.strerror(answer["errno"]))
    if "sizes" not in answer:
        raise _refusal(answer.get("refused", "too-heavy"))
    return answer


def _refusal(reason: str) -> Refusal:
    if reason == "too-many-pixels":
        words = _("This picture has more than %(most)s million pixels. Make it smaller first.")
        return Refusal("picture-too-large", words % {"most": draw.MOST_PIXELS // 1_000_000})
    if reason == "too-small":
        return Refusal("picture-too-small", _("This picture is smaller than 8 by 8 pixels."))
    if reason in {"not-a-picture", "broken"}:
        return Refusal(
            "picture-broken",
            _("This picture is damaged or was not sent whole. Save it again and try once more."),
        )
    return Refusal(
        "picture-too-heavy",
        _("This picture is too much work to open safely. Save it smaller, as JPEG or PNG."),
    )
