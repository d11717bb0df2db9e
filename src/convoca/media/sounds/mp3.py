"""MP3: only its frames are kept; tags before, after and between them go."""

from convoca.media.sounds import Sound, Unsound

_KBITS = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FEWEST_FRAMES = 3


def clean(data: bytes) -> Sound:
    """Copy the frames, which must follow each other without a gap."""
    at, frames, seconds = _after_id3(data), [], 0.0
    while at + 4 <= len(data):
        length, lasts = _frame(data[at : at + 4])
        if length == 0:
            break
        if at + length > len(data):
            break  # the last frame was cut; players ignore it too
        frames.append(data[at : at + length])
        seconds += lasts
        at += length
    if len(frames) < _FEWEST_FRAMES or not _is_tag(data[at:]):
        raise Unsound("broken")
    return Sound(b"".join(frames), "mp3", seconds)


def _after_id3(data: bytes) -> int:
    at = 0
    while data[at : at + 3] == b"ID3" and at + 10 <= len(data):
        size = 0
        for byte in data[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    while at < len(data) and data[at] == 0:
        at += 1
    return at


def _frame(head: bytes) -> tuple[int, float]:
    """Length in bytes and seconds of the frame that begins so; 0 if none does."""
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0, 0.0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, speed, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or rate in {0, 15} or speed == 3:
        return 0, 0.0
    table = (1, layer) if version == 3 else (2, min(layer, 2))
    bits, hertz = _KBITS[table][rate] * 1000, _HERTZ[version][speed]
    if layer == 1:
        return (12 * bits // hertz + padding) * 4, 384 / hertz
    samples = 576 if layer == 3 and version != 3 else 1152
    return samples // 8 * bits // hertz + padding, samples / hertz


def _is_tag(rest: bytes) -> bool:
    """What may follow the last frame: nothing, a cut frame, zeros, or tags."""
    starts = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3", b"3DI", b"\xff")
    return not rest.strip(b"\0") or rest.startswith(starts)
