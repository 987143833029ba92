"""Decisions about settings of the demo: a notice, a suspension in force, one that leaves, and a council's own pause."""

from __future__ import annotations

from datetime import timedelta

from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.actions.standing.leave import BeginLeaving, begin_leaving
from fps.actions.standing.pause_own import pause_own
from fps.actions.standing.pause_placements import PausePlacements, pause_placements
from fps.actions.standing.plan_learners import PlanLearner, plan_learner
from fps.actions.standing.register_setting import register_setting
from fps.actions.standing.reply_to_decision import reply_to_suspension
from fps.actions.standing.suspend_setting import SuspendSetting, suspend_setting
from fps.model import Intake, LotCard, NewSetting, SettingKind, Status
from fps.model.standing import NextStep
from fps.queries import frameworks_of, lots, settings_of
from hub.demo.cast import Cast
from kernel.calendar import add_working_days, london_date
from kernel.work import Work
from people.model import Actor
from people.queries import person

_LOT = 7
_ALDER, _BEACON, _ESTUARY, _FELL_VIEW = 0, 1, 4, 5
_STEPS = (Status.APPLIED, Status.ADMITTED, Status.ACTIVE)
_SINCE, _LASTS = timedelta(days=300), timedelta(days=200)


def seed(work: Work, cast: Cast) -> None:
    """Take the decisions; they touch no setting that the demo's referrals ask."""
    lead = person(work.session, cast.lead_authority_id)
    framework = frameworks_of(work.session, cast.council_id, london_date(work.now))[0]
    lot = next(each for each in lots(work.session, [framework.id]) if each.number == _LOT)
    _notice(work, lead, cast, lot)
    _suspension(work, lead, cast, lot)
    _leaving(work, lead, cast, lot)
    _pause(work, cast)


def _notice(work: Work, lead: Actor, cast: Cast, lot: LotCard) -> None:
    setting_id = _setting(work, lead, cast, lot, (_ALDER, "Alder Grove Outdoors", "Sefton"))
    user = person(work.session, cast.providers[_ALDER][1])
    pause_own(work, user, setting_id, (lot.id,), "The ropes are being renewed.")
    words = "Two visits found that fire doors are kept locked."
    suspend_setting(work, lead, SuspendSetting(setting_id, (lot.id,), words, is_urgent=False))


def _suspension(work: Work, lead: Actor, cast: Cast, lot: LotCard) -> None:
    setting_id = _setting(work, lead, cast, lot, (_BEACON, "Gorse Hill Annexe", "Liverpool"))
    review_on = add_working_days(london_date(work.now), 10)
    words = "Staff have worked without checks of their records."
    decided = SuspendSetting(setting_id, (lot.id,), words, is_urgent=True, review_on=review_on)
    suspension_id = suspend_setting(work, lead, decided)
    user = person(work.session, cast.providers[_BEACON][1])
    reply_to_suspension(work, user, suspension_id, "All checks are under way. The last one is due next week.")


def _leaving(work: Work, lead: Actor, cast: Cast, lot: LotCard) -> None:
    setting_id = _setting(work, lead, cast, lot, (_ESTUARY, "Gorse Hill Works", "Halton"))
    today = london_date(work.now)
    words = "The building can no longer be used."
    decided = SuspendSetting(setting_id, (lot.id,), words, is_urgent=True, review_on=add_working_days(today, 10))
    suspension_id = suspend_setting(work, lead, decided)
    plan_id = begin_leaving(work, lead, BeginLeaving(suspension_id, words, today + timedelta(days=120)))
    commissioner = person(work.session, cast.commissioner_id)
    due_on = today + timedelta(days=30)
    plan_learner(work, commissioner, PlanLearner(plan_id, cast.council_id, "SE-1042", NextStep.SEARCHING, due_on))


def _pause(work: Work, cast: Cast) -> None:
    commissioner = person(work.session, cast.commissioner_id)
    own = settings_of(work.session, [cast.providers[_FELL_VIEW][0]])
    setting_id = next(card.id for card in own if card.name == "Fell View College")
    review_on = add_working_days(london_date(work.now), 15)
    words = "We wait for the answer to a complaint about transport."
    pause_placements(work, commissioner, PausePlacements(cast.council_id, setting_id, None, words, review_on))


def _setting(work: Work, lead: Actor, cast: Cast, lot: LotCard, told: tuple[int, str, str]) -> str:
    number, name, district = told
    provider_id, user_id = cast.providers[number]
    new = NewSetting(name, provider_id, None, SettingKind.AP_UNREGISTERED, 11, 16, Intake.MIXED, district, user_id)
    setting_id, today = register_setting(work, lead, new), london_date(work.now)
    for kind in lot.required_documents:
        record_document(work, lead, RecordDocument(setting_id, kind, today + _LASTS))
    for step in _STEPS:
        change_status(work, lead, ChangeStatus(setting_id, lot.id, step, "From the last round.", today - _SINCE))
    return setting_id
