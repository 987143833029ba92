from __future__ import annotations

from datetime import date
from itertools import islice

from fps.model import SettingCard
from fps.queries import settings_of
from hub.demo.cast import Cast
from kernel.calendar import add_working_days, london_date
from kernel.work import Work
from people.actions.register_person import NewPerson, register_person
from people.model import Actor, Role
from people.queries import person
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.propose_visit import ProposeVisit, propose_visit
from qa_visits.actions.record_outcome import NewAction, RecordOutcome, record_outcome
from qa_visits.model import Head, Judgement, Priority, VisitType
from qa_visits.queries import day_question
from qa_visits.rules.days import free_days

_SPARE_DAYS = 3  # so that the notice still holds while the demo's clock moves a little
_DUE_IN_WD = 12


def seed(work: Work, cast: Cast) -> None:
    """Give the officer three visits: one proposed, one booked, and one done that left an improvement action."""
    officer = person(work.session, cast.qa_officer_id)
    planner = person(work.session, _planner(work, cast))
    proposed, booked, done = (_setting_of(work, cast, provider) for provider in (0, 3, 5))
    propose_visit(work, planner, _annual(work, cast, proposed))
    accept_visit(work, officer, propose_visit(work, planner, _annual(work, cast, booked)))
    _visit_today(work, cast, (planner, officer), done)


def _planner(work: Work, cast: Cast) -> str:
    return register_person(
        work,
        NewPerson(
            "Winifred Sharples",
            roles=((Role.QA_OFFICER, cast.council_id),),
            contact_points=(("slack", "U0WINIFRED"), ("email", "winifred.sharples@example.org")),
        ),
    )


def _setting_of(work: Work, cast: Cast, provider: int) -> SettingCard:
    return settings_of(work.session, [cast.providers[provider][0]])[0]


def _annual(work: Work, cast: Cast, setting: SettingCard) -> ProposeVisit:
    question = day_question(
        work.session,
        visit_type=VisitType.ANNUAL,
        is_unannounced=False,
        setting_id=setting.id,
        officer_id=cast.qa_officer_id,
        today=london_date(work.now),
    )
    return _visit(cast, setting, VisitType.ANNUAL, list(islice(free_days(question), _SPARE_DAYS + 1))[-1])


def _visit(cast: Cast, setting: SettingCard, visit_type: VisitType, day: date) -> ProposeVisit:
    return ProposeVisit(
        council_id=cast.council_id,
        setting_id=setting.id,
        visit_type=visit_type,
        officer_id=cast.qa_officer_id,
        day=day,
    )


def _visit_today(work: Work, cast: Cast, officers: tuple[Actor, Actor], setting: SettingCard) -> None:
    """A responsive visit may be on the day itself: its outcome can be recorded at once."""
    planner, officer = officers
    today = london_date(work.now)
    visit_id = propose_visit(work, planner, _visit(cast, setting, VisitType.RESPONSIVE, today))
    accept_visit(work, officer, visit_id)
    action = NewAction(
        title="Sign every visitor in and check who they are",
        head=Head.POLICIES,
        priority=Priority.HIGH,
        owner_id=setting.referral_contact_id,
        success_measure="The visitors' book of a whole month shows it.",
        due_on=add_working_days(today, _DUE_IN_WD),
    )
    summary = "Lessons are calm and well led. Visitors walked in without being asked who they were."
    command = RecordOutcome(visit_id, Judgement.ASSURED_WITH_ACTIONS, summary, (action,))
    record_outcome(work, officer, command)
