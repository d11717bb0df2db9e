"""The installation's settings: `CONVOCA_HOME/convoca.toml`, each key also as `CONVOCA_KEY`.

A key may also be given as `CONVOCA_KEY_FILE`, the path of a file that holds the value (for
secrets handed over by a service manager). Unknown keys are refused with the nearest name.
"""

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

FORMS_OF_FILES = 4
"""How many files of the largest size a form may hold."""
INSTANCE_KEY, VAULT = "instance.key", "vault.sqlite3"
"""In the folder of keys: what opens the vault, and the vault, where the sealed rows' keys are."""


class WrongSetting(Exception):
    """A setting cannot be used; the message names it and says what it should be."""


@dataclass(frozen=True)
class Config:
    """Everything an operator can set, with defaults that work on a laptop."""

    home: Path = Path("var")
    """Where all state lives."""
    url: str = "http://localhost:8000"
    """The public address: scheme, name and, if it is not the usual one, port."""
    former_hosts: tuple[str, ...] = ()
    """Names that this site once had; requests to them are redirected, so that links live on."""
    database_url: str = ""
    """`postgres://user:password@host/name?sslmode=…`; empty is SQLite under `home`."""
    cache_url: str = ""
    """`redis://host:port/0` for counters shared by several hosts; empty is the database."""
    secret_key: str = ""
    """Signs sessions and links; made by `convoca init` in `keys/secret.key` when empty."""
    mail_from: str = ""
    """The sender of all mail, an address of the public name."""
    mail_url: str = ""
    """`smtp://user:password@host:587` (STARTTLS), `smtps://…` or `folder:` (files under `home`)."""
    trusted_proxies: int = 0
    """How many proxies stand before this server and set X-Forwarded-For."""
    port: int = 8000
    bind: str = "127.0.0.1"
    demo: bool = False
    """The sample network: every page and mail says so, and its mail goes to a folder."""
    log_format: str = "console"
    """`console` or `json`."""
    upload_max_mb: int = 25
    """The largest request body."""
    mail_per_minute: int = 0
    """A provider's limit; 0 is none."""
    dkim_selector: str = ""
    """The selector under which the provider publishes our DKIM key; `check mail` asks for it."""

    mirror_alternatives: tuple[str, ...] = ()
    """Other addresses of this site, such as one in Tor: copies of it lead there too."""

    @property
    def host(self) -> str:
        """The public name, as browsers send it: small letters, an IPv6 address in brackets."""
        name = urlsplit(self.url).hostname or ""
        return f"[{name}]" if ":" in name else name

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def largest_body(self) -> int:
        """Bytes of the largest request: a form may hold several files; more is not even read."""
        return self.upload_max_mb * 1024 * 1024 * FORMS_OF_FILES


_KEYS = {f.name: f for f in fields(Config) if f.name != "home"}
_NO_SETTINGS = {"CONVOCA_HOME", "CONVOCA_PASSPHRASE_FILE"}
"""Variables that are read elsewhere: where everything is, and what `convoca keys` asks for."""
_RANGES = {
    "port": (1, 65535),
    "trusted_proxies": (0, 9),
    "upload_max_mb": (1, 1000),
    "mail_per_minute": (0, 1_000_000),
}
DATABASE_OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "host": "PGHOST",
    "options": "PGOPTIONS",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
"""What may follow the `?` of database_url, and what PostgreSQL's own programs call it."""


def _cast(name: str, value: Any, where: str) -> Any:
    kind = _KEYS[name].type
    try:
        if kind in (bool, "bool"):
            if isinstance(value, bool):
                return value
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                str(value).strip().lower()
            ]
        if kind in (int, "int"):
            return int(value)
        if name in {"former_hosts", "mirror_alternatives"}:
            items = value if isinstance(value, list) else str(value).split(",")
            return tuple(str(item).strip().lower() for item in items if str(item).strip())
        return str(value).strip()
    except (KeyError, TypeError, ValueError) as error:
        wanted = "yes or no" if kind in (bool, "bool") else "a whole number"
        raise WrongSetting(f"{where}: “{value}” is not {wanted}.") from error


def home_of(environ: Mapping[str, str] = os.environ) -> Path:
    """Where all state lives: `CONVOCA_HOME`, else `var` in the present folder."""
    return Path(environ.get("CONVOCA_HOME") or "var").absolute()


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the file, then the environment over it.

    Raises `WrongSetting` with a sentence that names the setting.
    """
    home = home_of(environ)
    values: dict[str, Any] = {}
    path = home / "convoca.toml"
    if path.exists():
        try:
            written = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise WrongSetting(f"{path} cannot be read: {error}.") from error
        for name, value in written.items():
            if name not in _KEYS:
                raise WrongSetting(f"{path}: there is no setting “{name}”{_nearest(name)}.")
            values[name] = _cast(name, value, f"{path}: {name}")
    for variable, value in environ.items():
        if not variable.startswith("CONVOCA_") or variable in _NO_SETTINGS:
            continue
        name = variable.removeprefix("CONVOCA_").lower()
        if name.endswith("_file") and name.removesuffix("_file") in _KEYS:
            name = name.removesuffix("_file")
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise WrongSetting(f"{variable}: {error.strerror}: {value}.") from error
            except ValueError as error:
                raise WrongSetting(f"{variable}: {value} holds no text.") from error
        if name not in _KEYS:
            raise WrongSetting(f"{variable}: there is no setting “{name}”{_nearest(name)}.")
        values[name] = _cast(name, value, variable)
    values["url"] = _tidy_url(values.get("url", Config.url))
    values["mirror_alternatives"] = tuple(
        _tidy_url(one, "mirror_alternatives") for one in values.get("mirror_alternatives", ())
    )
    config = Config(home=home, **values)
    if config.log_format not in {"console", "json"}:
        raise WrongSetting(f"log_format: “{config.log_format}” is neither console nor json.")
    for name, (least, most) in _RANGES.items():
        if not least <= getattr(config, name) <= most:
            raise WrongSetting(f"{name}: {getattr(config, name)} is not from {least} to {most}.")
    _refuse_hosts(config)
    database_facts(config)
    return config


def _tidy_url(written: str, name_of: str = "url") -> str:
    """A public address as browsers spell it: a name in its ASCII form, no slash at the end."""
    wrong = WrongSetting(f"{name_of}: “{written}” should look like https://name.example.")
    try:
        url = urlsplit(written)
        port, name = url.port, (url.hostname or "").encode("idna").decode("ascii")
    except ValueError as error:
        raise wrong from error
    too_much = url.path.strip("/") or url.query or url.fragment or "@" in url.netloc
    if url.scheme not in {"http", "https"} or not name or too_much or re.search(r"\s", written):
        raise wrong
    host = f"[{name}]" if ":" in name else name
    is_usual = port in {None, {"http": 80, "https": 443}[url.scheme]}
    return f"{url.scheme}://{host}" + ("" if is_usual else f":{port}")


def _refuse_hosts(config: Config) -> None:
    for name in config.former_hosts:
        if not re.fullmatch(r"[a-z0-9.-]+", name):
            raise WrongSetting(f"former_hosts: “{name}” is not a name such as old.example.org.")
        if name == config.host:
            raise WrongSetting(f"former_hosts: {name} is the present name, so it is no former one.")


@dataclass(frozen=True)
class Database:
    """`database_url`, understood."""

    name: str
    host: str
    port: str
    user: str
    password: str
    options: dict[str, str]


def database_facts(config: Config) -> Database | None:
    """Where the PostgreSQL database is; None for SQLite. Raises `WrongSetting` with a sentence."""
    if not config.database_url:
        return None
    try:
        url = urlsplit(config.database_url)
        port = url.port
    except ValueError as error:
        raise WrongSetting("database_url: its port or host cannot be read.") from error
    name = unquote(url.path.lstrip("/"))
    if url.scheme not in {"postgres", "postgresql"} or not name:
        raise WrongSetting("database_url: it should look like postgres://user:password@host/name.")
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    for option in options:
        if option not in DATABASE_OPTIONS:
            known = ", ".join(DATABASE_OPTIONS)
            raise WrongSetting(f"database_url: “{option}” is not understood; there are: {known}.")
    host = options.pop("host", "") or unquote(url.hostname or "")
    user, password = unquote(url.username or ""), unquote(url.password or "")
    return Database(name, host, str(port or ""), user, password, options)


def _nearest(name: str) -> str:
    near = get_close_matches(name, _KEYS, n=1)
    return f"; did you mean “{near[0]}”?" if near else f". There are: {', '.join(sorted(_KEYS))}"


def secret_key(config: Config) -> str:
    """The key that signs sessions and links: set, or kept in `keys/secret.key` (0600)."""
    if config.secret_key:
        return config.secret_key
    path = config.keys / "secret.key"
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def make_keys(config: Config) -> None:
    """Make the folder of keys (0700), the secret key and, for a new vault, the key that opens it
    (0600). Repeating it changes nothing; a lost key of a vault is never made anew over it."""
    config.keys.mkdir(parents=True, exist_ok=True)
    config.keys.chmod(0o700)
    make_key(config.keys / "secret.key", 48)
    if not (config.keys / VAULT).exists():
        make_key(config.keys / INSTANCE_KEY, 32)


def make_key(path: Path, size: int) -> None:
    """Write a random key as hex (0600), on the disk before anything needs it. One that is there
    stays; of two processes that make it at once, both find the same."""
    if path.exists():
        return
    fresh, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(fresh, "w", encoding="ascii") as file:
            file.write(os.urandom(size).hex())
            file.flush()
            os.fsync(fresh)
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


_URLS = ("mail_url", "database_url", "cache_url")


def holds_secrets(toml: str) -> bool:
    """Whether the text of a `convoca.toml` sets a key or a password; True where it is no TOML."""
    try:
        written = tomllib.loads(toml)
    except ValueError:
        return True
    return bool(written.get("secret_key")) or any(
        "@" in str(written.get(key, "")).partition("://")[2] for key in _URLS
    )


def without_secrets(toml: str) -> str:
    """The text of a `convoca.toml` with the secret key and all passwords struck out."""
    lines = []
    for line in toml.splitlines():
        if re.match(r"\s*secret_key\s*=", line):
            line = f"# {line.split('=')[0].strip()} = (not in the backup)"
        lines.append(re.sub(r"(://[^\s/:@\"']*):[^\s\"']*@", r"\1:@", line))
    struck = "\n".join(lines) + "\n"
    try:
        left = tomllib.loads(struck)
    except tomllib.TOMLDecodeError:
        return "# The settings could not be read, so they are not in the backup.\n"
    if left.get("secret_key") or any(urlsplit(str(left.get(key, ""))).password for key in _URLS):
        return "# The settings held secrets in an unusual spelling; they are not in the backup.\n"
    return struck
