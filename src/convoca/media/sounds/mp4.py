"""M4A: boxes that hold words are overwritten with nothing; a track that is not sound is refused."""

import struct
from collections.abc import Iterator

from convoca.media.sounds import Sound, Unsound

_CONTAINERS = {
    b"moov",
    b"trak",
    b"mdia",
    b"minf",
    b"stbl",
    b"edts",
    b"dinf",
    b"mvex",
    b"moof",
    b"traf",
}
_WORDS = {b"udta", b"meta", b"uuid", b"free", b"skip", b"loci", b"wide", b"iods", b"cprt", b"emsg"}
_TIMES = {b"mvhd", b"tkhd", b"mdhd"}
_TOP = {b"ftyp", b"moov", b"mdat", b"moof", b"sidx", b"styp", b"mfra", b"pdin"} | _WORDS
_BRANDS = {b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"iso5", b"iso6", b"dash", b"3gp4"}
_BRANDS |= {b"3gp5", b"3gp6", b"M4V ", b"mp71", b"iso4", b"avc1", b"qt  "}


def clean(data: bytes) -> Sound:
    """Blank what is not sound, in place: no box moves, so every offset stays right."""
    if data[8:12] not in _BRANDS:
        raise Unsound("broken")
    content = bytearray(data)
    handlers: list[bytes] = []
    seconds = _blank(content, 0, len(content), handlers, top=True, depth=0)
    if not handlers:
        raise Unsound("broken")
    if set(handlers) != {b"soun"}:
        raise Unsound("more-than-sound")
    return Sound(bytes(content), "m4a", seconds)


def _boxes(data: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Each box's name, where it begins, where its content begins, and where it ends."""
    at = start
    while at + 8 <= end:
        size, name = struct.unpack(">I4s", data[at : at + 8])
        body = at + 8
        if size == 1 and at + 16 <= end:
            size = struct.unpack(">Q", data[at + 8 : at + 16])[0]
            body = at + 16
        elif size == 0:
            size = end - at
        if size < body - at or at + size > end:
            raise Unsound("broken")
        yield bytes(name), at, body, at + size
        at += size
    if end - at > 0 and any(data[at:end]):
        raise Unsound("broken")


def _blank(
    data: bytearray, start: int, end: int, handlers: list[bytes], *, top: bool, depth: int
) -> float | None:
    seconds: float | None = None
    if depth > 8:
        raise Unsound("broken")
    for name, at, body, stop in _boxes(data, start, end):
        if top and name not in _TOP:
            raise Unsound("broken")
        if name in _WORDS:
            data[at + 4 : at + 8] = b"free"
            data[body:stop] = bytes(stop - body)
        elif name in _CONTAINERS:
            inner = _blank(data, body, stop, handlers, top=False, depth=depth + 1)
            seconds = seconds if inner is None else inner
        elif name == b"hdlr":
            handlers.append(bytes(data[body + 8 : body + 12]))
            data[body + 24 : stop] = bytes(max(0, stop - body - 24))  # the handler's name
        elif name in _TIMES and stop - body >= 20:
            width = 8 if data[body] == 1 else 4
            data[body + 4 : body + 4 + 2 * width] = bytes(2 * width)
            if name == b"mvhd":
                seconds = _duration(data, body, width)
    return seconds


def _duration(data: bytearray, body: int, width: int) -> float | None:
    at = body + 4 + 2 * width
    scale = int.from_bytes(data[at : at + 4], "big")
    length = int.from_bytes(data[at + 4 : at + 4 + width], "big")
    is_known = scale and length and length != (1 << 8 * width) - 1
    return length / scale if is_known else None
