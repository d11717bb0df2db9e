"""Under which key a page is kept: scheme, host and path, and of its query what the page reads.

Both roads make keys: Django when it keeps a page, the front when it looks for one. So this knows
neither of them, and a key made from any address that leads to the same page is the same key.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

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
