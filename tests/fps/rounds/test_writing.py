from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fps.actions.applications.cancel_round import cancel_round
from fps.actions.rounds.move_round import move_round, publish_round
from fps.actions.rounds.write_round import change_round, draft_round
from fps.model.rounds import RoundState
from fps.queries.rounds import joining_round, open_rounds, public_round, public_rounds, published_rounds, versions
from kernel.calendar import at_london
from kernel.clock import FixedClock
from kernel.errors import ConflictError, HubError, InvalidInputError, NotFoundError
from kernel.tables import EventRow
from kernel.work import Ground
from people.model import Role
from tests.fps.rounds_world import coming_round, draft, open_round, terms_of
from tests.fps.world import World, member

NOON = time(12)
TUESDAY = date(2026, 12, 22)


def test_a_draft_is_nobodys_to_read_until_it_is_published(ground: Ground, world: World) -> None:
    with ground.work() as work:
        terms = replace(terms_of(world), opens_at=at_london(date(2026, 11, 30), time(9)))
        round_id = draft(work, world, terms)
    with ground.read() as session:
        assert joining_round(session, round_id).state is RoundState.DRAFT
        assert public_rounds(session, ground.clock.now()) == []
        with pytest.raises(NotFoundError):
            public_round(session, round_id)
    with ground.work() as work:
        publish_round(work, world.lead, round_id)
        publish_round(work, world.lead, round_id)
    with ground.read() as session:
        assert public_round(session, round_id).state is RoundState.PUBLISHED
        assert [card.id for card in public_rounds(session, ground.clock.now())] == [round_id]
        assert [version.number for version in versions(session, round_id)] == [1]
        assert session.scalars(select(EventRow.name).where(EventRow.name == "fps.round_published")).all() == [
            "fps.round_published"
        ]


def test_R16_a_round_opens_and_closes_by_the_clock_and_one_second_late_is_late(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = open_round(work, world)
    second = timedelta(seconds=1)
    assert card.state_at(card.opens_at - second) is RoundState.PUBLISHED
    assert card.state_at(card.opens_at) is RoundState.OPEN
    assert card.takes_applications(card.closes_at)
    assert not card.takes_applications(card.closes_at + second)
    assert card.state_at(card.closes_at + second) is RoundState.CLOSED
    with ground.read() as session:
        assert [each.id for each in open_rounds(session, card.closes_at)] == [card.id]
        assert open_rounds(session, card.closes_at + second) == []


def test_closing_is_noon_in_london_on_both_sides_of_the_clock_change(ground: Ground, world: World) -> None:
    """R14: on Thursday 25 March 2027 London is at UTC, on Tuesday 30 March an hour ahead."""
    with ground.work() as work:
        before = replace(
            terms_of(world, 9),
            closes_at=at_london(date(2027, 3, 25), NOON),
            decide_by=date(2027, 4, 30),
            contracts_start_on=date(2027, 6, 1),
        )
        after = replace(before, number=10, closes_at=at_london(date(2027, 3, 30), NOON))
        cards = [joining_round(work.session, draft(work, world, terms)) for terms in (before, after)]
    assert cards[0].closes_at == datetime(2027, 3, 25, 12, tzinfo=UTC)
    assert cards[1].closes_at == datetime(2027, 3, 30, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": "  "}),
        ("advert", {"advert": ""}),
        ("advert", {"advert": "x" * 20_001}),
        ("number", {"number": 0}),
        ("lot_ids", {"lot_ids": ()}),
        ("lot_ids", {"lot_ids": ("nothing",)}),
        ("questions_close", {"questions_close_at": at_london(date(2026, 11, 16), time(9))}),
        ("closes", {"closes_at": at_london(date(2026, 12, 11), NOON)}),
        ("closes", {"closes_at": at_london(date(2026, 12, 19), NOON)}),
        ("closes", {"closes_at": at_london(date(2026, 12, 25), NOON)}),
        ("decide_by", {"decide_by": date(2026, 12, 18)}),
        ("standstill_days", {"standstill_days": 61}),
        ("contracts_start_on", {"contracts_start_on": date(2027, 2, 8)}),
    ],
)
def test_what_a_round_says_must_hang_together(
    ground: Ground, world: World, field: str, wrong: Mapping[str, object]
) -> None:
    terms = replace(terms_of(world), **wrong)  # type: ignore[arg-type] # one field a case
    with pytest.raises(InvalidInputError) as refused, ground.work() as work:
        draft_round(work, world.lead, world.framework_id, terms)
    assert refused.value.field == field


def test_a_number_is_there_once_and_a_round_opens_in_time(ground: Ground, world: World) -> None:
    with ground.work() as work:
        late = draft(work, world)
    with pytest.raises(ConflictError), ground.work() as work:
        draft(work, world)
    with pytest.raises(InvalidInputError), ground.work() as work:
        publish_round(work, world.lead, late)


def test_only_the_frameworks_own_lead_authority_writes_rounds(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        stranger = member(work, "Another lead", Role.LEAD_AUTHORITY, world.other_council_id)
        user = world.providers[0][1]
    for actor in (stranger, user):
        with pytest.raises(NotFoundError), ground.work() as work:
            draft_round(work, actor, world.framework_id, terms_of(world, 9))
        with pytest.raises(NotFoundError), ground.work() as work:
            change_round(work, actor, card.id, card.terms, 1)
        with pytest.raises(NotFoundError), ground.work() as work:
            cancel_round(work, actor, card.id, "Why.")


def test_a_change_makes_a_version_that_says_what_changed(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = open_round(work, world)
    with ground.work() as work:
        later = replace(card.terms, closes_at=at_london(TUESDAY, NOON), advert="Another text.")
        told = change_round(work, world.lead, card.id, later, 1)
    assert told == ("The text of the advert has changed.", "It now closes on Tuesday 22 December 2026 at 12:00.")
    with ground.work() as work:
        assert change_round(work, world.lead, card.id, later, 2) == ()
    with ground.read() as session:
        found = versions(session, card.id)
        assert [(each.number, each.changes) for each in found] == [(2, told), (1, ())]
    with pytest.raises(ConflictError, match="Somebody else"), ground.work() as work:
        change_round(work, world.lead, card.id, card.terms, 1)


def test_an_open_round_closes_later_but_never_earlier_and_keeps_its_lots(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = open_round(work, world)
    for wrong in (
        {"closes_at": card.closes_at - timedelta(days=1)},
        {"questions_close_at": card.questions_close_at - timedelta(days=1)},
        {"lot_ids": card.lot_ids[:1]},
        {"opens_at": card.opens_at + timedelta(days=1)},
    ):
        with pytest.raises(HubError), ground.work() as work:
            change_round(work, world.lead, card.id, replace(card.terms, **wrong), 1)


def test_a_round_that_has_not_opened_yet_closes_no_earlier_than_everybody_has_read(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
    soon = clock.now() + timedelta(minutes=1)
    shorter: dict[str, Any] = {
        "opens_at": soon,
        "questions_close_at": soon + timedelta(minutes=1),
        "closes_at": soon + timedelta(1),
    }
    for wrong, field in (
        (shorter, "closes"),
        ({"closes_at": card.closes_at - timedelta(days=1)}, "closes"),
        ({"questions_close_at": card.questions_close_at - timedelta(days=1)}, "questions_close"),
        ({"opens_at": at_london(date(2026, 12, 7), time(9))}, "closes"),
    ):
        with pytest.raises(InvalidInputError) as refused, ground.work() as work:
            change_round(work, world.lead, card.id, replace(card.terms, **wrong), 1)
        assert refused.value.field == field
    with ground.work() as work:
        later = replace(card.terms, opens_at=soon, closes_at=at_london(TUESDAY, NOON))
        assert len(change_round(work, world.lead, card.id, later, 1)) == 2


def test_a_round_is_open_for_ten_working_days_at_least(ground: Ground, world: World) -> None:
    opens = at_london(date(2026, 12, 7), time(9))
    with ground.work() as work:
        short = draft(work, world, replace(terms_of(world), opens_at=opens))
        enough = draft(work, world, replace(terms_of(world, 9), opens_at=opens - timedelta(days=3)))
    with pytest.raises(InvalidInputError) as refused, ground.work() as work:
        publish_round(work, world.lead, short)
    assert refused.value.field == "closes"
    with ground.work() as work:
        publish_round(work, world.lead, enough)


def test_R10_a_change_of_an_open_round_leaves_two_working_days(ground: Ground, world: World, clock: FixedClock) -> None:
    with ground.work() as work:
        card = open_round(work, world)
    clock.set(datetime(2026, 12, 17, 9, tzinfo=UTC))
    changed = replace(card.terms, advert="Late news.")
    with pytest.raises(InvalidInputError), ground.work() as work:
        change_round(work, world.lead, card.id, changed, 1)
    with ground.work() as work:
        change_round(work, world.lead, card.id, replace(changed, closes_at=at_london(date(2026, 12, 21), NOON)), 1)


def test_after_closing_only_what_follows_it_changes_and_steps_come_in_turn(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    with ground.work() as work:
        card = open_round(work, world)
    with pytest.raises(ConflictError), ground.work() as work:
        move_round(work, world.lead.id, card.id, RoundState.EVALUATING)
    clock.set(card.closes_at + timedelta(seconds=1))
    with pytest.raises(ConflictError), ground.work() as work:
        change_round(work, world.lead, card.id, replace(card.terms, title="Another"), 1)
    with ground.work() as work:
        change_round(work, world.lead, card.id, replace(card.terms, decide_by=date(2027, 2, 1)), 1)
    with pytest.raises(ConflictError), ground.work() as work:
        move_round(work, world.lead.id, card.id, RoundState.LISTED)
    for state in (RoundState.EVALUATING, RoundState.EVALUATING, RoundState.DECIDED, RoundState.LISTED):
        with ground.work() as work:
            move_round(work, world.lead.id, card.id, state)
    with pytest.raises(ConflictError), ground.work() as work:
        change_round(work, world.lead, card.id, card.terms, 2)
    with pytest.raises(ConflictError), ground.work() as work:
        cancel_round(work, world.lead, card.id, "Too late.")


def test_a_cancelled_round_takes_nothing_and_still_says_that_it_was(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
    with pytest.raises(InvalidInputError), ground.work() as work:
        cancel_round(work, world.lead, card.id, " ")
    with ground.work() as work:
        cancel_round(work, world.lead, card.id, "The budget changed.")
    with ground.read() as session:
        assert public_round(session, card.id).state is RoundState.CANCELLED
        assert public_rounds(session, ground.clock.now()) == []
        assert [each.id for each in published_rounds(session)] == [card.id]
