from __future__ import annotations

import re
from collections.abc import Iterable
from hmac import compare_digest
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sqlalchemy.exc import SQLAlchemyError
from twilio.request_validator import RequestValidator, get_signature_algorithm

from channels.actions.record_receipt import record_receipt
from channels.door import Count, RefusedError, answer, answer_refused, count_nothing, read_body
from channels.inbox.accept import Inbox, NotStoredError
from channels.model import Arrival, Channel, Receipt, Status
from channels.sms.errors import explain, is_dead
from channels.sms.settings import STATUS_PATH, TwilioSettings
from kernel.work import Ground

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

INBOUND_PATH = "/webhooks/sms"
LIMIT = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_NOTHING_TO_SAY = b"<Response/>"
_LONGEST_ID = 64
_LONGEST_ADDRESS = 320
_MOST_FIELDS = 200
_ATTEMPT = re.compile(r"[0-9a-z]{26}-[0-9]{1,5}")
_STATUS = {
    "accepted": Status.SENT,
    "scheduled": Status.SENT,
    "queued": Status.SENT,
    "sending": Status.SENT,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.FAILED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}


class _Form(dict[str, list[str]]):
    """A form whose fields may repeat; the validator reads it through `getall`."""

    def getall(self, name: str) -> list[str]:
        return self[name]

    def first(self, name: str, longest: int) -> str:
        """Return a field, "" if it is missing; raises RefusedError if it is longer than it can rightly be."""
        # PostgreSQL stores no NUL: one such text would spoil the whole group that is stored with it.
        text = self[name][0].replace("\0", "") if name in self else ""
        if len(text) > longest:
            raise RefusedError("400 Bad Request", f"The field {name} is too long.", "malformed")
        return text


class _Gate:
    """Lets in what Twilio signed for one of our addresses.

    The signature covers the public address. It is built from the settings alone: what a client says of host or
    scheme in its headers proves nothing.
    """

    def __init__(self, settings: TwilioSettings, path: str) -> None:
        self._address = settings.base_url + path
        self._validators = tuple(RequestValidator(token) for token in settings.verifying_tokens)

    def read(self, environ: WSGIEnvironment) -> _Form:
        """Return the form of a genuine request; raises RefusedError for any other."""
        body = read_body(environ, _FORM, LIMIT)
        try:
            fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise RefusedError("400 Bad Request", "The form cannot be read.", "malformed") from None
        form = _Form(fields)
        query = environ.get("QUERY_STRING", "")
        settings = environ.get("HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS", "")
        signature = environ.get("HTTP_X_TWILIO_SIGNATURE", "")
        address = f"{self._address}?{query}" if query else self._address
        if not self._is_genuine(address, form, signature, get_signature_algorithm(settings)):
            raise RefusedError("403 Forbidden", "The signature does not fit.", "forged")
        return form

    def _is_genuine(self, address: str, form: _Form, signature: str, algorithm: str) -> bool:
        if not signature.isascii() or algorithm not in ("HMAC_SHA1", "HMAC_SHA256"):
            return False
        for validator in self._validators:
            if compare_digest(validator.compute_signature(address, form, algorithm), signature):
                return True
        # Twilio signs an address now with and now without its port: the slow way tries both.
        return any(validator.validate(address, form, signature, algorithm) for validator in self._validators)


class SmsWebhook:
    """The door for texts, as a plain WSGI application: nothing stands between the server and the inbox.

    Answers once the text is stored; a text that comes again is answered the same and changes nothing.
    """

    path = INBOUND_PATH

    def __init__(self, settings: TwilioSettings, inbox: Inbox, count: Count = count_nothing) -> None:
        self._gate = _Gate(settings, self.path)
        self._inbox = inbox
        self._count = count

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Store one text."""
        try:
            arrival = _arrival(self._gate.read(environ))
            self._inbox.accept(arrival)
        except RefusedError as refused:
            self._count(refused.how)
            return answer_refused(start_response, refused)
        except (NotStoredError, SQLAlchemyError, TimeoutError):
            self._count("not_stored")
            return answer_refused(start_response, _NOT_STORED)
        self._count("accepted")
        return answer(start_response, "200 OK", _NOTHING_TO_SAY, "text/xml; charset=utf-8")


class SmsStatusWebhook:
    """The door for Twilio's reports of how a text fared; its address carries the attempt's id."""

    path = STATUS_PATH

    def __init__(self, settings: TwilioSettings, ground: Ground, count: Count = count_nothing) -> None:
        self._gate = _Gate(settings, self.path)
        self._ground = ground
        self._count = count

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Record one report."""
        try:
            form = self._gate.read(environ)
            how = self._record(environ.get("QUERY_STRING", ""), form)
        except RefusedError as refused:
            self._count(refused.how)
            return answer_refused(start_response, refused)
        except (NotStoredError, SQLAlchemyError, TimeoutError):
            self._count("not_stored")
            return answer_refused(start_response, _NOT_STORED)
        self._count(how)
        return answer(start_response, "200 OK", b"", "text/plain; charset=utf-8")

    def _record(self, query: str, form: _Form) -> str:
        attempt_id = parse_qs(query).get("attempt", [""])[0]
        status = _STATUS.get(form.first("MessageStatus", _LONGEST_ID))
        if status is None or not _ATTEMPT.fullmatch(attempt_id):
            return "unknown"
        code = form.first("ErrorCode", _LONGEST_ID)
        detail = explain(code) if status is Status.FAILED else ""
        vendor_id = form.first("MessageSid", _LONGEST_ID) or None
        with self._ground.work() as work:
            dead = status is Status.FAILED and is_dead(code)
            moved = record_receipt(work, Receipt(attempt_id, status, vendor_id, detail, work.now, unreachable=dead))
        return "recorded" if moved else "unchanged"


_NOT_STORED = RefusedError("503 Service Unavailable", "It could not be stored. Send it again.", "not_stored")


def _arrival(form: _Form) -> Arrival:
    vendor_id = form.first("MessageSid", _LONGEST_ID)
    sender = form.first("From", _LONGEST_ADDRESS)
    if not vendor_id or not sender:
        raise RefusedError("400 Bad Request", "A text needs MessageSid and From.", "malformed")
    values = {}
    if form.first("NumMedia", _LONGEST_ID) not in ("", "0"):
        values = {name: form.first(name, LIMIT) for name in form if name.startswith("MediaUrl")}
    if "OptOutType" in form:
        values["OptOutType"] = form.first("OptOutType", _LONGEST_ID)
    return Arrival(
        channel=Channel.SMS,
        vendor_id=vendor_id,
        sender=sender,
        recipient=form.first("To", _LONGEST_ADDRESS),
        body=form.first("Body", LIMIT),
        values=values,
        automatic=None if sender.removeprefix("+").isdecimal() else "sender_has_no_number",
    )
