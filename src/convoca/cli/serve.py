"""`convoca serve`: look, prepare, then become the supervisor."""

import argparse
import errno
import fcntl
import os
import socket
import sys
import time
from pathlib import Path

from convoca.cli.findings import unsafe
from convoca.cli.main import Failed, port
from convoca.cli.part import BACKLOG
from convoca.cli.ready import (
    pending_migrations,
    prepare_files,
    refuse_newer,
    start_django,
)
from convoca.cli.screen import Screen
from convoca.core import config as configuration
from convoca.core.config import Config
from convoca.pages.asking import socket_address


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Example:
  CONVOCA_HOME=/var/lib/convoca convoca serve

It runs in the foreground, writes its log to stderr and ends on SIGTERM within ten seconds."""
    parser.add_argument(
        "--migrate",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="bring the database up to date first (by itself on SQLite, asked for on PostgreSQL)",
    )
    parser.add_argument("--port", type=port, help="another port than the settings say")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Refuse an unsafe installation; prepare; then never return (exec)."""
    if options.port is not None:
        os.environ["CONVOCA_PORT"] = str(options.port)
    config = configuration.load()
    refuse_if_unsafe(config, screen)
    lock = hold_lock(config.home)
    listener = hold_port(config)
    is_behind = prepare(screen, migrate=options.migrate)
    where = f"port {config.port} of {config.bind}"
    greeting = f"Convoca answers on {config.url} ({where})."
    become_supervisor(config, lock, listener, greeting=greeting, migrate=is_behind)
    return 1


def refuse_if_unsafe(config: Config, screen: Screen) -> None:
    """Say everything that is unsafe, then fail."""
    bad = unsafe(config)
    for finding in bad:
        screen.note(f"{finding.about}: {finding.sentence}\n    {finding.remedy}")
    if bad:
        raise Failed("this installation is not safe to serve; see above.")


def hold_lock(home: Path, *, patience: float = 3.0) -> int:
    """One server to one home. The lock is handed on through exec and to every part."""
    home.mkdir(parents=True, exist_ok=True)
    lock = os.open(home / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + patience  # the parts of a killed server need a moment to notice
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(lock)
                raise Failed(f"a server is already running on {home}.") from None
            time.sleep(0.1)
        else:
            os.set_inheritable(lock, True)
            return lock


def hold_port(config: Config) -> socket.socket:
    """The public port, taken but not yet listened on. The supervisor holds it open, so that who
    connects while the front is started again waits and is not refused.
    """
    family = socket.AF_INET6 if ":" in config.bind else socket.AF_INET
    port = socket.socket(family)
    port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        port.bind((config.bind.strip("[]"), config.port))
    except OSError as error:
        port.close()
        if error.errno == errno.EADDRINUSE:
            raise Failed(
                f"port {config.port} of {config.bind} is in use. Set another: port = …"
            ) from error
        raise Failed(f"cannot listen on {config.bind}:{config.port}: {error.strerror}") from error
    return port


def prepare(screen: Screen, *, migrate: bool | None) -> bool:
    """Static files as this version of Convoca needs them; answers whether the database is behind.

    It is brought up to date by the server itself, behind the front: what is public can be read
    meanwhile.
    """
    config = start_django()
    from django.db import connection  # noqa: PLC0415  slow

    refuse_newer()
    if migrate is None:
        migrate = not config.database_url
    pending = pending_migrations()
    if pending and not migrate:
        raise Failed(
            f"the database is not up to date ({len(pending)} steps, first {pending[0]}). "
            "Make a backup, then run: convoca serve --migrate"
        )
    prepare_files(screen)
    connection.close()
    return bool(pending)


def become_supervisor(
    config: Config,
    lock: int,
    port: socket.socket,
    *,
    greeting: str,
    log_file: Path | None = None,
    migrate: bool = False,
) -> None:
    """Replace this process, and the memory it has used, by the small supervisor."""
    words = [sys.executable, "-m", "convoca.cli.supervisor", "--lock", str(lock)]
    port.listen(BACKLOG)
    port.set_inheritable(True)
    words += ["--listener", str(port.fileno()), "--django", socket_address(config.home)]
    words += ["--greeting", greeting]
    words += ["--json-log"] if config.log_format == "json" else []
    words += ["--migrate"] if migrate else []
    words += ["--log-file", str(log_file)] if log_file else []
    os.execv(sys.executable, words)  # noqa: S606  our own interpreter, fixed words
