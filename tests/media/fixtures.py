"""Small files made here, so that the repository carries no binary fixtures."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from convoca.media.sounds import ogg


def upload(name, content):
    return SimpleUploadedFile(name, content)


def picture(kind="PNG", size=(400, 300), mode="RGB", colour=(200, 30, 30), **options):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def photo_with_place(orientation=6):
    """A JPEG from a telephone: held sideways, with GPS and a maker's name."""
    image = Image.new("RGB", (400, 300), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, 200, 300))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretMaker"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)}
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"secret words")
    return out.getvalue()


def png_of(width, height):
    """A PNG that says it is that large; its pixels are zeros, so the file is small."""

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + width)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def mp3(frames=20):
    """Silent frames of 128 kbit/s at 44.1 kHz between an ID3v2 tag and an ID3v1 tag."""
    title = b"TIT2" + struct.pack(">I", 13) + b"\0\0" + b"\0SecretPlace1"
    tag = b"ID3\x04\0\0" + bytes([0, 0, 0, len(title)]) + title
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return tag + frame * frames + b"TAG" + b"SecretPlace".ljust(125, b"\0")


def wav(seconds=1):
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    words = b"INFOIART" + struct.pack("<I", 12) + b"SecretPlace\0"
    samples = bytes(16000 * seconds)
    chunks = b"".join(
        name + struct.pack("<I", len(body)) + body
        for name, body in [(b"fmt ", form), (b"LIST", words), (b"data", samples)]
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def opus(comment=b"SecretPlace", pages=3):
    """An Opus stream; with a long comment its header takes several pages."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 3) + b"lib" + struct.pack("<I", 1)
    tags += struct.pack("<I", len(comment)) + comment
    made = [ogg.Page(2, 0, 77, 0, None, bytes([len(head)]), head), *ogg._paged([tags], 77)]
    for index in range(pages):
        last = 4 if index == pages - 1 else 0
        body = b"\xfc" * 100
        made.append(ogg.Page(last, 960 * 50 * (index + 1), 77, len(made), None, b"\x64", body))
    return b"".join(page.to_bytes() for page in made)


def box(name, body):
    return struct.pack(">I", 8 + len(body)) + name + body


def m4a(handler=b"soun"):
    times = struct.pack(">IIIII", 0, 3_800_000_000, 3_800_000_000, 1000, 2500)
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(12) + b"SecretName\0")
    trak = box(b"trak", box(b"mdia", hdlr))
    udta = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+52.52+013.40/"))
    moov = box(b"moov", box(b"mvhd", times + bytes(80)) + trak + udta)
    return box(b"ftyp", b"M4A \0\0\0\0isom") + moov + box(b"mdat", b"\x21" * 200)


def element(name, body):
    size = len(body)
    return bytes.fromhex(name) + (size | 1 << 28).to_bytes(4, "big") + body


def webm(track=2, live=False, codec=b"A_OPUS", private=b""):
    head = element("1a45dfa3", element("4282", b"webm"))
    info = element(
        "1549a966",
        element("2ad7b1", (1_000_000).to_bytes(3, "big"))
        + element("4489", struct.pack(">f", 2500.0))
        + element("7ba9", b"SecretPlace"),
    )
    of_codec = element("86", codec) + element("63a2", private)
    tracks = element("1654ae6b", element("ae", element("83", bytes([track])) + of_codec))
    block = element("a3", b"\x81\0\0\x80" + b"\x55" * 50)
    tags = element("1254c367", element("7373", b"SecretPlace"))
    if live:
        endless = b"\x01" + b"\xff" * 7
        cluster = bytes.fromhex("1f43b675") + endless + element("e7", b"\0") + block
        return head + bytes.fromhex("18538067") + endless + info + tracks + cluster + tags
    cluster = element("1f43b675", element("e7", b"\0") + block)
    return head + element("18538067", info + tracks + cluster + tags)


def pdf(extra=b"", stream=b"BT (Hello) Tj ET", packed=False):
    content = zlib.compress(stream) if packed else stream
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog "
        + extra
        + b" >>\nendobj\n2 0 obj\n<< /Length "
        + str(len(content)).encode()
        + (b" /Filter /FlateDecode" if packed else b"")
        + b" >>\nstream\n"
        + content
        + b"\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
    )


def vorbis_headers(*comments):
    """The three headers of Vorbis as WebM keeps them, the second with words in it."""

    def said(words):
        return struct.pack("<I", len(words)) + words

    second = b"\x03vorbis" + said(b"SecretProgram") + struct.pack("<I", len(comments))
    second += b"".join(map(said, comments)) + b"\x01"
    first, third = b"\x01vorbis" + bytes(23), b"\x05vorbis" + b"\x55" * 40
    return bytes([2, len(first), len(second)]) + first + second + third
