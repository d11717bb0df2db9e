"""One part of a running server, started by the supervisor: `web`, or `worker QUEUE`."""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from convoca.core import config as configuration


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


def load_application() -> Callable[..., Any]:
    """The WSGI application, in a process of granian's own that ends with its parent."""
    stay_with_parent()
    application: Callable[..., Any] = import_module("convoca.web.wsgi").application
    return application


def web() -> None:
    """Serve Django on the address and port of the settings."""
    from granian.constants import Interfaces  # noqa: PLC0415  slow
    from granian.log import LogLevels  # noqa: PLC0415  slow
    from granian.server import Server  # noqa: PLC0415  slow

    config = configuration.load()
    server = Server(
        "convoca.web.wsgi:application",
        address=config.bind,
        port=config.port,
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
    from convoca.cli.ready import start_django  # noqa: PLC0415  slow

    start_django()
    from convoca.outbox.worker import run  # noqa: PLC0415  app ready

    run(queue)


def main() -> int:
    """Run the part that the words name, until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["web", "worker"])
    parser.add_argument("queue", nargs="?", default="urgent")
    options = parser.parse_args()
    stay_with_parent()
    web() if options.kind == "web" else worker(options.queue)
    return 0


if __name__ == "__main__":
    sys.exit(main())
