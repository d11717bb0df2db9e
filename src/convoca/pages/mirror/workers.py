"""Processes that draw: each starts Django for itself, so nothing here may need it before."""

import logging
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from convoca.pages.mirror.links import Wish

if TYPE_CHECKING:
    from convoca.pages.mirror.drawing import Answer, Drawing

_drawing: "Drawing"


def begin(wish: Wish, short: dict[str, str]) -> None:
    """Give way to the server, and leave Ctrl-C to the process above."""
    import django  # noqa: PLC0415  app ready

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):
        os.nice(10)
    django.setup()
    from convoca.pages.mirror import drawing, site  # noqa: PLC0415  app ready

    global _drawing
    logging.getLogger("convoca.access").setLevel(logging.WARNING)  # drawing is no request
    _drawing = drawing.Drawing(wish, site.Places(short, wish.papers))


def draw_some(part: tuple[Sequence[str], frozenset[str]]) -> "list[Answer]":
    """What `Drawing.draw` answers for each of these addresses."""
    addresses, dead = part
    return [_drawing.draw(address, dead) for address in addresses]
