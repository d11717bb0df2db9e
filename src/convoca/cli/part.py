"""One part of a running server, started by the supervisor: `front`, or `django`."""

import argparse
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from convoca.cli.supervisor import Fork, Supervisor
from convoca.core import config as configuration

TEMPLATES = Path(__file__).resolve().parent.parent / "web" / "templates"
BACKLOG = 1024
"""Connections that wait while a part is started again."""


def stay_with_parent() -> None:
    """End this process when the one that started it is gone, even by kill -9."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(8)
        os._exit(1)

    threading.Thread(target=watch, name="stay-with-parent", daemon=True).start()


def front(listener: int) -> None:
    """Answer readers on the port that the supervisor holds open under this file descriptor."""
    import asyncio  # noqa: PLC0415  slow

    import uvloop  # noqa: PLC0415  slow
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415  slow
    from granian.log import LogLevels  # noqa: PLC0415  slow
    from granian.server.embed import Server  # noqa: PLC0415  slow

    from convoca.pages.asking import socket_address  # noqa: PLC0415  slow
    from convoca.pages.front import Front  # noqa: PLC0415  slow

    class OnItsPort(Server):
        """granian opens its port itself; ours stays open while the front is started again."""

        def _init_shared_socket(self) -> None:
            self._shd = SocketHolder(listener, False, BACKLOG)  # type: ignore[call-arg, assignment]
            self._sfd = listener  # type: ignore[assignment]

    from granian._granian import SocketHolder  # noqa: PLC0415  slow

    config = configuration.load()
    application = Front(config, django=socket_address(config.home), templates=TEMPLATES)

    async def serve() -> None:
        server = OnItsPort(
            application,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            log_level=LogLevels.error,  # it warns of being embedded
            log_access=False,
        )
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
        await server.serve()

    uvloop.run(serve())


def load_application() -> Callable[..., Any]:
    """The WSGI application, in a process of granian's own that ends with its parent."""
    stay_with_parent()
    application: Callable[..., Any] = import_module("convoca.web.wsgi").application
    import_module("convoca.pages.upkeep").start()
    return application


def web() -> None:
    """Serve Django to the front, on a socket file of this user's own."""
    from granian.constants import Interfaces  # noqa: PLC0415  slow
    from granian.log import LogLevels  # noqa: PLC0415  slow
    from granian.server import Server  # noqa: PLC0415  slow

    from convoca.pages.asking import socket_address  # noqa: PLC0415  slow

    stay_with_parent()
    where = Path(socket_address(configuration.load().home))
    where.unlink(missing_ok=True)  # granian refuses to start on a left-over one
    server = Server(
        "convoca.web.wsgi:application",
        uds=where,
        uds_permissions=0o600,
        backlog=BACKLOG,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=1,
        blocking_threads=4,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.serve(target_loader=load_application, wrap_loader=False)


def worker(queue: str) -> None:
    """Drain one queue of tasks."""
    from convoca.outbox.worker import run  # noqa: PLC0415  app ready

    stay_with_parent()
    run(queue)


def django(*, json_log: bool, migrate: bool) -> None:
    """Django once in memory, and three copies of it: the web, the worker of what is urgent, the
    worker of what is long. One that ends is copied anew, without importing anything.
    """
    from convoca.cli.ready import prepare_database, start_django  # noqa: PLC0415  slow

    start_django()
    if migrate:
        from django.db import connection  # noqa: PLC0415  slow

        from convoca.cli.screen import Screen  # noqa: PLC0415  slow

        prepare_database(Screen())
        connection.close()
    for name in ("convoca.web.wsgi", "convoca.outbox.loop", "granian.server", "convoca.web.urls"):
        import_module(name)
    gc.collect()
    gc.freeze()  # the collector need not touch, and so copy, what was there before
    copies = [
        Fork("web", life=web),
        Fork("urgent", life=lambda: worker("urgent")),
        Fork("long", life=lambda: worker("long")),
    ]
    Supervisor(copies, json_log=json_log, is_part=True).run()


def main() -> int:
    """Run the part that the words name, until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["front", "django"])
    parser.add_argument("listener", nargs="?", type=int, help="the descriptor of the front's port")
    parser.add_argument("--json-log", action="store_true")
    parser.add_argument("--migrate", action="store_true", help="bring the database up to date")
    options = parser.parse_args()
    if options.kind == "front":
        stay_with_parent()
        front(options.listener)
    else:
        django(json_log=options.json_log, migrate=options.migrate)
    return 0


if __name__ == "__main__":
    sys.exit(main())
