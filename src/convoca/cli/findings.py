"""What may be wrong with an installation, in sentences with a remedy."""

import re
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal
from urllib.parse import urlsplit

from convoca.core.config import Config, holds_secrets, secret_key

State = Literal["fine", "mind", "wrong", "unsafe"]
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
_SENDER = re.compile(r"{0}@{1}|[^<>]*<{0}@{1}>".format(r"[!-;=?A-~]+", r"[^@\s<>]+"))
"""An address, or a name and the address; what stands before the @ is ASCII, as servers want it."""
_KNOWN_KEYS = re.compile(r"^(django-insecure|not-set|secret|change|default|example|test)", re.I)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what, how it stands, and what to do if it is not fine."""

    about: str
    state: State
    sentence: str
    remedy: str = ""

    @property
    def is_bad(self) -> bool:
        return self.state in {"wrong", "unsafe"}

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def unsafe(config: Config) -> list[Finding]:
    """What `serve` refuses to start with; empty on a safe installation."""
    return [finding for finding in safety(config) if finding.state == "unsafe"]


def safety(config: Config) -> Iterator[Finding]:
    """Look at the keys, the public address and the mail, from the settings alone."""
    yield from _secret_key(config)
    yield from _keys_are_private(config)
    yield from _settings_are_private(config)
    yield from _data_are_private(config)
    yield from _public_address(config)
    yield from _mail_settings(config)


def _secret_key(config: Config) -> Iterator[Finding]:
    key, about = secret_key(config), "secret_key"
    if not key:
        yield Finding(about, "unsafe", "There is no secret key.", "Run: convoca init")
    elif len(key) < 32 or _KNOWN_KEYS.match(key) or len(set(key)) < 8:
        yield Finding(
            about,
            "unsafe",
            "The secret key is one that can be guessed: who knows it signs in as anybody.",
            "Remove secret_key from the settings and run: convoca init",
        )
    else:
        yield Finding(about, "fine", "The secret key cannot be guessed.")


def _keys_are_private(config: Config) -> Iterator[Finding]:
    if not config.keys.exists():
        return
    for path in [config.keys, *sorted(config.keys.iterdir())]:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            wanted = "700" if path.is_dir() else "600"
            yield Finding(
                "keys",
                "unsafe",
                f"{path} can be opened by other users of this machine (mode {mode:o}).",
                f"Run: chmod {wanted} {path}",
            )
            return
    yield Finding("keys", "fine", f"Only its owner can open {config.keys}.")


def _settings_are_private(config: Config) -> Iterator[Finding]:
    path = config.home / "convoca.toml"
    if not path.exists():
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o007 and holds_secrets(path.read_text(encoding="utf-8", errors="replace")):
        yield Finding(
            "convoca.toml",
            "unsafe",
            f"{path} holds a password or a key, and every user of this machine can read it.",
            f"Run: chmod 640 {path}",
        )


def _data_are_private(config: Config) -> Iterator[Finding]:
    """Names and addresses of people stand in the database."""
    path = config.home / "db.sqlite3"
    if path.exists() and path.stat().st_mode & 0o007 and config.home.stat().st_mode & 0o001:
        yield Finding(
            "database",
            "wrong",
            f"Every user of this machine can read {path}.",
            f"Run: chmod o= {config.home} {path}*",
        )


def _public_address(config: Config) -> Iterator[Finding]:
    local = config.host in LOCAL_HOSTS
    listens_here = config.bind.strip("[]") in {"localhost", "127.0.0.1", "::1"}
    if config.demo and not (local and listens_here):
        yield Finding(
            "demo",
            "unsafe",
            "The demo shows everyone's mail and sign-in links; it is for this machine alone.",
            "Set demo = false, or url = http://localhost:8000 and bind = 127.0.0.1",
        )
    elif local and not listens_here:
        yield Finding(
            "bind",
            "mind",
            f"url is {config.url}, for this machine alone, yet bind is {config.bind}: other "
            "machines reach the server, and codes for signing in travel in the clear.",
            "Set bind = 127.0.0.1",
        )
    elif local:
        yield Finding("url", "fine", f"{config.url} is for this machine alone.")
    elif not config.is_https:
        yield Finding(
            "url",
            "unsafe",
            f"url is {config.url}: codes for signing in would travel in the clear.",
            "Put a TLS proxy in front and set url = https://… (docs/operate/server.md)",
        )
    elif not config.trusted_proxies:
        yield Finding(
            "trusted_proxies",
            "unsafe",
            "url is https, yet trusted_proxies is 0: Convoca itself speaks no TLS, and all "
            "visitors would count as one address.",
            "Set trusted_proxies = 1 for one proxy in front (docs/operate/server.md)",
        )
    else:
        yield Finding("url", "fine", f"{config.url}, behind {config.trusted_proxies} proxy.")
        if not listens_here:
            yield Finding(
                "bind",
                "mind",
                f"bind is {config.bind}: who reaches that port without the proxy can pretend to "
                "come from any address.",
                "Set bind = 127.0.0.1, or close the port to all but the proxy",
            )


def _mail_settings(config: Config) -> Iterator[Finding]:
    if config.demo:
        return
    is_folder = urlsplit(config.mail_url or "folder:").scheme == "folder"
    is_trial = is_folder and config.host in LOCAL_HOSTS
    if not _SENDER.fullmatch(config.mail_from):
        yield Finding(
            "mail_from",
            "mind" if is_trial and not config.mail_from else "unsafe",
            "mail_from is not an address: nobody could be sent a code to sign in.",
            f"Set mail_from, for example: convoca@{config.host}",
        )
    if not is_folder:
        return
    yield Finding(
        "mail_url",
        "mind" if is_trial else "unsafe",
        "All mail goes into a folder on this machine: nobody gets any.",
        "Set mail_url, for example: smtp://user:password@mail.example:587",
    )
