"""Without a net: what was opened once opens again, and nothing is kept that is not for everyone."""

import re
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from convoca.actions.services import life
from tests.actions.making import make_action, make_link
from tests.browser.conftest import axe
from tests.campaigns.conftest import campaign, draft, steward  # noqa: F401  used as fixtures
from tests.cli.conftest import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const asked = await (await caches.open(name)).keys();
    found.push(...asked.map((one) => new URL(one.url).pathname));
  }
  return found;
}"""
COLOUR = "it => getComputedStyle(it).backgroundColor"
TRANSPARENT = "rgba(0, 0, 0, 0)"
YESTERDAY = """async (path) => {
  const cache = await caches.open("convoca-1");
  const copy = await cache.match(path, { ignoreVary: true });
  const headers = new Headers(copy.headers);
  headers.set("Kept-At", Date.now() - 25 * 3_600_000);
  await cache.put(path, new Response(await copy.text(), { headers }));
}"""


@pytest.fixture
def action(campaign, union):  # noqa: F811
    """A march in Asunción."""
    return make_action(campaign, union)


def kept(page):
    return set(page.evaluate(KEPT))


def pages_kept(page):
    return {path for path in kept(page) if not path.startswith(("/static/", "/ink/"))}


def open_once(page, path):
    """Open a page, and wait until it is kept on the device."""
    page.goto(path)
    wait_until(lambda: path in kept(page))
    wait_until(lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"))


def address(thing, language="en"):
    with translation.override(language):
        return thing.get_absolute_url()


@pytest.mark.parametrize("language", ["es", "ar"])
def test_a_campaign_and_an_action_that_were_opened_once_open_without_net(
    action,
    campaign,  # noqa: F811
    new_page,
    language,
):
    page = new_page(width=360)
    of_campaign, of_action = address(campaign, language), address(action, language)
    open_once(page, of_campaign)
    open_once(page, of_action)
    page.context.set_offline(True)
    for path in (of_campaign, of_action, f"{of_campaign}?from=a-messenger"):
        page.goto("about:blank")
        page.goto(path)
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator(".bars .notice bdi").inner_text().endswith("UTC")
        assert page.locator(".poster").evaluate(COLOUR) != TRANSPARENT
        assert axe(page) == []


def test_the_very_first_page_is_kept_though_it_came_before_the_worker(campaign, new_page):  # noqa: F811
    page = new_page()
    open_once(page, address(campaign))
    page.context.set_offline(True)
    page.reload()
    page.get_by_text("Kept from").wait_for()
    when = page.locator(".bars .notice bdi").inner_text()
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4} at \d\d:\d\d UTC", when)
    page.context.set_offline(False)
    page.reload()
    assert page.get_by_text("Kept from").count() == 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_in_place_of_what_is_not_kept_stands_what_is(action, campaign, new_page, language):  # noqa: F811
    page = new_page(width=360)
    open_once(page, address(action, language))
    wait_until(lambda: f"/{language}/offline/" in kept(page))
    page.context.set_offline(True)
    assert page.goto(address(campaign, language)).status == 503
    assert page.locator("#missing").is_visible()
    assert page.locator("html").get_attribute("lang") == language
    assert axe(page) == []
    page.locator("#kept .rows a").click()
    assert page.url.endswith(address(action, language))
    page.locator(".bars .notice a").click()  # the same list, by its own address
    page.locator("#kept .rows a").wait_for()
    assert page.locator("#missing").is_hidden()


def test_pages_of_a_whole_server_open_without_net_with_all_that_they_are_made_of(open_as):
    page = open_as("stranger", width=360)
    page.goto("/es/")
    page.locator(".poster .title a").first.click()
    page.wait_for_url("**/es/campaigns/**")
    path = page.evaluate("location.pathname")
    open_once(page, path)
    page.context.set_offline(True)
    page.goto(path)
    page.locator(".bars .notice bdi").wait_for()
    parts = "[...document.querySelectorAll('link[rel=stylesheet], script[src]')]"
    wanted = page.evaluate(f"{parts}.map((one) => new URL(one.href || one.src).pathname)")
    assert set(wanted) <= kept(page)
    assert page.locator(".poster").evaluate(COLOUR) != TRANSPARENT
    assert axe(page) == []


def test_what_is_kept_is_deleted_from_its_list(action, new_page):
    page = new_page()
    open_once(page, address(action))
    page.goto("/en/offline/")
    page.locator("#kept .rows a").wait_for()
    assert page.locator("#kept .rows a").inner_text().startswith("March along the river")
    page.get_by_role("button", name="Delete all of it").click()
    page.get_by_text("Nothing is kept on this device yet.").wait_for()
    assert kept(page) == set()
    assert axe(page) == []


def test_without_scripts_nothing_breaks_and_the_list_says_why_it_is_empty(action, new_page):
    page = new_page(scripts=False)
    page.goto(address(action))
    assert page.locator("h1").inner_text() == "March along the river"
    page.get_by_role("link", name="Without a net").click()
    page.get_by_text("On this device nothing is kept").wait_for()


def test_work_screens_private_links_and_personal_answers_are_never_kept(
    action,
    campaign,  # noqa: F811
    ana,
    new_page,
    session_cookie,
):
    stranger = new_page()
    open_once(stranger, address(action))
    for path in (
        f"/en/host/{make_link(action)[1]}/",
        "/en/search/?q=march",
        "/en/work/",
        "/en/account/login/",
        f"/en/actions/{action.code}/share/",
    ):
        stranger.goto(path)
    wait_until(lambda: f"/en/actions/{action.code}/share/" in kept(stranger))
    assert pages_kept(stranger) == {
        address(action), "/en/offline/", f"/en/actions/{action.code}/share/"
    }  # fmt: skip

    member = new_page(cookies=session_cookie(ana))
    for _again in range(2):
        for path in ("/en/work/", address(action), address(campaign)):
            member.goto(path)
            member.evaluate("navigator.serviceWorker.getRegistration()")
    wait_until(lambda: member.evaluate("Boolean(navigator.serviceWorker.controller)"))
    member.goto(address(campaign))
    member.goto("/en/about/")
    assert pages_kept(member) == set()


def test_an_action_that_is_taken_down_leaves_the_device_when_it_is_opened_again(action, new_page):
    page = new_page()
    path = address(action)
    open_once(page, path)
    life.hide(action, why="an address was exposed")
    assert page.goto(path).status == 410
    wait_until(lambda: path not in kept(page))
    page.context.set_offline(True)
    page.goto(path)
    assert "March along the river" not in page.content()


def test_an_action_that_was_taken_down_leaves_the_device_within_a_day_of_reading(
    action,
    campaign,  # noqa: F811
    new_page,
):
    page = new_page()
    path = address(action)
    open_once(page, path)
    life.hide(action, why="an address was exposed")
    page.evaluate(YESTERDAY, path)
    page.goto(address(campaign))
    wait_until(lambda: path not in kept(page))


def test_sixty_pages_are_kept_and_those_opened_longest_ago_go(new_page, action):
    page = new_page()
    open_once(page, address(action))
    page.evaluate(
        """async (count) => {
      const cache = await caches.open("convoca-1");
      for (let number = 0; number < count; number += 1) {
        const headers = { "Content-Type": "text/html", "Kept-At": Date.now(), "Kept-Parts": "",
          "Kept-Opened": number ? Date.now() : 1, "Kept-Title": "" };
        await cache.put(`/en/page-${number}/`, new Response("", { headers }));
      }
    }""",
        60,
    )
    page.goto("/en/about/")
    wait_until(lambda: "/en/about/" in kept(page) and "/en/page-0/" not in kept(page))
    assert len(pages_kept(page) - {"/en/offline/"}) == 60


def test_what_an_earlier_worker_kept_is_thrown_away(action, new_page):
    page = new_page()
    page.goto("/robots.txt")
    page.evaluate("caches.open('convoca-0').then((old) => old.put('/en/', new Response('old')))")
    open_once(page, address(action))
    assert page.evaluate("caches.keys()") == ["convoca-1"]


def test_the_worker_may_be_as_new_as_each_page(client: Client):
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_a_net_that_is_too_slow_brings_the_copy_and_a_server_in_trouble_too(tmp_path, open_on):
    with other_site(tmp_path) as base:
        page = open_on(base)
        open_once(page, "/en/")
        for trouble in ("slow", "503"):
            (tmp_path / trouble).touch()
            assert page.goto("/en/").status == 200, trouble
            assert page.title() == "Hello"
            (tmp_path / trouble).unlink()


def test_where_the_site_has_no_worker_any_more_it_goes_and_takes_all_with_it(tmp_path, open_on):
    with other_site(tmp_path) as base:
        page = open_on(base)
        page.goto("/en/")
        wait_until(lambda: "/en/" in kept(page))
        (tmp_path / "service-worker.js").unlink()
        page.goto("/en/")
        wait_until(lambda: kept(page) == set())
        count = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
        wait_until(lambda: page.evaluate(count) == 0)


@contextmanager
def other_site(folder):
    """A site that has nothing but one page and our worker."""
    words = render_to_string("web/service-worker.js")
    (folder / "service-worker.js").write_text(words, encoding="utf-8")
    (folder / "convoca.js").write_bytes(Path(find("web/convoca.js")).read_bytes())
    (folder / "en").mkdir()
    (folder / "en" / "index.html").write_text(
        "<title>Hello</title><script src='/convoca.js' data-worker='/service-worker.js'></script>"
    )

    class Files(SimpleHTTPRequestHandler):
        def do_GET(self):
            if (folder / "slow").exists() and self.path == "/en/":
                time.sleep(6)
                self.send_error(500)
            elif (folder / "503").exists():
                self.send_error(503)
            else:
                super().do_GET()

        def end_headers(self):
            self.send_header("Cache-Control", "public, max-age=0, must-revalidate")
            super().end_headers()

        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
