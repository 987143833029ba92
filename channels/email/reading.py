from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256

from flufl.bounce import all_failures

from channels.email.plain import text_of
from channels.email.quoting import split
from channels.email.settings import EmailSettings
from kernel.errors import InvalidInputError
from people.rules import normalise_address

_ID = r"[0-9a-z]{26}"
_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "To", "Cc")
_PRECEDENCES = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOTS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Mail-Autoreply", "X-AutoReply-From", "List-Id")
_ADDRESS = re.compile(r"[^\s<>,;\"@]{1,64}@[^\s<>,;\"@]{1,255}")
_STATUS = re.compile(rb"^Status: *([45]\.\d{1,3}\.\d{1,3})", re.MULTILINE | re.IGNORECASE)
_BOUNDARY = re.compile(rb"boundary\s{0,9}[*=]", re.IGNORECASE)
_LONGEST_ID = 200
_LONGEST_ADDRESS = 320
_LONGEST_HEADER = 600
_MOST_LEVELS = 40
_UNREADABLE = (ArithmeticError, AssertionError, AttributeError, LookupError, MessageError, TypeError, ValueError)
"""What guessing at arbitrary mail may stumble over, in the standard library and in the detectors of bounces."""


class UnreadableError(Exception):
    """What was posted is no mail that anybody could have sent; `words` says why and names no person."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Mail:
    """A mail as the hub understands it.

    `vendor_id` is the same each time the same mail comes in. `thread` is the id of our message that it answers.
    `automatic` says what kind of machine wrote it, None for a person. `bounced` are the attempts whose messages
    it returns for good, with `bounce_status` (RFC 3463) where it says one. `values` holds the subject, what was
    quoted, and how many attachments it had.
    """

    vendor_id: str
    sender: str
    recipient: str
    text: str
    thread: str | None
    automatic: str | None
    bounced: tuple[str, ...]
    bounce_status: str
    values: Mapping[str, str]


class Reader:
    """Reads mail that answers ours, or begins something new."""

    def __init__(self, settings: EmailSettings) -> None:
        inbound, own = re.escape(settings.inbound_domain), re.escape(settings.domain)
        self._reply_address = re.compile(rf"\breply\+({_ID})@{inbound}\b", re.IGNORECASE)
        self._own_message = re.compile(rf"<({_ID})-\d{{1,5}}@{own}>")
        self._own_attempt = re.compile(rf"\b({_ID}-\d{{1,5}})@{own}\b".encode())

    def read(self, raw: bytes) -> Mail:
        """Read a mail as it came over the wire; raises UnreadableError."""
        # The time to parse grows with lines times levels: no person's mail has so many.
        if len(_BOUNDARY.findall(raw)) > _MOST_LEVELS:
            raise UnreadableError("The mail has too many parts within parts.")
        message = message_from_bytes(raw)
        automatic = _automatic(message)
        sender = _sender(message, is_automatic=automatic is not None)
        has_bounced = automatic in ("bounce", "robot") and _has_failed(message)
        thread = self._thread(message)
        subject = _clean(_decoded(_header(message, "Subject")))[:_LONGEST_ID].strip()
        said = split(_clean(text_of(message)))
        status = _STATUS.search(raw)
        return Mail(
            vendor_id=_vendor_id(message, sender, raw),
            sender=sender,
            recipient=self._recipient(message),
            text=said.new if thread or not subject else f"{subject}\n\n{said.new}".strip(),
            thread=thread,
            automatic="bounce" if has_bounced else automatic,
            bounced=self._own_attempts(raw) if has_bounced else (),
            bounce_status=status[1].decode() if status else "",
            values=_values(subject, said.repeated, message),
        )

    def _recipient(self, message: Message) -> str:
        found = [value for name in _RECIPIENTS for value in _headers(message, name)]
        reply = next(filter(None, map(self._reply_address.search, found)), None)
        if reply is not None:
            return reply[0].lower()
        address = next(filter(None, map(_ADDRESS.search, found)), None)
        return address[0][:_LONGEST_ADDRESS] if address else ""

    def _thread(self, message: Message) -> str | None:
        for name in _RECIPIENTS:
            for value in _headers(message, name):
                found = self._reply_address.search(value)
                if found:
                    return found[1].lower()
        for name in ("In-Reply-To", "References"):
            answered = self._own_message.findall(" ".join(_headers(message, name)))
            if answered:
                return str(answered[-1])
        return None

    def _own_attempts(self, raw: bytes) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found.decode() for found in self._own_attempt.findall(raw)))


def _clean(text: str) -> str:
    """Return text that any database stores: without NUL and without halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _headers(message: Message, name: str) -> Sequence[str]:
    """Return a header's values, each on one line, as text whatever bytes they were."""
    values = (str(value).encode("utf-8", "surrogateescape") for value in message.get_all(name, []))
    return [" ".join(value.decode("utf-8", "replace").replace("\0", "").split()) for value in values]


def _header(message: Message, name: str) -> str:
    return next(iter(_headers(message, name)), "")


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value[:_LONGEST_HEADER])))
    except _UNREADABLE:
        return value


def _sender(message: Message, *, is_automatic: bool) -> str:
    """Return the one address in From; a machine's mail may come without, a person's may not."""
    addresses = _senders(message)
    try:
        if len(addresses) == 1:
            return normalise_address("email", next(iter(addresses)))[:_LONGEST_ADDRESS]
    except InvalidInputError:
        addresses = set()
    if is_automatic:
        return "mailer-daemon"
    raise UnreadableError("The mail has more than one sender." if len(addresses) > 1 else "The mail has no sender.")


def _senders(message: Message) -> set[str]:
    written = [value for value in _headers(message, "From") if len(value) <= _LONGEST_HEADER]
    return {address for _, address in getaddresses(written) if address}


def _automatic(message: Message) -> str | None:
    """Say which kind of machine wrote a mail (RFC 3834): "bounce", "auto_reply", "robot", or None for a person."""
    if message.get_content_type() == "multipart/report" or any(
        address.lower().startswith("mailer-daemon") for address in _senders(message)
    ):
        return "bounce"
    if _header(message, "Auto-Submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return "auto_reply"
    if _header(message, "Precedence").lower() in _PRECEDENCES or any(name in message for name in _ROBOTS):
        return "auto_reply"
    return "robot" if _header(message, "Return-Path").replace(" ", "") == "<>" else None


def _has_failed(message: Message) -> bool:
    """Tell whether a report says that delivery has failed for good; a mere delay has not."""
    try:
        _, permanent = all_failures(message)
    except _UNREADABLE:
        return False
    return bool(permanent)


def _vendor_id(message: Message, sender: str, raw: bytes) -> str:
    """Return the mail's own id, made the sender's own: some programs give every mail the same."""
    own = _header(message, "Message-ID").replace(" ", "")
    if not own:
        return f"sha256:{sha256(raw).hexdigest()}"
    return f"{own[:_LONGEST_ID]} {sha256(f'{own} {sender}'.encode()).hexdigest()[:16]}"


def _values(subject: str, repeated: str, message: Message) -> dict[str, str]:
    attachments = sum(1 for part in message.walk() if part.get_content_disposition() == "attachment")
    values = {"subject": subject, "quoted": repeated, "attachments": str(attachments) if attachments else ""}
    return {name: value for name, value in values.items() if value}
