"""The map's own script, in a real browser, under a policy that allows nothing but itself."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.template import Context, Template

from convoca import places
from convoca.places.map import Spot

pytestmark = pytest.mark.browser
STATIC = Path(places.__file__).parent / "static"
SPOTS = [
    Spot(-25.28, -57.63, "Asunción", "/py"),
    Spot(-12.04, -77.03, "Lima", "/pe"),
    Spot(37.98, 23.73, "Athens", "/gr"),
]


class Page(SimpleHTTPRequestHandler):
    body = ""

    def do_GET(self):
        if self.path.startswith("/static/"):
            self.path = self.path.removeprefix("/static")
            return super().do_GET()
        written = self.body.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy", "default-src 'none'; script-src 'self'; img-src 'self'"
        )
        self.end_headers()
        self.wfile.write(written)
        return None

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    Page.body = (
        '<!doctype html><html lang="en" dir="ltr"><title>Map</title><main>'
        + Template("{% load places %}{% places_map spots 'Map' %}").render(
            Context({"spots": SPOTS})
        )
        + '<p id="map-list">List</p></main>'
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Page, directory=STATIC))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser, site):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(site)
    page.locator(".map-figure button").first.wait_for()
    yield page
    assert [said for said in page.complaints if "favicon" not in said and "404" not in said] == []
    context.close()


def dot(page, name):
    return page.locator("svg.map.wide a", has=page.locator(f"title:text-is('{name}')")).locator(
        ".dot"
    )


def land(page):
    return page.locator("svg.map.wide .land").get_attribute("transform")


def test_the_buttons_have_names_and_zoom_while_dots_keep_their_size(page):
    before, size = dot(page, "Lima").bounding_box(), land(page)

    page.get_by_role("button", name="Closer").click()

    after = dot(page, "Lima").bounding_box()
    assert after["width"] == pytest.approx(before["width"], abs=0.1)
    assert after["x"] != pytest.approx(before["x"], abs=5)
    page.get_by_role("button", name="Farther away").click()
    assert dot(page, "Lima").bounding_box()["x"] == pytest.approx(before["x"], abs=0.5)
    assert size in land(page)


def test_keys_zoom_and_move_while_the_map_has_the_focus(page):
    page.locator("svg.map.wide").focus()
    page.keyboard.press("+")
    zoomed = land(page)
    page.keyboard.press("ArrowRight")

    assert "scale(1.5)" in zoomed
    assert land(page) != zoomed
    page.keyboard.press("0")
    assert land(page).startswith("translate(0 0) scale(1)")


def test_the_wheel_scrolls_the_page_and_zooms_with_control(page):
    page.locator("svg.map.wide").hover()
    page.mouse.wheel(0, 100)
    page.wait_for_timeout(100)
    assert "scale(1." not in land(page)

    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(
        "/^translate.*scale/.test("
        "document.querySelector('.map.wide .land').getAttribute('transform'))"
    )


def test_dragging_moves_the_map_and_opens_no_link(page):
    page.get_by_role("button", name="Closer").click()
    address, before, box = page.url, land(page), dot(page, "Lima").bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 40, steps=4)
    page.mouse.up()

    assert land(page) != before
    assert page.url == address


def test_a_dot_is_a_link(page):
    dot(page, "Athens").click()

    assert page.url.endswith("/gr")
    page.complaints.clear()


def test_a_dot_that_the_tab_key_reaches_comes_into_sight(page):
    page.locator("svg.map.wide").focus()
    for _ in range(4):
        page.keyboard.press("+")
    for _ in SPOTS:
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.querySelector('title').textContent")
        box, whole = dot(page, name).bounding_box(), page.locator("svg.map.wide").bounding_box()
        assert whole["x"] <= box["x"] <= whole["x"] + whole["width"]
        assert whole["y"] <= box["y"] <= whole["y"] + whole["height"]


def test_two_fingers_zoom_and_one_does_not(page):
    touch = page.context.new_cdp_session(page)
    box = page.locator("svg.map.wide").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def fingers(kind, *at):
        points = [{"x": px, "y": py, "id": number} for number, (px, py) in enumerate(at)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (x, y))
    fingers("touchMove", (x, y - 60))
    fingers("touchEnd")
    assert "scale(1." not in land(page).partition(") scale(0")[0]

    fingers("touchStart", (x - 20, y))
    fingers("touchStart", (x - 20, y), (x + 20, y))
    for far in (40, 60, 80):
        fingers("touchMove", (x - far, y), (x + far, y))
    fingers("touchEnd")
    assert land(page).startswith("translate(-")
