"""The read road through a whole server: the same bytes for everyone, whatever breaks behind it."""

import os
import re
import signal
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.serving import load_sample, prepare, serving
from tests.cli.conftest import seed, wait_until
from tests.cli.test_serve import processes_of

pytestmark = pytest.mark.slow

ODD = [
    {"Accept-Language": "ar, es;q=0.5"},
    {"Accept-Language": "tlh;q=garbage,,;"},
    {"Cookie": "theme=dark; _ga=GA1.2.3"},
    {"Cookie": "sessionid=nobodys-session-key-at-all-00000000"},
    {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    },
    {"X-HTTP-Method-Override": "POST", "HX-Request": "true", "Referer": "https://evil.example/"},
    {"Authorization": "Basic cm9zYTpyb3Nh", "User-Agent": "x" * 2000, "DNT": "1"},
    {"Accept": "application/json", "Range": "bytes=0-10", "If-Match": '"x"'},
    {"Via": "1.1 proxy", "Cache-Control": "no-cache", "Pragma": "no-cache"},
]


class Site:
    """The sample network behind a whole server."""

    def __init__(self, installation):
        self.installation = installation
        self.at = urlsplit(installation.url)

    def ask(self, path, method="GET", **headers):
        talk = HTTPConnection(self.at.hostname, self.at.port, timeout=40)
        try:
            talk.request(method, path, headers={"Host": self.at.netloc, **headers})
            answer = talk.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read()
        finally:
            talk.close()

    def pages(self, language):
        """The paths of the sitemap in one language."""
        listed = self.ask("/sitemap.xml")[2].decode()
        every = [urlsplit(one).path for one in re.findall("<loc>([^<]*)</loc>", listed)]
        return [path for path in every if path.startswith(f"/{language}/")]

    def change(self, words):
        """Another process gives the network another name."""
        self.installation.python(
            "from convoca.network.models import Network\n"
            f"found = Network.load(); found.names['en'] = '{words}'; found.save()"
        )


@pytest.fixture(scope="module")
def site(made_home, tmp_path_factory):
    installation = prepare(tmp_path_factory.mktemp("road"), CONVOCA_DEMO="1")
    seed(installation.home, made_home)
    load_sample(installation)
    with serving(installation):
        yield Site(installation)


def test_a_strangers_page_never_changes_whoever_else_asks_and_however(site):
    paths = site.pages("es")
    assert len(paths) > 40
    roles = list(site.installation.sessions.items())
    for number, path in enumerate(paths):
        status, first, body = site.ask(path)
        assert (status, "set-cookie" in first, "no-store" in first["cache-control"]) == (
            200,
            False,
            False,
        ), path
        for headers in ODD:
            status, found, again = site.ask(path, **headers)
            assert (status, again == body, "set-cookie" in found) == (200, True, False), path
        for role, key in roles if number % 6 == 0 else [roles[number % len(roles)]]:
            status, found, theirs = site.ask(path, Cookie=f"sessionid={key}")
            assert (status, theirs == body) == (200, True), (path, role)
            assert found["cache-control"] == "no-store"
        assert site.ask(path)[2] == body, path


def test_what_another_process_changes_the_next_reader_sees(site):
    assert "Rivers and Ports" not in site.ask("/en/about/")[2].decode()
    site.change("Rivers and Ports")
    assert "Rivers and Ports" in site.ask("/en/about/")[2].decode()


def test_the_store_and_the_log_name_nobody_who_is_signed_in(site):
    folder = site.installation.home
    kept = b"".join(path.read_bytes() for path in folder.glob("pages.sqlite3*"))
    log = (folder.parent / "serve.log").read_bytes()
    for key in site.installation.sessions.values():
        assert key.encode() not in kept + log


def test_readers_see_no_error_and_no_half_page_while_each_process_gets_kill_9(site):
    """A connection that is cut is tried once more, as every browser does."""
    path = "/en/about/"
    whole = site.ask(path)[2]
    ended, wrong, cut, read = threading.Event(), [], [], []

    def reader():
        while not ended.is_set():
            for is_last in (False, True):
                try:
                    status, _headers, body = site.ask(path)
                except (OSError, HTTPException) as error:
                    (wrong if is_last else cut).append(repr(error))
                    continue
                (read if (status, body) == (200, whole) else wrong).append(status)
                break

    readers = [threading.Thread(target=reader) for _number in range(6)]
    for one in readers:
        one.start()
    home = site.installation.home
    supervisor = min(processes_of(home), key=lambda pid: Path(f"/proc/{pid}").stat().st_ctime)
    try:
        for pid in sorted(set(processes_of(home)) - {supervisor}):
            if pid in processes_of(home):
                os.kill(pid, signal.SIGKILL)
                time.sleep(1.5)
        time.sleep(4)
    finally:
        ended.set()
        for one in readers:
            one.join()
    assert wrong == []
    assert len(read) > 200
    wait_until(lambda: site.ask("/en/work/")[0] == 302)
