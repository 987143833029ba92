from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Sequence
from kernel.sealing import SealedJson, SealedText, digest_of

# written out, not bound: only so can PostgreSQL see that the partial indexes hold what is asked for
OPEN = text("messages.status IN ('queued', 'held')")
IN_HAND = text("messages.status IN ('handing_over', 'unknown')")
EARLIER_UNFINISHED = text(
    "earlier.order_key IS NOT NULL AND earlier.status IN ('queued', 'held', 'handing_over', 'unknown')"
)
WAITING = text("inbound.state = 'waiting'")
PARKED = text("inbound.state = 'parked'")
UNREAD = text("messages.channel = 'web' AND messages.status = 'sent'")
INBOX = text("messages.channel = 'web' AND messages.status IN ('sent', 'delivered')")
UNDECIDED = text("messages.status = 'held' AND messages.reason = 'ask_a_person'")
FAILED = text("messages.status = 'failed'")
_OPEN = text("status IN ('queued', 'held')")
_IN_HAND = text("status IN ('handing_over', 'unknown')")
_UNFINISHED = text("order_key IS NOT NULL AND status IN ('queued', 'held', 'handing_over', 'unknown')")
_WAITING = text("state = 'waiting'")
_PARKED = text("state = 'parked'")
_UNREAD = text("channel = 'web' AND status = 'sent'")
_INBOX = text("channel = 'web' AND status IN ('sent', 'delivered')")
_UNDECIDED = text("status = 'held' AND reason = 'ask_a_person'")
_FAILED = text("status = 'failed'")


class MessageRow(Base):
    """The outbox: one message to one person or contact point, and where it stands.

    `pin` says that only its contact point ("point") or only its channel ("channel") will do; `tried` holds the
    contact points that failed for good, after `attempts_elsewhere` of the attempts. While it is in a vendor's hand,
    `reason` says only whether it was withdrawn meanwhile: then nothing follows this attempt. The plain path (queued,
    handed over, sent, delivered) is told by its own columns; everything unusual is also a line of message_history.
    Partial indexes keep the claim as fast with a million old messages as with none.
    """

    __tablename__ = "messages"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    contact_point_id: Mapped[str | None] = mapped_column(ForeignKey("contact_points.id"))
    channel: Mapped[str] = mapped_column(String(8))
    pin: Mapped[str | None] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, Any]] = mapped_column(SealedJson("messages.values"))
    attachments: Mapped[list[Any] | None] = mapped_column(SealedJson("messages.attachments"))
    about_kind: Mapped[str | None] = mapped_column(String(40))
    about_id: Mapped[str | None] = mapped_column(String(64))
    dedupe_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    order_key: Mapped[str | None] = mapped_column(String(26))
    urgency: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(20))
    due_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    is_solicited: Mapped[bool]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    attempts_elsewhere: Mapped[int] = mapped_column(SmallInteger, default=0)
    tried: Mapped[list[str] | None] = mapped_column(JSON)
    vendor_id: Mapped[str | None] = mapped_column(String(120))
    queued_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_messages_due", "channel", "urgency", "due_at", "seq", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_messages_in_hand", "lease_until", postgresql_where=_IN_HAND, sqlite_where=_IN_HAND),
        Index("ix_messages_order", "order_key", "seq", postgresql_where=_UNFINISHED, sqlite_where=_UNFINISHED),
        Index("ix_messages_about", "about_kind", "about_id"),
        Index("ix_messages_person", "person_id", "seq"),
        Index("ix_messages_unread", "person_id", "sent_at", postgresql_where=_UNREAD, sqlite_where=_UNREAD),
        Index("ix_messages_inbox", "person_id", "seq", postgresql_where=_INBOX, sqlite_where=_INBOX),
        Index("ix_messages_undecided", "queued_at", postgresql_where=_UNDECIDED, sqlite_where=_UNDECIDED),
        Index("ix_messages_failed", "queued_at", postgresql_where=_FAILED, sqlite_where=_FAILED),
    )


class HistoryRow(Base):
    """One unusual thing that happened to a message: held, retried, moved, failed, settled, cancelled."""

    __tablename__ = "message_history"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), index=True)
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str | None] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(SealedText("message_history.detail"), default="")


class PaceRow(Base):
    """The rate limit of one provider, shared by all workers: the moment from which the next message may go."""

    __tablename__ = "paces"

    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    free_from: Mapped[float] = mapped_column(Float)


class InboundRow(Base):
    """The inbox: everything that came in, once, and how it ended.

    Who wrote and what is sealed; `sender_digest` keeps one sender's texts in order. `recipient` is the hub's own.
    """

    __tablename__ = "inbound"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    channel: Mapped[str] = mapped_column(String(8))
    vendor_id: Mapped[str] = mapped_column(String(255))
    sender: Mapped[str] = mapped_column(SealedText("inbound.sender"))
    sender_digest: Mapped[str | None] = mapped_column(String(64), default=digest_of("sender"))
    recipient: Mapped[str] = mapped_column(String(320))
    body: Mapped[str] = mapped_column(SealedText("inbound.body"))
    action: Mapped[str | None] = mapped_column(String(60))
    values: Mapped[dict[str, Any]] = mapped_column(SealedJson("inbound.values"))
    thread: Mapped[str | None] = mapped_column(String(26))
    automatic: Mapped[str | None] = mapped_column(String(40))
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    detail: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[str | None] = mapped_column(SealedText("inbound.error"))
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("channel", "vendor_id"),
        Index("ix_inbound_waiting", "seq", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_inbound_lane", "channel", "sender_digest", "seq", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_inbound_parked", "seq", postgresql_where=_PARKED, sqlite_where=_PARKED),
        Index("ix_inbound_person", "person_id", "seq"),
    )


class QueueItemRow(Base):
    """A text that waits for a person, in a named queue, until somebody answers or closes it."""

    __tablename__ = "queue_items"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    queue: Mapped[str] = mapped_column(String(24))
    inbound_id: Mapped[str] = mapped_column(ForeignKey("inbound.id"), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    contact_point_id: Mapped[str] = mapped_column(ForeignKey("contact_points.id"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    reason: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(SealedText("queue_items.text"))
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    answer: Mapped[str | None] = mapped_column(SealedText("queue_items.answer"))

    __table_args__ = (Index("ix_queue_items_open", "queue", "ended_at", "opened_at"),)


class SandboxPostRow(Base):
    """What a sandbox adapter was handed in place of a real vendor."""

    __tablename__ = "sandbox_posts"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    attempt_id: Mapped[str] = mapped_column(String(40), unique=True)
    message_id: Mapped[str] = mapped_column(String(26))
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(SealedText("sandbox_posts.address"))
    address_digest: Mapped[str | None] = mapped_column(String(64), default=digest_of("address"))
    title: Mapped[str] = mapped_column(SealedText("sandbox_posts.title"))
    body: Mapped[str] = mapped_column(SealedText("sandbox_posts.body"))
    buttons: Mapped[list[Any]] = mapped_column(SealedJson("sandbox_posts.buttons"))
    attachments: Mapped[list[Any]] = mapped_column(SealedJson("sandbox_posts.attachments"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_sandbox_posts_address", "channel", "address_digest", "seq"),)
