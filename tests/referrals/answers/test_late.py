"""R17: a late answer stays sealed, and is let in only on one of two grounds, by two people, with everybody told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from channels.tables import MessageRow
from kernel.audit import verify
from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from people.model import Actor, Role, RoleIn
from referrals.actions.answers.admit_late import AskAdmission, DecideAdmission, ask_admission, decide_admission
from referrals.actions.answers.record_fault import RecordFault, record_fault
from referrals.actions.unseal_responses import unseal_responses
from referrals.model.approvals import ApprovalOutcome
from referrals.model.late import LateGround
from referrals.queries.answers import late_answers, late_notes
from referrals.queries.councils import OpenedResponse, opened_responses
from referrals.tables import LateAdmissionRow
from tests.fps import world as register
from tests.referrals.browsing import browser, words
from tests.referrals.world import OFFER, World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)
LATE = DEADLINE + timedelta(seconds=1)
WHY = "The hub could not be reached in the last hour."


@pytest.fixture
def third(world: World) -> Actor:
    """A third commissioner of the council."""
    with world.ground.work() as work:
        return register.member(work, "Val Violet", Role.COMMISSIONER, world.register.council_id)


@pytest.fixture
def administrator(world: World) -> Actor:
    """Whoever runs the hub; not of the council that decides."""
    with world.ground.work() as work:
        return register.member(work, "Ina Indigo", Role.ADMINISTRATOR, world.register.other_council_id)


def late_referral(world: World, clock: FixedClock, *in_time: int) -> tuple[str, str]:
    """Issue a referral, let some answer in time and provider 0 one second late; return both ids."""
    referral_id = world.issued()
    for number in in_time:
        world.respond(referral_id, number)
    clock.set(LATE)
    assert world.respond(referral_id, 0).is_late
    with world.ground.read() as session:
        (late,) = late_answers(session, world.commissioner, referral_id)
    return referral_id, late.id


def fault(world: World, administrator: Actor, began: datetime, ended: datetime | None = None) -> str:
    with world.ground.work() as work:
        return record_fault(work, administrator, RecordFault(began, ended, "No page was served."))


def ask(
    world: World, late_id: str, ground: LateGround, fault_id: str | None = None, actor: Actor | None = None
) -> None:
    with world.ground.work() as work:
        ask_admission(work, actor or world.commissioner, AskAdmission(late_id, ground, fault_id, WHY))


def decide(
    world: World, late_id: str, actor: Actor, outcome: ApprovalOutcome = ApprovalOutcome.APPROVED, said: str = ""
) -> None:
    with world.ground.work() as work:
        decide_admission(work, actor, DecideAdmission(late_id, outcome, said))


def opened(world: World, referral_id: str) -> list[OpenedResponse]:
    for actor in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, actor, referral_id)
    with world.ground.read() as session:
        return opened_responses(session, world.commissioner, referral_id, world.ground.keys)


def test_where_nobody_answered_in_time_two_people_let_a_late_answer_in(world: World, clock: FixedClock) -> None:
    """R17, R22: it opens with the others, once two people have unsealed."""
    referral_id, late_id = late_referral(world, clock)
    ask(world, late_id, LateGround.NO_TIMELY_ANSWER)
    decide(world, late_id, world.colleague)
    with world.ground.read() as session, pytest.raises(ForbiddenError):
        opened_responses(session, world.commissioner, referral_id, world.ground.keys)
    (one,) = opened(world, referral_id)
    assert (one.setting_name, one.response, one.is_late) == ("School 0", OFFER, True)
    with world.ground.read() as session:
        assert verify(session).broken_at is None


def test_who_asked_first_stays_whoever_asked(world: World, clock: FixedClock) -> None:
    """R17: else the record of a colleague who asks the same and then lets it in would name one person twice."""
    _, late_id = late_referral(world, clock)
    ask(world, late_id, LateGround.NO_TIMELY_ANSWER)
    ask(world, late_id, LateGround.NO_TIMELY_ANSWER, actor=world.colleague)
    decide(world, late_id, world.colleague)
    with world.ground.read() as session:
        row = session.get_one(LateAdmissionRow, late_id)
    assert (row.asked_by, row.admitted_by) == (world.commissioner.id, world.colleague.id)


def test_an_answer_in_time_is_no_reason_to_let_a_late_one_in(world: World, clock: FixedClock) -> None:
    """R17"""
    _, late_id = late_referral(world, clock, 1)
    with pytest.raises(InvalidInputError) as refused:
        ask(world, late_id, LateGround.NO_TIMELY_ANSWER)
    assert refused.value.field == "ground"


def test_a_fault_of_the_hub_must_be_recorded_and_fall_before_the_deadline(
    world: World, administrator: Actor, clock: FixedClock
) -> None:
    """R17"""
    _, late_id = late_referral(world, clock, 1)
    with pytest.raises(InvalidInputError):
        ask(world, late_id, LateGround.HUB_FAULT)
    early = fault(world, administrator, DEADLINE - timedelta(days=3), DEADLINE - timedelta(days=2))
    after = fault(world, administrator, DEADLINE + timedelta(milliseconds=500))
    for fault_id in (early, after):
        with pytest.raises(InvalidInputError):
            ask(world, late_id, LateGround.HUB_FAULT, fault_id)
    right = fault(world, administrator, DEADLINE - timedelta(hours=1))
    ask(world, late_id, LateGround.HUB_FAULT, right)
    decide(world, late_id, world.colleague)
    with world.ground.read() as session:
        (late,) = late_answers(session, world.commissioner, late_referral_of(world))
    assert late.admission is not None
    assert (late.admission.fault_id, late.admission.admitted_at) == (right, clock.now())


def late_referral_of(world: World) -> str:
    with world.ground.read() as session:
        return str(session.scalars(select(MessageRow.about_id).where(MessageRow.key == "referrals.alert")).first())


def test_only_who_runs_the_hub_records_its_faults(world: World, administrator: Actor, clock: FixedClock) -> None:
    """R17: the council that decides does not make its own ground."""
    for actor in (world.commissioner, world.user(0), world.register.lead):
        with pytest.raises(ForbiddenError):
            fault(world, actor, clock.now())
    with pytest.raises(InvalidInputError):
        fault(world, administrator, clock.now() + timedelta(minutes=1))
    with pytest.raises(InvalidInputError):
        fault(world, administrator, clock.now(), clock.now() - timedelta(minutes=1))


def test_a_council_cannot_use_a_fault_that_its_own_people_recorded(
    world: World, app: Flask, administrator: Actor, clock: FixedClock
) -> None:
    """R17: nor can whoever recorded it ask or decide, though they have changed councils since."""
    referral_id, late_id = late_referral(world, clock, 1)
    council_id = world.register.council_id
    with world.ground.work() as work:
        own = register.member(work, "Ola Ochre", Role.ADMINISTRATOR, council_id)
    page = f"/commissioning/referrals/{referral_id}/late/{late_id}"
    fault_id = fault(world, own, DEADLINE - timedelta(hours=1), DEADLINE)
    assert fault_id not in browser(app, world.commissioner).get(page).text
    with pytest.raises(InvalidInputError) as refused:
        ask(world, late_id, LateGround.HUB_FAULT, fault_id)
    assert refused.value.field == "fault"
    fault_id = fault(world, administrator, DEADLINE - timedelta(hours=1), DEADLINE)
    assert fault_id in browser(app, world.commissioner).get(page).text
    moved = replace(administrator, roles=(RoleIn(Role.COMMISSIONER, council_id),))
    with pytest.raises(InvalidInputError):
        ask(world, late_id, LateGround.HUB_FAULT, fault_id, moved)
    ask(world, late_id, LateGround.HUB_FAULT, fault_id)
    with pytest.raises(ForbiddenError):
        decide(world, late_id, moved)
    decide(world, late_id, world.colleague)


def test_neither_who_asks_nor_who_wrote_the_referral_decides(world: World, third: Actor, clock: FixedClock) -> None:
    """R17"""
    _, late_id = late_referral(world, clock)
    ask(world, late_id, LateGround.NO_TIMELY_ANSWER, actor=world.colleague)
    for actor in (world.colleague, world.commissioner):
        with pytest.raises(ForbiddenError):
            decide(world, late_id, actor)
    decide(world, late_id, third)
    with pytest.raises(ConflictError):
        decide(world, late_id, third)


def test_what_is_not_let_in_stays_out(world: World, clock: FixedClock) -> None:
    """R17"""
    referral_id, late_id = late_referral(world, clock)
    ask(world, late_id, LateGround.NO_TIMELY_ANSWER)
    decide(world, late_id, world.colleague, ApprovalOutcome.REFUSED, "It came days later.")
    assert opened(world, referral_id) == []
    with world.ground.read() as session:
        assert late_notes(session, referral_id) == []


def test_everybody_who_was_asked_is_told_and_reads_why_but_not_whose_it_is(
    world: World, app: Flask, clock: FixedClock
) -> None:
    """R17: the reason is shown to all."""
    referral_id, late_id = late_referral(world, clock)
    ask(world, late_id, LateGround.NO_TIMELY_ANSWER)
    decide(world, late_id, world.colleague)
    with world.ground.read() as session:
        rows = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.late_let_in")).all()
    assert {row.person_id for row in rows} == {world.user(number).id for number in range(3)}
    assert len({str(row.values) for row in rows}) == 1
    page = words(browser(app, world.user(1)).get(f"/referrals/{referral_id}"))
    assert WHY in page
    assert "School 0" not in page


def test_one_with_an_answer_in_time_keeps_that_one(world: World, clock: FixedClock) -> None:
    """R17"""
    _, late_id = late_referral(world, clock, 0)
    with pytest.raises(ConflictError):
        ask(world, late_id, LateGround.NO_TIMELY_ANSWER)


def test_a_reason_that_may_identify_somebody_is_refused(world: World, clock: FixedClock) -> None:
    """R31"""
    _, late_id = late_referral(world, clock)
    command = AskAdmission(late_id, LateGround.NO_TIMELY_ANSWER, None, "Ring Mrs Jones on 07700 900123.")
    with pytest.raises(InvalidInputError) as refused, world.ground.work() as work:
        ask_admission(work, world.commissioner, command)
    assert refused.value.field == "shown"


def test_another_council_and_providers_reach_nothing_of_it(world: World, clock: FixedClock) -> None:
    referral_id, late_id = late_referral(world, clock)
    for outsider in (world.stranger, world.user(0), world.user(1), world.register.lead):
        with pytest.raises(NotFoundError):
            ask(world, late_id, LateGround.NO_TIMELY_ANSWER, actor=outsider)
        with world.ground.read() as session, pytest.raises(NotFoundError):
            late_answers(session, outsider, referral_id)


def test_the_pages_lead_from_the_list_to_the_decision(
    world: World, app: Flask, administrator: Actor, clock: FixedClock
) -> None:
    """R17"""
    referral_id, late_id = late_referral(world, clock, 1)
    recorder = browser(app, administrator)
    began = {"began_day": ["1", "12", "2026"], "began_time": "11:00", "ended_day": ["", "", ""], "ended_time": ""}
    page = recorder.post("/faults", data={**began, "words": "No page was served."}, follow_redirects=True)
    assert "The fault is recorded." in words(page)
    base = f"/commissioning/referrals/{referral_id}/late"
    council = browser(app, world.commissioner)
    assert "Ask to let it in" in words(council.get(base))
    form = council.get(f"{base}/{late_id}")
    fault_id = form.text.split('<option value="01')[1].split('"')[0] if '<option value="01' in form.text else ""
    sent = {"ground": "hub_fault", "fault": f"01{fault_id}", "shown": WHY}
    assert council.post(f"{base}/{late_id}", data={**sent, "fault": ""}).status_code == 422
    assert "A colleague must decide now." in words(council.post(f"{base}/{late_id}", data=sent, follow_redirects=True))
    second = browser(app, world.colleague)
    assert WHY in words(second.get(f"{base}/{late_id}/decision"))
    assert second.post(f"{base}/{late_id}/decision", data={"outcome": "refused"}).status_code == 422
    done = second.post(f"{base}/{late_id}/decision", data={"outcome": "approved"}, follow_redirects=True)
    assert "Let in" in words(done)
