"""Two at once while providers are asked and answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from channels.model import Status
from channels.tables import MessageRow
from people.model import Actor
from people.tables import GrantRow
from referrals.actions.answers import keep_calendar
from referrals.actions.answers.admit_late import AskAdmission, DecideAdmission, ask_admission, decide_admission
from referrals.actions.answers.hand_over import HandOver, hand_over
from referrals.actions.answers.record_fault import RecordFault, record_fault
from referrals.actions.close_referral import close_referral
from referrals.actions.equal.acknowledge_version import acknowledge_version
from referrals.actions.equal.answer_question import AnswerQuestion, answer_question
from referrals.actions.equal.ask_question import AskQuestion, ask_question
from referrals.actions.equal.change_issue import ChangeIssue, change_issue
from referrals.actions.equal.tell_again import tell_again
from referrals.actions.equal.watch_deliveries import watch_deliveries
from referrals.actions.note_opening import note_opening
from referrals.actions.note_request_opened import note_request_opened
from referrals.actions.record_response import RecordResponse, record_response
from referrals.actions.remind_recipients import remind_recipients
from referrals.actions.unseal_responses import unseal_responses
from referrals.actions.withdraw_referral import withdraw_referral
from referrals.messages import ALERT
from referrals.model.approvals import ApprovalOutcome
from referrals.model.late import LateGround
from referrals.queries.answers import late_answers
from referrals.queries.providers import invitation
from referrals.tables import RecipientRow
from tests.conftest import MONDAY
from tests.referrals.at_once.pressing import Act, Button, Hall, Holds, both_leave, check
from tests.referrals.equal.steps import REASON, wording
from tests.referrals.routes.steps import DIRECT, approve_and_issue, choose, plan
from tests.referrals.world import DEADLINE_ON, OFFER

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)
LATE = DEADLINE + timedelta(seconds=1)
Press = Callable[[Hall, str], Act]


def _issued(press: Press, at: datetime = MONDAY) -> Callable[[Hall], Act]:
    """Return a preparation that ends with a referral that is out, at a moment."""

    def prepare(hall: Hall) -> Act:
        referral_id = hall.world.issued()
        hall.clock.set(at)
        return press(hall, referral_id)

    return prepare


def _recipient(hall: Hall, referral_id: str) -> str:
    with hall.ground.read() as session:
        asked = select(RecipientRow.id).where(
            RecipientRow.referral_id == referral_id, RecipientRow.setting_id == hall.world.settings[0]
        )
        return session.scalars(asked).one()


def _answer(hall: Hall, referral_id: str) -> Act:
    command = RecordResponse(_recipient(hall, referral_id), OFFER, MONDAY)
    return lambda work, actor: record_response(work, actor, command)


def _handed(hall: Hall, referral_id: str) -> Act:
    command = HandOver(_recipient(hall, referral_id), hall.mate.id)
    return lambda work, actor: hand_over(work, actor, command)


def _looking(hall: Hall, referral_id: str) -> Act:
    with hall.ground.read() as session:
        shown = invitation(session, hall.world.user(0), referral_id, MONDAY)
    return lambda work, actor: note_request_opened(work, actor, shown)


def _question(hall: Hall, referral_id: str) -> Act:
    with hall.ground.work() as work:
        question_id = ask_question(work, hall.world.user(0), AskQuestion(referral_id, "Is there a lift?"))
    command = AnswerQuestion(question_id, "Is there a lift?", "No lift is needed for this place.")
    return lambda work, actor: answer_question(work, actor, command)


def _failing(press: Press) -> Callable[[Hall], Act]:
    """Return a preparation that ends with a referral of which one was not told."""

    def prepare(hall: Hall) -> Act:
        referral_id = hall.world.issued()
        with hall.ground.work() as work:
            sent = update(MessageRow).where(MessageRow.about_id == referral_id, MessageRow.key == ALERT.key)
            work.session.execute(sent.values(status=Status.SENT, sent_at=work.now))
            lost = sent.where(MessageRow.person_id == hall.world.user(2).id)
            work.session.execute(lost.values(status=Status.FAILED, sent_at=None))
        return press(hall, referral_id)

    return prepare


def _extending(hall: Hall, referral_id: str) -> Act:
    with hall.ground.work() as work:
        watch_deliveries(work, referral_id)
    hall.clock.set(MONDAY + timedelta(hours=5))
    return lambda work, _actor: watch_deliveries(work, referral_id)


def _late(hall: Hall, referral_id: str) -> str:
    hall.clock.set(LATE)
    assert hall.world.respond(referral_id, 0).is_late
    with hall.ground.read() as session:
        (late,) = late_answers(session, hall.world.commissioner, referral_id)
    return late.id


def _admission(hall: Hall, referral_id: str) -> Act:
    command = AskAdmission(_late(hall, referral_id), LateGround.NO_TIMELY_ANSWER, None, "Nobody answered in time.")
    return lambda work, actor: ask_admission(work, actor, command)


def _admitted(hall: Hall, referral_id: str) -> Act:
    late_id = _late(hall, referral_id)
    command = AskAdmission(late_id, LateGround.NO_TIMELY_ANSWER, None, "Nobody answered in time.")
    with hall.ground.work() as work:
        ask_admission(work, hall.world.commissioner, command)
    decision = DecideAdmission(late_id, ApprovalOutcome.APPROVED, "")
    return lambda work, actor: decide_admission(work, actor, decision)


def _direct(hall: Hall) -> Act:
    referral_id = hall.world.drafted()
    choose(hall.world, referral_id, replace(DIRECT, setting_id=hall.world.settings[0]))
    plan(hall.world, referral_id)
    approve_and_issue(hall.world, referral_id)
    return lambda work, actor: note_opening(work, actor, referral_id)


def _without_calendar(hall: Hall) -> Act:
    with hall.ground.work() as work:
        keep_calendar.close_calendar(work, hall.world.user(0))
    return keep_calendar.open_calendar


def _with_calendar(hall: Hall) -> Act:
    with hall.ground.work() as work:
        keep_calendar.open_calendar(work, hall.world.user(0))
    return keep_calendar.close_calendar


def _change(_hall: Hall, referral_id: str) -> Act:
    command = ChangeIssue(referral_id, 1, wording(), DEADLINE_ON, REASON)
    return lambda work, actor: change_issue(work, actor, command)


def _user_twice(hall: Hall) -> tuple[Actor, Actor]:
    return hall.world.user(0), hall.world.user(0)


FAULT = RecordFault(MONDAY - timedelta(hours=2), MONDAY - timedelta(hours=1), "No page was served.")
BUTTONS = (
    Button("record_response", _issued(_answer), Holds.EACH, lambda hall: hall.provider),
    Button("hand_over", _issued(_handed), who=lambda hall: hall.provider),
    Button("close_calendar", _with_calendar, Holds.SAME, _user_twice),
    Button(
        "record_fault",
        lambda _hall: lambda work, actor: record_fault(work, actor, FAULT),
        Holds.EACH,
        lambda hall: (hall.operator, hall.operator),
    ),
    Button("ask_admission", _issued(_admission), Holds.SAME),
    Button("decide_admission", _issued(_admitted), who=lambda hall: hall.others),
    Button(
        "unseal_responses",
        _issued(lambda _hall, it: lambda work, actor: unseal_responses(work, actor, it), LATE),
        who=lambda hall: hall.author_twice,
    ),
    Button(
        "ask_question",
        _issued(lambda _hall, it: lambda work, actor: ask_question(work, actor, AskQuestion(it, "Is there a lift?"))),
        Holds.SAME,
        lambda hall: hall.provider,
    ),
    Button("answer_question", _issued(_question)),
    Button("change_issue", _issued(_change)),
    Button(
        "acknowledge_version",
        _issued(lambda _hall, it: lambda work, actor: acknowledge_version(work, actor, it, 1)),
        Holds.SAME,
        lambda hall: hall.provider,
    ),
    Button("tell_again", _failing(lambda _hall, it: lambda work, actor: tell_again(work, actor, it)), Holds.LATEST),
    Button(
        "watch_deliveries",
        _failing(lambda _hall, it: lambda work, _actor: watch_deliveries(work, it)),
        Holds.SAME,
    ),
    Button("watch_deliveries", _failing(_extending), Holds.SAME),
    Button(
        "remind_recipients",
        _issued(lambda _hall, it: lambda work, _actor: remind_recipients(work, it), DEADLINE - timedelta(days=1)),
        Holds.SAME,
    ),
    Button(
        "withdraw_referral",
        _issued(lambda _hall, it: lambda work, actor: withdraw_referral(work, actor, it, "Issued by mistake.")),
    ),
    Button(
        "close_referral",
        _issued(lambda _hall, it: lambda work, actor: close_referral(work, actor, it, "Nobody offered."), LATE),
    ),
    Button("note_opening", _direct, Holds.EACH),
    Button("note_request_opened", _issued(_looking), Holds.SAME, _user_twice),
)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.action)
def test_two_at_once_while_providers_are_asked(hall: Hall, button: Button) -> None:
    """R9, R10, R11, R12, R16, R17, R18, R22, R29"""
    check(hall, button)


def test_the_two_halves_of_an_unsealing_at_once_open_it_once(hall: Hall) -> None:
    """R22"""
    button = Button(
        "unseal_responses", _issued(lambda _hall, it: lambda work, actor: unseal_responses(work, actor, it), LATE)
    )
    assert both_leave(hall, button)["events"] == 1


def test_two_calendar_links_at_once_leave_one_that_holds(hall: Hall) -> None:
    """There is one a person, so that taking it back takes all back."""
    both_leave(hall, Button("open_calendar", _without_calendar, who=_user_twice))
    with hall.ground.read() as session:
        open_ = select(GrantRow.id).where(GrantRow.purpose == keep_calendar.PURPOSE, GrantRow.spent_at.is_(None))
        assert len(session.scalars(open_).all()) == 1
