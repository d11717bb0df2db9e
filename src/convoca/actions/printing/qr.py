"""QR codes by segno: for pages, for paper and for mails. They hold an address and nothing else."""

from io import BytesIO

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4
"""Modules of blank paper around the code; scanners need them."""


def matrix(text: str) -> list[list[bool]]:
    """The code as rows of modules, dark or not, without the quiet zone."""
    return [[bool(module) for module in row] for row in _code(text).matrix]


def svg_for_page(text: str, title: str) -> SafeString:
    """An inline SVG with a title for those who listen; the class `qr` gives its size.

    Black on white in every theme: most scanners read no code that is turned to its negative.
    """
    side, path = _drawn(text)
    return format_html(
        '<svg class="qr" role="img" viewBox="0 0 {0} {0}" shape-rendering="crispEdges">'
        '<title>{1}</title><path fill="#fff" d="M0 0h{0}v{0}H0z"/>'
        '<path fill="#000" d="{2}"/></svg>',
        side,
        title,
        path,
    )


def svg_for_paper(text: str) -> str:
    """A file of its own, black on nothing, the quiet zone within."""
    side, path = _drawn(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'width="{side}" height="{side}"><path fill="#000" d="{path}"/></svg>'
    )


def png(text: str, *, scale: int = 6) -> bytes:
    """For mails, which show no SVG."""
    out = BytesIO()
    _code(text).save(out, kind="png", scale=scale, border=QUIET)
    return out.getvalue()


def _code(text: str) -> "segno.QRCode":
    return segno.make(text, error="m", micro=False)


def _drawn(text: str) -> tuple[int, str]:
    """The side with the quiet zone, and the dark modules as one path: a run of them is one bar."""
    rows = matrix(text)
    bars: list[str] = []
    for top, row in enumerate(rows, start=QUIET):
        for start, end in _runs(row):
            bars.append(f"M{start + QUIET} {top}h{end - start}v1h-{end - start}z")
    return len(rows) + 2 * QUIET, "".join(bars)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    edges = [
        at
        for at, (before, dark) in enumerate(zip([False, *row], [*row, False], strict=True))
        if before != dark
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))
