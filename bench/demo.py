"""The demo: from an empty folder to its page, and again; and how long its sample takes to load."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime


def main() -> None:
    """Start the demo twice in one home, then load the sample alone."""
    with tempfile.TemporaryDirectory(prefix="convoca-bench-") as home:
        print(f"convoca demo, packages installed, first run: {start(home):.1f} s (aim < 120 s)")
        print(f"convoca demo, again: {start(home):.1f} s (aim < 5 s)")
    subprocess.run([sys.executable, "-m", "bench.demo"], check=True)


def start(home: str) -> float:
    """Seconds until the demo says where it is; then it is stopped."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    demo = subprocess.Popen(
        [sys.executable, "-m", "convoca", "demo", "--port", str(port)],
        env={**os.environ, "CONVOCA_HOME": home},
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in demo.stderr or ():
        if "Ctrl-C" in line:
            break
    seconds = time.perf_counter() - began
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=20)
    return seconds


def load() -> None:
    """In a process and a home of its own: the table of places, then the sample network."""
    with tempfile.TemporaryDirectory(prefix="convoca-bench-") as home:
        os.environ.update(CONVOCA_HOME=home, CONVOCA_DEMO="1", CONVOCA_SECRET_KEY="b" * 60)
        os.environ["DJANGO_SETTINGS_MODULE"] = "convoca.web.settings"
        import django  # noqa: PLC0415  slow
        from django.core.management import call_command  # noqa: PLC0415  slow

        django.setup()
        call_command("migrate", verbosity=0)
        from convoca.places.services import gazetteer  # noqa: PLC0415  app ready
        from convoca.web import sample  # noqa: PLC0415  app ready

        unpacking = time.perf_counter()
        gazetteer()
        loading, worked = time.perf_counter(), time.process_time()
        sample.load(today=datetime.now(UTC).date())
        done = time.perf_counter()
        print(
            f"sample network loaded in {done - loading:.1f} s "
            f"({time.process_time() - worked:.1f} s of one processor), "
            f"with unpacking the places {done - unpacking:.1f} s (aim < 10 s)"
        )


if __name__ == "__main__":
    load()
