"""Statutory clocks of the cast's council, and what was published of referrals of the two quarters before."""

from __future__ import annotations

from datetime import date, timedelta

from fps.queries import candidates, frameworks_of, lots
from hub.demo.cast import Cast
from kernel.calendar import london_date
from kernel.work import Work
from people.model import OrganisationKind
from people.queries import organisations, person
from referrals.actions.clocks.keep_clock import finish_step
from referrals.actions.clocks.start_clock import StartClock, start_clock
from referrals.actions.statistics.publish_statistics import publish_tables
from referrals.model import DeclineCode, NeedArea
from referrals.model.clocks import ClockKind, SchoolType, Step
from referrals.model.statistics import Asked, Quarter, Won
from referrals.rules.statistics import last_quarter

_NEEDS = (NeedArea.SEMH, NeedArea.COMMUNICATION, NeedArea.SEMH, NeedArea.COGNITION)
_REASONS = (DeclineCode.NO_PLACE, DeclineCode.NEED_NOT_MET, DeclineCode.NO_PLACE, DeclineCode.STAFFING)
_COUNCILS = 4
_REFERRALS = 96


def seed(work: Work, cast: Cast) -> None:
    """Start a clock of each kind, one of them late, and publish two quarters of invented referrals."""
    commissioner, today = person(work.session, cast.commissioner_id), london_date(work.now)

    def start(kind: ClockKind, code: str, days_ago: int, school: str = "", kind_of: SchoolType | None = None) -> str:
        started_on = today - timedelta(days=days_ago)
        command = StartClock(cast.council_id, kind, code, started_on, "", school, kind_of)
        return start_clock(work, commissioner, command)

    review = start(ClockKind.ANNUAL_REVIEW, "SEND-20418", 16)
    finish_step(work, commissioner, review, Step.REPORT, today - timedelta(days=3))
    start(ClockKind.CONSULTATION, "SEND-20511", 12, "Meadow Bank School", SchoolType.INDEPENDENT)
    start(ClockKind.CONSULTATION, "SEND-20511", 17, "Hawthorn Special School", SchoolType.MAINTAINED)
    start(ClockKind.FINAL_PLAN, "SEND-20533", 40)
    start(ClockKind.DRAFT_PLAN, "SEND-20390", 2)
    newest = last_quarter(today)
    for quarter in (last_quarter(newest.first), newest):
        _publish(work, cast, today, quarter)


def _publish(work: Work, cast: Cast, today: date, quarter: Quarter) -> None:
    framework = frameworks_of(work.session, cast.council_id, today)[0]
    found = lots(work.session, [framework.id], today)
    active = {
        lot.id: {one.setting.id: one.setting.name for one in candidates(work.session, lot.id, today) if one.status}
        for lot in found
    }
    settings = tuple(sorted(active[found[0].id]))
    councils = [card.id for card in organisations(work.session, OrganisationKind.COUNCIL)][:_COUNCILS]
    asked = [_asked(number, councils, found[0].id, settings) for number in range(_REFERRALS)]
    won = [Won(each.council_id, each.lot_id, settings[0]) for each in asked[::3]]
    publish_tables(work, (framework.id, quarter), active, asked, won)


def _asked(number: int, councils: list[str], lot_id: str, settings: tuple[str, ...]) -> Asked:
    """Invent a referral: all settings but the last are asked, all but the last two answer, some decline."""
    place = number % len(councils)
    declined = (
        frozenset({_REASONS[number // len(councils) % len(_REASONS)]}) if number % 5 else frozenset[DeclineCode]()
    )
    invited = frozenset(settings[:-1] or settings)
    return Asked(
        councils[place],
        lot_id,
        _NEEDS[number // 16 % len(_NEEDS)],
        invited,
        frozenset(settings[:-2] or settings),
        declined,
    )
