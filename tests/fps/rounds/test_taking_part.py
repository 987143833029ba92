from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from fps.actions.rounds.clarify import ask_question
from fps.actions.rounds.find_contact import Door
from fps.actions.rounds.take_part import (
    ask_to_take_part,
    confirm,
    register_interest,
    withdraw_interest,
)
from fps.actions.rounds.write_round import change_round
from fps.jobs import remind_of_rounds, tell_of_openings
from fps.retention import SWEEPERS
from fps.tables.rounds import RoundContactRow, RoundQuestionRow
from kernel.calendar import at_london
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooLateError
from kernel.work import Ground
from people.queries import contact_points, persons_by_address
from people.retention import Cut
from people.tables import ContactPointRow, PersonRow
from tests.fps.applications.filled import filled, send, started
from tests.fps.rounds.guests import WHO, join, link_of, sent
from tests.fps.rounds_world import coming_round, open_round
from tests.fps.world import World


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
        started(work, card, world.providers[1])
    join(ground, world, card.id, 0)
    gone = join(ground, world, card.id, 2)
    with ground.work() as work:
        withdraw_interest(work, gone)
        change_round(work, world.lead, card.id, replace(card.terms, advert="Another text."), 1)
    told = sent(ground, "fps.round_changed")
    assert {row.person_id for row in told} == {world.providers[0][1].id, world.providers[1][1].id}
    assert len({(row.queued_at, str(row.values)) for row in told}) == 1


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
        started(work, card, world.providers[1])
        send(work, world.providers[2][1], filled(work, world, card, 2))
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


def test_hostile_words_are_kept_as_words(ground: Ground, world: World) -> None:
    words = "<script>alert(1)</script>\u202e'; DROP TABLE persons; --"
    with ground.work() as work:
        card = open_round(work, world)
        ask_to_take_part(work, card.id, replace(WHO, organisation_name=words, name=words))
    with ground.read() as session:
        row = session.scalars(select(RoundContactRow)).one()
        assert row.organisation_name == words
        assert session.get_one(PersonRow, row.person_id).name == words


def test_who_took_part_is_forgotten_six_months_after_the_round_and_what_was_public_stays(
    ground: Ground, world: World
) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        ask_to_take_part(work, card.id, WHO)
    with ground.work() as work:
        confirm(work, link_of(ground))
        ask_question(work, Door(card.id, token=link_of(ground)), "Who pays for transport?")
        person_id = work.session.scalars(select(RoundContactRow.person_id)).one()
    sweeper = SWEEPERS["fps.round_contacts"]
    nobody = select(PersonRow.id).where(PersonRow.id == "nobody")
    for before, left in ((card.closes_at, 1), (card.closes_at + timedelta(seconds=1), 0)):
        with ground.work() as work:
            sweeper.sweep(work.session, Cut(before, nobody), 100)
            assert work.session.scalar(select(func.count()).select_from(RoundContactRow)) == left
    with ground.read() as session:
        assert session.get_one(PersonRow, person_id).name == ""
        assert persons_by_address(session, "email", WHO.email) == []
        assert session.scalars(select(RoundQuestionRow.contact_id)).one() is None


def test_an_address_that_nobody_confirmed_goes_a_day_after_its_link(ground: Ground, world: World) -> None:
    with ground.work() as work:
        ask_to_take_part(work, open_round(work, world).id, WHO)
    nobody = select(PersonRow.id).where(PersonRow.id == "nobody")
    for days, left in ((7, 1), (8, 0)):
        before = ground.clock.now() + timedelta(days=days, seconds=-1 if left else 1)
        with ground.work() as work:
            SWEEPERS["fps.round_unconfirmed"].sweep(work.session, Cut(before, nobody), 100)
            assert work.session.scalar(select(func.count()).select_from(RoundContactRow)) == left
