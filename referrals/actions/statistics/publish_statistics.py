from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fps.model import LotCard, Status
from fps.queries import candidates, lots
from fps.queries.reading import frameworks_after
from kernel import audit
from kernel.calendar import london_date
from kernel.ids import new_id
from kernel.work import Work
from referrals.model.statistics import Asked, Gap, Published, Quarter, Won
from referrals.queries.statistics import asked_in, figures_day, won_in
from referrals.rules.statistics import gaps, last_quarter, reach_of_lot, reach_of_settings
from referrals.tables import StatisticsRow

Active = Mapping[str, Mapping[str, str]]
"""The settings that are active on each lot: their names, by id."""
_Figures = Mapping[str, Any]
_MOST = 1000
"""Frameworks there never are."""


def publish_statistics(work: Work) -> int:
    """Publish reach and gaps of the quarter that ended last, for each framework, once; return how many tables (R39).

    Everything that could tell of fewer than 5 learners is left out before anything is written (V10).
    """
    quarter = last_quarter(london_date(work.now))
    done = set(work.session.scalars(select(StatisticsRow.framework_id).where(StatisticsRow.quarter == quarter.first)))
    count = 0
    for framework in frameworks_after(work.session, None, _MOST):
        found = lots(work.session, [framework.id], figures_day(quarter)) if framework.id not in done else []
        if found:
            count += _publish(work, framework.id, found, quarter)
    if count:
        about, details = ("statistics", quarter.first.isoformat()), {"tables": count}
        audit.record(work, actor=audit.SYSTEM, action="referrals.publish_statistics", subject=about, details=details)
    return count


def _publish(work: Work, framework_id: str, lots_found: Sequence[LotCard], quarter: Quarter) -> int:
    ids = [lot.id for lot in lots_found]
    active = {lot_id: _active(work, lot_id, quarter) for lot_id in ids}
    asked = asked_in(work.session, ids, quarter, work.keys)
    return publish_tables(work, (framework_id, quarter), active, asked, won_in(work.session, ids, quarter))


def publish_tables(
    work: Work, of: tuple[str, Quarter], active: Active, asked: Sequence[Asked], won: Sequence[Won]
) -> int:
    """Write down what may be shown of a framework's quarter, and nothing else (V10); return how many tables."""
    framework_id, quarter = of
    tables = {Published.REACH: _reach(active, asked, won), Published.GAPS: _gaps(asked)}
    rows = [
        StatisticsRow(
            id=new_id(),
            framework_id=framework_id,
            kind=kind,
            quarter=quarter.first,
            figures=dict(figures),
            published_at=work.now,
        )
        for kind, figures in tables.items()
    ]
    try:
        with work.session.begin_nested():
            work.session.add_all(rows)
    except IntegrityError:
        return 0  # another worker has just published them
    return len(rows)


def _active(work: Work, lot_id: str, quarter: Quarter) -> dict[str, str]:
    """Return the settings that were active on a lot on the quarter's last day: their names, by id."""
    found = candidates(work.session, lot_id, figures_day(quarter))
    return {one.setting.id: one.setting.name for one in found if one.status is Status.ACTIVE}


def _reach(active: Active, asked: Sequence[Asked], won: Sequence[Won]) -> _Figures:
    """Return reach of each lot, and of each setting that is active on a lot with enough referrals to say so."""
    of_lots = [reach_of_lot(lot_id, settings, asked, won) for lot_id, settings in active.items()]
    told = {each.lot_id for each in of_lots if each.referrals}
    names = {key: name for lot_id in sorted(told) for key, name in active[lot_id].items()}
    within = [each for each in asked if each.lot_id in told]
    reached = reach_of_settings(names, within, [award for award in won if award.lot_id in told])
    return {
        "lots": [vars(each) for each in of_lots],
        "settings": [{**vars(each), "name": names[each.setting_id]} for each in reached],
    }


def _gaps(asked: Sequence[Asked]) -> _Figures:
    base, found = gaps(asked)
    return {"referrals": base, "reasons": [_reason(gap) for gap in found]}


def _reason(gap: Gap) -> dict[str, Any]:
    sides = {side.value: dict(groups) for side, groups in gap.sides.items()}
    return {"code": gap.code.value, "referrals": gap.referrals, "sides": sides}
