from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from channels.actions.record_receipt import record_receipt
from channels.door import Count, RefusedError, answer, answer_refused, count_nothing, read_body
from channels.email.reading import Mail, Reader, UnreadableError
from channels.email.settings import EmailSettings
from channels.email.status import is_dead
from channels.inbox.accept import Inbox, NotStoredError
from channels.model import Arrival, Channel, Receipt, Status
from kernel.work import Ground

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

INBOUND_PATH = "/webhooks/email"
LIMIT = 1024 * 1024
TOLERANCE_S = 300
_NOT_STORED = RefusedError("503 Service Unavailable", "It could not be stored. Send it again.", "not_stored")


class EmailWebhook:
    """The door for mail, as a plain WSGI application: a mail server posts each mail as it came, signed.

    The header X-Hub-Signature holds t=<seconds since 1970> and v1=<HMAC-SHA256 of "<t>.<mail>", in hex>, by any of
    our secrets. A bounce of one of our messages is also recorded as that message's failure.
    """

    path = INBOUND_PATH

    def __init__(self, settings: EmailSettings, inbox: Inbox, ground: Ground, count: Count = count_nothing) -> None:
        self._secrets = tuple(secret.encode() for secret in settings.webhook_secrets)
        self._reader = Reader(settings)
        self._inbox = inbox
        self._ground = ground
        self._count = count

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Store one mail."""
        try:
            mail = self._read(environ)
            self._record_bounce(mail)
            self._inbox.accept(_arrival(mail))
        except RefusedError as refused:
            self._count(refused.how)
            return answer_refused(start_response, refused)
        except (NotStoredError, SQLAlchemyError, TimeoutError):
            self._count("not_stored")
            return answer_refused(start_response, _NOT_STORED)
        self._count(mail.automatic or "accepted")
        return answer(start_response, "200 OK", b"Stored.\n", "text/plain; charset=utf-8")

    def _read(self, environ: WSGIEnvironment) -> Mail:
        body = read_body(environ, "message/rfc822", LIMIT)
        self._check(environ.get("HTTP_X_HUB_SIGNATURE", ""), body)
        try:
            return self._reader.read(body)
        except UnreadableError as error:
            raise RefusedError("400 Bad Request", error.words, "malformed") from error

    def _check(self, header: str, body: bytes) -> None:
        fields = [field.strip().partition("=") for field in header.split(",")]
        at = next((value for name, _, value in fields if name == "t"), "")
        signatures = [value.encode("latin-1", "replace") for name, _, value in fields if name == "v1"]
        signed = at.encode("latin-1", "replace") + b"." + body
        proofs = [hmac.digest(secret, signed, "sha256").hex().encode() for secret in self._secrets]
        if not any(hmac.compare_digest(proof, signature) for proof in proofs for signature in signatures):
            raise RefusedError("403 Forbidden", "The signature does not fit.", "forged")
        if not at.isdecimal() or abs(self._ground.clock.now().timestamp() - int(at)) > TOLERANCE_S:
            raise RefusedError("403 Forbidden", "The signature is too old. Check the clock.", "stale")

    def _record_bounce(self, mail: Mail) -> None:
        if not mail.bounced:
            return
        detail = f"returned {mail.bounce_status}".rstrip()
        with self._ground.work() as work:
            for attempt_id in mail.bounced:
                dead = is_dead(mail.bounce_status)
                record_receipt(work, Receipt(attempt_id, Status.FAILED, None, detail, work.now, unreachable=dead))


def _arrival(mail: Mail) -> Arrival:
    return Arrival(
        channel=Channel.EMAIL,
        vendor_id=mail.vendor_id,
        sender=mail.sender,
        recipient=mail.recipient,
        body=mail.text,
        values=mail.values,
        thread=mail.thread,
        automatic=mail.automatic,
    )
