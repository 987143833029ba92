from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fps.model import Regime
from fps.queries import framework, lots_by_id
from kernel.calendar import london_date, start_of_day
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Tally, Waiting
from referrals.model.awards import Outcome
from referrals.model.notices import NoticeAward, NoticeDuty, NoticeState, SentNotice
from referrals.model.routes import Route
from referrals.rules.notices import PLACEHOLDER_PREFIX, duties
from referrals.tables import AwardRow, NoticePublisherRow, NoticeRow, PlacementRow

_LOOK_BACK_DAYS = 730
"""How long ago an award may be whose notice is still asked for: two years, far beyond every period."""


def duties_of(session: Session, council_ids: Sequence[str], today: date) -> list[NoticeDuty]:
    """Return the notices that councils owe and have not sent, those due first before the others (R38)."""
    sent = select(NoticeRow.council_id, NoticeRow.key).where(NoticeRow.council_id.in_(council_ids))
    done = {(council_id, key) for council_id, key in session.execute(sent)}
    found = duties(_awards(session, council_ids, today))
    return [duty for duty in found if (duty.council_id, duty.key) not in done]


def duty(session: Session, actor: Actor, key: str, today: date) -> NoticeDuty:
    """Return a notice that the actor's councils owe; raises NotFoundError for any other and for one that was sent."""
    for found in duties_of(session, own_councils(actor), today):
        if found.key == key:
            return found
    raise NotFoundError


def count_sent(session: Session, actor: Actor) -> int:
    """Count the notices that the actor's councils have sent."""
    own = NoticeRow.council_id.in_(own_councils(actor))
    return session.scalar(select(func.count()).select_from(NoticeRow).where(own)) or 0


def sent_notices(session: Session, actor: Actor, *, offset: int = 0, limit: int | None = None) -> list[SentNotice]:
    """Return the notices that the actor's councils have sent, the newest first."""
    rows = select(NoticeRow).where(NoticeRow.council_id.in_(own_councils(actor)))
    ordered = rows.order_by(NoticeRow.sent_on.desc(), NoticeRow.id.desc()).offset(offset).limit(limit)
    return [
        SentNotice(row.id, row.key, row.due_on, row.sent_on, row.sent_by, row.number, row.hash)
        for row in session.scalars(ordered)
    ]


def sent_package(session: Session, actor: Actor, notice_id: str) -> dict[str, object]:
    """Return the draft of a notice as it was when it was sent; raises NotFoundError for another council's."""
    row = session.get(NoticeRow, notice_id)
    if row is None or row.council_id not in own_councils(actor):
        raise NotFoundError
    return row.package


def prefix_of(session: Session, council_id: str) -> str | None:
    """Return by which prefix a council's contracting processes are known, None where it has entered none."""
    row = session.get(NoticePublisherRow, council_id)
    return row.ocid_prefix if row else None


def prefix_or_placeholder(session: Session, council_id: str) -> str:
    """Return a council's own prefix, or what stands in drafts until it has one."""
    return prefix_of(session, council_id) or PLACEHOLDER_PREFIX


def own_councils(actor: Actor) -> tuple[str, ...]:
    """Return the councils whose notices a person looks after."""
    return organisations_with(actor, Permission.REFERRALS_ISSUE)


def to_send(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the notices that the actor's councils can send now, late ones apart; the first day due."""
    today = london_date(now)
    found = [(each.state(today), each.due_on) for each in duties_of(session, own_councils(actor), today)]
    late = [due_on for state, due_on in found if state is NoticeState.LATE]
    due = [due_on for state, due_on in found if state is NoticeState.TO_SEND]
    return Waiting(late=Tally(len(late), min(late, default=None)), due=Tally(len(due), min(due, default=None)))


def _awards(session: Session, council_ids: Sequence[str], today: date) -> list[NoticeAward]:
    rows = session.execute(
        select(AwardRow, PlacementRow.signed_on)
        .outerjoin(PlacementRow, PlacementRow.award_id == AwardRow.id)
        .where(
            AwardRow.council_id.in_(council_ids),
            AwardRow.outcome == Outcome.AWARD,
            AwardRow.decided_at >= start_of_day(today - timedelta(days=_LOOK_BACK_DAYS)),
        )
    ).all()
    lots = lots_by_id(session, {row.lot_id for row, _ in rows})
    regimes = {lot.framework_id: framework(session, lot.framework_id).regime for lot in lots.values()}
    found = []
    for row, signed_on in rows:
        route = Route(row.route)
        framework_id = lots[row.lot_id].framework_id
        decided_on = london_date(row.decided_at)
        found.append(
            NoticeAward(
                row.id,
                row.council_id,
                framework_id if route.is_on_framework else None,
                regimes[framework_id] if route.is_on_framework else Regime.PA23,
                route,
                decided_on,
                signed_on or decided_on,
            )
        )
    return found
