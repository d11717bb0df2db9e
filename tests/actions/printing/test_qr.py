from io import BytesIO
from xml.etree import ElementTree

import segno
from PIL import Image

from convoca.actions.printing import qr

URL = "https://rivers.example/a/7KQ2"
SVG = "{http://www.w3.org/2000/svg}"


def segnos() -> list[list[bool]]:
    return [[bool(module) for module in row] for row in segno.make(URL, error="m").matrix]


def read(path: str, side: int) -> list[list[bool]]:
    """The dark modules that the path of an SVG paints, as rows without the quiet zone."""
    whole = [[False] * side for _ in range(side)]
    for bar in path.split("M")[1:]:
        start, rest = bar.split(" ", 1)
        top, length = rest.split("v")[0].split("h")
        for column in range(int(start), int(start) + int(length)):
            whole[int(top)][column] = True
    return [row[qr.QUIET : -qr.QUIET] for row in whole[qr.QUIET : -qr.QUIET]]


def test_the_svg_for_paper_paints_what_segno_reckoned():
    root = ElementTree.fromstring(qr.svg_for_paper(URL))  # noqa: S314  our own
    side = int(root.attrib["width"])

    assert side == len(segnos()) + 2 * qr.QUIET
    assert read(root.find(f"{SVG}path").attrib["d"], side) == segnos()


def test_the_svg_for_pages_has_a_title_and_is_dark_on_light_in_every_theme():
    svg = qr.svg_for_page(URL, "A <b>")
    root = ElementTree.fromstring(svg)  # noqa: S314  our own
    light, dark = root.findall("path")

    assert root.find("title").text == "A <b>"
    assert root.attrib["role"] == "img"
    assert (light.attrib["fill"], dark.attrib["fill"]) == ("#fff", "#000")
    assert read(dark.attrib["d"], len(segnos()) + 2 * qr.QUIET) == segnos()
    assert "style" not in svg


def test_the_png_for_mails_has_a_quiet_zone():
    image = Image.open(BytesIO(qr.png(URL, scale=1))).convert("L")
    side = len(segnos()) + 2 * qr.QUIET

    assert image.size == (side, side)
    assert [
        [image.getpixel((x, y)) == 0 for x in range(qr.QUIET, side - qr.QUIET)]
        for y in range(qr.QUIET, side - qr.QUIET)
    ] == segnos()
