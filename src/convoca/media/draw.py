"""Draws one picture anew, in a process of its own with little memory and little time.

Run as a program (`draw.py SOURCE FOLDER [LEFT TOP RIGHT BOTTOM]`): it imports nothing of ours,
reads SOURCE, takes so many hundredths off each side, writes the sizes into FOLDER and prints what
it did as JSON. A file that would crash or exhaust a decoder
ends this process and harms nobody.
"""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

MOST_PIXELS = 50_000_000
MOST_MEMORY = 1_200 * 1024 * 1024
MOST_SECONDS = 20
MOST_WRITTEN = 40 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
ORIENTATION = 0x0112
SIZES = {"small": 320, "medium": 640, "wide": 1280, "full": 2400}
"""The widest that each size may be; its height is at most twice that. Nothing is enlarged."""


class No(Exception):
    """The picture is refused; the argument is the reason's code."""


def limit() -> None:
    """Take away what a decoder of pictures never needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def draw(source: Path, folder: Path, cut: tuple[int, ...] = ()) -> dict[str, Any]:
    """Decode, turn upright, cut, bring to sRGB, and save each size into a fresh image."""
    from PIL import Image  # noqa: PLC0415  slow: only after the limits stand

    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, and refuse rather than warn
    try:
        image: Image.Image = Image.open(source, formats=FORMATS)
    except Exception as error:
        raise No("not-a-picture") from error
    kind, (width, height) = image.format, image.size
    if width * height > MOST_PIXELS:
        raise No("too-many-pixels")
    if width < 8 or height < 8:
        raise No("too-small")
    if kind == "JPEG":
        image.draft("RGB", (SIZES["full"] * 2, SIZES["full"] * 2))
    try:
        orientation = image.getexif().get(ORIENTATION)
        image.load()
    except MemoryError:
        raise
    except Exception as error:
        raise No("broken") from error
    part = _cut(_upright(_reduced(image), orientation), cut)
    ready = _srgb(part, image.info.get("icc_profile"))
    sizes = {name: _save(ready, widest, folder, name) for name, widest in SIZES.items()}
    full = sizes["full"]
    return {"kind": kind, "width": full["width"], "height": full["height"], "sizes": sizes}


def _reduced(image: Any) -> Any:
    """Shrunk to what the largest size needs before anything else, so that memory suffices."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in {"1", "P", "PA"}:
        has_alpha = "transparency" in image.info or image.mode == "PA"
        image = image.convert("RGBA" if has_alpha else "RGB")
    if max(image.size) > SIZES["full"] * 2:
        image.thumbnail((SIZES["full"] * 2, SIZES["full"] * 2))
    return image


def _upright(image: Any, orientation: int | None) -> Any:
    """Turned as the camera was held."""
    from PIL import Image  # noqa: PLC0415  slow: only after the limits stand

    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _cut(image: Any, cut: tuple[int, ...]) -> Any:
    """What is left when so many hundredths of it are taken away: left, top, right, bottom."""
    if not any(cut):
        return image
    (width, height), (left, top, right, bottom) = image.size, cut
    box = (
        width * left // 100,
        height * top // 100,
        width * (100 - right) // 100,
        height * (100 - bottom) // 100,
    )
    if box[2] - box[0] < 8 or box[3] - box[1] < 8:
        raise No("too-small")
    return image.crop(box)


def _srgb(image: Any, profile: bytes | None) -> Any:
    """RGB or RGBA in the colours of the web, whatever the profile that came with it says."""
    from PIL import ImageCms  # noqa: PLC0415  slow: only after the limits stand

    wanted = "RGBA" if image.mode in {"RGBA", "LA", "RGBa", "La"} else "RGB"
    if profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        try:
            alpha = image.getchannel("A") if image.mode == "RGBA" else None
            flat = image.convert("RGB") if image.mode == "RGBA" else image
            turned = ImageCms.profileToProfile(
                flat,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
            if turned is not None:
                if alpha is not None:
                    turned.putalpha(alpha)
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that cannot be read says nothing
    return image.convert(wanted)


def _save(image: Any, widest: int, folder: Path, name: str) -> dict[str, Any]:
    from PIL import Image  # noqa: PLC0415  slow: only after the limits stand

    width, height = image.size
    scale = min(1.0, widest / width, 2 * widest / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = image.resize(size, Image.Resampling.LANCZOS) if scale < 1 else image
    fresh = Image.new(small.mode, size)  # nothing but pixels is carried over
    fresh.paste(small)
    fresh.save(folder / name, "WEBP", quality=82, method=4)
    return {"width": size[0], "height": size[1]}


def main(source: str, folder: str, *cut: str) -> None:
    limit()
    try:
        answer = draw(Path(source), Path(folder), tuple(map(int, cut)))
    except No as reason:
        answer = {"refused": str(reason)}
    except MemoryError:
        answer = {"refused": "too-heavy"}
    except OSError as error:
        answer = {"errno": error.errno or 5}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
