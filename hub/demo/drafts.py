from __future__ import annotations

from datetime import date, timedelta

from fps.queries import frameworks_of, lots
from hub.demo.cast import Cast
from kernel.calendar import add_working_days, london_date
from kernel.uploads import CheckedFile, FileKind
from kernel.work import Work
from people.model import Actor
from people.queries import person
from referrals.actions.approvals.look_at_draft import Look, ask_for_look
from referrals.actions.draft_referral import Draft, draft_referral
from referrals.actions.preparing.attach_file import AttachFile, attach_file
from referrals.actions.preparing.choose_route import ChooseRoute, choose_route
from referrals.actions.preparing.plan_times import PlanTimes, plan_times
from referrals.model import AgeBand, Need, NeedArea
from referrals.model.particulars import DirectAwardReason
from referrals.model.routes import Route
from referrals.queries.chosen import choosable
from referrals.queries.previews import draft_preview

_REASONS = (
    "The school has taught an older learner of the same family well, knows the need, and has a free place in the one "
    "class that fits. A move to any other school would break what works."
)
_PLAN = b"%PDF-1.4\n% An invented week, for the demo\n"


def seed(work: Work, cast: Cast) -> None:
    """Write a direct award that waits for the first commissioner, and a competition that is ready to be checked."""
    first, second = (person(work.session, one) for one in (cast.commissioner_id, cast.second_commissioner_id))
    today = london_date(work.now)
    framework = frameworks_of(work.session, cast.council_id, today)[0]
    lot_id = lots(work.session, [framework.id], today)[0].id
    _direct_award(work, second, Draft(cast.council_id, lot_id, _need(today), is_protected=True))
    _competition(work, first, Draft(cast.council_id, lot_id, _need(today), is_protected=True))


def _direct_award(work: Work, author: Actor, wanted: Draft) -> None:
    referral_id = draft_referral(work, author, wanted)
    today = london_date(work.now)
    found = choosable(work.session, author, referral_id, today)
    command = ChooseRoute(
        referral_id,
        Route.DIRECT_AWARD,
        setting_id=next(one.setting.id for one in found if one.against is None),
        reason_code=DirectAwardReason.CONTINUITY,
        reasons=_REASONS,
        evidence="https://records.example.org/panel/12",
    )
    choose_route(work, author, command)
    plan_times(work, author, PlanTimes(referral_id, add_working_days(today, 3)))
    _ask(work, author, referral_id)


def _competition(work: Work, author: Actor, wanted: Draft) -> None:
    referral_id = draft_referral(work, author, wanted)
    file = CheckedFile("A usual week.pdf", FileKind.PDF, _PLAN)
    attach_file(work, author, AttachFile(referral_id, file, is_confirmed=True))
    earliest = draft_preview(work.session, author, referral_id, work.now).earliest_deadline_on
    plan_times(work, author, PlanTimes(referral_id, earliest))


def _ask(work: Work, author: Actor, referral_id: str) -> None:
    shown = draft_preview(work.session, author, referral_id, work.now)
    ask_for_look(work, author, Look(referral_id, shown.fingerprint))


def _need(today: date) -> Need:
    return Need(
        age_band=AgeBand.FROM_8,
        year_group="Year 6",
        gender=None,
        need_area=NeedArea.SEMH,
        outcomes="Stays in class for a whole morning. Asks for help before a worry grows.",
        risk_wording="",
        travel_zone="Within 30 minutes by taxi",
        starts_from=today + timedelta(days=28),
        starts_until=today + timedelta(days=70),
    )
