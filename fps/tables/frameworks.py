from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText


class FrameworkRow(Base):
    """A framework; `terms` overrides defaults of [own] rules, by name.

    `ends_on` is what the lead authority has settled; it is never worked out from the extension options (C7).
    `edition` grows with each change, so that nobody overwrites what they have not seen.
    """

    __tablename__ = "fps_frameworks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    regime: Mapped[str] = mapped_column(String(20))
    lead_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    terms: Mapped[dict[str, Any]]
    contract: Mapped[str | None] = mapped_column(String(64))
    ocid: Mapped[str | None] = mapped_column(String(64))
    notices: Mapped[list[str]]
    approval_panel: Mapped[str | None] = mapped_column(String(100))
    edition: Mapped[int] = mapped_column(default=1)


class ExtensionOptionRow(Base):
    """A stretch of months by which the contract lets the framework be extended; taken where `taken_on` is set."""

    __tablename__ = "fps_extension_options"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    framework_id: Mapped[str] = mapped_column(ForeignKey("fps_frameworks.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    months: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str] = mapped_column(String(200))
    taken_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (UniqueConstraint("framework_id", "number"), CheckConstraint("months > 0", name="months"))


class FrameworkUserRow(Base):
    """Who besides the member councils may buy through a framework, from which day to which (Bury's schools, say)."""

    __tablename__ = "fps_framework_users"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    framework_id: Mapped[str] = mapped_column(ForeignKey("fps_frameworks.id"))
    name: Mapped[str] = mapped_column(String(200))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (UniqueConstraint("framework_id", "name", "since"),)


class FrameworkChangeRow(Base):
    """One step in the life of a framework; append-only, numbered from 1.

    `details` holds ids, codes and days; `reason` what the person wrote, where the change asks for a reason.
    """

    __tablename__ = "fps_framework_changes"

    framework_id: Mapped[str] = mapped_column(ForeignKey("fps_frameworks.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(24))
    lot_id: Mapped[str | None] = mapped_column(ForeignKey("fps_lots.id"))
    details: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(SealedText("fps_framework_changes.reason"))
    recorded_at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(26))


class LotRow(Base):
    """A lot of a framework from its first day to its last; a number may be given again after that.

    `price_band` is the national band of the lot, once the law knows bands (C9).
    """

    __tablename__ = "fps_lots"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    framework_id: Mapped[str] = mapped_column(ForeignKey("fps_frameworks.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(200))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("fps_lots.id"))
    price_band: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (UniqueConstraint("framework_id", "number", "since"),)


class LotKindRow(Base):
    """The days on which a lot takes settings of a kind; both included, no end while `until` is empty."""

    __tablename__ = "fps_lot_kinds"

    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[date] = mapped_column(Date, primary_key=True)
    until: Mapped[date | None] = mapped_column(Date)


class LotDocumentRow(Base):
    """The days on which an active setting of a lot must hold a document of a kind; both included."""

    __tablename__ = "fps_lot_documents"

    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[date] = mapped_column(Date, primary_key=True)
    until: Mapped[date | None] = mapped_column(Date)


class MembershipRow(Base):
    """The days on which a council may buy through a framework; both included, no end while `until` is empty (C2)."""

    __tablename__ = "fps_memberships"

    framework_id: Mapped[str] = mapped_column(ForeignKey("fps_frameworks.id"), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    since: Mapped[date] = mapped_column(Date, primary_key=True)
    until: Mapped[date | None] = mapped_column(Date)
