from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from fps.actions.applications.clarify import answer_clarification, ask_applicant
from fps.actions.applications.decide_application import DecideApplication, decide_application, write_moderation
from fps.actions.applications.evaluate import SaveMarks, declare_interest, save_marks
from fps.actions.applications.issue_decisions import issue_decisions
from fps.actions.applications.name_evaluators import NameEvaluators, name_evaluators
from fps.actions.applications.publish_list import publish_list
from fps.actions.applications.record_contract import RecordContract, activate_contracts, record_contract
from fps.actions.applications.remind_evaluators import remind_evaluators
from fps.actions.applications.withdraw_application import withdraw_application
from fps.actions.evidence.judge_document import refuse_document
from fps.actions.evidence.scan_waiting import scan_waiting
from fps.model import Status
from fps.model.applications import Mark, Outcome
from fps.model.rounds import RoundState
from fps.queries import settings_of, status_on
from fps.queries.applications import clarifications_of, own_application
from fps.queries.evaluations import evaluated_application, evaluations_of, opened_applications, opened_content
from fps.queries.joined import listed_settings
from fps.queries.rounds import joining_round
from fps.tables import ApplicationFileRow, ApplicationRow
from kernel.calendar import london_date
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooLateError
from kernel.work import Work
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import (
    REASON,
    Evaluated,
    accept_evidence,
    after_standstill,
    closed,
    decide,
    decisions_for,
    evaluate,
    marks_for,
    name_both,
)
from tests.fps.applications.filled import CLOSES, filled, pdf, send, told


@pytest.fixture
def here(scene: Scene, clock: FixedClock) -> Evaluated:
    return closed(scene, clock)


def test_nobody_reads_an_application_before_its_round_has_closed(scene: Scene, clock: FixedClock) -> None:
    """R21: not the lead authority either; it sees counts."""
    here = closed(scene, clock)
    clock.set(CLOSES)
    with scene.ground.work() as work:
        with pytest.raises(ConflictError):
            name_both(work, here)
        for person in (scene.world.lead, *here.evaluators):
            for read in (evaluated_application, opened_content):
                with pytest.raises(NotFoundError):
                    read(work.session, person, here.application_id)
            assert opened_applications(work.session, person, scene.joined.id) == ([], 0)


def test_naming_opens_the_applications_and_hands_their_evidence_on(here: Evaluated) -> None:
    with here.scene.ground.work() as work:
        assert name_both(work, here) == 1
        assert name_both(work, here) == 1
        row = work.session.get_one(ApplicationRow, here.application_id)
        assert row.opened_at == work.now
        files = work.session.scalars(select(ApplicationFileRow)).all()
        assert files
        assert all(file.document_id for file in files)
        assert joining_round(work.session, here.scene.joined.id).state is RoundState.EVALUATING
        assert [len(told(work.session, "fps.application_to_evaluate", each.id)) for each in here.evaluators] == [1, 1]


@pytest.mark.parametrize("who", ["one", "a provider's user", "nobody known"])
def test_at_least_two_people_of_member_councils_evaluate(here: Evaluated, who: str) -> None:
    others = {"one": (), "a provider's user": (here.scene.world.providers[1][1].id,), "nobody known": ("x" * 26,)}
    command = NameEvaluators(here.scene.joined.id, (here.evaluators[0].id, *others[who]))
    with pytest.raises(InvalidInputError), here.scene.ground.work() as work:
        name_evaluators(work, here.scene.world.lead, command)


def test_who_has_a_conflict_of_interest_reads_nothing_and_is_replaced(here: Evaluated) -> None:
    """R25"""
    first, second = here.evaluators
    with here.scene.ground.work() as work:
        name_both(work, here)
        with pytest.raises(NotFoundError):
            opened_content(work.session, first, here.application_id)
        declare_interest(work, first, here.application_id, has_conflict=False)
        assert opened_content(work.session, first, here.application_id).number == 1
        save_marks(work, first, SaveMarks(here.application_id, marks_for(work, here.application_id), is_finished=False))
        declare_interest(work, first, here.application_id, has_conflict=True)
        with pytest.raises(NotFoundError):
            opened_content(work.session, first, here.application_id)
        with pytest.raises(ConflictError):
            declare_interest(work, first, here.application_id, has_conflict=False)
        evaluate(work, here, second)
        with pytest.raises(ConflictError):
            decide(work, here)
        ids = (second.id, here.council_neighbour.id)
        command = NameEvaluators(here.scene.joined.id, ids, here.application_id)
        name_evaluators(work, here.scene.world.lead, command)
        evaluate(work, here, here.council_neighbour)
        write_moderation(work, here.scene.world.lead, here.application_id, REASON)


def test_evaluators_never_see_each_others_marks_before_all_are_in(here: Evaluated) -> None:
    """R25"""
    first, second = here.evaluators
    with here.scene.ground.work() as work:
        name_both(work, here)
        evaluate(work, here, first)
        for reader, seen in ((first, {first.id}), (second, {second.id}), (here.scene.world.lead, set())):
            found = evaluations_of(work.session, here.application_id, reader.id)
            assert {each.person_id for each in found if each.marks is not None} == seen
        evaluate(work, here, second)
        found = evaluations_of(work.session, here.application_id, first.id)
        assert all(each.marks for each in found)


def test_a_mark_has_a_written_reason_and_a_finished_evaluation_is_whole_and_final(here: Evaluated) -> None:
    """R25: at least 30 characters."""
    first = here.evaluators[0]
    with here.scene.ground.work() as work:
        name_both(work, here)
        with pytest.raises(ConflictError):
            evaluate_unsaid(work, here)
        declare_interest(work, first, here.application_id, has_conflict=False)
        for mark in (
            Mark("", "finance", "pass", "Fine."),
            Mark("", "finance", "5", REASON),
            Mark("", "x", "pass", REASON),
        ):
            with pytest.raises(InvalidInputError):
                save_marks(work, first, SaveMarks(here.application_id, (mark,), is_finished=False))
        part = marks_for(work, here.application_id)[:2]
        with pytest.raises(InvalidInputError) as refused:
            save_marks(work, first, SaveMarks(here.application_id, part, is_finished=True))
        assert refused.value.field == "mark--insurance"
        save_marks(work, first, SaveMarks(here.application_id, marks_for(work, here.application_id), is_finished=True))
        with pytest.raises(ConflictError):
            save_marks(work, first, SaveMarks(here.application_id, part, is_finished=False))


def evaluate_unsaid(work: Work, here: Evaluated) -> None:
    save_marks(work, here.evaluators[0], SaveMarks(here.application_id, (), is_finished=False))


def test_a_decision_is_never_taken_without_two_complete_evaluations(here: Evaluated) -> None:
    with here.scene.ground.work() as work:
        name_both(work, here)
        for person in here.evaluators:
            with pytest.raises(ConflictError):
                decide(work, here)
            evaluate(work, here, person)
        command = DecideApplication(here.application_id, decisions_for(work, here, Outcome.ADMIT))
        with pytest.raises(ConflictError):
            decide_application(work, here.scene.world.lead, command)  # nothing is settled yet
        with pytest.raises(NotFoundError):
            write_moderation(work, here.evaluators[0], here.application_id, REASON)
        decide(work, here)
        with pytest.raises(InvalidInputError):
            decide_application(work, here.scene.world.lead, DecideApplication(here.application_id, ()))


def test_missing_or_refused_evidence_blocks_admission_but_not_a_refusal(here: Evaluated, clock: FixedClock) -> None:
    with here.scene.ground.work() as work:
        name_both(work, here)
        for person in here.evaluators:
            evaluate(work, here, person)
    scan_waiting(here.scene.ground, clock.now())
    with here.scene.ground.work() as work:
        file = work.session.scalars(select(ApplicationFileRow).where(ApplicationFileRow.kind == "insurance")).one()
        assert file.document_id
        refuse_document(work, here.scene.world.lead, file.document_id, "It names another company.")
        with pytest.raises(InvalidInputError, match="no insurance certificate"):
            decide(work, here)
        decide(work, here, Outcome.REFUSE)


def test_evidence_that_has_run_out_meanwhile_blocks_admission(here: Evaluated, clock: FixedClock) -> None:
    with here.scene.ground.work() as work:
        name_both(work, here)
        for person in here.evaluators:
            evaluate(work, here, person)
    clock.move(timedelta(days=500))
    with pytest.raises(InvalidInputError, match="ended on"), here.scene.ground.work() as work:
        decide(work, here)


def _decided(here: Evaluated, outcome: Outcome = Outcome.ADMIT) -> None:
    with here.scene.ground.work() as work:
        name_both(work, here)
        for person in here.evaluators:
            evaluate(work, here, person)
        decide(work, here, outcome)


def test_letters_go_to_every_applicant_at_once_and_only_when_all_are_decided(scene: Scene, clock: FixedClock) -> None:
    with scene.ground.work() as work:
        other = filled(work, scene.world, scene.joined, number=1, setting_id=_own(work, scene, 1))
        send(work, scene.world.providers[1][1], other)
    here = closed(scene, clock)
    _decided(here)
    with pytest.raises(ConflictError), scene.ground.work() as work:
        issue_decisions(work, scene.world.lead, scene.joined.id)
    with scene.ground.work() as work:
        withdraw_application(work, scene.world.providers[1][1], other)
        assert issue_decisions(work, scene.world.lead, scene.joined.id) == 1
        assert issue_decisions(work, scene.world.lead, scene.joined.id) == 0
        (letter,) = told(work.session, "fps.application_decided")
        assert set(letter) == {"round", "link"}, "nothing of the decision itself"
        with pytest.raises(ConflictError):
            withdraw_application(work, scene.world.providers[0][1], here.application_id)


def _own(work: Work, scene: Scene, number: int) -> str:
    return scene.world.active_setting(work, number, lot=2)


def test_who_is_refused_leaves_the_lot_when_the_letters_are_out(here: Evaluated, clock: FixedClock) -> None:
    _decided(here, Outcome.REFUSE)
    with here.scene.ground.work() as work:
        (made,) = settings_of(work.session, [here.scene.world.providers[0][0]])
        where: Callable[[], Status | None] = lambda: status_on(  # noqa: E731 - read twice
            work.session, made.id, here.scene.joined.lot_ids[0], london_date(clock.now())
        )
        assert where() is Status.APPLIED
        issue_decisions(work, here.scene.world.lead, here.scene.joined.id)
        assert where() is Status.EXITED


def _contract(here: Evaluated, clock: FixedClock, begins_in: int = 0) -> RecordContract:
    today = london_date(clock.now())
    begins = today + timedelta(days=begins_in)
    return RecordContract(here.application_id, "NW/2027/1", today, begins, "Uma Sent", "Lee Lead", pdf())


def test_from_contract_to_the_list(here: Evaluated, clock: FixedClock) -> None:
    """After the standstill the contract is signed; active from its first day when the documents hold; then the list."""
    scene, lead = here.scene, here.scene.world.lead
    _decided(here)
    with pytest.raises(ConflictError), scene.ground.work() as work:
        publish_list(work, lead, scene.joined.id)
    with scene.ground.work() as work:
        issue_decisions(work, lead, scene.joined.id)
        card = own_application(work.session, scene.world.providers[0][1], here.application_id)
        assert card.standstill_until == london_date(clock.now()) + timedelta(days=10)
    with pytest.raises(InvalidInputError, match="standstill"), scene.ground.work() as work:
        record_contract(work, lead, _contract(here, clock))
    after_standstill(scene, clock)
    _sign_and_begin(here, clock)
    with scene.ground.work() as work:
        assert publish_list(work, lead, scene.joined.id) == 1
        assert publish_list(work, lead, scene.joined.id) == 0
        assert len(told(work.session, "fps.list_published")) == 3, "each commissioner of a member council, once"
        (line,) = listed_settings(work.session, scene.joined.id)
        assert (line.contract, line.status) == ("NW/2027/1", Status.ACTIVE)


def _sign_and_begin(here: Evaluated, clock: FixedClock) -> None:
    scene, lead = here.scene, here.scene.world.lead
    with scene.ground.work() as work:
        record_contract(work, lead, _contract(here, clock, begins_in=3))
        with pytest.raises(ConflictError):
            record_contract(work, lead, _contract(here, clock))
    assert _status(here, clock) is Status.ADMITTED
    clock.move(timedelta(days=3))
    activate_contracts(scene.ground, clock.now())
    assert _status(here, clock) is Status.ADMITTED, "no document is accepted yet"
    scan_waiting(scene.ground, clock.now())
    with scene.ground.work() as work:
        accept_evidence(work, here)
    activate_contracts(scene.ground, clock.now())
    assert _status(here, clock) is Status.ACTIVE


def _status(here: Evaluated, clock: FixedClock) -> Status | None:
    with here.scene.ground.read() as session:
        (made,) = settings_of(session, [here.scene.world.providers[0][0]])
        return status_on(session, made.id, here.scene.joined.lot_ids[0], london_date(clock.now()))


def test_a_question_to_one_applicant_is_answered_once_and_in_time(here: Evaluated, clock: FixedClock) -> None:
    lead, user = here.scene.world.lead, here.scene.world.providers[0][1]
    due = london_date(clock.now()) + timedelta(days=3)
    with here.scene.ground.work() as work:
        name_both(work, here)
        first = ask_applicant(work, lead, here.application_id, "Who insures you?", due)
        second = ask_applicant(work, lead, here.application_id, "Since when?", due)
        assert len(told(work.session, "fps.application_question", user.id)) == 2
        with pytest.raises(NotFoundError):
            answer_clarification(work, here.scene.world.providers[1][1], here.application_id, first, "We do.")
        answer_clarification(work, user, here.application_id, first, "The Mutual.")
        assert len(told(work.session, "fps.application_answered", lead.id)) == 1
        with pytest.raises(ConflictError):
            answer_clarification(work, user, here.application_id, first, "Another.")
        with pytest.raises(InvalidInputError):
            ask_applicant(work, lead, here.application_id, "Too late?", london_date(work.now) - timedelta(days=1))
    clock.move(timedelta(days=4))
    with here.scene.ground.work() as work:
        with pytest.raises(TooLateError):
            answer_clarification(work, user, here.application_id, second, "Last year.")
        answers = {one.id: one.answer for one in clarifications_of(work.session, here.application_id)}
        assert answers == {first: "The Mutual.", second: None}


def test_evaluators_are_reminded_every_five_working_days_until_they_have_finished(
    here: Evaluated, clock: FixedClock
) -> None:
    first, second = here.evaluators
    with here.scene.ground.work() as work:
        name_both(work, here)
        evaluate(work, here, first)
    for days, expected in ((3, 0), (4, 0), (6, 1), (1, 1), (10, 2)):
        clock.move(timedelta(days=days))
        remind_evaluators(here.scene.ground, clock.now())
        remind_evaluators(here.scene.ground, clock.now())
        with here.scene.ground.read() as session:
            assert len(told(session, "fps.application_evaluate_reminder", second.id)) == expected
            assert told(session, "fps.application_evaluate_reminder", first.id) == []


def test_another_authoritys_people_decide_nothing(here: Evaluated) -> None:
    stranger = here.evaluators[0]
    with here.scene.ground.work() as work:
        name_both(work, here)
        for act in (
            lambda: name_evaluators(work, stranger, NameEvaluators(here.scene.joined.id, ())),
            lambda: issue_decisions(work, stranger, here.scene.joined.id),
            lambda: publish_list(work, stranger, here.scene.joined.id),
            lambda: ask_applicant(work, stranger, here.application_id, "Who?", london_date(work.now)),
            lambda: evaluated_application(work.session, here.council_neighbour, here.application_id),
        ):
            with pytest.raises(NotFoundError):
                act()
