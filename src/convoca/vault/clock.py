"""Whether the clock can be trusted with deleting: a wrong one would end everything at once.

A heartbeat keeps the wall clock beside the machine's own count of seconds since it started, which
nobody can set. Where the two no longer agree by more than a day, nothing is deleted until the
clock is right again or a person says that it is. It stands beside the keys, in no backup.
"""

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal
from convoca.vault.keyring import keyring

MOST = timedelta(hours=24)
EACH = timedelta(minutes=10)
"""How often the tick notes a heartbeat: far oftener than it must."""
_NOTE = "heartbeat"
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class ClockMoved(Refusal):
    """The clock is more than a day away from where it should be: nothing is deleted."""


@dataclass(frozen=True)
class Beat:
    """One moment by both clocks; `boot` names the start of the machine that `up` counts from."""

    wall: float
    up: float
    boot: str

    @classmethod
    def now(cls) -> "Beat":
        counts = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        try:
            boot = _BOOT.read_text(encoding="ascii").strip()
        except OSError:
            boot = ""
        return cls(time.time(), time.clock_gettime(counts), boot)


def last_beat() -> Beat | None:
    """The last time that the clock was trusted; None when it never was looked at."""
    try:
        return Beat(**json.loads(keyring().noted(_NOTE)))
    except (TypeError, ValueError):
        return None


def moved(last: Beat | None, now: Beat) -> timedelta:
    """How far the wall clock has gone more, or less, than time has since `last`.

    After a restart nobody counted, so the whole gap counts as moved.
    """
    if last is None:
        return timedelta(0)
    gone = now.wall - last.wall
    is_same_boot = bool(now.boot) and now.boot == last.boot
    return timedelta(seconds=gone - (now.up - last.up) if is_same_boot else gone)


def trouble() -> str:
    """Why the clock cannot be trusted, and what to do; empty when it can."""
    last, now = last_beat(), Beat.now()
    if last is None or abs(moved(last, now)) <= MOST:
        return ""
    words = _(
        "Nothing is deleted: the clock says %(now)s UTC, and when it was last looked at it said "
        "%(then)s UTC. If it is wrong, set it right. If it is right, because this machine was off "
        "for a while, run on the server: convoca purge --clock-is-right"
    )
    return words % {"now": _written(now), "then": _written(last)}


def _written(beat: Beat) -> str:
    return f"{datetime.fromtimestamp(beat.wall, UTC):%Y-%m-%d %H:%M}"


def beat(*, in_any_case: bool = False) -> None:
    """Note that the clock is as it should be. One that has moved is not noted, so that it stays
    refused, unless a person said that it is right."""
    last, now = last_beat(), Beat.now()
    shift = abs(moved(last, now))
    is_fresh = last is not None and abs(now.wall - last.wall) < EACH.total_seconds()
    if in_any_case or (shift <= MOST and not (is_fresh and last and last.boot == now.boot)):
        keyring().note(_NOTE, json.dumps(asdict(now)))


def insist() -> None:
    """Refuse where the clock has moved; else note the heartbeat."""
    if words := trouble():
        raise ClockMoved("clock-moved", words)
    beat()
