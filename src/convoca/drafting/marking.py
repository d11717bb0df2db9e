"""A text in which what was found stands marked, drawn as safe HTML.

Marks may overlap: the text is cut wherever one begins or ends, and each piece leads to the shortest
of those it belongs to. `id="in-m1"` stands where an item's passage begins; `data-of` names all the
items that a piece belongs to, for the script that shows a passage while its item is in hand.
"""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

Passage = tuple[int, int, str]


def marked(text: str, passages: Sequence[Passage]) -> SafeString:
    """The text with these passages (start, end, item's id) marked; what lies outside is let be."""
    kept = sorted({(s, e, i) for s, e, i in passages if 0 <= s < e <= len(text)})
    cuts = sorted({0, len(text), *(one[0] for one in kept), *(one[1] for one in kept)})
    pieces: list[str] = []
    open_now: list[Passage] = []
    at = 0
    for start, end in pairwise(cuts):
        open_now = [one for one in open_now if one[1] > start]
        beginning: list[Passage] = []
        while at < len(kept) and kept[at][0] == start:
            beginning.append(kept[at])
            at += 1
        open_now += beginning
        pieces.append(_piece(text[start:end], open_now, beginning))
    return mark_safe("".join(pieces))  # noqa: S308  every piece of it is escaped


def _piece(words: str, within: list[Passage], beginning: list[Passage]) -> str:
    if not within:
        return str(escape(words))
    anchors = "".join(format_html('<span id="in-{}"></span>', one[2]) for one in beginning[1:])
    first = format_html(' id="in-{}"', beginning[0][2]) if beginning else ""
    shortest = min(within, key=lambda one: (one[1] - one[0], one))
    return str(
        format_html(
            '{}<mark{} data-of="{}"><a href="#{}">{}</a></mark>',
            mark_safe(anchors),  # noqa: S308  built of escaped parts just above
            mark_safe(first),  # noqa: S308  the same
            " ".join(one[2] for one in within),
            shortest[2],
            words,
        )
    )
