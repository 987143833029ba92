from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kernel.calendar import start_of_day
from kernel.keys import Keys
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model import DeclineCode, ResponseKind
from referrals.model.awards import Outcome
from referrals.model.routes import Route
from referrals.model.statistics import Asked, Published, Quarter, Won
from referrals.queries.answers import current_answers
from referrals.rules.opening import open_response
from referrals.tables import AwardRow, IssueRow, RecipientRow, ReferralRow, StatisticsRow, UnsealRow


@dataclass(frozen=True)
class Table:
    """What was published of a framework for a quarter."""

    framework_id: str
    quarter: Quarter
    kind: Published
    published_at: datetime
    figures: dict[str, object]


def published(session: Session, framework_ids: Iterable[str], kind: Published) -> list[Table]:
    """Return what was published of frameworks, the newest quarter first."""
    row = StatisticsRow
    rows = select(row).where(row.framework_id.in_(list(framework_ids)), row.kind == kind)
    return [
        Table(each.framework_id, Quarter(each.quarter), Published(each.kind), each.published_at, each.figures)
        for each in session.scalars(rows.order_by(row.quarter.desc(), row.framework_id))
    ]


def reads_statistics(actor: Actor) -> tuple[str, ...]:
    """Return the organisations for which a person reads statistics of referrals."""
    return organisations_with(actor, Permission.REFERRALS_STATISTICS)


def asked_in(session: Session, lot_ids: Sequence[str], quarter: Quarter, keys: Keys) -> list[Asked]:
    """Return the mini-competitions on these lots that were unsealed in a quarter, by id; four queries in all.

    Reasons of a decline are read only of referrals that two people have unsealed (R21, R22). What was bought in any
    other way is left out, and so is what was bought off the framework (R7).
    """
    rows = session.scalars(_unsealed_in(lot_ids, quarter)).all()
    ids = [row.id for row in rows]
    invited: defaultdict[str, set[str]] = defaultdict(set)
    setting_of: dict[str, tuple[str, str]] = {}
    recipients = select(RecipientRow.id, RecipientRow.referral_id, RecipientRow.setting_id)
    for recipient_id, referral_id, setting_id in session.execute(recipients.where(RecipientRow.referral_id.in_(ids))):
        invited[referral_id].add(setting_id)
        setting_of[recipient_id] = referral_id, setting_id
    answered: defaultdict[str, set[str]] = defaultdict(set)
    declined: defaultdict[str, set[DeclineCode]] = defaultdict(set)
    for one in current_answers(session, ids):
        referral_id, setting_id = setting_of[one.kept.recipient_id]
        answered[referral_id].add(setting_id)
        response = open_response(one.kept, keys)
        if response.kind is ResponseKind.DECLINE and response.decline_code:
            declined[referral_id].add(response.decline_code)
    return [
        Asked(
            row.council_id,
            row.lot_id,
            row.need_area,
            frozenset(invited[row.id]),
            frozenset(answered[row.id]),
            frozenset(declined[row.id]),
        )
        for row in rows
    ]


def won_in(session: Session, lot_ids: Sequence[str], quarter: Quarter) -> list[Won]:
    """Return the awards of mini-competitions on these lots that were decided in a quarter."""
    row, (since, until) = AwardRow, _moments(quarter)
    rows = select(row.council_id, row.lot_id, row.setting_id).where(
        row.lot_id.in_(lot_ids),
        row.route == Route.MINI_COMPETITION,
        row.outcome == Outcome.AWARD,
        row.setting_id.is_not(None),
        row.decided_at >= since,
        row.decided_at < until,
    )
    found = session.execute(rows.order_by(row.id))
    return [Won(council_id, lot_id, str(setting_id)) for council_id, lot_id, setting_id in found]


def _unsealed_in(lot_ids: Sequence[str], quarter: Quarter) -> Select[ReferralRow]:
    """Ask for the referrals whose last needed half of the unsealing came in a quarter: nobody unseals after it."""
    since, until = _moments(quarter)
    last = select(UnsealRow.referral_id, func.max(UnsealRow.at).label("at"), func.count().label("halves"))
    halves = last.group_by(UnsealRow.referral_id).subquery()
    needed = (
        select(func.max(func.coalesce(IssueRow.terms["unseal_min"].as_integer(), 2)))
        .where(IssueRow.referral_id == ReferralRow.id)
        .correlate(ReferralRow)
        .scalar_subquery()
    )
    return (
        select(ReferralRow)
        .join(halves, halves.c.referral_id == ReferralRow.id)
        .where(
            ReferralRow.lot_id.in_(lot_ids),
            ReferralRow.route == Route.MINI_COMPETITION,
            halves.c.at >= since,
            halves.c.at < until,
            halves.c.halves >= needed,
        )
        .order_by(ReferralRow.id)
    )


def _moments(quarter: Quarter) -> tuple[datetime, datetime]:
    return start_of_day(quarter.first), start_of_day(quarter.after)


def figures_day(quarter: Quarter) -> date:
    """Return the day whose standing on lots counts for a quarter: its last."""
    return date.fromordinal(quarter.after.toordinal() - 1)
