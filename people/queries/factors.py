from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.tables import AuthenticatorRow, PasskeyRow, RecoveryCodeRow, SsoIdentityRow


@dataclass(frozen=True)
class PasskeyCard:
    """A passkey as its owner sees it."""

    id: str
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class StoredPasskey:
    """What a passkey's answer is checked against; `credential_id` and `public_key` are base64url."""

    id: str
    person_id: str
    credential_id: str
    public_key: str
    sign_count: int


@dataclass(frozen=True)
class Factors:
    """What a person can prove themselves with: since when an authenticator app, which passkeys, codes not yet used."""

    app_since: datetime | None
    passkeys: tuple[PasskeyCard, ...]
    recovery_codes: int

    @property
    def has_any(self) -> bool:
        """Tell whether there is a second factor at all; recovery codes only stand in for one."""
        return self.app_since is not None or bool(self.passkeys)


@dataclass(frozen=True)
class IdentityCard:
    """An account at an organisation's identity provider with which a person signs in here."""

    issuer: str
    linked_at: datetime
    used_at: datetime | None


def factors_of(session: Session, person_id: str) -> Factors:
    """Return a person's second factors."""
    app = select(AuthenticatorRow.confirmed_at).where(
        AuthenticatorRow.person_id == person_id, AuthenticatorRow.secret.is_not(None)
    )
    passkeys = select(PasskeyRow.id, PasskeyRow.name, PasskeyRow.created_at, PasskeyRow.used_at)
    mine = passkeys.where(PasskeyRow.person_id == person_id).order_by(PasskeyRow.id)
    unused = select(func.count()).where(RecoveryCodeRow.person_id == person_id, RecoveryCodeRow.used_at.is_(None))
    return Factors(
        app_since=session.scalars(app).first(),
        passkeys=tuple(PasskeyCard(*row) for row in session.execute(mine)),
        recovery_codes=session.scalar(unused) or 0,
    )


def offered_secret(session: Session, person_id: str) -> str:
    """Return the secret that waits for its first code; raises NotFoundError if none does."""
    secret = session.scalars(select(AuthenticatorRow.offered).where(AuthenticatorRow.person_id == person_id)).first()
    if secret is None:
        raise NotFoundError
    return secret


def passkeys_of(session: Session, person_id: str) -> list[StoredPasskey]:
    """Return a person's passkeys as they are stored."""
    rows = select(PasskeyRow).where(PasskeyRow.person_id == person_id).order_by(PasskeyRow.id)
    return [_stored(row) for row in session.scalars(rows)]


def passkey_by_credential(session: Session, credential_id: str) -> StoredPasskey:
    """Return the passkey with a credential id; raises NotFoundError."""
    row = session.scalars(select(PasskeyRow).where(PasskeyRow.credential_id == credential_id)).first()
    if row is None:
        raise NotFoundError
    return _stored(row)


def _stored(row: PasskeyRow) -> StoredPasskey:
    return StoredPasskey(row.id, row.person_id, row.credential_id, row.public_key, row.sign_count)


def identities_of(session: Session, person_id: str) -> list[IdentityCard]:
    """Return the accounts elsewhere with which a person signs in here."""
    columns = select(SsoIdentityRow.issuer, SsoIdentityRow.linked_at, SsoIdentityRow.used_at)
    rows = columns.where(SsoIdentityRow.person_id == person_id).order_by(SsoIdentityRow.issuer)
    return [IdentityCard(*row) for row in session.execute(rows)]
