from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base
from kernel.sealing import SealedText, digest_of, keep_digest


class OrganisationRow(Base):
    """A council, forum or provider. Councils keep their history: `ended_on` and what replaced them (C2)."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(12), unique=True)
    dfe_code: Mapped[str | None] = mapped_column(String(4))
    started_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    council_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))


class SuccessionRow(Base):
    """One council that took over from one that ended."""

    __tablename__ = "organisation_successions"

    ended_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    successor_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)


class PersonRow(Base):
    """A person; `name` is empty for somebody who wrote to us and whom we do not know.

    Whoever has `left_at` signs in nowhere, is recognised on no channel, gets no message and holds no role.
    """

    __tablename__ = "persons"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="en")
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_to: Mapped[time | None] = mapped_column(Time)
    created_at: Mapped[datetime]
    signed_out_at: Mapped[datetime | None]
    merged_into_id: Mapped[str | None] = mapped_column(String(26))
    left_at: Mapped[datetime | None]

    roles: Mapped[list[RoleRow]] = relationship(lazy="selectin", order_by="RoleRow.role")


class RoleRow(Base):
    """A role that a person has in an organisation."""

    __tablename__ = "roles"

    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(24), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)

    __table_args__ = (Index("ix_roles_organisation", "organisation_id", "role"),)


class ContactPointRow(Base):
    """An address of a person or an organisation; several persons may share one (a family's phone).

    The address is sealed; `address_digest` follows it by itself and is what finds it (people.queries).
    """

    __tablename__ = "contact_points"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(SealedText("contact_points.address"))
    address_digest: Mapped[str] = mapped_column(String(64), default=digest_of("address"))
    rank: Mapped[int] = mapped_column(default=0)
    verified_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="one_owner"),
        UniqueConstraint("person_id", "channel", "address_digest"),
        Index("ix_contact_points_address", "channel", "address_digest"),
        Index("ix_contact_points_organisation", "organisation_id"),
    )


keep_digest(ContactPointRow, "address", "address_digest")


class ConsentRow(Base):
    """Why we may write to a person unasked on one channel, and since when; withdrawn when `ended_at` is set."""

    __tablename__ = "consents"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    channel: Mapped[str] = mapped_column(String(8))
    basis: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class GrantRow(Base):
    """A link that grants; only the digest of its token is kept.

    `renewed_digest` is that of the token under the newest secret, where the link was made under an older one.
    """

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    renewed_digest: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
