"""How often something may be tried: one upserted row per key and window, exact under threads.

Keys are hashed with the secret key before they are stored, so no address of a visitor and no
mail address can be read from the table. Windows are fixed stretches of time.
"""

import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from convoca.accounts.models import Window
from convoca.core.errors import Refusal
from convoca.core.flush import shared

UNKNOWN = "unknown"


def hit(key: str, limit: int, window: timedelta) -> bool:
    """Count one try of `key` and say whether it is still within `limit` for this `window`.

    Exact however many threads ask at once. Call it outside a transaction that may be rolled back:
    a try that is rolled back was never counted.
    """
    return count(key, window) <= limit


class TooOften(Refusal):
    """Somebody tried something more often than one may; the message says how long to wait."""


def refuse_often(key: str, limit: int, window: timedelta) -> None:
    """Count one try of `key`, and refuse (`too-often`) where it is one too many."""
    if not hit(key, limit, window):
        raise TooOften("too-often", wait_words(window))


def seen(key: str, window: timedelta) -> int:
    """How many tries of `key` this window has counted; looking counts none."""
    number = int(time.time()) // int(window.total_seconds())
    rows = Window.objects.filter(key=keyed(key), number=number)
    return rows.values_list("count", flat=True).first() or 0


def count(key: str, window: timedelta) -> int:
    """Count one try of `key`; answers how many this window has seen, this one included."""
    return shared(lambda: _count(key, int(window.total_seconds())))


def _count(key: str, length: int) -> int:
    number = int(time.time()) // length
    ends_at = datetime.fromtimestamp((number + 1) * length, UTC)
    table = connection.ops.quote_name(Window._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, number, count, ends_at) VALUES (%s, %s, 1, %s) "  # noqa: S608  a table of ours
            f"ON CONFLICT (key, number) DO UPDATE SET count = {table}.count + 1 RETURNING count",
            [keyed(key), number, connection.ops.adapt_datetimefield_value(ends_at)],
        )
        row = cursor.fetchone()
    return int(row[0])


def seconds_left(window: timedelta) -> int:
    """How long until the present window of this length is over."""
    length = int(window.total_seconds())
    return length - int(time.time()) % length


def wait_words(window: timedelta) -> str:
    """A sentence that says to wait, and how long."""
    minutes = max(1, -(-seconds_left(window) // 60))
    words = ngettext(
        "This was tried too often. Wait %(minutes)d minute and try again, please.",
        "This was tried too often. Wait %(minutes)d minutes and try again, please.",
        minutes,
    )
    return words % {"minutes": minutes}


def keyed(text: str) -> str:
    """A hash that only this installation can make."""
    return salted_hmac("convoca.accounts.limits", text, algorithm="sha256").hexdigest()


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, as the front tells it; an IPv6 address by its /64."""
    return _network_of(request.META.get("REMOTE_ADDR", ""))


def client_key(request: HttpRequest) -> str:
    """The keyed hash of where a request comes from."""
    return keyed(f"client {client_address(request)}")


def network_key(request: HttpRequest) -> str:
    """The keyed hash of the network a request comes from, wider than `client_key`: all of an IPv4
    /24 or an IPv6 /48 is one. For what must not count twice, such as reports.
    """
    told = client_address(request)
    try:
        address = ip_address(told)
    except ValueError:
        return keyed(f"network {told}")
    kept = 48 if isinstance(address, IPv6Address) else 24
    return keyed(f"network {ip_network(f'{address}/{kept}', strict=False)}")


def _network_of(told: str) -> str:
    if told.startswith("["):
        told = told[1:].split("]")[0]
    elif told.count(":") == 1:
        told = told.split(":")[0]
    try:
        address = ip_address(told.split("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def sweep() -> int:
    """Delete the rows of windows that are over. Answers how many."""
    now = datetime.now(UTC)
    return Window.objects.filter(ends_at__lt=now).delete()[0]
