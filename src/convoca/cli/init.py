"""`convoca init`: home, keys, settings, database; ends with the link to the first-run page."""

import argparse
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from convoca.cli.findings import LOCAL_HOSTS, unsafe
from convoca.cli.main import Failed
from convoca.cli.ready import prepare_database, prepare_files, start_django
from convoca.cli.screen import Screen
from convoca.cli.toml import COMMENTED, with_key
from convoca.core import config as configuration
from convoca.core.config import Config
from convoca.core.first_run import make_link


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca init
  CONVOCA_HOME=/var/lib/convoca convoca init --url https://convoca.example.org \\
      --mail-from convoca@example.org --mail-url smtps://user:password@mail.example.org \\
      --steward rosa@example.org

Repeating it changes nothing that is there, and prints a fresh link until the first run is done."""
    parser.add_argument("--url", help="the public address, such as https://convoca.example.org")
    parser.add_argument("--mail-from", help="the sender of all mail")
    parser.add_argument("--mail-url", help="smtp://user:password@host:587, smtps://… or folder:")
    parser.add_argument("--trusted-proxies", type=int, help="proxies in front (1 with https)")
    parser.add_argument("--steward", metavar="ADDRESS", help="the first steward")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Make what is missing; ask nothing that an option answers."""
    home = configuration.home_of()
    made = _make_settings(home, options, screen)
    config = configuration.load()
    configuration.make_keys(config)
    start_django()
    applied = prepare_database(screen)
    prepare_files(screen)
    link = _first_run(config, options.steward)
    _say(config, screen, link=link, made=made, migrated=len(applied))
    return 0


def _make_settings(home: Path, options: argparse.Namespace, screen: Screen) -> list[str]:
    """Write convoca.toml, or change the keys that were given. Returns the names of those."""
    home.mkdir(parents=True, exist_ok=True, mode=0o750)
    path = home / "convoca.toml"
    is_new = not path.exists()
    text = COMMENTED if is_new else path.read_text(encoding="utf-8")
    given: dict[str, str | int | None] = {
        "url": options.url,
        "mail_from": options.mail_from,
        "mail_url": options.mail_url,
        "trusted_proxies": options.trusted_proxies,
    }
    if is_new:
        _ask(given, screen)
    if port := _local_port(str(given["url"] or "")):
        given["port"] = port
    chosen = {name: value for name, value in given.items() if value not in (None, "")}
    for name, value in chosen.items():
        text = with_key(text, name, value)
    if is_new or chosen:
        _write(path, text)
    return sorted(chosen)


def _local_port(url: str) -> int | None:
    """The port in an address of this machine; without a proxy, the server listens there."""
    try:
        parts = urlsplit(url)
        return parts.port if parts.hostname in LOCAL_HOSTS else None
    except ValueError:
        return None  # the settings say what is wrong with it


def _write(path: Path, text: str) -> None:
    """Put the settings in place if they can be read again; else leave the old ones."""
    with tempfile.TemporaryDirectory(prefix=".settings-", dir=path.parent) as folder:
        fresh = Path(folder) / path.name
        fresh.touch(mode=0o600)
        fresh.write_text(text, encoding="utf-8")
        configuration.load({"CONVOCA_HOME": folder})
        fresh.replace(path)


def _ask(given: dict[str, str | int | None], screen: Screen) -> None:
    """Ask a person at a terminal for what no option said; an empty answer leaves the default."""
    questions = {
        "url": "The public address (https://…; nothing: http://localhost:8000):",
        "mail_from": "The sender of all mail (nothing: later):",
        "mail_url": "The mail server (smtp://user:password@host:587; nothing: a folder):",
    }
    for name, question in questions.items():
        if given[name] is None:
            given[name] = screen.ask(question)
    if str(given["url"] or "").startswith("https://") and given["trusted_proxies"] is None:
        given["trusted_proxies"] = 1


def _first_run(config: Config, steward: str | None) -> str:
    """The link to the first-run page; empty when the network is ready."""
    from convoca.network.models import Network  # noqa: PLC0415  app ready

    if steward:
        _make_steward(steward)
    return "" if Network.load().is_ready else make_link(config)


def _make_steward(address: str) -> None:
    """The person and their mandate, each only if it is missing."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415  slow
    from django.core.validators import validate_email  # noqa: PLC0415  slow

    from convoca.accounts.models import Person, tidy_email  # noqa: PLC0415  app ready
    from convoca.network import services as network  # noqa: PLC0415  app ready
    from convoca.network.models import Mandate  # noqa: PLC0415  app ready

    email = tidy_email(address)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Failed(f"“{address}” is not a mail address.") from error
    person = Person.objects.filter(email=email).first() or Person.objects.create_person(email)
    if not Mandate.objects.standing().stewards().filter(person=person).exists():
        network.grant(person, Mandate.Role.STEWARD)


def _say(config: Config, screen: Screen, *, link: str, made: list[str], migrated: int) -> None:
    missing = unsafe(config)
    screen.say(f"Home: {config.home}")
    screen.say(
        f"Settings: {config.home / 'convoca.toml'}" + (f" ({', '.join(made)})" if made else "")
    )
    if missing:
        screen.say("\nBefore it can serve:")
        for finding in missing:
            screen.say(f"  {finding.about}: {finding.sentence} {finding.remedy}")
    if link:
        where = "on this machine" if config.host in LOCAL_HOSTS else "in a browser"
        screen.say(f"\nStart it with: convoca serve\nThen open this {where}, once:\n\n  {link}\n")
    else:
        screen.say("\nThe network is set up. Start it with: convoca serve")
    screen.result(
        {
            "home": str(config.home),
            "set": made,
            "migrated": migrated,
            "link": link,
            "missing": [finding.as_dict() for finding in missing],
        }
    )
