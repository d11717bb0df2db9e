"""The readable end of an address: a title in ASCII, whatever its script."""

import re

from anyascii import anyascii

_OTHER = re.compile(r"[^a-z0-9]+")
LONGEST = 60


def slug_of(words: str, otherwise: str = "page") -> str:
    """`words` as `lower-case-ascii`, cut at a word's end; `otherwise` where nothing is left."""
    slug = _OTHER.sub("-", anyascii(words[:400]).lower()).strip("-")
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
    return slug or otherwise
