"""What a person has who walks through a journey: a browser, a mailbox, an authenticator app."""

import base64
import email
import email.policy
import hashlib
import hmac
import re
import struct
import time

from tests.cli.conftest import wait_until


class Mailbox:
    """The folder into which the server puts its mail, as its readers see it."""

    def __init__(self, home):
        self.folder = home / "mail"

    def letters(self, to):
        """Every mail to this address, oldest first, as (subject, words)."""
        return [(m["Subject"], words) for m, words in self._all() if to in m["To"]]

    def link(self, to, part):
        """The newest link to `to` whose path holds `part`; waited for, as people do."""
        pattern = re.compile(rf"https?://[^/\s]+(/[a-z]+/{part}/\S+)")

        def newest():
            found = [hit for _, words in self.letters(to) for hit in pattern.findall(words)]
            return found[-1] if found else None

        return wait_until(newest, 60)

    def code(self, to):
        """The newest code in a mail to this address."""

        def newest():
            found = [
                hit
                for _, words in self.letters(to)
                for hit in re.findall(r"^ +([0-9a-z]{4}[- ][0-9a-z]{4})$", words, re.MULTILINE)
            ]
            return found[-1] if found else None

        return wait_until(newest, 60)

    def _all(self):
        for path in sorted(self.folder.glob("*.eml")):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            words = letter.get_body(("plain",)).get_content()
            yield letter, words.replace("\r\n", "\n")


def code_of_app(secret, at=None):
    """What an authenticator app shows for this key (RFC 6238)."""
    key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(at or time.time()) // 30)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def set_up_app(page):
    """Give the signed-in person an authenticator app."""
    page.goto("/en/account/security/")
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator(".copy").inner_text().strip()
    page.get_by_label("The code that the app shows now").fill(code_of_app(secret))
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()


def accept(page, link, name=""):
    """Open an invitation's link and accept it; the person is signed in then."""
    page.goto(link)
    if name:
        page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url(re.compile(r"/en/(work|account)/"))
