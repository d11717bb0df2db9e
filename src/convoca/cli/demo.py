"""`convoca demo`: a home under ./var/demo, the sample network, a server on this machine."""

import argparse
import io
import json
import os
import re
from pathlib import Path
from typing import Any

from convoca.cli.main import Failed, port
from convoca.cli.ready import prepare_database, prepare_files, start_django, unknown_migrations
from convoca.cli.screen import Screen
from convoca.cli.serve import become_supervisor, hold_lock, hold_port
from convoca.core import config as configuration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Example:
  convoca demo --port 8001

Everything is under ./var/demo; settings of a real installation are not looked at. All mail,
with the codes for signing in, stands on the page /demo/mail/. Ctrl-C stops it."""
    parser.add_argument(
        "--port", type=port, help="instead of 8000 (the environment's PORT does the same)"
    )


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Prepare, load or move the sample, and never return (exec)."""
    home = configuration.home_of() / "demo"
    chosen = options.port or _port_of(os.environ.get("PORT", ""))
    for name in [name for name in os.environ if name.startswith("CONVOCA_")]:
        del os.environ[name]
    os.environ |= {
        "CONVOCA_HOME": str(home),
        "CONVOCA_DEMO": "yes",
        "CONVOCA_URL": f"http://localhost:{chosen}",
        "CONVOCA_PORT": str(chosen),
        "CONVOCA_BIND": "127.0.0.1",
        "CONVOCA_MAIL_FROM": "demo@convoca.example",
        "CONVOCA_MAIL_URL": "folder:",
    }
    config = configuration.load()
    lock = hold_lock(home)
    listener = hold_port(config)
    configuration.make_keys(config)
    sample = _prepare(home, screen)
    log = home / "server.log"
    greeting = _greeting(config.url, sample, log)
    become_supervisor(config, lock, listener, greeting=greeting, log_file=log)
    return 1


def _port_of(written: str) -> int:
    if not re.fullmatch(r"([1-9][0-9]{0,4})?", written) or int(written or 8000) > 65535:
        raise Failed(f"PORT: “{written}” is not a port.")
    return int(written or 8000)


def _prepare(home: Path, screen: Screen) -> dict[str, Any]:
    """Database, files and sample; says what became of the sample and who is in it."""
    start_django()
    from django.core.management import call_command  # noqa: PLC0415  slow
    from django.db import connection  # noqa: PLC0415  slow

    if unknown_migrations():
        raise Failed(f"the demo was made by another version. Remove it: rm -r {home}")
    prepare_database(screen)
    prepare_files(screen)
    said = io.StringIO()
    with screen.progress("Preparing the sample network"):
        call_command("sample", stdout=said)
    connection.close()
    sample: dict[str, Any] = json.loads(said.getvalue())
    return sample


def _greeting(url: str, sample: dict[str, Any], log: Path) -> str:
    width = max(len(role["address"]) for role in sample["roles"])
    lines = [f"  {role['address']:<{width}}  {role['words']}" for role in sample["roles"]]
    moved = (
        f"You have changed the sample; its days were moved by {sample['weeks']} weeks.\n"
        if sample["kept"] == "moved"
        else ""
    )
    return f"""
The sample network is on {url}
{moved}
To see it from within: {url}/demo/ or sign in as
{os.linesep.join(lines)}
The code comes by mail, and all mail of the demo is on {url}/demo/mail/

The server writes to {log}. Ctrl-C stops everything."""
