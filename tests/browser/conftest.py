"""A real browser against a real server. Skipped with a reason where there is no Chromium."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.browser.serving import load_sample, pages_are_right, prepare, serving

playwright = pytest.importorskip("playwright.sync_api")

# Playwright's event loop runs in this thread; Django would refuse database calls beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests. `REQUIRE_BROWSER=1` makes a missing one a failure."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, and there is no Chromium: apt install chromium")
        pytest.skip("there is no Chromium here: apt install chromium")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where a test stops in the browser, say which page each person saw."""
    report = yield
    if report.when == "call" and report.failed:
        for page in getattr(item, "pages_open", []):
            if not page.is_closed():
                seen = page.locator("body").inner_text(timeout=2000)
                report.sections.append((f"on {page.url}", seen[:3000]))
    return report


@pytest.fixture
def open_on(browser, request):
    """Open pages of one server with chosen width, scheme and scripts.

    A page that asks another host for anything, or logs an error, fails its test.
    """
    request.node.pages_open = []
    contexts, faults = [], []

    def open_page(base, *, width=1280, height=900, dark=False, scripts=True, cookies=(), **options):
        context = browser.new_context(
            base_url=base,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            **options,
        )
        if cookies:
            context.add_cookies([{**cookie, "url": base} for cookie in cookies])
        contexts.append(context)
        page = context.new_page()
        request.node.pages_open.append(page)
        page.on("request", lambda asked: faults.extend(_elsewhere(asked.url, base)))
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda line: faults.extend(_complaint(line)))
        page.set_default_timeout(10_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _elsewhere(url, base):
    """Anything that another host was asked for."""
    ours = url.startswith((base, "data:", "blob:", "about:"))
    return [] if ours else [f"asked elsewhere: {url}"]


def _complaint(line):
    """An error in the console, but for those that a status or a cut line brings by itself."""
    is_error = line.type == "error" and not any(words in line.text for words in _CUT)
    return [f"console: {line.text}"] if is_error else []


_CUT = ("Failed to load resource", "Failed to fetch", "error occurred when fetching the script")


@pytest.fixture
def new_page(open_on, live_server, audited_pages):
    """Open pages on the test's own server; relative addresses go to it. What strangers read is kept
    and looked at again at the end.
    """
    base = live_server.url.replace("127.0.0.1", "localhost")
    return lambda **options: open_on(base, **options)


@pytest.fixture
def session_cookie(client):
    """The cookie of a signed-in session, so that a test need not walk through sign-in."""

    def sign_in(person):
        client.force_login(person)
        return [{"name": "sessionid", "value": client.cookies["sessionid"].value}]

    return sign_in


@pytest.fixture(scope="session")
def sample_server(browser):
    """The sample network behind a real server, and a session of each role."""
    folder = tempfile.mkdtemp(prefix="convoca-sample-")
    installation = prepare(folder, CONVOCA_DEMO="1")
    load_sample(installation)
    with serving(installation):
        yield installation
        pages_are_right(installation)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def open_as(sample_server, open_on):
    """A page in the hands of one of the sample's people, or of a stranger."""

    def open_page(who, **options):
        session = sample_server.sessions.get(who)
        cookies = [{"name": "sessionid", "value": session}] if session else ()
        return open_on(sample_server.url, cookies=cookies, **options)

    return open_page


def axe(page):
    """What axe finds on the page as it stands: one line a fault."""
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map("
        "v => [v.id, v.help, ...v.nodes.slice(0, 3).map(n => n.target.join(' '))].join(' · '))"
    )
    return list(found)
