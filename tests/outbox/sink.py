"""A real SMTP server that remembers what it took, and can be told to be difficult."""

import asyncio
import email
import email.policy
import threading

from aiosmtpd.controller import Controller


class Sink:
    """What `RCPT` and `DATA` answer is chosen by the test; every mail it accepts is kept."""

    def __init__(self, port):
        self.port = port
        self.mails = []
        self.refuse_rcpt = {}
        self.refuse_data = None
        self.refuse_mail = None
        self.connections = 0
        self.hang_up_after = None
        self.wait = 0.0
        self._lock = threading.Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.refuse_mail:
            return self.refuse_mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refuse_rcpt:
            return self.refuse_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.refuse_data:
            return self.refuse_data
        with self._lock:
            self.mails.append(envelope)
            count = len(self.mails)
        if self.wait:
            await asyncio.sleep(self.wait)
        if self.hang_up_after and count >= self.hang_up_after:
            self.hang_up_after = None
            server.transport.close()
        return "250 OK"

    @property
    def parsed(self):
        return [
            email.message_from_bytes(mail.original_content, policy=email.policy.default)
            for mail in self.mails
        ]

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_error):
        self._controller.stop()
