from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base


class PastRoleRow(Base):
    """A role that a person had: who has left is still found where they worked, and by nobody else."""

    __tablename__ = "past_roles"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[str] = mapped_column(String(24))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    ended_at: Mapped[datetime]


class ContactCheckRow(Base):
    """A code on its way to a contact point; what is kept of it is a digest under a key of the hub's.

    `replaces_id` is the contact point that goes when this one proves to be its owner's.
    """

    __tablename__ = "contact_checks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    contact_point_id: Mapped[str] = mapped_column(ForeignKey("contact_points.id"), index=True)
    asked_by: Mapped[str] = mapped_column(String(26))
    digest: Mapped[str] = mapped_column(String(64))
    replaces_id: Mapped[str | None] = mapped_column(String(26))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_contact_checks_asked", "asked_by", "created_at"),)


class InvitationRow(Base):
    """An invitation by email to take a role; open until it is accepted, withdrawn or runs out.

    `is_new` tells that the person is here only because of it. `name` is what whoever invites calls them: what we know
    of somebody who is here already is not told to them.
    """

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    contact_point_id: Mapped[str] = mapped_column(ForeignKey("contact_points.id"))
    role: Mapped[str] = mapped_column(String(24))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    is_new: Mapped[bool]
    invited_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    grant_id: Mapped[str] = mapped_column(String(26))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(12))

    __table_args__ = (
        Index(
            "uq_invitations_open",
            "person_id",
            "role",
            "organisation_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_invitations_organisation", "organisation_id"),
    )


class DelegationRow(Base):
    """While it runs, the delegate may do in one organisation what the absent person may do there."""

    __tablename__ = "delegations"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    delegate_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MergeRow(Base):
    """Two records of one person made one: what moved, domain by domain, so that it can be moved back."""

    __tablename__ = "merges"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kept_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    gone_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    merged_by: Mapped[str] = mapped_column(String(26))
    merged_at: Mapped[datetime]
    undo_until: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    moved: Mapped[dict[str, Any]]


class DistinctRow(Base):
    """Two persons of whom somebody has said that they are two; the smaller id comes first."""

    __tablename__ = "distinct_persons"

    first_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    said_by: Mapped[str] = mapped_column(String(26))
    said_at: Mapped[datetime]
