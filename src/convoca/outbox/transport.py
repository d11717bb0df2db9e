"""Where mail goes: an SMTP server, or files in a folder. Only this module reads `mail_url`."""

import os
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from convoca.core.config import Config, WrongSetting
from convoca.outbox.letters import bare_address, compose
from convoca.outbox.models import Message

TIMEOUT = 20
"""Seconds that a mail server has for each answer."""
_SHAPES = "smtp://user:password@host:587, smtps://user:password@host or folder:"


class Trouble(Exception):
    """The mail could not be sent. `words` is what the server said, without addresses."""

    def __init__(self, words: str) -> None:
        super().__init__(tidy_error(words))
        self.words = tidy_error(words)


class NotConnected(Trouble):
    """Nothing can be sent at all: no connection, no sign-in, no permission for our sender."""


class ConnectionLost(Trouble):
    """The server went away with this mail in hand; whether it took it is not known."""


class Refused(Trouble):
    """The server will never take this mail for this address (a permanent error)."""


class TryLater(Trouble):
    """The server would not take this mail now."""


def tidy_error(words: str) -> str:
    """An error that may be kept and shown: one short line without addresses."""
    words = re.sub(r"\S+@\S+", "[address]", " ".join(words.split()))
    return words[:300]


@dataclass(frozen=True)
class MailServer:
    """`mail_url`, understood."""

    kind: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    folder: Path = Path()

    def __str__(self) -> str:
        return f"{self.kind}:{self.folder}" if self.kind == "folder" else f"{self.host}:{self.port}"


def read_mail_url(config: Config) -> MailServer:
    """Understand `mail_url`. Raises `WrongSetting` with a sentence for anything else.

    `smtp://` uses STARTTLS wherever the server offers it; when there is a password, it insists on
    it and on a certificate that can be verified. `smtps://` is TLS from the first byte. `folder:`
    writes files under `home`; empty is `folder:`.
    """
    written = config.mail_url or "folder:"
    try:
        url = urlsplit(written)
        port = url.port
    except ValueError as error:
        raise _wrong(f"the port or host cannot be read ({error})") from error
    if url.scheme == "folder":
        if url.netloc or url.query:
            raise _wrong("a folder is written folder: or folder:name")
        return MailServer("folder", folder=config.home / (unquote(url.path) or "mail"))
    if url.scheme not in {"smtp", "smtps"}:
        raise _wrong(f"“{url.scheme or 'nothing'}” is no way to send mail")
    if not url.hostname:
        raise _wrong("the name of the mail server is missing")
    if url.path not in {"", "/"} or parse_qs(url.query) or url.fragment:
        raise _wrong("nothing may follow the mail server's name and port")
    if url.username and not url.password:
        raise _wrong("there is a user but no password")
    return _smtp(url, port)


def _smtp(url: SplitResult, port: int | None) -> MailServer:
    return MailServer(
        url.scheme,
        host=url.hostname or "",
        port=port or {"smtp": 587 if url.username else 25, "smtps": 465}[url.scheme],
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
    )


def _wrong(what: str) -> WrongSetting:
    return WrongSetting(f"mail_url: {what}; it should look like {_SHAPES}.")


class Transport(Protocol):
    """Sends one mail at a time; closes what it opened."""

    def send(self, message: Message) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class _Closing:
    def close(self) -> None:
        """Let go of what was opened."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class ToFolder(_Closing):
    """One whole `.eml` file for each mail; writing it again replaces the same file."""

    def __init__(self, folder: Path, *, sender: str, host: str) -> None:
        self.folder, self.sender, self.host = folder, sender, host

    def send(self, message: Message) -> None:
        name = f"{message.created_at:%Y%m%dT%H%M%S}-{message.pk.hex}.eml"
        unfinished = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished.write_bytes(compose(message, sender=self.sender, host=self.host))
            os.replace(unfinished, self.folder / name)  # noqa: PTH105  a rename that replaces
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise NotConnected(f"{self.folder}: {error.strerror}") from error


class ToServer(_Closing):
    """One SMTP connection, reused for every mail of a batch, opened again when it was lost."""

    def __init__(self, server: MailServer, *, sender: str, host: str) -> None:
        self.server, self.sender, self.host = server, sender, host
        self._connection: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """MAIL, RCPT, DATA. Each way in which that can fail is one kind of `Trouble`."""
        mail = compose(message, sender=self.sender, host=self.host)
        to = bare_address(message.to)
        connection = self._begin(eight_bit=not to.isascii())
        try:
            code, answer = connection.rcpt(to)
            if code not in (250, 251):
                self._judge(code, answer)
            code, answer = connection.data(mail)
            if code != 250:
                self._judge(code, answer)
        except smtplib.SMTPDataError as error:
            self._judge(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise ConnectionLost(_words(error)) from error

    def _begin(self, *, eight_bit: bool) -> smtplib.SMTP:
        """Open a mail. A server that hung up after the mail before is simply called again."""
        reused = self._connection is not None
        connection = self._connection or self._connect()
        if eight_bit and not connection.has_extn("smtputf8"):
            raise Refused("the mail server cannot write to such an address (no SMTPUTF8)")
        options = ["SMTPUTF8", "BODY=8BITMIME"] if eight_bit else []
        try:
            code, answer = connection.mail(bare_address(self.sender), options)
        except (smtplib.SMTPException, OSError) as error:
            code, answer = 421, _words(error).encode()
        if code == 250:
            return connection
        if code == 421:
            self._drop()
            if reused:
                return self._begin(eight_bit=eight_bit)
        self._reset()
        raise NotConnected(f"{self.server}: {code} {_text(answer)}")

    def _connect(self) -> smtplib.SMTP:
        server, connection = self.server, None
        try:
            context = _tls(verified=bool(server.user) or server.kind == "smtps")
            connection = self._dial(context)
            connection.ehlo()
            if server.kind == "smtp" and (server.user or connection.has_extn("starttls")):
                connection.starttls(context=context)
                connection.ehlo()
            if server.user:
                connection.login(server.user, server.password)
        except (OSError, smtplib.SMTPException) as error:
            if connection is not None:
                connection.close()
            raise NotConnected(f"{server}: {_words(error)}") from error
        self._connection = connection
        return connection

    def _dial(self, context: ssl.SSLContext) -> smtplib.SMTP:
        place = (self.server.host, self.server.port)
        if self.server.kind == "smtps":
            return smtplib.SMTP_SSL(
                *place, local_hostname=self.host, timeout=TIMEOUT, context=context
            )
        return smtplib.SMTP(*place, local_hostname=self.host, timeout=TIMEOUT)

    def _judge(self, code: int, answer: bytes | str) -> None:
        """5xx is final, except what says "mailbox full" or speaks of policy: that may be mended."""
        words = f"{code} {_text(answer)}"
        if code == 421:
            self._drop()
        self._reset()
        mendable = code == 552 or re.match(r"5\.(7|2\.2)", _text(answer))
        raise (Refused if 500 <= code < 600 and not mendable else TryLater)(words)

    def _reset(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def close(self) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None


def _tls(*, verified: bool) -> ssl.SSLContext:
    """TLS; without a password to protect, any certificate is better than none (RFC 7435)."""
    context = ssl.create_default_context()
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def open_transport(config: Config, *, sender: str) -> Transport:
    """What `mail_url` asks for, ready to send; it connects when the first mail is sent."""
    server = read_mail_url(config)
    if server.kind == "folder":
        return ToFolder(server.folder, sender=sender, host=config.host)
    return ToServer(server, sender=sender, host=config.host)
