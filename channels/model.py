from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any


class Channel(StrEnum):
    """A way to reach people."""

    SMS = "sms"
    EMAIL = "email"
    SLACK = "slack"
    WEB = "web"


class Urgency(IntEnum):
    """What goes first when much waits: an urgent alert never queues behind a campaign."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


class Status(StrEnum):
    """Where a message stands; it only moves forward (channels.rules.status says how)."""

    QUEUED = "queued"
    HELD = "held"
    HANDING_OVER = "handing_over"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why a message is held, failed, cancelled or moved; the history page says it in words."""

    SCHEDULED = "scheduled"
    QUIET_HOURS = "quiet_hours"
    RETRY = "retry"
    FALLBACK = "fallback"
    VENDOR_BUSY = "vendor_busy"
    ASK_A_PERSON = "ask_a_person"
    CHANNEL_OFF = "channel_off"
    NO_CONTACT_POINT = "no_contact_point"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    WITHDRAWN = "withdrawn"
    TOO_LATE = "too_late"
    NOT_RENDERED = "not_rendered"


@dataclass(frozen=True)
class Subject:
    """What a message is about: a referral, a visit, a survey."""

    kind: str
    id: str


@dataclass(frozen=True)
class Send:
    """How far one message about a subject has come: what is needed of very many at once."""

    id: str
    person_id: str | None
    channel: str
    key: str
    status: Status
    reason: Reason | None
    queued_at: datetime
    handed_at: datetime | None
    sent_at: datetime | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Attachment:
    """A small text file that travels with a message, an iCalendar invitation above all.

    `mime` holds the parameters too, for example "text/calendar; method=REQUEST".
    """

    name: str
    mime: str
    content: str


@dataclass(frozen=True)
class ButtonShown:
    """A button as a channel draws it; `form` is the neutral form that it opens, as JSON, if it opens one."""

    action: str
    label: str
    value: str
    form: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Rendered:
    """A message in one language: `title` and `text` for roomy channels, `short` for SMS."""

    title: str
    text: str
    short: str
    buttons: tuple[ButtonShown, ...] = ()


@dataclass(frozen=True)
class Post:
    """What an adapter is handed: one attempt at one message to one address, rendered; `due_at` is when it was due."""

    attempt_id: str
    message_id: str
    key: str
    address: str
    language: str
    rendered: Rendered
    attachments: tuple[Attachment, ...] = ()
    due_at: datetime | None = None


class OutcomeKind(StrEnum):
    """What came of handing over."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt.

    RETRY says that the vendor certainly did not take it (a 429, a refused connection); FAILED that it never will
    (a dead number); UNKNOWN that nobody can say yet (the line broke after the request went out). `retry_after_s`
    is the vendor's own word; `pause_s` holds back everything for this vendor. `opted_out` says that the vendor
    knows of a STOP that we do not, `unreachable` that the address is dead for good. `detail` names no person.
    """

    kind: OutcomeKind
    vendor_id: str | None = None
    detail: str = ""
    retry_after_s: float | None = None
    pause_s: float | None = None
    opted_out: bool = False
    unreachable: bool = False


@dataclass(frozen=True)
class PastAttempt:
    """An attempt whose outcome nobody recorded; `started_at` is when it was claimed."""

    attempt_id: str
    message_id: str
    address: str
    started_at: datetime


class Settlement(StrEnum):
    """What the vendor's own records say of an attempt whose outcome was lost."""

    PROVEN_SENT = "proven_sent"
    PROVEN_UNSENT = "proven_unsent"
    UNPROVEN = "unproven"


@dataclass(frozen=True)
class Settled:
    """The settlement of one attempt, with the vendor's id if it was sent."""

    settlement: Settlement
    vendor_id: str | None = None


@dataclass(frozen=True)
class Arrival:
    """Something that came in, as a webhook or the sandbox hands it to the inbox.

    `vendor_id` is unique for the channel: a second one with the same id is the same text again. `action` and
    `values` carry a pressed button or a sent form; `thread` is the id of the message that it answers, if the
    channel knows.
    """

    channel: Channel
    vendor_id: str
    sender: str
    body: str
    recipient: str = ""
    action: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    thread: str | None = None
    automatic: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What a vendor reports later of an attempt: `status` is sent, delivered or failed.

    `unreachable`: it failed because the address is dead for good.
    """

    attempt_id: str
    status: Status
    vendor_id: str | None
    detail: str
    at: datetime
    unreachable: bool = False
