from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from channels.queries import messages_to
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from referrals.actions.clocks.keep_clock import finish_step, stop_clock, take_clock
from referrals.actions.clocks.remind_of_clocks import remind_of_clocks
from referrals.actions.clocks.start_clock import StartClock, start_clock
from referrals.model.clocks import ClockKind, ConsultBasis, SchoolType, Step
from referrals.queries.clocks import Running, WantedClocks, clock, clocks, count_clocks, due_clocks
from referrals.tables import ClockRow
from tests.referrals.clocks.conftest import Browse
from tests.referrals.world import World

TODAY = date(2026, 11, 23)
ALL = WantedClocks()


def started(world: World, kind: ClockKind = ClockKind.ANNUAL_REVIEW, day: date = TODAY, **more: Any) -> str:  # noqa: ANN401 - whatever a consultation takes
    with world.ground.work() as work:
        command = StartClock(world.register.council_id, kind, "LR-0042", day, **more)
        return start_clock(work, world.commissioner, command)


def test_a_clock_keeps_its_days_its_law_and_its_owner(world: World) -> None:
    clock_id = started(world)
    with world.ground.read() as session:
        card = clock(session, world.commissioner, clock_id)
        assert (card.law, card.owner_id, card.next_due and card.next_due.step) == (
            "2014",
            world.commissioner.id,
            Step.REPORT,
        )
        details = session.execute(text("SELECT details FROM audit WHERE action = 'referrals.start_clock'")).scalar_one()
    assert "LR-0042" not in details
    assert json.loads(details)["due"]["decision"] == "2026-12-21"


def test_the_learners_code_is_sealed_at_rest(world: World) -> None:
    started(world, ClockKind.CONSULTATION, school="Hill School", school_type=SchoolType.MAINTAINED)
    with world.ground.read() as session:
        rows = session.execute(text("SELECT learner_code, school FROM statutory_clocks")).one()
    assert not any(plain in value for plain in ("LR-0042", "Hill") for value in rows)


def test_R19_a_referral_stays_what_it_is_beside_its_clock(world: World) -> None:
    referral_id = world.issued()
    with world.ground.read() as session:
        reference = session.execute(text("SELECT reference FROM referrals")).scalar_one()
    clock_id = started(world, ClockKind.DRAFT_PLAN, reference=reference.lower())
    with world.ground.read() as session:
        card = clock(session, world.commissioner, clock_id)
    assert (card.referral_id, card.reference) == (referral_id, reference)
    with pytest.raises(InvalidInputError, match="no referral with this reference"):
        started(world, ClockKind.DRAFT_PLAN, reference="ZZ9")


def test_R20_a_consultation_says_on_what_footing_the_school_is_asked(world: World) -> None:
    asked = started(world, ClockKind.CONSULTATION, school="Hill School", school_type=SchoolType.INDEPENDENT)
    listed = started(world, ClockKind.CONSULTATION, school="Dale School", school_type=SchoolType.SECTION_41)
    with world.ground.read() as session:
        assert clock(session, world.commissioner, asked).basis is ConsultBasis.INDEPENDENT
        assert clock(session, world.commissioner, listed).basis is ConsultBasis.SECTION_38


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, "school"),
        ({"school": "Hill School"}, "school_type"),
        ({"urn": "123456"}, "urn"),
        ({"school": "x" * 201, "school_type": SchoolType.FE}, "school"),
    ],
)
def test_a_consultation_needs_its_school(world: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        started(world, ClockKind.CONSULTATION, **more)
    assert caught.value.field == field


def test_another_council_neither_sees_nor_moves_a_clock(world: World) -> None:
    clock_id = started(world)
    with world.ground.read() as session:
        assert count_clocks(session, world.stranger, TODAY, ALL) == 0
        with pytest.raises(NotFoundError):
            clock(session, world.stranger, clock_id)
    for act in (
        lambda work: finish_step(work, world.stranger, clock_id, Step.REPORT, TODAY),
        lambda work: stop_clock(work, world.stranger, clock_id, "Why"),
        lambda work: take_clock(work, world.stranger, clock_id),
        lambda work: start_clock(
            work, world.stranger, StartClock(world.register.council_id, ClockKind.FINAL_PLAN, "L", TODAY)
        ),
    ):
        with pytest.raises(NotFoundError), world.ground.work() as work:
            act(work)


def test_a_step_is_done_once_and_a_stopped_clock_stands(world: World) -> None:
    clock_id = started(world)
    with world.ground.work() as work:
        finish_step(work, world.colleague, clock_id, Step.REPORT, TODAY)
    with pytest.raises(ConflictError), world.ground.work() as work:
        finish_step(work, world.commissioner, clock_id, Step.REPORT, TODAY)
    with pytest.raises(NotFoundError), world.ground.work() as work:
        finish_step(work, world.commissioner, clock_id, Step.FAMILY_REPLY, TODAY)
    with pytest.raises(InvalidInputError), world.ground.work() as work:
        stop_clock(work, world.commissioner, clock_id, " ")
    with world.ground.work() as work:
        stop_clock(work, world.commissioner, clock_id, "Started twice")
    with pytest.raises(ConflictError), world.ground.work() as work:
        stop_clock(work, world.commissioner, clock_id, "Again")
    with world.ground.read() as session:
        assert count_clocks(session, world.commissioner, TODAY, WantedClocks(running=Running.ENDED)) == 1
        assert count_clocks(session, world.commissioner, TODAY, WantedClocks(running=Running.OPEN)) == 0
        assert due_clocks(session, world.commissioner, world.ground.clock.now()).count == 0


def test_the_next_last_day_comes_first_and_filters_narrow(world: World) -> None:
    later, sooner = started(world, ClockKind.FINAL_PLAN), started(world, ClockKind.ANNUAL_REVIEW)
    late = started(world, ClockKind.DRAFT_PLAN, TODAY - timedelta(days=20))
    with world.ground.read() as session:
        found = clocks(session, world.colleague, TODAY, ALL)
        assert [card.id for card in found] == [late, sooner, later]
        assert count_clocks(session, world.colleague, TODAY, WantedClocks(running=Running.LATE)) == 1
        assert count_clocks(session, world.colleague, TODAY, WantedClocks(kind=ClockKind.FINAL_PLAN)) == 1
        assert count_clocks(session, world.colleague, TODAY, WantedClocks(owner_id=world.colleague.id)) == 0
        waits = due_clocks(session, world.commissioner, world.ground.clock.now())
        assert (waits.late.count, waits.due.count) == (1, 4)


def test_reminders_go_to_whoever_keeps_the_clock_once_a_stage(world: World, clock: FixedClock) -> None:
    clock_id = started(world, ClockKind.CONSULTATION, school="Hill School", school_type=SchoolType.FE)

    def remind() -> int:
        with world.ground.work() as work:
            return remind_of_clocks(work)

    sent = []
    for _day in range(20):
        sent.append((remind(), remind()))
        clock.move(timedelta(days=1))
    assert [day for day, (first, _) in enumerate(sent) if first] == [10, 14, 16]
    assert not any(again for _, again in sent)
    other = started(world, ClockKind.DRAFT_PLAN, TODAY)
    with world.ground.work() as work:
        take_clock(work, world.colleague, other)
    assert remind() == 1, "after a pause only the newest reminder goes"
    with world.ground.read() as session:
        rows = session.execute(select(ClockRow.id)).scalars().all()
        assert set(rows) == {clock_id, other}
        mine = messages_to(session, world.colleague.id)
        assert [one.key for one in mine] == ["referrals.clock_missed"]


def test_a_commissioner_starts_a_clock_on_the_pages_and_records_a_step(world: World, browse: Browse) -> None:
    client = browse(world.commissioner)
    assert "Start the first clock" in client.get("/commissioning/clocks").text
    empty = client.post("/commissioning/clocks/new", data={})
    assert empty.status_code == 422
    assert "Choose what has happened" in empty.text
    filled = {"kind": "consultation", "started_on": ["23", "11", "2026"], "learner_code": "LR-7", "school_type": ""}
    refused = client.post("/commissioning/clocks/new", data=filled)
    assert "Enter the URN or the name of the school" in refused.text
    filled |= {"school": "Hill School", "school_type": "independent"}
    answer = client.post("/commissioning/clocks/new", data=filled, follow_redirects=True)
    assert "The clock runs." in answer.text
    assert "8 December 2026" in answer.text
    with world.ground.read() as session:
        (card,) = clocks(session, world.commissioner, TODAY, ALL)
    page = client.get(f"/commissioning/clocks/{card.id}").text
    assert "no right to ask for it" in page
    done = client.post(
        f"/commissioning/clocks/{card.id}/steps/school_reply",
        data={"done_on": ["23", "11", "2026"]},
        follow_redirects=True,
    )
    assert "The step is recorded as done." in done.text
    assert client.get(f"/commissioning/clocks/{card.id}/steps/nothing").status_code == 404
    assert browse(world.stranger).get(f"/commissioning/clocks/{card.id}").status_code == 404
    other = browse(world.colleague)
    assert "yours now" in other.post(f"/commissioning/clocks/{card.id}/take", follow_redirects=True).text
    stopped = other.post(f"/commissioning/clocks/{card.id}/stop", data={"reason": "A mistake"}, follow_redirects=True)
    assert "A mistake" in stopped.text


def statements(world: World) -> int:
    with world.ground.read() as session:
        seen: list[str] = []
        event.listen(session.connection(), "before_cursor_execute", lambda *args: seen.append(args[2]))
        clocks(session, world.commissioner, TODAY, ALL)
        return len(seen)


def test_a_list_of_clocks_takes_the_same_number_of_statements_however_long(world: World) -> None:
    started(world)
    one = statements(world)
    for _ in range(3):
        started(world)
    assert statements(world) == one
