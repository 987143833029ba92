import asyncio
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from threading import Condition

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Received:
    """One message as it came: envelope, bytes, and the number of the connection it came through."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    connection: int

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(self.raw)


class Mailbox:
    """A real SMTP server on 127.0.0.1 that keeps what it is sent and refuses what it is told to refuse."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self._changed = Condition()
        self._kept: list[Received] = []
        self._recipient_refusals: deque[str] = deque()
        self._message_refusals: deque[str] = deque()
        self._drops = 0
        self.connections = 0
        self.port = 0

    @property
    def messages(self) -> list[Received]:
        """Everything taken, in order."""
        with self._changed:
            return list(self._kept)

    def wait_for(self, count: int, patience_s: float = PATIENCE_S) -> list[Received]:
        """Wait until at least count messages were taken. Raises TimeoutError after patience_s."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._kept) >= count, patience_s):
                raise TimeoutError(f"{len(self._kept)} messages came of the {count} waited for")
            return list(self._kept)

    def refuse_recipients(self, n: int = 1, answer: str = "550 5.1.1 No such mailbox") -> None:
        """Answer the next n RCPT commands with this."""
        self._recipient_refusals.extend([answer] * n)

    def refuse_messages(self, n: int = 1, answer: str = "451 4.7.1 Try again later") -> None:
        """Answer the next n messages with this after their data, and keep none of them."""
        self._message_refusals.extend([answer] * n)

    def drop_after_accept(self, n: int = 1) -> None:
        """Keep the next n messages, then hang up without an answer."""
        self._drops += n

    def reset(self) -> None:
        """Forget messages, counts and orders."""
        with self._changed:
            self._kept.clear()
        self._recipient_refusals.clear()
        self._message_refusals.clear()
        self._drops = 0
        self.connections = 0

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse one recipient."""
        if self._recipient_refusals:
            return self._recipient_refusals.popleft()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take or refuse one message."""
        if self._message_refusals:
            return self._message_refusals.popleft()
        raw = envelope.original_content or b""
        received = Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, _number_of(server))
        with self._changed:
            self._kept.append(received)
            self._changed.notify_all()
        if self._drops and isinstance(server.transport, asyncio.Transport):
            self._drops -= 1
            server.transport.abort()
        return "250 2.0.0 OK"


class _CountedSMTP(SMTP):
    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(mailbox, enable_SMTPUTF8=True)
        mailbox.connections += 1
        self.number = mailbox.connections


class _Controller(Controller):
    """Binds before it starts, so that the port is free for certain."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._socket = socket.create_server((mailbox.host, 0), backlog=128)
        self._mailbox = mailbox
        super().__init__(mailbox, hostname=mailbox.host, port=self._socket.getsockname()[1])

    def factory(self) -> SMTP:
        return _CountedSMTP(self._mailbox)

    def _create_server(self) -> "asyncio.Future[asyncio.Server]":
        return asyncio.ensure_future(self.loop.create_server(self._factory_invoker, sock=self._socket), loop=self.loop)


def _number_of(server: SMTP) -> int:
    return server.number if isinstance(server, _CountedSMTP) else 0


@contextmanager
def running_mailbox() -> Iterator[Mailbox]:
    """Run the server in a thread of this process until the context ends."""
    mailbox = Mailbox()
    controller = _Controller(mailbox)
    mailbox.port = controller.port
    controller.start()
    # Starting makes one connection of its own.
    mailbox.reset()
    try:
        yield mailbox
    finally:
        controller.stop()
