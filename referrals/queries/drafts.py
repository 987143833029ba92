from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.model import LotCard
from fps.queries import frameworks_of, lot, lots
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model import AgeBand, Gender, Need, NeedArea
from referrals.model.criteria import Weights
from referrals.model.particulars import Particulars
from referrals.model.routes import Route
from referrals.queries.attachments import files_of
from referrals.queries.courses import standings
from referrals.rules.identifying import Finding, identifying_text, unconfirmed
from referrals.rules.issuing import Attached
from referrals.tables import ConfirmationRow, ReferralRow


@dataclass(frozen=True)
class DraftPage:
    """A draft as its council sees it, with what the scan found and no person has let stand yet (R31)."""

    id: str
    reference: str
    council_id: str
    writers: frozenset[str]
    lot: LotCard
    need: Need
    route: Route
    particulars: Particulars
    setting_id: str | None
    contract_id: str | None
    weights: Weights
    files: tuple[Attached, ...]
    deadline_on: date | None
    release_at: datetime | None
    unconfirmed: tuple[Finding, ...]


def need_of(row: ReferralRow) -> Need:
    """Return what the commissioner wrote."""
    return Need(
        age_band=AgeBand(row.age_band),
        year_group=row.year_group,
        gender=Gender(row.gender) if row.gender else None,
        need_area=NeedArea(row.need_area),
        outcomes=row.outcomes,
        risk_wording=row.risk_wording,
        travel_zone=row.travel_zone,
        starts_from=row.starts_from,
        starts_until=row.starts_until,
        weekly_hours=row.weekly_hours,
    )


def lots_of(session: Session, council_id: str, on: date) -> list[LotCard]:
    """Return the lots through which a council may buy on that day."""
    return lots(session, [card.id for card in frameworks_of(session, council_id, on)], on)


def draft(session: Session, actor: Actor, referral_id: str) -> DraftPage:
    """Return a draft of the actor's council; raises NotFoundError for any other and for one that is issued."""
    row = draft_row(session, actor, referral_id)
    return DraftPage(
        row.id,
        row.reference,
        row.council_id,
        frozenset({row.author_id, row.written_by or row.author_id}),
        lot(session, row.lot_id),
        need_of(row),
        Route(row.route),
        Particulars.of(row.particulars),
        row.setting_id,
        row.contract_id,
        Weights.of(row.weights),
        files_of(session, row.id),
        row.deadline_on,
        row.release_at,
        unconfirmed_findings(session, row),
    )


def unconfirmed_findings(session: Session, row: ReferralRow) -> tuple[Finding, ...]:
    """Return what may identify somebody in a draft and no person has let stand (R31)."""
    confirmed = session.scalars(select(ConfirmationRow.finding_key).where(ConfirmationRow.referral_id == row.id))
    return unconfirmed(identifying_text(need_of(row).free_text), confirmed)


def draft_row(session: Session, actor: Actor, referral_id: str) -> ReferralRow:
    """Return the row of a draft of the actor's council; raises as `draft` does."""
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_ISSUE):
        raise NotFoundError
    if standings(session, [row])[row.id].issue is not None:
        raise NotFoundError
    return row
