"""What a council keeps beside its referrals: a statutory clock, a notice that it owes, and one that it has sent."""

from __future__ import annotations

from datetime import date, timedelta

from kernel.ids import new_id
from kernel.work import Ground
from people.model import Role
from referrals.actions.clocks.start_clock import StartClock, start_clock
from referrals.actions.draft_referral import Draft, draft_referral
from referrals.model.awards import Outcome
from referrals.model.clocks import ClockKind
from referrals.model.routes import Route
from referrals.tables import AwardRow, NoticePublisherRow, NoticeRow
from tests.isolation.half import Half
from tests.referrals.sample import need


def keep_clock_rows(ground: Ground, half: Half) -> None:
    """Start a clock, award something in a quarter that is over, and record a notice of an earlier one."""
    author = half.people[Role.COMMISSIONER]
    with ground.work() as work:
        start_clock(work, author, StartClock(half.council, ClockKind.ANNUAL_REVIEW, half.mark, date(2026, 11, 23)))
        work.session.add(
            AwardRow(
                id=new_id(),
                referral_id=draft_referral(work, author, Draft(half.council, half.lot, need())),
                council_id=half.council,
                lot_id=half.lot,
                route=Route.DIRECT_AWARD,
                outcome=Outcome.AWARD,
                setting_id=half.setting,
                provider_id=half.provider,
                supplier=half.mark,
                reasons=half.mark,
                decided_by=author.id,
                decided_at=work.now - timedelta(days=100),
            )
        )
        work.session.add(
            NoticeRow(
                id=new_id(),
                council_id=half.council,
                key="2026-04-01-x",
                due_on=date(2026, 7, 30),
                sent_on=date(2026, 7, 20),
                sent_by=author.id,
                recorded_at=work.now,
                number=half.mark,
                package={"mark": half.mark},
                hash="0" * 64,
            )
        )
        row = NoticePublisherRow(
            council_id=half.council, ocid_prefix="ocds-ab12cd", changed_by=author.id, changed_at=work.now
        )
        work.session.add(row)
