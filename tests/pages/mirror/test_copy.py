"""A copy of the public site is complete and bounded, has no forms and tells nobody's name."""

import functools
import http.server
import json
import posixpath
import threading
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction

from convoca.pages.mirror import site
from convoca.pages.mirror.manifest import public_words
from tests import world
from tests.pages.mirror.conftest import KEY, ORIGIN, Copy
from tests.pages.mirror.reading import Page, pages_of
from tests.world import HUSH

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def first(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of a world in which everything occurs once. Nobody changes it."""
    with django_db_blocker.unblock(), transaction.atomic():
        home = tmp_path_factory.mktemp("mirror")
        copy = Copy(folder=home / "copy", home=home, world=world.build())
        copy.report = copy.refresh()
        yield copy
        transaction.set_rollback(True)


def test_the_whole_sitemap_is_there_but_for_what_is_only_a_form(first):
    files = first.files()
    for path in site.site().addresses():
        is_there = f"{path[1:]}index.html" in files
        assert is_there == (path.split("/")[-2] not in {"near", "offline"}), path
    assert first.report.failed == []
    assert first.problems() == []


def test_every_link_leads_to_a_file_of_the_copy_or_to_the_site_or_away(first):
    files = first.files()
    for path, page in pages_of(files).items():
        for link in page.links:
            url = urlsplit(link)
            if url.scheme or not url.path:
                continue
            assert not link.startswith("/"), (path, link)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), url.path))
            assert target in files, (path, link)


def test_nothing_can_be_sent_from_a_copy(first):
    assert {path for path, page in pages_of(first.files()).items() if page.forms} == set()


@contextmanager
def served(folder: Path):
    """The folder's parent, over HTTP."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    handler.log_message = lambda *args: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_can_be_walked_link_by_link_under_any_path_of_another_server(
    first, tmp_path, monkeypatch
):
    monkeypatch.setattr(http.server.SimpleHTTPRequestHandler, "log_message", lambda *args: None)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").symlink_to(first.folder)
    files = first.files()
    with served(tmp_path) as server:
        waiting, seen = [f"{server}/a/b/index.html"], set()
        while waiting:
            address = waiting.pop()
            with urllib.request.urlopen(address) as answer:  # noqa: S310  our own server
                body = answer.read()
            assert body == files[urlsplit(address).path.removeprefix("/a/b/")]
            if not address.endswith(".html"):
                continue
            for link in Page(body.decode()).links:
                target = urljoin(address, link).partition("#")[0]
                if target.startswith(server) and target not in seen:
                    assert target.startswith(f"{server}/a/b/")
                    seen.add(target)
                    waiting.append(target)
    reached = {urlsplit(one).path.removeprefix("/a/b/") for one in seen}
    own = first.world.action.get_absolute_url()[4:]
    assert {f"{tag}/{own}index.html" for tag in ("en", "es", "fr", "ar")} <= reached
    assert len(reached) > len(files) / 2


def test_what_says_which_page_it_is_stays_the_sites_own(first):
    path = first.world.action.get_absolute_url()
    page = first.text(f"{path[1:]}index.html")
    assert f'<link rel="canonical" href="{ORIGIN}{path}">' in page
    assert f'<link rel="alternate" hreflang="fr" href="{ORIGIN}/fr/' in page
    assert f'<meta property="og:image" content="{ORIGIN}/' in page


def test_an_address_without_a_language_lets_one_choose(first):
    action = first.world.action
    page = Page(first.text(f"actions/{action.code}/index.html"))
    own = f"actions/{action.code}/{action.slug()}/index.html"
    assert page.links == [f"../../{tag}/{own}" for tag in ("en", "es", "fr", "ar")]
    assert Page(first.text("index.html")).links[-4:] == [
        f"{tag}/index.html" for tag in ("en", "es", "fr", "ar")
    ]


def test_lists_that_have_no_end_are_left_to_the_site(first):
    paths = list(first.files())
    assert [path for path in paths if "/in/" in path and "/actions/in/" not in path] == [
        path for path in paths if "/campaigns/" in path and "/in/" in path
    ]
    asked = {part for path in paths for part in posixpath.basename(path).split(".")[1:-1]}
    asked = {one.partition("-")[0] for one in asked if "-" in one}
    assert asked <= {"page", "month", "when"}


def test_nobodys_name_and_no_token_stands_in_a_copy(first):
    world = first.world
    tokens = [
        *(world.host_token, world.draft_token, world.sign_up_token, world.sign_up_proof),
        *(world.held_token, world.other_token),
    ]
    kept = b"".join(path.read_bytes() for path in (first.home / "mirrors").iterdir())
    for path, body in [*first.files().items(), ("state", kept)]:
        words = f"{path} {body.decode('latin-1')}".casefold()
        assert HUSH not in words, path
        assert [token for token in tokens if token.casefold() in words] == [], path


def test_the_list_names_the_site_the_key_and_the_time(first):
    told = json.loads((first.folder / "manifest.json").read_bytes())
    assert list(told) == [
        *("format", "format_version", "origin", "base", "made_at", "sequence", "key"),
        *("revoked", "files"),
    ]
    assert told["origin"] == ORIGIN
    assert told["key"] == public_words(KEY)
    assert told["sequence"] == 1
    assert (first.folder / "manifest.sig").stat().st_size == 64
