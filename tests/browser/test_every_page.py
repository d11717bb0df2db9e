"""Every page of the sample network, as everyone who may open it: nothing runs off the side, axe
finds nothing, nothing is asked of another host, and what a reader needs is there without scripts.
"""

import json
import re
import shutil
import tempfile
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from convoca.web.sample.actions import DEMO_LINK
from tests.browser.conftest import axe
from tests.browser.serving import prepare, serving

pytestmark = pytest.mark.browser

STRANGER = "stranger"
WHO = [STRANGER, "rosa", "wanjiru", "tomas", "nadia", "mireia", "sofia"]
HREF = re.compile(r'href="([^"#]+)')
FACTS = """() => ({
  lang: document.documentElement.lang,
  dir: document.documentElement.dir || "ltr",
  h1: document.querySelectorAll("h1").length,
  main: document.querySelectorAll("main").length,
  title: document.title.trim().length,
})"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def crawl(page, start, *, within="/", each=1):
    """Addresses of every kind of page that links lead to from `start`, `each` of one kind."""
    queue, seen, chosen = [start], {start}, {}
    while queue:
        address = queue.pop(0)
        kind = kind_of(address)
        if kind is None or len(chosen.get(kind, ())) >= each:
            continue
        answer = page.request.get(address)
        assert answer.status == 200, f"{address} answers {answer.status}"
        landed = urlsplit(answer.url)
        address = landed.path + (f"?{landed.query}" if landed.query else "")
        kind = kind_of(address)
        is_page = answer.headers["content-type"].startswith("text/html")
        if kind is None or not is_page or len(chosen.get(kind, ())) >= each:
            continue
        chosen.setdefault(kind, []).append(address)
        for href in HREF.findall(answer.text()):
            target = urljoin(address, href.replace("&amp;", "&"))
            if target not in seen and re.match(rf"/[a-z]+{within}", target):
                seen.add(target)
                queue.append(target)
    return [address for addresses in chosen.values() for address in addresses]


def kind_of(address):
    """The name of the page's address, without its query; None for what is no page."""
    path = re.sub(r"^/[a-z]{2}/", "/en/", urlsplit(address).path)  # the language now active
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def look(page, address, *, status=200):
    """Open one page; what is wrong with it, one line each."""
    width = page.viewport_size["width"]
    answer = page.goto(address)
    faults = [] if answer.status == status else [f"answers {answer.status}"]
    facts = page.evaluate(FACTS)
    language = address.split("/")[1]
    tag = address.split("/in/")[1].split("/")[0] if "/in/" in address else language
    if facts["lang"] not in (language, tag):
        faults.append(f"lang={facts['lang']}")
    if (facts["dir"] == "rtl") != (facts["lang"] == "ar"):
        faults.append(f"dir={facts['dir']} for {facts['lang']}")
    faults += [f"{facts[name]} {name}" for name in ("h1", "main") if facts[name] != 1]
    faults += [] if facts["title"] else ["no title"]
    faults += axe(page)
    for narrow in (width, 320):
        page.set_viewport_size({"width": narrow, "height": 900})
        if (wider := page.evaluate(WIDER)) > 0:
            faults.append(f"{wider} px wider than {narrow}")
    page.set_viewport_size({"width": width, "height": 900})
    return [f"{address}: {fault}" for fault in faults]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("en", 1280, False), ("ar", 360, True)],
    ids=["en wide light", "ar narrow dark"],
)
def test_every_page(open_as, who, language, width, dark):
    page = open_as(who, width=width, dark=dark)
    if who == STRANGER:
        addresses = crawl(page, f"/{language}/", each=2)
    else:
        addresses = crawl(page, f"/{language}/work/", within="/(work|account)/")
    faults = [fault for address in addresses for fault in look(page, address)]
    assert faults == []
    assert len(addresses) > 5


PRIVATE = """
import json
from convoca.actions.models import Action, HostLink
from convoca.actions.services import host_links, signups
from convoca.actions.services.letters import link_of, proof_of
host = HostLink.objects.order_by("pk").first()
action = host.action
guest = {"name": "Inés", "people": 2, "sender": "s" * 64, "language": "en"}
sent = signups.sign_up(action, email="asked@every.example", **guest)
here = signups.sign_up(action, email="here@every.example", **guest)
gone = signups.sign_up(action, **{**guest, "name": "Luz"})
signups.confirm(here)
signups.cancel(gone)
facts = {"email": "helps@every.example", "language": "en"}
asked, secret = host_links.make_link(action, role="co-host", **facts)
ended = host_links.make_link(action, is_confirmed=True, **facts)
HostLink.objects.filter(pk=ended[0].pk).update(revoked_at=action.created_at)
print(json.dumps({
    f"host/{secret}/confirm/": 200,
    f"host/{ended[1]}/confirm/": 410,
    f"come/{link_of(sent)}/": 200,
    f"come/{link_of(sent)}/done/": 200,
    f"come/{link_of(sent)}/confirm/{proof_of(sent)}/": 200,
    f"come/{link_of(here)}/": 200,
    f"come/{link_of(here)}/done/": 200,
    f"come/{link_of(gone)}/": 200,
    f"actions/{action.code}/poster/": 200,
    f"actions/{action.code}/cards/": 200,
}))
"""
FOLLOWING = {
    "actions/host/sent/": 200,
    "actions/host/asked/": 200,
    "actions/reported/": 200,
    "actions/near/?q=Soria": 200,
    "actions/near/?q=Zaragoza": 200,
    "actions/near/?q=Qxqzzvv": 422,
    "host/no-such-link/": 404,
    "come/no-such-link/": 404,
}


@pytest.fixture(scope="module")
def private_pages(sample_server):
    """Addresses behind links that only mails hold, with the status that each answers."""
    return json.loads(sample_server.python(PRIVATE).splitlines()[-1])


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("en", 1280, False), ("ar", 360, True)],
    ids=["en wide light", "ar narrow dark"],
)
def test_pages_that_no_public_link_leads_to(open_as, private_pages, language, width, dark):
    page = open_as(STRANGER, width=width, dark=dark)
    hosts = crawl(page, f"/{language}/host/{DEMO_LINK}/", within="/host/")
    assert len(hosts) >= 15
    faults = [fault for address in hosts for fault in look(page, address)]
    for path, status in {**private_pages, **FOLLOWING}.items():
        faults += look(page, f"/{language}/{path}", status=status)
    for framed in ("actions/", "actions/map/"):
        page.goto(f"/{language}/embed/{framed}")
        faults += [f"embed/{framed}: {fault}" for fault in axe(page)]
    assert faults == []


@pytest.fixture(scope="module")
def empty_server(browser):
    """An installation of which `convoca init` is all that has happened, and its link."""
    folder = tempfile.mkdtemp(prefix="convoca-first-run-")
    installation = prepare(folder)
    made = installation.run("init")
    assert made.returncode == 0, made.stderr
    installation.link = re.search(r"http://\S+/first-run/\S+", made.stdout).group()
    with serving(installation):
        yield installation
    shutil.rmtree(folder, ignore_errors=True)


def test_the_first_run_and_the_pages_of_an_empty_network(empty_server, open_on):
    door = urlsplit(empty_server.link).path
    wide = open_on(empty_server.url)
    narrow = open_on(empty_server.url, width=360, dark=True)
    faults = [fault for page, path in [
        (wide, door), (narrow, f"/ar/{door.split('/', 2)[2]}"),
    ] for fault in look(page, path)]  # fmt: skip
    for page, language in ((wide, "en"), (narrow, "ar")):
        faults += [
            fault for address in crawl(page, f"/{language}/") for fault in look(page, address)
        ]
    wide.goto(door)
    wide.get_by_role("button", name="Begin").click()
    wide.wait_for_url("**/en/first-run/")
    faults += look(wide, "/en/first-run/")
    wide.emulate_media(color_scheme="dark")
    wide.set_viewport_size({"width": 360, "height": 900})
    faults += look(wide, "/ar/first-run/")
    wide.locator("button[name=do][value=finish]:not(.unseen)").click()
    wide.locator("#errors").wait_for()
    faults += axe(wide)
    assert faults == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_that_say_no_are_whole_pages(open_as, language):
    stranger, coordinator = open_as(STRANGER, width=360), open_as("wanjiru", width=360)
    faults = look(stranger, f"/{language}/nothing/here/", status=404)
    faults += look(stranger, f"/{language}/campaigns/zzzzzzzz/", status=404)
    faults += look(stranger, f"/{language}/invitation/no-such-secret/", status=404)
    faults += look(coordinator, f"/{language}/work/network/settings/", status=403)
    assert faults == []


def test_pages_read_the_same_without_scripts(open_as):
    page = open_as(STRANGER, width=360, scripts=False)
    for address in crawl(page, "/en/"):
        answer = page.goto(address)
        assert answer.status == 200
        assert page.locator("h1").count() == 1, address
        for opener in page.locator("summary").all():
            assert opener.is_visible(), address
