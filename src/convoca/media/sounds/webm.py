"""WebM with sound alone: elements that hold words are overwritten with one that holds nothing."""

import struct

from convoca.media.sounds import Sound, Unsound

_EBML, _SEGMENT, _CLUSTER, _INFO, _TRACKS, _TRACK = (
    0x1A45DFA3,
    0x18538067,
    0x1F43B675,
    0x1549A966,
    0x1654AE6B,
    0xAE,
)
_DOCTYPE, _TRACK_TYPE, _SCALE, _DURATION = 0x4282, 0x83, 0x2AD7B1, 0x4489
_CODEC, _CODEC_PRIVATE = 0x86, 0x63A2
_CODECS = {b"A_OPUS", b"A_VORBIS"}
"""Others keep words where we do not look."""
_VORBIS_COMMENTS = b"\x03vorbis"
_OPEN = {_EBML, _SEGMENT, _CLUSTER, _INFO, _TRACKS, _TRACK}
"""What we look into; a live recording does not even say how long its segment and clusters are."""
_WORDS = {
    0x1254C367,  # Tags
    0x1941A469,  # Attachments
    0x1043A770,  # Chapters
    0x4461,  # DateUTC
    0x7BA9,  # Title
    0x7384,  # SegmentFilename
    0x4D80,  # MuxingApp
    0x5741,  # WritingApp
    0x536E,  # name of a track
    0xEC,  # Void: nothing may hide in it
}
_VOID = 0xEC
_SOUND = 2


class _Walk:
    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.at = 0
        self.doctype = b""
        self.kinds: list[int] = []
        self.codecs: set[bytes] = set()
        self.scale, self.duration = 1_000_000, 0.0

    def number(self, *, keep_marker: bool) -> tuple[int, int, bool]:
        """An EBML number, its length, and whether all its bits are set (length unknown)."""
        first = self.data[self.at] if self.at < len(self.data) else 0
        length = 9 - first.bit_length() if first else 9
        if length > 8 or self.at + length > len(self.data):
            raise Unsound("broken")
        raw = int.from_bytes(self.data[self.at : self.at + length], "big")
        self.at += length
        mask = (1 << 7 * length) - 1
        return (raw if keep_marker else raw & mask), length, raw & mask == mask

    def run(self) -> None:
        while self.at < len(self.data):
            start = self.at
            name, _length, _all = self.number(keep_marker=True)
            if self.at >= len(self.data):
                return  # cut in the middle of a head
            size, _length, is_unknown = self.number(keep_marker=False)
            if name in _OPEN:
                continue  # its children follow; where it ends does not matter
            if is_unknown:
                raise Unsound("broken")
            stop = self.at + size
            if stop > len(self.data):
                if name in {0xA3, 0xA0}:
                    del self.data[start:]  # the last block was cut; players ignore it too
                    return
                raise Unsound("broken")
            self._note(name, bytes(self.data[self.at : min(stop, self.at + 32)]))
            if name in _WORDS:
                self._void(start, stop)
            elif name == _CODEC_PRIVATE:
                self._blank_comments(self.at, stop)
            self.at = stop

    def _note(self, name: int, body: bytes) -> None:
        if name == _DOCTYPE:
            self.doctype = body.rstrip(b"\0")
        elif name == _TRACK_TYPE:
            self.kinds.append(int.from_bytes(body, "big"))
        elif name == _CODEC:
            self.codecs.add(body.rstrip(b"\0"))
        elif name == _SCALE:
            self.scale = int.from_bytes(body, "big")
        elif name == _DURATION:
            self.duration = _float(body)

    def _blank_comments(self, start: int, stop: int) -> None:
        """Vorbis keeps its comments inside its headers: every word becomes blanks, in place."""
        at = self.data.find(_VORBIS_COMMENTS, start, stop)
        if at < 0:
            return
        at += len(_VORBIS_COMMENTS)
        at = self._blank(at, stop, b"")  # who made it
        count, at = int.from_bytes(self.data[at : at + 4], "little"), at + 4
        for _number in range(count):
            at = self._blank(at, stop, b"x=")

    def _blank(self, at: int, stop: int, first: bytes) -> int:
        size, at = int.from_bytes(self.data[at : at + 4], "little"), at + 4
        if at + size > stop:
            raise Unsound("broken")
        self.data[at : at + size] = (first + b" " * size)[:size]
        return at + size

    def _void(self, start: int, stop: int) -> None:
        """An element of the same length that holds zeros."""
        length = stop - start
        for width in range(1, 9):
            size = length - 1 - width
            if 0 <= size < (1 << 7 * width) - 1:
                head = bytes([_VOID]) + (size | 1 << 7 * width).to_bytes(width, "big")
                self.data[start:stop] = head + bytes(size)
                return
        raise Unsound("broken")


def _float(body: bytes) -> float:
    value: float = (
        struct.unpack(">f" if len(body) == 4 else ">d", body)[0] if len(body) in {4, 8} else 0.0
    )
    return value


def clean(data: bytes) -> Sound:
    """Void what is not sound, in place: no cluster moves."""
    walk = _Walk(data)
    walk.run()
    if walk.doctype not in {b"webm", b"matroska"} or not walk.kinds:
        raise Unsound("broken")
    if set(walk.kinds) != {_SOUND}:
        raise Unsound("more-than-sound")
    if not walk.codecs <= _CODECS:
        raise Unsound("broken")
    seconds = walk.duration * walk.scale / 1e9
    return Sound(bytes(walk.data), "webm", seconds or None)
