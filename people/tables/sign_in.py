from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText, digest_of


class SessionRow(Base):
    """One browser in which a person is signed in; only the digest of the token that it holds is kept.

    It ends at `ends_at` whatever happens, at `idle_at` if nobody uses it until then, and at once when `ended_at` is
    set. `means` is how they signed in; `strong_at` when they last proved a second factor. `browser` is in words.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(20))
    means: Mapped[str] = mapped_column(String(12))
    strong_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(60))

    __table_args__ = (Index("ix_sessions_person", "person_id", "ends_at"),)


class AskRow(Base):
    """Somebody asked, in one browser, for a link or a code at an address, whether or not we know it.

    `browser` is the digest of what that browser holds. `address` is what they typed, only until it is answered; its
    keyed digest stays, to count tries across asks.
    `tries` counts the codes that were typed; `spent_at` is when one was right, or when the link was used.
    """

    __tablename__ = "sign_in_asks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    browser: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[str | None] = mapped_column(SealedText("sign_in_asks.address"))
    address_digest: Mapped[str] = mapped_column(String(64), default=digest_of("address"))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    spent_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_sign_in_asks_browser", "browser", "purpose"),
        Index("ix_sign_in_asks_address", "address_digest", "asked_at"),
    )


class CodeRow(Base):
    """A code that went to one contact point because somebody asked; only a keyed digest of it is kept."""

    __tablename__ = "sign_in_codes"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    ask_id: Mapped[str] = mapped_column(ForeignKey("sign_in_asks.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    contact_point_id: Mapped[str] = mapped_column(String(26))
    digest: Mapped[str] = mapped_column(String(64))


class LeavingRow(Base):
    """A person left; `roles` are the roles that they held, as [role, organisation id], for the way back."""

    __tablename__ = "leavings"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    roles: Mapped[list[Any]]
    left_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
