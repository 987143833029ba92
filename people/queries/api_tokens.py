from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.calendar import london_date
from people.api_scopes import APPROVED_BY, ApiScope, Approval
from people.model import Actor, OrganisationKind
from people.permissions import Permission, organisations_with
from people.queries import digest
from people.tables import ApiTokenRow, OrganisationRow
from people.waiting import Waiting, count_waiting


@dataclass(frozen=True)
class ApiTokenCard:
    """A token of the API: whose it is, what it may ask for, and since when and until when.

    `prefix` is how it begins; the rest is nowhere. `last_used_at` is to the hour. `scopes` is what it was made for;
    what it may ask for now is `open_scopes`.
    """

    id: str
    organisation_id: str
    organisation: str
    kind: OrganisationKind
    name: str
    prefix: str
    scopes: tuple[ApiScope, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    approval: Approval
    decided_at: datetime | None
    decided_by: str | None

    @property
    def open_scopes(self) -> tuple[ApiScope, ...]:
        """What it may ask for now: a scope that somebody must approve opens nothing before."""
        return tuple(each for each in self.scopes if each not in APPROVED_BY or self.approval is Approval.APPROVED)

    @property
    def last_day(self) -> date:
        """The London day to whose end it holds."""
        return london_date(self.expires_at - timedelta(seconds=1))

    def holds(self, now: datetime) -> bool:
        """Tell whether it still opens anything."""
        return self.revoked_at is None and now < self.expires_at


_TOKENS = select(ApiTokenRow, OrganisationRow.name, OrganisationRow.kind).join(
    OrganisationRow, OrganisationRow.id == ApiTokenRow.organisation_id
)


def _card(row: ApiTokenRow, organisation: str, kind: str) -> ApiTokenCard:
    known = [ApiScope(scope) for scope in row.scopes if scope in set(ApiScope)]
    return ApiTokenCard(
        row.id,
        row.organisation_id,
        organisation,
        OrganisationKind(kind),
        row.name,
        row.prefix,
        tuple(known),
        row.created_by,
        row.created_at,
        row.expires_at,
        row.last_used_at,
        row.revoked_at,
        Approval(row.approval),
        row.decided_at,
        row.decided_by,
    )


def token_of(session: Session, secret: str, now: datetime) -> ApiTokenCard | None:
    """Return the token that a program shows; None for one that is unknown, has ended or was revoked."""
    found = session.execute(_TOKENS.where(ApiTokenRow.digest == digest(secret))).first()
    card = _card(*found) if found else None
    return card if card is not None and card.holds(now) else None


def tokens_in(
    session: Session, organisation_ids: Sequence[str], *, offset: int = 0, limit: int = 25
) -> tuple[list[ApiTokenCard], int]:
    """Return a page of the tokens of organisations, those that hold first, then the newest; and how many in all."""
    theirs = ApiTokenRow.organisation_id.in_(organisation_ids)
    total = session.scalar(select(func.count()).select_from(ApiTokenRow).where(theirs)) or 0
    rows = _TOKENS.where(theirs).order_by(
        ApiTokenRow.revoked_at.is_not(None), ApiTokenRow.created_at.desc(), ApiTokenRow.id.desc()
    )
    return [_card(*row) for row in session.execute(rows.offset(offset).limit(limit))], total


def tokens_to_approve(session: Session, organisation_ids: Sequence[str], now: datetime) -> list[ApiTokenCard]:
    """Return the tokens of organisations that hold and have a scope to approve, those that wait first, oldest first."""
    rows = _TOKENS.where(
        ApiTokenRow.organisation_id.in_(organisation_ids),
        ApiTokenRow.approval != Approval.NOT_NEEDED,
        ApiTokenRow.revoked_at.is_(None),
        ApiTokenRow.expires_at > now,
    )
    ordered = rows.order_by(ApiTokenRow.approval != Approval.WAITING, ApiTokenRow.created_at, ApiTokenRow.id)
    return [_card(*row) for row in session.execute(ordered)]


def tokens_waiting(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the tokens that ask for fees or referrals and wait for a commissioner."""
    theirs = ApiTokenRow.organisation_id.in_(organisations_with(actor, Permission.FEES_READ))
    holds = ApiTokenRow.revoked_at.is_(None), ApiTokenRow.expires_at > now
    return count_waiting(session, ApiTokenRow.created_at, theirs, ApiTokenRow.approval == Approval.WAITING, *holds)
