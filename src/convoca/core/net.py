"""Safe outgoing HTTP: every request that this server makes on somebody's word goes through here.

A name is resolved once, every address it has is checked, and the connection goes to one of the
checked addresses, with the name kept for Host and TLS. So nobody can use this server to reach
what only this server can reach. Proxies and credentials of the environment are never used.
"""

import ipaddress
import logging
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from queue import Empty, Queue
from time import monotonic
from typing import Any, TypeAlias

import httpx2
from django.conf import settings
from django.utils.translation import gettext as _

from convoca.core.errors import Refusal

MOST_BYTES = 2 * 1024 * 1024
MOST_SECONDS = 10.0
MOST_REDIRECTS = 3
PORTS = frozenset({80, 443, 8080, 8443})
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_QUIET = 5.0
"""Seconds that the other side may say nothing."""

logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log whole addresses

IP: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver: TypeAlias = Callable[[str, int], list[str]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_FORBIDDEN = [
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fec0::/10",
    )
]
"""What some version of Python calls global although nothing public is there."""


class NetError(Refusal):
    """A request that was not made, or got no answer. The message says so in a sentence."""


@dataclass(frozen=True)
class Answer:
    """What came back. Any status is an answer; only what never came is a `NetError`."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


def is_public(address: str) -> bool:
    """Whether an address is on the public internet, also inside any wrapping we know of."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_plainly_public(each) for each in _unwrapped(ip))


def _unwrapped(ip: IP) -> Iterator[IP]:
    """The address itself and every IPv4 address that routers may take out of it."""
    if isinstance(ip, ipaddress.IPv4Address):
        yield ip
        return
    last = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.ipv4_mapped is not None:
        yield ip.ipv4_mapped
    elif ip in _NAT64 or ip in _COMPATIBLE:
        yield last
    elif ip.sixtofour is not None:
        yield ip.sixtofour
    elif ip.teredo is not None:
        yield from ip.teredo
    else:
        yield ip
        if int(ip) >> 32 & 0xFFFFFFFF in {0x00005EFE, 0x02005EFE}:  # ISATAP
            yield last


def _is_plainly_public(ip: IP) -> bool:
    if ip.is_multicast or ip.is_reserved or ip.is_unspecified or not ip.is_global:
        return False
    return not any(ip in block for block in _FORBIDDEN if block.version == ip.version)


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    most_bytes: int = MOST_BYTES,
    seconds: float = MOST_SECONDS,
    redirects: int = MOST_REDIRECTS,
    allowed: Container[str] = (),
    resolver: Resolver = resolve,
    transport: httpx2.BaseTransport | None = None,
) -> Answer:
    """Make one request and return the answer, within the limits of time and size.

    Only http and https on their usual ports; GET and HEAD follow up to `redirects` redirects, each
    checked like the first, never from https to http. `seconds` is for everything together.
    `allowed` names further `address:port` pairs (an operator's own servers, tests). Raises
    `NetError` when no whole answer could be had.
    """
    until = monotonic() + seconds
    sent = {"user-agent": f"Convoca (+{settings.CONFIG.url})", "accept-encoding": "gzip"}
    sent |= {name.lower(): value for name, value in (headers or {}).items()}
    target = _parsed(url)
    for _hop in range(redirects + 1):
        addresses = _checked(target, allowed, resolver, until)
        answer = _ask(method, target, addresses, sent, content, most_bytes, until, transport)
        place = answer.headers.get("location")
        if answer.status not in _REDIRECTING or not place:
            return answer
        if method not in {"GET", "HEAD"} or redirects == 0:
            return answer
        following = _parsed(str(target.join(place)))
        if target.scheme == "https" and following.scheme == "http":
            raise NetError("net-downgrade", _("The address leads from https to plain http."))
        if _origin(following) != _origin(target):
            sent = {k: v for k, v in sent.items() if k not in {"authorization", "cookie"}}
        target = following
    raise NetError("net-redirects", _("The address leads on and on without arriving."))


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, _port(url)


def _port(url: httpx2.URL) -> int:
    return url.port or {"http": 80, "https": 443}[url.scheme]


def _parsed(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url)
        host = parsed.raw_host.decode("ascii")
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise NetError("net-address", _("This is not an address of the web.")) from error
    if parsed.scheme not in {"http", "https"} or not host:
        raise NetError("net-address", _("Only addresses with http:// or https:// can be asked."))
    if parsed.userinfo:
        raise NetError("net-address", _("An address with a name or password cannot be asked."))
    return parsed


def _checked(
    url: httpx2.URL, allowed: Container[str], resolver: Resolver, until: float
) -> list[str]:
    """The addresses behind the name, all of which must be public (or allowed by name)."""
    host, port = url.raw_host.decode("ascii").strip("[]"), _port(url)
    addresses = _in_time(lambda: resolver(host, port), until)
    if not addresses:
        raise _no_such_host(host)
    strange = [one for one in addresses if f"{one}:{port}" not in allowed]
    if strange and port not in PORTS:
        raise NetError("net-port", _("Port %(port)s is not one that is asked.") % {"port": port})
    if not all(is_public(one) for one in strange):
        raise NetError(
            "net-private",
            _("%(host)s is not on the public internet, so it is not asked.") % {"host": host},
        )
    return addresses


def _in_time(ask: Callable[[], list[str]], until: float) -> list[str]:
    """Looking up a name has no time limit of its own, so it is left behind when it takes long."""
    answers: Queue[list[str]] = Queue()

    def look_up() -> None:
        try:
            answers.put(ask())
        except (OSError, UnicodeError):
            answers.put([])

    threading.Thread(target=look_up, daemon=True).start()
    try:
        return answers.get(timeout=max(0.0, until - monotonic()))
    except Empty:
        raise _too_slow() from None


def _no_such_host(host: str) -> NetError:
    return NetError(
        "net-no-such-host", _("There is no server with the name %(host)s.") % {"host": host}
    )


def _too_slow() -> NetError:
    return NetError("net-timeout", _("The other server did not answer in time."))


def _ask(
    method: str,
    url: httpx2.URL,
    addresses: list[str],
    headers: Mapping[str, str],
    content: bytes | None,
    most_bytes: int,
    until: float,
    transport: httpx2.BaseTransport | None,
) -> Answer:
    """One request to the first of the checked addresses that takes the connection."""
    for address in addresses[:4]:
        try:
            with _Watch(until) as watch:
                return _exchange(
                    method, url, address, headers, content, most_bytes, watch, transport
                )
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            if monotonic() >= until:
                raise _too_slow() from error
            if "certificate" in str(error).lower() or "ssl" in str(error).lower():
                raise NetError(
                    "net-tls",
                    _("%(host)s could not prove who it is (TLS).") % {"host": url.host},
                ) from error
        except httpx2.TimeoutException as error:
            raise _too_slow() from error
        except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
            if monotonic() >= until:
                raise _too_slow() from error
            raise NetError(
                "net-broken", _("The answer of %(host)s broke off.") % {"host": url.host}
            ) from error
    raise NetError("net-unreachable", _("%(host)s does not take connections.") % {"host": url.host})


def _exchange(
    method: str,
    url: httpx2.URL,
    address: str,
    headers: Mapping[str, str],
    content: bytes | None,
    most_bytes: int,
    watch: "_Watch",
    transport: httpx2.BaseTransport | None,
) -> Answer:
    name = url.raw_host.decode("ascii")
    quiet = min(_QUIET, max(0.1, watch.until - monotonic()))
    with httpx2.Client(
        transport=transport or httpx2.HTTPTransport(verify=_tls(), trust_env=False),
        trust_env=False,
        timeout=quiet,
        follow_redirects=False,
    ) as client:
        request = client.build_request(
            method,
            url.copy_with(host=address),
            headers={**headers, "host": url.netloc.decode("ascii")},
            content=content,
            extensions={"sni_hostname": name.strip("[]"), "trace": watch.note},
        )
        response = client.send(request, stream=True)
        with _closing(response):
            has_body = method != "HEAD" and response.status_code not in _REDIRECTING
            body = _body(response, most_bytes, watch) if has_body else b""
    return Answer(response.status_code, dict(response.headers), body, str(url))


@contextmanager
def _closing(response: httpx2.Response) -> Iterator[None]:
    try:
        yield
    finally:
        response.close()


def _body(response: httpx2.Response, most_bytes: int, watch: "_Watch") -> bytes:
    """The content, unpacked; never more of it in memory than was allowed."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "x-gzip"}:
        raise NetError("net-encoding", _("The answer came in a packing that was not asked for."))
    unpack = zlib.decompressobj(wbits=47) if "gzip" in encoding else None
    body = bytearray()
    for chunk in response.iter_raw():
        if monotonic() >= watch.until:
            raise _too_slow()
        try:
            body += unpack.decompress(chunk, most_bytes + 1 - len(body)) if unpack else chunk
        except zlib.error as error:
            raise NetError("net-encoding", _("The answer is damaged.")) from error
        if len(body) > most_bytes:
            raise NetError("net-too-large", _("The answer is larger than was allowed."))
    if monotonic() >= watch.until:  # a connection that was cut looks like an end
        raise _too_slow()
    if unpack and body and not unpack.eof:
        raise NetError("net-encoding", _("The answer is damaged."))
    return bytes(body)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Watch:
    """Cuts the connection when the time is over, even in the middle of a slow head or handshake.

    Time limits of the library hold for one reading each; a server that sends a byte a second
    would pass them for ever.
    """

    def __init__(self, until: float) -> None:
        self.until = until
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(max(0.0, until - monotonic()), self._cut)
        self._timer.daemon = True

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Told by the library what it does; we keep a second handle of the connection."""
        if event == "connection.connect_tcp.complete":
            connection = info["return_value"].get_extra_info("socket")
            self._sockets.append(connection.dup())

    def _cut(self) -> None:
        for connection in self._sockets:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "_Watch":
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        for connection in self._sockets:
            connection.close()
