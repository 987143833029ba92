from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText


class AuthenticatorRow(Base):
    """A person's authenticator app. `secret` is the one in use, `offered` one that waits for its first code.

    Both are sealed. `last_step` is the 30-second step of the code taken last: none at or before it is taken again.
    """

    __tablename__ = "authenticators"

    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    secret: Mapped[str | None] = mapped_column(SealedText("authenticators.secret"))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    offered: Mapped[str | None] = mapped_column(SealedText("authenticators.offered"))
    offered_at: Mapped[datetime | None]


class RecoveryCodeRow(Base):
    """A code for whoever lost phone and passkey; only its digest is kept, and it works once."""

    __tablename__ = "recovery_codes"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("person_id", "digest"),)


class PasskeyRow(Base):
    """A passkey: the public half of a key that a person's phone, computer or security key holds.

    `credential_id` and `public_key` are base64url. `sign_count` is what the key said last; a smaller one later
    means that somebody has copied it.
    """

    __tablename__ = "passkeys"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[str] = mapped_column(Text, unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SsoIdentityRow(Base):
    """Who a person is at their organisation's identity provider: its issuer and its name for them, nothing else."""

    __tablename__ = "sso_identities"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_id", "issuer"))


class CeremonyRow(Base):
    """A passkey or single sign-on ceremony that was begun and not yet ended; its challenge can be met once."""

    __tablename__ = "sign_in_ceremonies"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    ends_at: Mapped[datetime] = mapped_column(index=True)
