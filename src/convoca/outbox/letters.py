"""From a row to the bytes of a mail: headers that cannot be injected, text that reads anywhere."""

import re
import unicodedata
from email import charset, policy
from email.header import Header
from email.message import Message as Mail
from email.utils import format_datetime, formataddr, parseaddr

from convoca.outbox.models import Message

WIDTH = 72
_UTF8 = charset.Charset("utf-8")
_UTF8.body_encoding = charset.QP
_POLICY = policy.compat32.clone(linesep="\r\n", max_line_length=78)
_SEPARATOR = "-- "


def one_line(words: str) -> str:
    """Words that fit into a header: one line, no control characters."""
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in words)
    return " ".join("".join(kept).split())


def plain(text: str) -> str:
    """Text for a body: ends of line as `\\n`, no control characters, no piles of empty lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    lines = [line if line == _SEPARATOR else line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def flowed(text: str) -> str:
    """Wrap for `format=flowed` (RFC 3676): readers join the lines again, others see short ones.

    A line that is one word, such as an address, is never broken.
    """
    return "\n".join(part for line in text.split("\n") for part in _fold(line))


def _fold(line: str) -> list[str]:
    if line == _SEPARATOR:
        return [line]
    line = line.rstrip()
    if len(line) <= WIDTH:
        return [_stuffing(line) + line]
    parts, current = [], ""
    for word in line.split(" "):
        if current and len(current) + 1 + len(word) > WIDTH:
            parts.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    parts.append(current)
    # A soft break is a blank before the end of the line; the last one ends the paragraph.
    ends = [" "] * (len(parts) - 1) + [""]
    return [_stuffing(part) + part + end for part, end in zip(parts, ends, strict=True)]


def _stuffing(line: str) -> str:
    return " " if line.startswith((" ", ">", "From ")) else ""


def bare_address(sender: str) -> str:
    """The address in `Name <address>`, its domain in the spelling that mail servers know."""
    address = parseaddr(sender)[1]
    name, _at, domain = address.rpartition("@")
    return f"{name}@{domain.encode('idna').decode('ascii')}" if not domain.isascii() else address


def compose(message: Message, *, sender: str, host: str) -> bytes:
    """The mail as it goes over the wire. Composing it again gives the same Message-ID and Date."""
    mail = Mail(policy=_POLICY)
    name, _address = parseaddr(sender)
    mail["From"] = formataddr((one_line(name), bare_address(sender)), "utf-8")
    mail["To"] = bare_address(message.to)
    mail["Subject"] = _subject(message.subject)  # type: ignore[assignment]
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.message_id}>"
    mail["MIME-Version"] = "1.0"
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if message.reply_to:
        mail["Reply-To"] = bare_address(message.reply_to)
    if message.unsubscribe:
        mail["List-Unsubscribe"] = f"<{one_line(message.unsubscribe)}>"
    if message.urgency == Message.Urgency.LONG or message.digest:
        mail["List-Id"] = f"<notices.{host}>"
        mail["Precedence"] = "bulk"
    text = flowed(message.body)
    mail.set_payload(text, _shortest(text))
    mail.set_param("format", "flowed")
    return mail.as_bytes(policy=_POLICY)


def _subject(words: str) -> Header | str:
    words = one_line(words)
    if words.isascii() and len(words) <= 60:
        return words
    return Header(words, "utf-8" if not words.isascii() else "us-ascii", header_name="Subject")


def _shortest(text: str) -> charset.Charset:
    """Quoted-printable where most is Latin, so that the mail can be read raw; else base64."""
    latin = sum(c.isascii() for c in text)
    if latin * 6 >= len(text) * 5:
        return _UTF8
    return charset.Charset("utf-8")
