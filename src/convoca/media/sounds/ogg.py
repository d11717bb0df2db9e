"""Ogg with Opus or Vorbis: the packet of comments is replaced by an empty one."""

import struct
from dataclasses import dataclass

from convoca.media.sounds import Sound, Unsound

_CONTINUED, _FIRST, _LAST = 1, 2, 4


@dataclass
class Page:
    flags: int
    granule: int
    serial: int
    number: int
    crc: int | None
    """As it was read; None is worked out when the page is written."""
    lacing: bytes
    body: bytes

    def to_bytes(self) -> bytes:
        """The page, with its number and the right checksum."""
        numbers = (b"OggS", 0, self.flags, self.granule, self.serial, self.number)
        head = struct.pack("<4sBBqII", *numbers)
        tail = bytes([len(self.lacing)]) + self.lacing + self.body
        right = crc(head + b"\0\0\0\0" + tail) if self.crc is None else self.crc
        return head + struct.pack("<I", right) + tail


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    return table


_CRC = _table()


def crc(data: bytes) -> int:
    """The checksum of Ogg: polynomial 04C11DB7, not reflected, starting from nothing."""
    value = 0
    for byte in data:
        value = (value << 8 ^ _CRC[value >> 24 ^ byte]) & 0xFFFFFFFF
    return value


def clean(data: bytes) -> Sound:
    """One stream of sound, its comments emptied, its pages numbered anew where needed."""
    pages = _pages(data)
    begins = [page.number for page in pages if page.flags & _FIRST]
    if len({page.serial for page in pages}) != 1 or begins != [pages[0].number]:
        raise Unsound("more-than-sound")
    first = pages[0].body
    if first.startswith(b"OpusHead"):
        headers, empty, hertz = 2, b"OpusTags" + _no_comments(), 48_000
    elif first.startswith(b"\x01vorbis") and len(first) >= 16:
        headers, hertz = 3, struct.unpack("<I", first[12:16])[0]
        empty = b"\x03vorbis" + _no_comments() + b"\x01"
    else:
        raise Unsound("not-opus-or-vorbis")
    packets, used = _packets(pages, headers)
    expected = b"OpusTags" if headers == 2 else b"\x03vorbis"
    if not packets[1].startswith(expected):
        raise Unsound("broken")
    packets[1] = empty
    fresh = [pages[0], *_paged(packets[1:], pages[0].serial)]
    for page in pages[used:]:
        if page.number != len(fresh):
            page.number, page.crc = len(fresh), None
        fresh.append(page)
    last = max((page.granule for page in pages if page.granule > 0), default=0)
    return Sound(
        b"".join(page.to_bytes() for page in fresh), "ogg", last / hertz if last and hertz else None
    )


def _no_comments() -> bytes:
    vendor = b"convoca"
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)


def _pages(data: bytes) -> list[Page]:
    pages, at = [], 0
    while at + 27 <= len(data):
        magic, version, flags, granule, serial, number, check, count = struct.unpack(
            "<4sBBqIIIB", data[at : at + 27]
        )
        lacing = data[at + 27 : at + 27 + count]
        size = sum(lacing)
        body = data[at + 27 + count : at + 27 + count + size]
        if magic != b"OggS" or version != 0:
            raise Unsound("broken")
        if len(lacing) < count or len(body) < size:
            break  # the last page was cut; players ignore it too
        pages.append(Page(flags, granule, serial, number, check, lacing, body))
        at += 27 + count + size
    if len(pages) < 3:
        raise Unsound("broken")
    return pages


def _packets(pages: list[Page], count: int) -> tuple[list[bytes], int]:
    """The first packets, which must end where a page ends, and how many pages they took."""
    packets, current = [], bytearray()
    for used, page in enumerate(pages, start=1):
        at = 0
        for size in page.lacing:
            current += page.body[at : at + size]
            at += size
            if size < 255:
                packets.append(bytes(current))
                current.clear()
        if len(packets) >= count:
            if len(packets) > count or current:
                raise Unsound("broken")
            return packets, used
    raise Unsound("broken")


def _paged(packets: list[bytes], serial: int) -> list[Page]:
    """Header packets laid into as many pages as they need, from page 1 on."""
    segments: list[tuple[bytes, bool]] = []
    for packet in packets:
        whole = len(packet) // 255
        pieces = [packet[i * 255 : (i + 1) * 255] for i in range(whole)] + [packet[whole * 255 :]]
        segments += [(piece, index == 0) for index, piece in enumerate(pieces)]
    pages: list[Page] = []
    for start in range(0, len(segments), 255):
        part = segments[start : start + 255]
        flags = 0 if part[0][1] else _CONTINUED
        ends = any(len(piece) < 255 for piece, _is_first in part)
        pages.append(
            Page(
                flags,
                0 if ends else -1,
                serial,
                len(pages) + 1,
                None,
                bytes(len(piece) for piece, _is_first in part),
                b"".join(piece for piece, _is_first in part),
            )
        )
    return pages
