"""Under which file an address is kept: a name that is plain on every disk and leaves no folder.

Our addresses are plain already; nothing here relies on it. What a name must not hold is written
as `~` and two digits, so that two addresses never share a file: not where capitals count as small
letters, not where a long name is cut, not on a disk that keeps `con` for itself.
"""

import re
from hashlib import sha256
from urllib.parse import parse_qsl, unquote_to_bytes

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
"""These two stand beside the pages and are no page's file."""
LONGEST = 100
"""Characters of one part of a name; the shortest limit of a disk in use is 143."""
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@")
_KEPT = re.compile(
    r"(con|prn|aux|nul|clock\$|com[0-9]|lpt[0-9]|conin\$|conout\$|index)?(\.|$)"
    rf"|{re.escape(MANIFEST)}$|{re.escape(SIGNATURE)}$",
    re.IGNORECASE,
)
"""Names of devices, of our own files, and whatever begins with a dot."""
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,11}$")


def file_of(path: str, query: str = "") -> str:
    """`/es/actions/` → `es/actions/index.html`; with `page=2` → `es/actions/index.page-2.html`.

    A path whose last part has an ending is a file of that name; any other a folder with an index.
    """
    *folders, last = path.split("/")[1:]
    asked = "".join(f".{_part(name)}-{_part(value)}" for name, value in sorted(parse_qsl(query)))
    parts = [_part(one) for one in folders]
    if last and not _ENDING.search(last):
        parts.append(_part(last))
        last = ""
    if not last:
        return "/".join([*parts, f"index{asked}.html"])
    stem, dot, ending = _part(last).rpartition(".")
    return "/".join([*parts, f"{stem}{asked}{dot}{ending}"])


def _part(written: str) -> str:
    octets = unquote_to_bytes(written)
    name = "".join(chr(one) if one in _PLAIN else f"~{one:02x}" for one in octets)
    if _KEPT.match(name):
        name = f"~{octets[0]:02x}{name[1:]}" if name else "~"
    if name.endswith("."):
        name = f"{name[:-1]}~2e"
    if name == name.lower() and len(name) <= LONGEST:
        return name
    found = _ENDING.search(name)
    ending = found[0] if found else ""
    stem = name.removesuffix(ending)[: LONGEST - 40]
    return f"{stem}~{sha256(octets).hexdigest()[:20]}{ending}"
