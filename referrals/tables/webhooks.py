from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText

_WAITING = text("state = 'waiting'")
_PARKED = text("state = 'parked'")


class WebhookEndpointRow(Base):
    """An address of a council's case system; a removed one keeps neither address nor secret.

    `types` are the facts that it is told of. While the secret is being changed, `old_secret` signs beside it. After a
    failure the whole address rests until `rests_until`, longer with each of its `failures` in a row.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(SealedText("webhook_endpoints.url"))
    secret: Mapped[str] = mapped_column(SealedText("webhook_endpoints.secret"))
    old_secret: Mapped[str | None] = mapped_column(SealedText("webhook_endpoints.old_secret"))
    old_secret_until: Mapped[datetime | None]
    types: Mapped[list[str]]
    created_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(Integer, default=0)
    rests_until: Mapped[datetime | None]


class WebhookEventRow(Base):
    """A fact for a council's systems: `data` holds ids, times and status words."""

    __tablename__ = "webhook_events"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    type: Mapped[str] = mapped_column(String(40))
    referral_id: Mapped[str | None] = mapped_column(String(26))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_webhook_events_council", "council_id", "id"),)


class WebhookDeliveryRow(Base):
    """One fact on its way to one address.

    `tries` and `since` are counted from the beginning, or from when somebody last asked to send it again; `attempts`
    are all there were.
    """

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("webhook_events.id"))
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoints.id"))
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    since: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    fault: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (
        UniqueConstraint("event_id", "endpoint_id"),
        Index("ix_webhook_deliveries_endpoint", "endpoint_id", "id"),
        Index(
            "ix_webhook_deliveries_waiting",
            "endpoint_id",
            "due_at",
            postgresql_where=_WAITING,
            sqlite_where=_WAITING,
        ),
        Index(
            "ix_webhook_deliveries_parked", "endpoint_id", "ended_at", postgresql_where=_PARKED, sqlite_where=_PARKED
        ),
    )


class WebhookAttemptRow(Base):
    """One attempt to deliver; nothing of what the other side wrote but its status."""

    __tablename__ = "webhook_attempts"

    delivery_id: Mapped[str] = mapped_column(ForeignKey("webhook_deliveries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    fault: Mapped[str | None] = mapped_column(String(20))
    took_ms: Mapped[int] = mapped_column(Integer)
