"""What a paragraph is known by: a digest of its words that small blanks do not change."""

import hashlib

from convoca.core.fold import composed


def normal(body: str) -> str:
    """The compared spelling of a paragraph: composed letters, single blanks, lines kept."""
    text = composed(body).replace("\r\n", "\n").replace("\r", "\n")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def digest(body: str) -> str:
    """32 hexadecimal figures; equal for equal words."""
    return hashlib.sha256(normal(body).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fingerprint(body: str) -> str:
    """Of the letters exactly, but for line ends, which browsers change: was it touched at all?"""
    letters = body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()[:16]
