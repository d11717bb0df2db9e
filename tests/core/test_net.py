"""Outgoing requests go to public addresses only, and always come to an end."""

import datetime
import gzip
import socket
import ssl
import threading
import time
from contextlib import contextmanager

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from convoca.core import net

PUBLIC = "93.184.215.14"


def names(**known):
    """A resolver that knows these names, and numbers as the system does."""

    def resolver(host, port):
        if host in known:
            return [known[host]] if isinstance(known[host], str) else known[host]
        return net.resolve(host, port)

    return resolver


def reply(content):
    return httpx2.Response(200, stream=httpx2.ByteStream(content))


def mocked(handler, url="http://ally.example/feed", **options):
    known = names(**{"ally.example": PUBLIC, "inside.example": "10.0.0.7"})
    options = {"resolver": known, "transport": httpx2.MockTransport(handler)} | options
    return net.fetch(url, **options)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "2606:4700::5efe:127.0.0.1",
        "not an address",
    ],
)
def test_what_is_not_on_the_public_internet_is_known_in_every_wrapping(address):
    assert net.is_public(address) is False


@pytest.mark.parametrize(
    "address",
    [PUBLIC, "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1"],
)
def test_what_is_public_stays_public_when_it_is_wrapped(address):
    assert net.is_public(address) is True


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://ally.example/", "net-address"),
        ("file:///etc/passwd", "net-address"),
        ("http://", "net-address"),
        ("nonsense", "net-address"),
        ("http://user:secret@ally.example/", "net-address"),
        ("http://ally.example:22/", "net-port"),
        ("http://inside.example/", "net-private"),
        ("http://localhost/", "net-private"),
        ("http://127.0.0.1/", "net-private"),
        ("http://2130706433/", "net-private"),
        ("http://0x7f.1/", "net-private"),
        ("http://[::1]/", "net-private"),
        ("http://[::ffff:127.0.0.1]/", "net-private"),
    ],
)
def test_what_may_not_be_asked_is_refused_before_any_connection(url, code):
    def never(request):
        raise AssertionError("a connection was made")

    with pytest.raises(net.NetError) as refused:
        mocked(never, url)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(net.NetError) as refused:
        mocked(lambda request: None, resolver=names(**{"ally.example": [PUBLIC, "10.0.0.7"]}))
    assert refused.value.code == "net-private"


def test_a_name_that_nobody_has_is_said_so():
    with pytest.raises(net.NetError) as refused:
        mocked(lambda request: None, resolver=lambda host, port: [])
    assert refused.value.code == "net-no-such-host"


def test_a_name_that_takes_for_ever_to_look_up_is_left():
    with pytest.raises(net.NetError) as refused:
        mocked(lambda request: None, resolver=lambda h, p: time.sleep(3) or [], seconds=0.2)
    assert refused.value.code == "net-timeout"


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111"])
def test_the_connection_goes_to_the_checked_address_with_the_name_kept(address):
    seen = []

    def handler(request):
        seen.append(request)
        return reply(b"good")

    answer = mocked(
        handler,
        "https://ally.example:8443/feed?q=1",
        resolver=names(**{"ally.example": address}),
        headers={"Accept": "application/json"},
    )

    assert (answer.status, answer.content, answer.is_good) == (200, b"good", True)
    assert answer.url == "https://ally.example:8443/feed?q=1"
    (request,) = seen
    assert request.url.host == address
    assert request.url.raw_path == b"/feed?q=1"
    assert request.headers["host"] == "ally.example:8443"
    assert request.extensions["sni_hostname"] == "ally.example"
    assert request.headers["accept"] == "application/json"
    assert "cookie" not in request.headers


def redirecting(*places):
    """A server that sends from one place to the next, then answers."""
    rest = list(places)

    def handler(request):
        if rest:
            return httpx2.Response(302, headers={"location": rest.pop(0)})
        return reply(request.headers.get("authorization", "none").encode())

    return handler


def test_three_redirects_are_followed_and_four_are_not():
    assert mocked(redirecting("/a", "/b", "/c")).url == "http://ally.example/c"
    with pytest.raises(net.NetError) as refused:
        mocked(redirecting("/a", "/b", "/c", "/d"))
    assert refused.value.code == "net-redirects"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("http://inside.example/", "net-private"),
        ("http://169.254.169.254/latest/meta-data", "net-private"),
        ("//[::1]/", "net-private"),
        ("file:///etc/passwd", "net-address"),
        ("http://ally.example:25/", "net-port"),
    ],
)
def test_every_redirect_is_checked_like_the_first_address(place, code):
    with pytest.raises(net.NetError) as refused:
        mocked(redirecting(place))
    assert refused.value.code == code


def test_a_redirect_from_https_to_http_is_refused():
    with pytest.raises(net.NetError) as refused:
        mocked(redirecting("http://ally.example/"), "https://ally.example/")
    assert refused.value.code == "net-downgrade"


def test_a_secret_is_not_carried_to_another_host():
    known = names(**{"ally.example": PUBLIC, "other.example": "1.1.1.1"})
    secret = {"Authorization": "secret"}
    there = mocked(redirecting("http://other.example/"), headers=secret, resolver=known)
    assert there.content == b"none"
    assert mocked(redirecting("/same"), headers=secret).content == b"secret"


def test_what_is_sent_is_never_sent_on():
    assert mocked(redirecting("/a"), method="POST", content=b"x").status == 302


# Against servers of flesh and blood


@contextmanager
def serving(reply, context=None):
    """A server that gives `reply(connection)` to whoever calls; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def work():
        while not ended.is_set():
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            try:
                if context:
                    connection = context.wrap_socket(connection, server_side=True)
                connection.settimeout(5)
                connection.recv(65536)
                reply(connection)
            except OSError:
                pass
            finally:
                connection.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=6)


def ask(port, scheme="http", **options):
    return net.fetch(
        f"{scheme}://ally.example:{port}/",
        resolver=names(**{"ally.example": "127.0.0.1"}),
        allowed={f"127.0.0.1:{port}"},
        **options,
    )


def refusal(port, **options):
    begun = time.monotonic()
    with pytest.raises(net.NetError) as refused:
        ask(port, **options)
    return refused.value.code, time.monotonic() - begun


def drip(head, piece=b"x"):
    def reply(connection):
        connection.sendall(head)
        for _ in range(100):
            connection.sendall(piece)
            time.sleep(0.05)

    return reply


def test_an_address_that_is_allowed_by_name_is_asked():
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
    with serving(lambda connection: connection.sendall(head)) as port:
        answer = ask(port)
    assert (answer.status, answer.content) == (200, b"hello")
    assert answer.headers["content-type"] == "text/plain"


@pytest.mark.parametrize(
    "reply",
    [
        lambda connection: time.sleep(2),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n"),
    ],
    ids=["silent", "slow head", "slow body", "slow body without end"],
)
def test_a_server_that_is_silent_or_drips_is_left_when_the_time_is_over(reply):
    with serving(reply) as port:
        code, took = refusal(port, seconds=0.5)
    assert code == "net-timeout"
    assert took < 60


def test_an_answer_over_the_limit_is_cut():
    def endless(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serving(endless) as port:
        assert refusal(port, most_bytes=200_000)[0] == "net-too-large"


def test_a_packed_answer_is_unpacked_within_the_limit():
    small, bomb = gzip.compress(b"hello"), gzip.compress(bytes(50_000_000))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    with serving(lambda c: c.sendall(head % len(small) + small)) as port:
        assert ask(port).content == b"hello"
    with serving(lambda c: c.sendall(head % len(bomb) + bomb)) as port:
        assert refusal(port, most_bytes=200_000)[0] == "net-too-large"
    with serving(lambda c: c.sendall(head % 4 + b"oops")) as port:
        assert refusal(port)[0] == "net-encoding"
    with serving(lambda c: c.sendall(head.replace(b"gzip", b"br") % 4 + b"oops")) as port:
        assert refusal(port)[0] == "net-encoding"


def test_an_answer_that_breaks_off_or_is_no_http_is_said_so():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"
    with serving(lambda c: c.sendall(head)) as port:
        assert refusal(port)[0] == "net-broken"
    with serving(lambda c: c.sendall(b"220 mail.example ESMTP\r\n")) as port:
        assert refusal(port)[0] == "net-broken"


def test_where_nobody_listens_is_said_so():
    with serving(lambda c: None) as port:
        pass
    assert refusal(port)[0] == "net-unreachable"


def certificate(name, folder):
    """A key and a certificate that vouches for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = folder / "server.pem"
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return pem


@pytest.mark.parametrize(
    ("name", "is_trusted", "outcome"),
    [
        ("ally.example", True, "200"),
        ("other.example", True, "net-tls"),
        ("ally.example", False, "net-tls"),
    ],
)
def test_a_server_must_prove_the_name_and_not_the_number(
    monkeypatch, tmp_path, name, is_trusted, outcome
):
    pem = certificate(name, tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    if is_trusted:
        ours = ssl.create_default_context(cafile=str(pem))
        monkeypatch.setattr(net, "_tls", lambda: ours)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with serving(lambda c: c.sendall(head), context) as port:
        try:
            found = str(ask(port, scheme="https").status)
        except net.NetError as error:
            found = error.code
    assert found == outcome


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(lambda c: c.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")) as port:
        assert ask(port).status == 204
