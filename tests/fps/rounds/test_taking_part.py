from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from channels.tables import MessageRow
from fps.actions.rounds.book_place import book_place, give_up_place
from fps.actions.rounds.find_contact import Door
from fps.actions.rounds.move_round import cancel_round
from fps.actions.rounds.plan_session import add_session, call_off_session, change_session
from fps.actions.rounds.remind import remind_of_rounds, tell_of_openings
from fps.actions.rounds.take_part import (
    Newcomer,
    ask_to_take_part,
    confirm,
    note_application,
    register_interest,
    withdraw_interest,
)
from fps.actions.rounds.write_round import change_round
from fps.queries.round_sessions import session_card
from fps.rules.round_sessions import SessionTerms
from fps.tables.rounds import RoundContactRow
from kernel.calendar import at_london
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooLateError
from kernel.work import Ground
from people.actions.issue_grant import token_of
from people.queries import contact_points, persons_by_address
from people.tables import ContactPointRow, PersonRow
from tests.fps.rounds_world import coming_round, open_round
from tests.fps.world import World

WHO = Newcomer("Shoreline Learning", "Sam Newcomer", "sam@example.org")
WORKSHOP = SessionTerms(
    "Meet the commissioners",
    at_london(date(2026, 12, 2), time(10)),
    at_london(date(2026, 12, 2), time(12)),
    "Sandbach Library",
    "https://meet.example.org/rounds",
    2,
)


def sent(ground: Ground, key: str) -> list[MessageRow]:
    with ground.read() as session:
        return list(session.scalars(select(MessageRow).where(MessageRow.key == key).order_by(MessageRow.queued_at)))


def link_of(ground: Ground) -> str:
    """Return the token of the only newcomer's link."""
    with ground.read() as session:
        grant_id = session.scalars(
            select(RoundContactRow.grant_id).where(RoundContactRow.contact_point_id.is_not(None))
        ).one()
    return token_of(ground.keys, grant_id or "")


def join(ground: Ground, world: World, round_id: str, number: int) -> Door:
    door = Door(round_id, actor=world.providers[number][1])
    with ground.work() as work:
        register_interest(work, door)
    return door


def test_a_newcomer_takes_part_once_the_address_is_confirmed(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        ask_to_take_part(work, card.id, WHO)
    assert [row.status for row in sent(ground, "fps.round_confirm")] == ["queued"]
    token = link_of(ground)
    with pytest.raises(ConflictError), ground.work() as work:
        register_interest(work, Door(card.id, token=token))
    for _ in range(2):
        with ground.work() as work:
            assert confirm(work, token) is None
    with ground.read() as session:
        row = session.scalars(select(RoundContactRow)).one()
        assert (row.confirmed_at, row.interested_at) == (ground.clock.now(), ground.clock.now())
        assert [found.id for found in persons_by_address(session, "email", "sam@example.org")] == [row.person_id]


def test_the_same_address_twice_is_one_newcomer_and_one_letter_in_ten_minutes(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    with ground.work() as work:
        card = open_round(work, world)
    for minutes in (0, 5, 6):
        clock.move(timedelta(minutes=minutes))
        with ground.work() as work:
            ask_to_take_part(work, card.id, replace(WHO, email=" SAM@example.org "))
    assert len(sent(ground, "fps.round_confirm")) == 2
    with ground.read() as session:
        assert session.scalar(select(func.count()).select_from(RoundContactRow)) == 1


def test_nobody_learns_whether_an_address_is_known_and_a_stop_is_kept(ground: Ground, world: World) -> None:
    """V12: who said STOP gets nothing, whoever types the address in."""
    with ground.work() as work:
        card = open_round(work, world)
        user = world.providers[0][1]
        known = contact_points(work.session, user.id)[0]
        ask_to_take_part(work, card.id, replace(WHO, email=known.address))
    assert len(sent(ground, "fps.round_confirm")) == 1
    with ground.work() as work:
        other = contact_points(work.session, world.providers[2][1].id)[0]
        work.session.get_one(ContactPointRow, other.id).opted_out_at = work.now
        ask_to_take_part(work, card.id, replace(WHO, email=other.address))
    assert len(sent(ground, "fps.round_confirm")) == 1


def test_a_link_is_confirmed_within_seven_days_and_not_after(ground: Ground, world: World, clock: FixedClock) -> None:
    with ground.work() as work:
        ask_to_take_part(work, open_round(work, world).id, WHO)
    clock.move(timedelta(days=7, seconds=1))
    with pytest.raises(TooLateError), ground.work() as work:
        confirm(work, link_of(ground))
    with pytest.raises(NotFoundError), ground.work() as work:
        confirm(work, "nothing")


@pytest.mark.parametrize(
    "wrong", [{"organisation_name": " "}, {"name": ""}, {"email": "sam at example"}, {"organisation_name": "x" * 201}]
)
def test_a_newcomer_says_who_they_are(ground: Ground, world: World, wrong: dict[str, str]) -> None:
    with ground.work() as work:
        card = open_round(work, world)
    with pytest.raises(InvalidInputError), ground.work() as work:
        ask_to_take_part(work, card.id, replace(WHO, **wrong))


def test_nobody_joins_a_round_one_second_after_its_closing(ground: Ground, world: World, clock: FixedClock) -> None:
    """R16"""
    with ground.work() as work:
        card = open_round(work, world)
    clock.set(card.closes_at)
    with ground.work() as work:
        ask_to_take_part(work, card.id, WHO)
    clock.move(timedelta(seconds=1))
    with pytest.raises(TooLateError), ground.work() as work:
        ask_to_take_part(work, card.id, replace(WHO, email="late@example.org"))


def test_a_change_is_told_to_all_who_take_part_at_once_and_to_nobody_else(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        ask_to_take_part(work, card.id, WHO)
        note_application(work, card.id, world.providers[1][1].id, world.providers[1][0], is_sent=False)
    join(ground, world, card.id, 0)
    gone = join(ground, world, card.id, 2)
    with ground.work() as work:
        withdraw_interest(work, gone)
        change_round(work, world.lead, card.id, replace(card.terms, advert="Another text."), 1)
    told = sent(ground, "fps.round_changed")
    assert {row.person_id for row in told} == {world.providers[0][1].id, world.providers[1][1].id}
    assert len({(row.queued_at, str(row.values)) for row in told}) == 1


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
        add_session(work, world.lead, card.id, replace(WORKSHOP, **wrong))  # type: ignore[arg-type]
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


def test_an_opening_is_told_once_to_who_was_interested_before(ground: Ground, world: World, clock: FixedClock) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
    join(ground, world, card.id, 0)
    tell_of_openings(ground, card.opens_at - timedelta(seconds=1))
    assert sent(ground, "fps.round_opened") == []
    clock.set(card.opens_at + timedelta(minutes=1))
    join(ground, world, card.id, 1)
    for _ in range(2):
        tell_of_openings(ground, clock.now())
    assert [row.person_id for row in sent(ground, "fps.round_opened")] == [world.providers[0][1].id]


def test_R18_closing_is_said_five_working_days_and_one_before_to_all_without_an_application_alike(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        for number, is_sent in ((1, False), (2, True)):
            user = world.providers[number]
            note_application(work, card.id, user[1].id, user[0], is_sent=is_sent)
    join(ground, world, card.id, 0)
    for day in (date(2026, 12, 10), date(2026, 12, 11), date(2026, 12, 14), date(2026, 12, 17), date(2026, 12, 18)):
        clock.set(at_london(day, time(9, 10)))
        remind_of_rounds(ground, clock.now())
    told = sent(ground, "fps.round_closes_soon")
    assert {(row.queued_at.date(), row.person_id) for row in told} == {
        (day, world.providers[number][1].id) for day in (date(2026, 12, 11), date(2026, 12, 17)) for number in (0, 1)
    }
    assert len(told) == 4
    assert len({str(row.values) for row in told}) == 1


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


def test_hostile_words_are_kept_as_words(ground: Ground, world: World) -> None:
    words = "<script>alert(1)</script>\u202e'; DROP TABLE persons; --"
    with ground.work() as work:
        card = open_round(work, world)
        ask_to_take_part(work, card.id, replace(WHO, organisation_name=words, name=words))
    with ground.read() as session:
        row = session.scalars(select(RoundContactRow)).one()
        assert row.organisation_name == words
        assert session.get_one(PersonRow, row.person_id).name == words
