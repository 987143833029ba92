from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time
from threading import Barrier

import pytest

from fps.actions.applications.cancel_round import cancel_round
from fps.actions.rounds.book_place import book_place, give_up_place
from fps.actions.rounds.find_contact import Door
from fps.actions.rounds.plan_session import add_session, call_off_session, change_session
from fps.actions.rounds.take_part import (
    ask_to_take_part,
    confirm,
)
from fps.jobs import remind_of_rounds
from fps.queries.round_sessions import session_card
from kernel.calendar import at_london
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooLateError
from kernel.work import Ground
from tests.fps.rounds.guests import WHO, WORKSHOP, join, link_of, sent
from tests.fps.rounds_world import coming_round
from tests.fps.world import World


def test_the_last_place_goes_to_one_and_comes_free_again(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        session_id = add_session(work, world.lead, card.id, WORKSHOP)
    doors = [Door(card.id, actor=world.providers[number][1]) for number in range(3)]
    for door in (doors[0], doors[0], doors[1]):
        with ground.work() as work:
            book_place(work, door, session_id)
    with pytest.raises(ConflictError, match="taken"), ground.work() as work:
        book_place(work, doors[2], session_id)
    for _ in range(2):
        with ground.work() as work:
            give_up_place(work, doors[0], session_id)
    with ground.work() as work:
        book_place(work, doors[2], session_id)
    with ground.read() as session:
        assert session_card(session, session_id).taken == 2
    booked = sent(ground, "fps.session_booked")
    assert len(booked) == 3
    attached = (booked[0].attachments or [{}])[0]["content"]
    assert f"UID:session-{session_id}@" in attached
    assert "DTSTART:20261202T100000Z" in attached


def test_a_newcomer_gets_the_place_they_asked_for_with_their_confirmation(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        session_id = add_session(work, world.lead, card.id, replace(WORKSHOP, capacity=1))
        ask_to_take_part(work, card.id, replace(WHO, session_id=session_id))
    with ground.read() as session:
        assert session_card(session, session_id).taken == 0
    with ground.work() as work:
        book_place(work, Door(card.id, actor=world.providers[0][1]), session_id)
    with ground.work() as work:
        assert confirm(work, link_of(ground)) == "Every place in this session is taken. Choose another one."


def test_a_session_that_moves_or_ends_is_told_to_its_guests_with_the_next_sequence(
    ground: Ground, world: World
) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        session_id = add_session(work, world.lead, card.id, WORKSHOP)
        book_place(work, Door(card.id, actor=world.providers[0][1]), session_id)
    with ground.work() as work:
        change_session(work, world.lead, session_id, replace(WORKSHOP, capacity=5))
    assert sent(ground, "fps.session_moved") == []
    with ground.work() as work:
        change_session(work, world.lead, session_id, replace(WORKSHOP, place="Crewe Town Hall"))
    assert "SEQUENCE:1" in (sent(ground, "fps.session_moved")[0].attachments or [{}])[0]["content"]
    for _ in range(2):
        with ground.work() as work:
            call_off_session(work, world.lead, session_id, "The hall is flooded.")
    off = sent(ground, "fps.session_called_off")
    assert len(off) == 1
    content = (off[0].attachments or [{}])[0]["content"]
    assert "STATUS:CANCELLED" in content
    assert "METHOD:CANCEL" in content
    assert "SEQUENCE:2" in content
    with pytest.raises(TooLateError), ground.work() as work:
        book_place(work, Door(card.id, actor=world.providers[1][1]), session_id)


def test_a_cancelled_round_cancels_its_sessions_too(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        session_id = add_session(work, world.lead, card.id, WORKSHOP)
        book_place(work, Door(card.id, actor=world.providers[0][1]), session_id)
    with ground.work() as work:
        cancel_round(work, world.lead, card.id, "The budget changed.")
    assert len(sent(ground, "fps.round_cancelled")) == 1
    assert len(sent(ground, "fps.session_called_off")) == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": " "}),
        ("day", {"starts_at": datetime(2026, 11, 23, 10, tzinfo=UTC)}),
        ("ends", {"ends_at": WORKSHOP.starts_at}),
        ("place", {"place": "", "link": ""}),
        ("link", {"link": "javascript:alert(1)"}),
        ("capacity", {"capacity": 0}),
        ("capacity", {"capacity": 2001}),
    ],
)
def test_a_session_says_when_where_and_for_how_many(
    ground: Ground, world: World, field: str, wrong: dict[str, object]
) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
    with pytest.raises(InvalidInputError) as refused, ground.work() as work:
        add_session(work, world.lead, card.id, replace(WORKSHOP, **wrong))  # type: ignore[arg-type] # one field a case
    assert refused.value.field == field


def test_only_the_lead_plans_sessions_and_no_fewer_places_than_are_taken(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        session_id = add_session(work, world.lead, card.id, WORKSHOP)
        for number in range(2):
            book_place(work, Door(card.id, actor=world.providers[number][1]), session_id)
    with pytest.raises(InvalidInputError), ground.work() as work:
        change_session(work, world.lead, session_id, replace(WORKSHOP, capacity=1))
    with pytest.raises(NotFoundError), ground.work() as work:
        change_session(work, world.providers[0][1], session_id, WORKSHOP)
    with pytest.raises(NotFoundError), ground.work() as work:
        book_place(work, Door(card.id, actor=world.lead), session_id)


def test_a_session_is_said_three_working_days_and_one_day_before(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    """The session is on Wednesday 2 December: Friday 27 November and Tuesday 1 December."""
    with ground.work() as work:
        card = coming_round(work, world)
        session_id = add_session(work, world.lead, card.id, WORKSHOP)
        book_place(work, Door(card.id, actor=world.providers[0][1]), session_id)
    for day in (26, 27, 28, 30):
        clock.set(at_london(date(2026, 11, day), time(9, 10)))
        remind_of_rounds(ground, clock.now())
    with ground.work() as work:
        book_place(work, Door(card.id, actor=world.providers[1][1]), session_id)
    clock.set(at_london(date(2026, 12, 1), time(9, 10)))
    remind_of_rounds(ground, clock.now())
    told = sent(ground, "fps.session_reminder")
    assert sorted((row.queued_at.date(), row.person_id) for row in told) == sorted(
        [
            (date(2026, 11, 27), world.providers[0][1].id),
            (date(2026, 12, 1), world.providers[0][1].id),
            (date(2026, 12, 1), world.providers[1][1].id),
        ]
    )


def test_two_who_want_the_last_place_at_once_get_it_once(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        session_id = add_session(work, world.lead, card.id, replace(WORKSHOP, capacity=1))
    doors = [join(ground, world, card.id, number) for number in range(4)]
    start = Barrier(len(doors))

    def press(door: Door) -> bool:
        start.wait(timeout=20)
        try:
            with ground.work() as work:
                book_place(work, door, session_id)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(len(doors)) as pool:
        got = list(pool.map(press, doors))
    assert sum(got) == 1
    with ground.read() as session:
        assert session_card(session, session_id).taken == 1
