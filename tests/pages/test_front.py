"""The front: kept pages without Django, one drawing for many, whole requests and answers."""

import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest

from tests.cli.conftest import wait_until
from tests.pages.fronting import Reply, RunningFront

PAGE = b"<p>" + b"kept words " * 400
OLD, NEW = b"old " * 300, b"new " * 300


@pytest.fixture
def front(tmp_path):
    running = RunningFront(tmp_path)
    yield running
    running.end()


# -- kept pages


def test_a_kept_page_is_answered_without_django_in_the_form_that_is_accepted(front):
    front.keep("/en/a/", PAGE, site=1)
    plain, packed, small = (
        front.ask("/en/a/", accept_encoding=accepted)
        for accepted in ("identity", "gzip, deflate", "gzip, deflate, br")
    )

    assert plain.body == gzip.decompress(packed.body) == brotli.decompress(small.body) == PAGE
    assert [one.headers.get("content-encoding") for one in (plain, packed, small)] == [
        None,
        "gzip",
        "br",
    ]
    assert len({one.headers["etag"] for one in (plain, packed, small)}) == 3
    assert {one.headers["vary"] for one in (plain, packed, small)} == {"Accept-Encoding"}
    assert front.django.said == []


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", None),
        ("*", "br"),
        ("gzip;q=nonsense, br;q=-1", None),
        ("BR", "br"),
        (";;;,,,\t,=", None),
        ("x" * 3000, None),
    ],
)
def test_accept_encoding_may_be_anything(front, accepted, encoding):
    front.keep("/en/a/", PAGE, site=1)
    answer = front.ask("/en/a/", accept_encoding=accepted)
    assert (answer.status, answer.headers.get("content-encoding")) == (200, encoding)


def test_who_has_the_page_is_told_so_and_garbage_is_no_condition(front):
    front.keep("/en/a/", PAGE, site=1)
    etag = front.ask("/en/a/", accept_encoding="gzip").headers["etag"]
    for condition in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = front.ask("/en/a/", accept_encoding="gzip", if_none_match=condition)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"].strip('"').startswith(etag.strip('"')[:24])
    for condition in ('"other"', "garbage", '"""', etag.strip('"'), ",,,", "\xff" * 50):
        assert front.ask("/en/a/", if_none_match=condition).status == 200


def test_head_has_the_length_and_no_body(front):
    front.keep("/en/a/", PAGE, site=1)
    answer = front.ask("/en/a/", "HEAD", accept_encoding="gzip")
    assert (answer.status, answer.body) == (200, b"")
    whole = front.ask("/en/a/", accept_encoding="gzip")
    assert answer.headers["content-length"] == str(len(whole.body))


def test_what_a_page_does_not_read_of_a_query_makes_no_page_of_its_own(front):
    front.keep("/en/a/", PAGE, site=1)
    front.keep("/en/a/?country=CL&page=2", b"second " * 100, site=1)
    for query in ("?fbclid=12345", "?utm_source=x&utm_medium=y", "?", "?page=", "?%00=%ff&;&&"):
        assert front.ask(f"/en/a/{query}").body == PAGE
    for query in ("?page=2&country=CL", "?country=CL&x=1&page=2&y"):
        assert front.ask(f"/en/a/{query}").body.startswith(b"second")
    assert front.django.said == []


def test_what_is_asked_for_oneself_is_asked_of_django(front):
    front.keep("/en/a/", PAGE, site=1)
    assert front.ask("/en/a/?q=rivers").body == b"from Django"
    assert front.django.said[0].target == "/en/a/?q=rivers"


def test_who_is_signed_in_gets_djangos_answer(front):
    front.keep("/en/a/", PAGE, site=1)
    answer = front.ask("/en/a/", cookie="theme=dark; sessionid=abc")
    assert answer.body == b"from Django"
    assert front.django.said[0].headers["cookie"] == "theme=dark; sessionid=abc"
    assert front.ask("/en/a/", cookie="theme=dark").body == PAGE


def test_cookies_of_who_is_not_signed_in_reach_what_is_no_kept_page(front):
    front.ask("/en/account/login/", cookie="csrftoken=abc")
    assert front.django.said[0].headers["cookie"] == "csrftoken=abc"


def test_other_names_of_the_site_are_djangos(front):
    front.keep("/en/a/", PAGE, site=1)
    assert front.ask("/en/a/", Host="evil.example").body == b"from Django"
    assert front.ask("/en/a/", Host=f"LOCALHOST:{front.port}").body == PAGE


# -- pages that are old, missing, failing


def test_the_first_who_finds_a_page_old_waits_for_the_new_one(front):
    front.keep("/en/a/", OLD, site=1)
    front.django.replies["/en/a/"] = Reply(body=NEW, kept={"site": 2})
    front.change("site", 2)
    assert front.ask("/en/a/").body == NEW
    assert front.ask("/en/a/").body == NEW
    assert front.django.counts["/en/a/"] == 1


def test_the_others_get_the_old_page_meanwhile(front):
    front.keep("/en/a/", OLD, site=1)
    front.django.replies["/en/a/"] = Reply(body=NEW, kept={"site": 2}, wait=0.8)
    front.change("site", 2)
    with ThreadPoolExecutor(30) as readers:
        bodies = list(readers.map(lambda _n: front.ask("/en/a/").body, range(30)))
    assert (bodies.count(NEW), bodies.count(OLD)) == (1, 29)
    assert front.django.counts["/en/a/"] == 1


def test_nobody_waits_longer_than_a_moment_and_stewards_see_what_waits(front):
    front.keep("/en/a/", OLD, site=1)
    front.django.replies["/en/a/"] = Reply(body=NEW, kept={"site": 2}, wait=5)
    front.change("site", 2)
    begun = time.monotonic()
    assert front.ask("/en/a/").body == OLD
    assert time.monotonic() - begun > 1.0
    wait_until(front.store.waiting)
    assert [key for key, _since in front.store.waiting()] == [f"{front.base}/en/a/"]
    wait_until(lambda: front.store.waiting() == [])
    assert front.ask("/en/a/").body == NEW


def test_a_thousand_at_once_make_one_drawing_of_a_missing_page(front):
    front.django.replies["/en/a/"] = Reply(body=NEW, kept={"site": 1}, wait=1.5)
    with ThreadPoolExecutor(250) as readers:
        bodies = list(readers.map(lambda _n: front.ask("/en/a/").body, range(250)))
    assert set(bodies) == {NEW}
    assert front.django.counts["/en/a/"] == 1


def test_unknown_queries_of_a_missing_page_do_not_fill_the_store(front):
    front.store.tell_names(f"{front.base}/en/a/", ("page", ""))
    front.django.replies["/en/a/?a=1"] = Reply(body=NEW, kept={}, headers={"As": "/en/a/"})
    assert front.ask("/en/a/?a=1").body == NEW
    for number in range(20):
        assert front.ask(f"/en/a/?b={number}").body == NEW
    assert front.store.size()[0] == 1
    assert len(front.django.said) == 1


def test_a_page_that_cannot_be_drawn_stays_as_it_was_and_is_not_tried_by_everyone(front):
    front.keep("/en/a/", OLD, site=1)
    front.django.replies["/en/a/"] = Reply(status=500, body=b"broken")
    front.change("site", 2)
    assert [front.ask("/en/a/").body for _n in range(5)] == [OLD] * 5
    assert front.django.counts["/en/a/"] == 1


def test_a_page_that_is_gone_is_answered_as_gone(front):
    front.keep("/en/a/", OLD, site=1)
    front.django.replies["/en/a/"] = Reply(status=404, body=b"not here")
    front.change("site", 2)
    assert (front.ask("/en/a/").status, front.ask("/en/b/").status) == (404, 200)


def test_what_was_taken_down_is_shown_to_nobody_even_while_django_is_slow(front):
    front.keep("/en/a/", OLD, site=1)
    front.django.replies["/en/a/"] = Reply(body=NEW, kept={"site": 2}, wait=1.0)
    front.change("site", 2, down=2)
    with ThreadPoolExecutor(20) as readers:
        bodies = list(readers.map(lambda _n: front.ask("/en/a/").body, range(20)))
    assert set(bodies) == {NEW}


def test_an_old_page_is_never_what_waits_for_a_drawing_begun_before_the_take_down(front):
    """The old page is found, its drawing begins, and meanwhile it is taken down."""
    front.keep("/en/a/", OLD, site=1)
    front.django.replies["/en/a/"] = Reply(body=OLD, kept={"site": 2}, wait=0.5)
    front.change("site", 2)
    with ThreadPoolExecutor(1) as reader:
        answer = reader.submit(front.ask, "/en/a/")
        time.sleep(0.2)
        front.change("site", 3, down=3)
        front.django.replies["/en/a/"] = Reply(body=NEW, kept={"site": 3})
        # the drawing that is under way is refused by the store; Django draws it once more
    assert answer.result().body == NEW


# -- Django away


def test_pages_go_on_while_django_is_away_and_forms_are_given_back(front):
    front.keep("/en/a/", OLD, site=1)
    front.django.stop()
    front.change("site", 2)
    assert front.ask("/en/a/").body == OLD
    assert front.ask("/en/a/", cookie="sessionid=abc", timeout=40).body == OLD
    form = front.ask(
        "/es/actions/",
        "POST",
        b"name=Ana+%3Cb%3E&csrfmiddlewaretoken=secret&note=two%0Alines",
        timeout=40,
        content_type="application/x-www-form-urlencoded",
    )
    page = form.body.decode()
    assert (form.status, form.headers["retry-after"]) == (503, "30")
    assert '<html lang="es" dir="ltr">' in page
    assert "Ana &lt;b&gt;" in page
    assert "two\nlines" in page
    assert "secret" not in page
    unread = front.ask("/es/never-read/", timeout=40)
    assert unread.status == 503
    assert "Esta página no se puede mostrar en este momento" in unread.body.decode()
    assert "typed" not in unread.body.decode()


def test_a_form_of_parts_is_given_back_without_its_files(front):
    front.django.stop()
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nMarcha \xc3\xb1\r\n'
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename="p.png"\r\n'
        b"Content-Type: image/png\r\n\r\n\x89PNG\x00\r\n--x--\r\n"
    )
    kind = "multipart/form-data; boundary=x"
    page = front.ask("/ar/x/", "POST", parts, timeout=40, content_type=kind).body.decode()
    assert 'dir="rtl"' in page
    assert "Marcha ñ" in page
    assert "PNG" not in page


def test_django_is_redialled_while_it_starts_again(front):
    front.django.stop()
    threading.Timer(2, lambda: front.django.__init__(front.home, front.store, front.base)).start()
    begun = time.monotonic()
    answer = front.ask("/en/x/", "POST", b"a=1", timeout=30)
    assert (answer.status, answer.body) == (200, b"from Django")
    assert time.monotonic() - begun > 1.5


def test_reading_is_tried_again_where_the_connection_breaks_and_writing_is_not(front):
    front.django.replies["/en/a/"] = Reply(breaks=True)
    threading.Timer(0.5, lambda: front.django.replies.clear()).start()
    assert front.ask("/en/a/").body == b"from Django"
    front.django.replies["/en/b/"] = Reply(breaks=True)
    sent = front.ask(
        "/en/b/", "POST", b"name=Ana", content_type="application/x-www-form-urlencoded"
    )
    assert sent.status == 503
    assert "may have been taken, or not" in sent.body.decode()
    assert "Ana" in sent.body.decode()
    assert front.django.counts["/en/b/"] == 1


def test_who_connects_while_the_front_is_started_again_waits_and_is_answered(front):
    front.keep("/en/a/", OLD, site=1)
    assert front.ask("/en/a/").body == OLD
    front.kill()
    with ThreadPoolExecutor(20) as readers:
        answers = [readers.submit(front.ask, "/en/a/") for _n in range(20)]
        time.sleep(0.3)
        front.start()
        assert {answer.result().body for answer in answers} == {OLD}


def test_a_store_that_is_broken_or_deleted_is_made_anew_and_readers_are_served(front):
    front.keep("/en/a/", OLD, site=1)
    assert front.ask("/en/a/").body == OLD
    front.store.close()
    front.django.replies["/en/a/"] = Reply(body=NEW, kept={})
    for ending in ("", "-wal", "-shm"):
        (front.home / f"pages.sqlite3{ending}").unlink(missing_ok=True)
    time.sleep(0.3)
    assert front.ask("/en/a/").body == NEW
    assert front.django.counts["/en/a/"] == 1
    assert front.ask("/en/a/").body == NEW
    assert front.django.counts["/en/a/"] == 1
    front.store.close()
    (front.home / "pages.sqlite3").write_bytes(b"not a database" * 1000)
    for ending in ("-wal", "-shm"):
        (front.home / f"pages.sqlite3{ending}").unlink(missing_ok=True)
    time.sleep(0.3)
    assert [front.ask("/en/a/").body for _n in range(3)] == [NEW] * 3


# -- what Django hears


def test_who_asks_is_told_by_the_front_alone(front):
    front.ask(
        "/en/x/",
        "POST",
        b"",
        X_Forwarded_For="6.6.6.6",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="evil.example",
        X_HTTP_Method_Override="DELETE",
        Convoca_Client="6.6.6.6",
        Convoca_Scheme="https",
        Forwarded="for=6.6.6.6",
        X_Real_IP="6.6.6.6",
        X_Original_URL="/work/",
        Transfer_Encoding_X="1",
    )
    heard = front.django.said[0].headers
    assert heard["convoca-client"].startswith("127.0.0.1:")
    assert heard["convoca-scheme"] == "http"
    assert [name for name in heard if name.lower().startswith(("x-", "forwarded"))] == []


def test_names_with_an_underscore_are_dropped(front):
    front.raw(
        b"GET /en/x/ HTTP/1.1\r\nHost: localhost\r\nHTTP_HOST: evil\r\nX_Forwarded_For: 6.6.6.6\r\n"
        b"Convoca_Client: 6.6.6.6\r\nConnection: close\r\n\r\n"
    )
    assert [name for name in front.django.said[0].headers if "_" in name] == []


@pytest.mark.parametrize(
    ("proxies", "told", "scheme", "client", "heard"),
    [
        ("1", "203.0.113.9", "https", "203.0.113.9", "https"),
        ("1", "6.6.6.6, 203.0.113.9", "http", "203.0.113.9", "http"),
        ("2", "6.6.6.6, 203.0.113.9, 10.0.0.2", "https", "203.0.113.9", "https"),
        ("2", "203.0.113.9", "nonsense", "127.0.0.1", "http"),
    ],
)
def test_trusted_proxies_are_believed(tmp_path, proxies, told, scheme, client, heard):
    front = RunningFront(tmp_path, CONVOCA_TRUSTED_PROXIES=proxies)
    try:
        front.ask("/en/x/", X_Forwarded_For=told, X_Forwarded_Proto=scheme)
        said = front.django.said[0].headers
        assert (said["convoca-client"].rpartition(":")[0] or said["convoca-client"]) == client
        assert said["convoca-scheme"] == heard
    finally:
        front.end()


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ("/en//a/", "/en//a/"),
        ("/en/../work/", "/en/../work/"),
        ("/en/%2e%2e/work/", "/en/../work/"),
        ("/en/a%2Fb/", "/en/a/b/"),
        ("/en/%0d%0aSet-Cookie:x=1/", "/en/%0D%0ASet-Cookie:x=1/"),
        ("/en/%00/", "/en/%00/"),
        ("/en/%D9%85/", "/en/%D9%85/"),
        ("/en/a/?x=%0d%0ay&z= ", None),
    ],
)
def test_odd_addresses_reach_django_quoted_and_are_never_kept(front, sent, heard):
    raw = front.raw(
        f"GET {sent} HTTP/1.1\r\nHost: {front.host}\r\nConnection: close\r\n\r\n".encode()
    )
    if heard is None:
        assert raw.startswith(b"HTTP/1.1 400")
    else:
        assert front.django.said[0].target == heard
    assert front.store.size()[0] == 0


def test_an_address_of_eight_kilobytes_is_too_long(front):
    assert front.ask("/en/" + "a" * 9000).status == 414
    assert front.django.said == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND", "X"])
def test_odd_methods_are_refused(front, method):
    answer = front.ask("/en/a/", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert front.django.said == []


def test_a_body_comes_whole_and_with_its_length_even_from_who_sends_it_in_pieces(front):
    sent = (
        f"POST /en/x/ HTTP/1.1\r\nHost: {front.host}\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n"
    )
    assert b"200 OK" in front.raw(sent.encode())
    (said,) = front.django.said
    assert (said.body, said.headers["content-length"]) == (b"a=1&b=2", "7")


def test_more_than_the_server_takes_is_not_read(tmp_path):
    front = RunningFront(tmp_path, CONVOCA_UPLOAD_MAX_MB="1")
    try:
        head = f"POST /en/x/ HTTP/1.1\r\nHost: {front.host}\r\nContent-Length: 99999999999\r\n\r\n"
        assert b"200 OK" in front.raw(head.encode())
        assert front.django.said[0].headers["convoca-too-large"] == "1"
        chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        head = f"POST /en/y/ HTTP/1.1\r\nHost: {front.host}\r\nTransfer-Encoding: chunked\r\n\r\n"
        assert b"200 OK" in front.raw(head.encode() + chunk * 6)
        assert front.django.said[1].headers["convoca-too-large"] == "1"
        assert front.django.said[1].body == b""
    finally:
        front.end()


def test_half_a_form_never_reaches_django(front):
    head = f"POST /en/x/ HTTP/1.1\r\nHost: {front.host}\r\nContent-Length: 100\r\n\r\nonly this"
    front.raw(head.encode(), timeout=0.5)
    time.sleep(0.3)
    assert front.django.said == []


def test_a_large_page_that_is_kept_leaves_no_file_behind(tmp_path):
    folder = tmp_path / "between"
    folder.mkdir()
    front = RunningFront(tmp_path, TMPDIR=str(folder))
    try:
        large = bytes(range(256)) * 5_000
        front.django.replies["/en/a/"] = Reply(body=large, kept={"site": 1})
        assert front.ask("/en/a/").body == large
        wait_until(lambda: list(folder.iterdir()) == [])
    finally:
        front.end()


def test_a_large_answer_comes_whole(front):
    large = bytes(range(256)) * 20_000
    front.django.replies["/media/x.bin"] = Reply(body=large)
    assert front.ask("/media/x.bin").body == large


# -- the door and the files


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("es-CL,es;q=0.9,en;q=0.8", "es"),
        ("de,fr;q=0.5", "fr"),
        ("ar;q=0", "en"),
        ("", "en"),
        ("\xff;q=x", "en"),
        ("pt;q=0.1, es;q=0.9", "es"),
    ],
)
def test_the_door_leads_to_a_language_of_the_network(front, accepted, language):
    front.store.tell("languages", "en,es,fr,ar")
    answer = front.ask("/", accept_language=accepted)
    assert (answer.status, answer.headers["location"]) == (302, f"/{language}/")
    assert answer.headers["vary"] == "Accept-Language"
    assert front.django.said == []


def test_static_files_are_answered_packed_and_for_ever(front):
    folder = front.home / "static" / "web"
    folder.mkdir(parents=True)
    (folder / "a.12345678.css").write_bytes(b"p{}" * 500)
    (folder / "a.12345678.css.gz").write_bytes(gzip.compress(b"p{}" * 500))
    (folder / "a.css").write_bytes(b"p{}" * 500)
    names = front.home / "static" / "staticfiles.json"
    names.write_text('{"paths": {"web/a.css": "web/a.12345678.css"}}')
    hashed = front.ask("/static/web/a.12345678.css", accept_encoding="gzip, br")
    assert (hashed.status, hashed.headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(hashed.body) == b"p{}" * 500
    assert "immutable" in hashed.headers["cache-control"]
    etag = hashed.headers["etag"]
    again = front.ask("/static/web/a.12345678.css", accept_encoding="gzip", if_none_match=etag)
    assert again.status == 304
    named = front.ask("/static/web/a.css")
    assert (named.body, named.headers["cache-control"]) == (b"p{}" * 500, "public, max-age=60")
    assert front.ask("/static/../convoca.toml").body == b"from Django"
    assert front.ask("/static/staticfiles.json.key").body == b"from Django"
