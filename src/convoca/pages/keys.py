"""Under which key a page is kept: scheme, host and path, and of its query what the page reads.

Both roads make keys: Django when it keeps a page, the front when it looks for one. So this knows
neither of them, and a key made from any address that leads to the same page is the same key.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

SESSION_COOKIE = "sessionid"
"""Who brings it is given Django's own answer, which nobody keeps."""
LONGEST_QUERY = 400
"""A page with a longer query is drawn for whoever asks, and not kept."""
_PLAIN_PATH = re.compile(r"/(?!/)[A-Za-z0-9/._~@-]{0,600}", re.ASCII)


def key_of(scheme: str, host: str, path: str, query: str = "") -> str:
    """`https://name.example/es/actions/?page=2`; empty where no page is kept for such an address.

    All our addresses are plain ASCII, so a path that would have to be quoted is never a page's.
    """
    is_odd = not _PLAIN_PATH.fullmatch(path) or "//" in path or "/." in path
    if is_odd or len(query) > LONGEST_QUERY:
        return ""
    return f"{scheme}://{host.lower()}{path}{'?' if query else ''}{query}"


@lru_cache(maxsize=512)
def query_of(written: str, names: Iterable[str]) -> str:
    """Of a query as written, what is asked by these names, in one order and one spelling.

    What a page does not read, such as what other sites add to links, makes no page of its own.
    """
    wanted = set(names)
    try:
        pairs = parse_qsl(written, max_num_fields=100, errors="replace")
    except ValueError:  # more fields than any form of ours has
        return ""
    return urlencode(sorted((name, value) for name, value in pairs if name in wanted))


def language_for(accepted: str, offered: Sequence[str]) -> str:
    """Of the languages offered, the one that an Accept-Language header wants most, else the first.

    `pt-BR` is content with `pt`. What cannot be understood wants nothing.
    """
    wanted: list[tuple[float, str]] = []
    for part in accepted.lower().split(",")[:30]:
        tag, _semicolon, rest = part.strip().partition(";")
        try:
            quality = float(rest.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        wanted.append((-quality, tag.strip().split("-")[0]))
    found = (tag for quality, tag in sorted(wanted, key=lambda one: one[0]) if quality < 0)
    return next((tag for tag in found if tag in offered), offered[0])
