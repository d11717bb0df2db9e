"""WAV: written anew from its format and its samples."""

import struct

from convoca.media.sounds import Sound, Unsound

_CODECS = {1, 3, 6, 7, 0xFFFE}


def clean(data: bytes) -> Sound:
    """Keep the chunks `fmt ` and `data`; what was written beside them goes."""
    form = samples = b""
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt " and not form:
            form = body
        elif name == b"data" and not samples:
            samples = body  # a phone that was cut off writes a size that is too large
        at += 8 + size + size % 2
    if not 16 <= len(form) <= 64 or not samples:
        raise Unsound("broken")
    codec, channels, hertz, per_second = struct.unpack("<HHII", form[:12])
    if codec not in _CODECS or not 1 <= channels <= 8 or not 4000 <= hertz <= 200_000:
        raise Unsound("broken")
    if not per_second:
        raise Unsound("broken")
    chunks = _chunk(b"fmt ", form) + _chunk(b"data", samples)
    whole = b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks
    return Sound(whole, "wav", len(samples) / per_second)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
