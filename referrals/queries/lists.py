from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from fps.queries import lots_by_id
from kernel.finding import holds
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model import Phase, Terms
from referrals.model.routes import Route
from referrals.queries.courses import standings
from referrals.tables import IssueRow, RecipientRow, ReferralRow, ResponseRow, UnsealRow


@dataclass(frozen=True)
class Wanted:
    """What narrows a council's list: part of a reference, a lot, a phase; nothing where they are empty."""

    reference: str = ""
    lot_id: str | None = None
    phase: Phase | None = None


@dataclass(frozen=True)
class Counts:
    """How many settings were asked and how many have answered in time: all that shows before unsealing (R21)."""

    asked: int
    answered: int


@dataclass(frozen=True)
class ReferralLine:
    """A referral in its council's list."""

    id: str
    reference: str
    lot_title: str
    phase: Phase
    created_at: datetime
    deadline_at: datetime | None
    counts: Counts


def count_referrals(session: Session, actor: Actor, now: datetime, wanted: Wanted | None = None) -> int:
    """Count the referrals of the actor's councils, or those of them that are wanted."""
    return session.scalar(select(func.count()).select_from(ReferralRow).where(*_found(actor, now, wanted))) or 0


def referrals_of(
    session: Session,
    actor: Actor,
    now: datetime,
    wanted: Wanted | None = None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[ReferralLine]:
    """Return the referrals of the actor's councils, or those wanted, the newest first; all of them or a page."""
    rows = session.scalars(
        select(ReferralRow)
        .where(*_found(actor, now, wanted))
        .order_by(ReferralRow.created_at.desc(), ReferralRow.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    known, counted = standings(session, rows), counts(session, [row.id for row in rows])
    lots = lots_by_id(session, {row.lot_id for row in rows})
    return [
        ReferralLine(
            row.id,
            row.reference,
            lots[row.lot_id].title,
            known[row.id].phase(now),
            row.created_at,
            known[row.id].course.deadline_at,
            counted[row.id],
        )
        for row in rows
    ]


def lots_in_use(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return id and title of each lot for which the actor's councils have written referrals, by title."""
    used = select(ReferralRow.lot_id).where(ReferralRow.council_id.in_(_councils(actor))).distinct()
    lots = lots_by_id(session, session.scalars(used))
    return sorted(((lot.id, lot.title) for lot in lots.values()), key=lambda each: each[1])


def counts(session: Session, referral_ids: Sequence[str]) -> dict[str, Counts]:
    """Return for referrals, by id, how many were asked and have answered, in one query."""
    rows = session.execute(
        select(
            RecipientRow.referral_id,
            func.count(RecipientRow.id.distinct()),
            func.count(ResponseRow.recipient_id.distinct()),
        )
        .outerjoin(ResponseRow, ResponseRow.recipient_id == RecipientRow.id)
        .where(RecipientRow.referral_id.in_(referral_ids))
        .group_by(RecipientRow.referral_id)
    )
    counted = {referral_id: Counts(asked, answered) for referral_id, asked, answered in rows}
    return {referral_id: counted.get(referral_id, Counts(0, 0)) for referral_id in referral_ids}


def halves() -> ScalarSelect[int]:
    """Count who has unsealed a referral."""
    return select(func.count()).where(UnsealRow.referral_id == ReferralRow.id).correlate(ReferralRow).scalar_subquery()


def halves_needed() -> ColumnElement[int]:
    """Return how many people must unseal, as the terms were when the referral was issued (R22)."""
    return func.coalesce(IssueRow.terms["unseal_min"].as_integer(), Terms().unseal_min)


def is_readable() -> ColumnElement[bool]:
    """Say in SQL what referrals.rules.standing.can_open says: whether the council may read answers (R21, R22)."""
    return or_(ReferralRow.route != Route.MINI_COMPETITION, halves() >= halves_needed())


def _councils(actor: Actor) -> tuple[str, ...]:
    return organisations_with(actor, Permission.REFERRALS_READ)


def _found(actor: Actor, now: datetime, wanted: Wanted | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ReferralRow.council_id.in_(_councils(actor))]
    if wanted is None:
        return conditions
    if wanted.reference.strip():
        conditions.append(holds(ReferralRow.reference, wanted.reference.strip()))
    if wanted.lot_id:
        conditions.append(ReferralRow.lot_id == wanted.lot_id)
    if wanted.phase:
        conditions.append(_is_in(wanted.phase, now))
    return conditions


def _is_in(phase: Phase, now: datetime) -> ColumnElement[bool]:
    """Say in SQL what referrals.rules.standing.phase says of a referral that was read."""
    closed = ReferralRow.closed_at.is_not(None)
    if phase is Phase.CLOSED:
        return closed
    if phase is Phase.DRAFT:
        return and_(not_(closed), not_(_issued()))
    second = now.replace(microsecond=0)  # a deadline is met to the second (R16)
    over = or_(IssueRow.deadline_at < second, ReferralRow.route == Route.OFF_FRAMEWORK_SPOT)
    conditions: dict[Phase, tuple[ColumnElement[bool], ...]] = {
        Phase.SCHEDULED: (IssueRow.release_at > now,),
        Phase.OPEN: (IssueRow.release_at <= now, not_(over)),
        Phase.SEALED: (IssueRow.release_at <= now, over, ~is_readable()),
        Phase.UNSEALED: (IssueRow.release_at <= now, over, is_readable()),
    }
    return and_(not_(closed), _issued(*conditions[phase]))


def _issued(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell of a referral whether its latest issue meets conditions."""
    latest = (
        select(func.max(IssueRow.version))
        .where(IssueRow.referral_id == ReferralRow.id)
        .correlate(ReferralRow)
        .scalar_subquery()
    )
    issue = select(IssueRow.version).where(
        IssueRow.referral_id == ReferralRow.id, IssueRow.version == latest, *conditions
    )
    return issue.correlate(ReferralRow).exists()
