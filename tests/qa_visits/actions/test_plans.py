from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.work import Ground
from people.model import Actor
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.change_figure import ChangeFigure, change_figure
from qa_visits.actions.record_outcome import NewAction, RecordOutcome, record_outcome
from qa_visits.actions.reject_evidence import RejectEvidence, reject_evidence
from qa_visits.actions.submit_evidence import SubmitEvidence, submit_evidence
from qa_visits.actions.verify_action import verify_action
from qa_visits.model import ActionCard, ActionState, Head, Judgement, Priority, Rag, Verdict, VisitState, VisitType
from qa_visits.queries import action, evidence, figures, timeline, visit_card
from tests.qa_visits.world import DUE, World, keys, messages, new_action, open_action, outcome, propose

VISIT_DAY = datetime(2026, 12, 9, 16, tzinfo=UTC)


@pytest.fixture
def visit_id(ground: Ground, world: World, clock: FixedClock) -> str:
    visit_id = propose(ground, world)
    with ground.work() as work:
        accept_visit(work, world.officer, visit_id)
    clock.set(VISIT_DAY)
    return visit_id


@pytest.fixture
def action_id(ground: Ground, world: World, visit_id: str) -> str:
    return open_action(ground, world, visit_id)


def card(ground: Ground, world: World, action_id: str, today: date = date(2026, 12, 9)) -> ActionCard:
    with ground.read() as session:
        return action(session, action_id, today=today, provider_ids=[world.provider])


def send(ground: Ground, actor: Actor, action_id: str, text: str = "The visitors' book is kept and signed.") -> None:
    with ground.work() as work:
        submit_evidence(work, actor, SubmitEvidence(action_id, text))


def verify(ground: Ground, actor: Actor, action_id: str) -> None:
    with ground.work() as work:
        verify_action(work, actor, action_id)


def reject(ground: Ground, actor: Actor, action_id: str, reason: str = "Show the month of December.") -> None:
    with ground.work() as work:
        reject_evidence(work, actor, RejectEvidence(action_id, reason))


def test_visit_leaves_one_action_whose_owner_is_told_at_once(ground: Ground, world: World, visit_id: str) -> None:
    action_id = open_action(ground, world, visit_id)

    with ground.read() as session:
        visit = visit_card(session, visit_id)
    assert (visit.state, visit.judgement) == (VisitState.DONE, Judgement.ASSURED_WITH_ACTIONS)
    found = card(ground, world, action_id)
    assert (found.head, found.priority, found.due_on) == (Head.POLICIES, Priority.HIGH, DUE)
    assert (found.state, found.rag) == (ActionState.OPEN, Rag.GREEN)
    told = messages(ground, to=world.owner)[-1]
    assert (told.key, told.about_id) == ("action_new", action_id)
    assert told.values["link"] == f"/my-improvement-actions/{action_id}"
    assert told.values["due"] == "2027-01-04"


def test_assured_setting_needs_no_action(ground: Ground, world: World, visit_id: str) -> None:
    with ground.work() as work:
        command = RecordOutcome(visit_id, Judgement.ASSURED, "All is well.")
        assert record_outcome(work, world.colleague, command) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"success_measure": ""}, "success_measure"),
        ({"due_on": date(2026, 12, 9)}, "due_on"),
        ({"due_on": date(2026, 12, 28)}, "due_on"),
        ({"due_on": date(2027, 1, 9)}, "due_on"),
    ],
)
def test_action_that_does_not_fit_is_refused(
    ground: Ground, world: World, visit_id: str, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused, ground.work() as work:
        record_outcome(work, world.officer, outcome(world, visit_id, [new_action(world, **change)]))
    assert refused.value.field == field


def test_owner_must_be_of_the_visited_provider(ground: Ground, world: World, visit_id: str) -> None:
    for somebody in (world.other_owner, world.officer):
        with pytest.raises(InvalidInputError), ground.work() as work:
            record_outcome(work, world.officer, outcome(world, visit_id, [new_action(world, owner_id=somebody.id)]))


def test_weak_judgement_without_an_action_is_refused(ground: Ground, world: World, visit_id: str) -> None:
    with pytest.raises(InvalidInputError), ground.work() as work:
        record_outcome(work, world.officer, outcome(world, visit_id, []))


def test_outcome_comes_on_the_day_or_later_and_once(
    ground: Ground, world: World, visit_id: str, clock: FixedClock
) -> None:
    clock.set(datetime(2026, 12, 8, 16, tzinfo=UTC))
    with pytest.raises(ConflictError, match="still to come"):
        open_action(ground, world, visit_id)
    clock.set(VISIT_DAY)
    open_action(ground, world, visit_id)
    with pytest.raises(ConflictError, match="already taken place"):
        open_action(ground, world, visit_id)


def test_only_who_plans_for_the_council_records_an_outcome(ground: Ground, world: World, visit_id: str) -> None:
    for somebody in (world.stranger, world.commissioner, world.owner):
        with pytest.raises(NotFoundError), ground.work() as work:
            record_outcome(work, somebody, outcome(world, visit_id))


def test_evidence_goes_in_is_sent_back_and_is_verified(ground: Ground, world: World, action_id: str) -> None:
    send(ground, world.owner, action_id)
    assert card(ground, world, action_id).state is ActionState.EVIDENCE_IN
    assert messages(ground)[-1].key == "evidence_in"
    assert messages(ground)[-1].values["link"] == f"/improvement-actions/{action_id}"

    reject(ground, world.officer, action_id)
    sent_back = card(ground, world, action_id)
    assert (sent_back.state, sent_back.rag) == (ActionState.IN_PROGRESS, Rag.RED)
    assert messages(ground)[-1].values["reason"] == "Show the month of December."

    send(ground, world.owner, action_id, "Here is December: every page is signed.")
    assert card(ground, world, action_id).rag is Rag.GREEN
    verify(ground, world.colleague, action_id)
    closed = card(ground, world, action_id, today=date(2027, 6, 1))
    assert (closed.state, closed.rag) == (ActionState.VERIFIED, Rag.BLUE)

    with ground.read() as session:
        verdicts = [each.verdict for each in evidence(session, action_id)]
        happened = [entry.what for entry in timeline(session, action_id)]
    assert verdicts == [Verdict.VERIFIED, Verdict.REJECTED]
    assert happened == ["Verified", "Evidence sent", "Evidence sent back", "Evidence sent", "Opened"]
    assert keys(messages(ground, to=world.owner))[-3:] == ["action_new", "evidence_rejected", "action_verified"]


def test_only_a_quality_officer_verifies_and_the_provider_never_closes(
    ground: Ground, world: World, action_id: str
) -> None:
    send(ground, world.owner, action_id)

    with pytest.raises(ForbiddenError):
        verify(ground, world.commissioner, action_id)
    with pytest.raises(ForbiddenError):
        reject(ground, world.commissioner, action_id)
    for somebody in (world.owner, world.stranger, world.other_owner):
        with pytest.raises(NotFoundError):
            verify(ground, somebody, action_id)
        with pytest.raises(NotFoundError):
            reject(ground, somebody, action_id)
    assert card(ground, world, action_id).state is ActionState.EVIDENCE_IN


def test_nothing_is_verified_without_evidence_or_twice(ground: Ground, world: World, action_id: str) -> None:
    with pytest.raises(ConflictError):
        verify(ground, world.officer, action_id)
    send(ground, world.owner, action_id)
    verify(ground, world.officer, action_id)
    with pytest.raises(ConflictError):
        verify(ground, world.officer, action_id)
    with pytest.raises(ConflictError):
        reject(ground, world.officer, action_id)
    with pytest.raises(ConflictError, match="done"):
        send(ground, world.owner, action_id)


def test_sending_back_needs_a_reason(ground: Ground, world: World, action_id: str) -> None:
    send(ground, world.owner, action_id)
    with pytest.raises(InvalidInputError):
        reject(ground, world.officer, action_id, "  ")


@pytest.mark.parametrize("text", ["", "Done.", "x" * 4001])
def test_evidence_too_short_or_too_long_is_refused(ground: Ground, world: World, action_id: str, text: str) -> None:
    with pytest.raises(InvalidInputError):
        send(ground, world.owner, action_id, text)


def test_provider_reaches_its_own_actions_only(ground: Ground, world: World, action_id: str) -> None:
    with pytest.raises(NotFoundError):
        send(ground, world.other_owner, action_id)
    with ground.read() as session, pytest.raises(NotFoundError):
        action(session, action_id, today=DUE, council_ids=[world.other_council], provider_ids=[])


def test_figures_are_changed_by_an_administrator_alone(ground: Ground, world: World) -> None:
    change = ChangeFigure("visit.notice_wd.annual", 15)
    for somebody in (world.officer, world.owner):
        with pytest.raises(ForbiddenError), ground.work() as work:
            change_figure(work, somebody, change)
    with ground.work() as work:
        change_figure(work, world.administrator, change)
        change_figure(work, world.administrator, ChangeFigure("visit.notice_wd.annual", 13))
    with ground.read() as session:
        assert figures(session).notice_wd[VisitType.ANNUAL] == 13
    with pytest.raises(InvalidInputError, match="too little notice"):
        propose(ground, world)


def test_several_actions_can_come_of_one_visit(ground: Ground, world: World, visit_id: str) -> None:
    several: list[NewAction] = [new_action(world), new_action(world, title="Mend the fence")]
    with ground.work() as work:
        assert len(record_outcome(work, world.officer, outcome(world, visit_id, several))) == 2
