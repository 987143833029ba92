"""Reviews of placements: planned, moved, held, called to mind; in alternative provision on the way back to school."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from channels.tables import MessageRow
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from referrals.actions.placements.keep_placements import keep_placements
from referrals.actions.placements.review_placement import (
    HoldReview,
    call_off_review,
    hold_review,
    move_review,
    plan_review,
)
from referrals.actions.placements.sign_agreement import reopen_agreement
from referrals.model.placement_reviews import Review, ReviewKind, ReviewOutcome, ReviewTerms
from referrals.model.placements import PlacementKind
from referrals.queries.placement_dates import dates_of
from referrals.rules.placement_calendar import calendar_of
from referrals.rules.placements import first_reviews, next_review, phase_end
from tests.referrals.placements.world import STARTS_ON, TERMS, begun, card, sign, signed
from tests.referrals.world import World

AP = replace(TERMS, kind=PlacementKind.ALTERNATIVE)
HELD_ON = date(2027, 2, 22)
HELD = HoldReview(
    "", "", HELD_ON, ReviewOutcome.MORE_SCHOOL, "Came every day.", 6, date(2027, 7, 5), is_confirmed=False
)


def _reviews(world: World, placement_id: str) -> tuple[Review, ...]:
    return card(world, placement_id).reviews


def _hold(world: World, placement_id: str, held: HoldReview = HELD) -> None:
    open_one = next(review for review in _reviews(world, placement_id) if review.is_open)
    with world.ground.work() as work:
        hold_review(work, world.commissioner, replace(held, placement_id=placement_id, review_id=open_one.id))


def test_alternative_provision_is_reviewed_each_half_term_until_the_return(world: World, clock: FixedClock) -> None:
    placement_id = signed(world, terms=AP)
    assert [(review.kind, review.due_on) for review in _reviews(world, placement_id)] == [
        (ReviewKind.OUTCOMES, HELD_ON)
    ]
    clock.set(datetime(2027, 2, 23, 9, tzinfo=UTC))
    _hold(world, placement_id)
    first, second = _reviews(world, placement_id)
    assert (first.hours_in_school, first.return_on, first.outcome) == (6, HELD.return_on, ReviewOutcome.MORE_SCHOOL)
    assert second.due_on == date(2027, 4, 5)
    clock.set(datetime(2027, 4, 6, 9, tzinfo=UTC))
    _hold(world, placement_id, replace(HELD, held_on=date(2027, 4, 5), outcome=ReviewOutcome.READY))
    assert not any(review.is_open for review in _reviews(world, placement_id))


def _open_days(world: World, placement_id: str) -> list[date]:
    return [review.due_on for review in _reviews(world, placement_id) if review.is_open]


def _sign_again(world: World, placement_id: str, on: date) -> None:
    with world.ground.work() as work:
        reopen_agreement(work, world.commissioner, placement_id, card(world, placement_id).edition)
    sign(world, placement_id, on)


def test_an_agreement_that_is_signed_again_keeps_its_reviews_coming(world: World, clock: FixedClock) -> None:
    """Whose day has passed is due at once, what was held is not asked again, and each goes on after the last held."""
    way_back, school = signed(world, terms=AP), signed(world, 1)
    clock.set(datetime(2027, 3, 15, 10, tzinfo=UTC))
    for placement_id in (way_back, school):
        _sign_again(world, placement_id, date(2027, 3, 15))
    assert _open_days(world, way_back) == [date(2027, 3, 15)]
    assert _open_days(world, school) == [date(2027, 3, 15), date(2028, 1, 11)]
    _hold(world, way_back)
    _hold(world, school, replace(HELD, outcome=ReviewOutcome.ON_TRACK, hours_in_school=None, return_on=None))
    for placement_id in (way_back, school):
        _sign_again(world, placement_id, date(2027, 3, 15))
    assert _open_days(world, way_back) == [date(2027, 4, 5)]
    assert _open_days(world, school) == [date(2028, 1, 11)]
    clock.set(datetime(2027, 4, 6, 9, tzinfo=UTC))
    _hold(world, way_back, replace(HELD, held_on=date(2027, 4, 5), outcome=ReviewOutcome.READY))
    _sign_again(world, way_back, date(2027, 4, 6))
    assert _open_days(world, way_back) == [], "after the return is agreed none follows"


def test_a_review_that_is_recorded_late_is_followed_by_one_that_is_due_at_once(world: World, clock: FixedClock) -> None:
    placement_id = signed(world, terms=AP)
    clock.set(datetime(2027, 4, 18, 9, tzinfo=UTC))  # a Sunday, eight weeks later
    _hold(world, placement_id)
    assert _open_days(world, placement_id) == [date(2027, 4, 19)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(HELD, hours_in_school=None), "hours_in_school"),
        (replace(HELD, hours_in_school=169), "hours_in_school"),
        (replace(HELD, return_on=None), "return_on"),
        (replace(HELD, return_on=date(2027, 2, 1)), "return_on"),
        (replace(HELD, words=" "), "words"),
        (replace(HELD, words="Amina Khan came every day."), "words"),
        (replace(HELD, held_on=date(2027, 2, 24)), "held_on"),
        (replace(HELD, held_on=date(2027, 1, 10)), "held_on"),
    ],
)
def test_a_review_on_the_way_back_says_how_far_the_learner_has_come(
    world: World, clock: FixedClock, wrong: HoldReview, field: str
) -> None:
    placement_id = signed(world, terms=AP)
    clock.set(datetime(2027, 2, 23, 9, tzinfo=UTC))
    with pytest.raises(InvalidInputError) as refused:
        _hold(world, placement_id, wrong)
    assert refused.value.field == field


def test_a_review_is_recorded_once(world: World, clock: FixedClock) -> None:
    placement_id = signed(world)
    review = _reviews(world, placement_id)[0]
    clock.set(datetime(2027, 2, 23, 9, tzinfo=UTC))
    _hold(world, placement_id, replace(HELD, outcome=ReviewOutcome.ON_TRACK, hours_in_school=None, return_on=None))
    with pytest.raises(ConflictError, match="already"), world.ground.work() as work:
        call_off_review(work, world.commissioner, placement_id, review.id)
    with pytest.raises(ConflictError, match="already"), world.ground.work() as work:
        move_review(work, world.commissioner, placement_id, review.id, date(2027, 3, 1))
    assert len(_reviews(world, placement_id)) == 2, "after a first review the annual one comes, which is planned"


def test_a_review_is_planned_for_a_day_of_a_signed_placement(world: World) -> None:
    placement_id, draft = signed(world), begun(world, 1)
    me, day = world.commissioner, date(2027, 6, 1)
    with world.ground.work() as work:
        plan_review(work, me, placement_id, ReviewKind.TERMLY, day)
    with pytest.raises(ConflictError, match="for that day already"), world.ground.work() as work:
        plan_review(work, world.colleague, placement_id, ReviewKind.TERMLY, day)
    with pytest.raises(ConflictError, match="Record the signatures first"), world.ground.work() as work:
        plan_review(work, me, draft, ReviewKind.TERMLY, day)
    for wrong in (date(2026, 11, 22), date(2028, 9, 1)):
        with pytest.raises(InvalidInputError), world.ground.work() as work:
            plan_review(work, me, placement_id, ReviewKind.TERMLY, wrong)
    other = _reviews(world, placement_id)[0].id
    with pytest.raises(NotFoundError), world.ground.work() as work:
        plan_review(work, world.stranger, placement_id, ReviewKind.TERMLY, day)
    second = signed(world, 2)
    with pytest.raises(NotFoundError), world.ground.work() as work:
        call_off_review(work, me, second, other)


def test_reviews_are_called_to_mind_before_their_day_and_once_after_it(world: World, clock: FixedClock) -> None:
    placement_id = signed(world)
    for day, due, overdue in (
        (date(2027, 2, 7), 0, 0),
        (date(2027, 2, 8), 2, 0),
        (date(2027, 2, 9), 2, 0),
        (date(2027, 2, 22), 2, 0),
        (date(2027, 2, 23), 2, 1),
        (date(2027, 2, 24), 2, 1),
    ):
        clock.set(datetime(day.year, day.month, day.day, 7, tzinfo=UTC))
        keep_placements(world.ground, day)
        assert (_told(world, "referrals.placement_review_due"), _told(world, "referrals.placement_review_overdue")) == (
            due,
            overdue,
        )
    review = _reviews(world, placement_id)[0]
    with world.ground.work() as work:
        move_review(work, world.commissioner, placement_id, review.id, date(2027, 3, 1))
    keep_placements(world.ground, date(2027, 2, 24))
    assert _told(world, "referrals.placement_review_due") == 4, "a moved review is called to mind again"


def test_reviews_and_last_days_stand_in_a_calendar_and_nothing_of_the_learner(world: World) -> None:
    """RFC 5545: the UID stays, SEQUENCE grows, what is called off is CANCELLED."""
    placement_id = signed(world)
    before = _calendar(world)
    assert {entry["dtstart"].dt for entry in before.values()} == {
        date(2027, 2, 22),
        date(2028, 1, 11),
        date(2028, 8, 31),
    }
    first, second = _reviews(world, placement_id)
    with world.ground.work() as work:
        move_review(work, world.commissioner, placement_id, first.id, date(2027, 3, 1))
        call_off_review(work, world.commissioner, placement_id, second.id)
    after = _calendar(world)
    assert after.keys() == before.keys()
    moved, off = (after[f"review-{each.id}@placements.coproduction-hub"] for each in (first, second))
    assert (moved["sequence"], moved["dtstart"].dt, moved["status"]) == (1, date(2027, 3, 1), "CONFIRMED")
    assert (off["sequence"], off["status"]) == (1, "CANCELLED")
    with world.ground.read() as session:
        text = calendar_of(dates_of(session, world.user(0), STARTS_ON), "https://hub.example.org")
        assert f"https://hub.example.org/placements/{placement_id}" in text.replace("\r\n ", "")
        assert dates_of(session, world.user(1), STARTS_ON).reviews == []
        assert dates_of(session, world.stranger, STARTS_ON).last_days == []
    assert TERMS.learner_code not in text


@pytest.mark.parametrize(
    ("year", "on", "ends"),
    [
        ("Reception", date(2026, 11, 23), date(2033, 8, 31)),
        ("Year 6", date(2026, 8, 31), date(2026, 8, 31)),
        ("Year 6", date(2026, 9, 1), date(2027, 8, 31)),
        ("Year 7", date(2026, 11, 23), date(2031, 8, 31)),
        ("Year 11", date(2026, 11, 23), date(2027, 8, 31)),
        ("Year 12", date(2026, 11, 23), date(2029, 8, 31)),
        ("After Year 14", date(2026, 11, 23), date(2027, 8, 31)),
    ],
)
def test_R28_a_phase_ends_with_the_school_year_of_its_last_year_group(year: str, on: date, ends: date) -> None:
    assert phase_end(year, on) == ends


def test_reviews_fall_on_working_weekdays_and_never_after_the_last_day() -> None:
    terms, start = ReviewTerms(), date(2027, 1, 9)  # a Saturday
    planned = first_reviews(PlacementKind.PACKAGE, start, date(2027, 3, 31), terms)
    assert planned == {ReviewKind.FIRST: date(2027, 2, 22)}
    assert first_reviews(PlacementKind.SCHOOL, date(2028, 2, 29), date(2030, 1, 1), terms)[ReviewKind.ANNUAL] == date(
        2029, 2, 28
    )
    assert next_review(ReviewKind.TERMLY, start, start + timedelta(weeks=12), terms) is None
    assert next_review(ReviewKind.FIRST, start, date(2030, 1, 1), terms) is None
    assert ReviewTerms.of({"ap_review_w": 4, "deadline_hour": 12}) == ReviewTerms(ap_review_w=4)


def _calendar(world: World) -> dict[str, Any]:
    with world.ground.read() as session:
        text = calendar_of(dates_of(session, world.commissioner, STARTS_ON), "https://hub.example.org")
    return {str(entry["uid"]): entry for entry in Calendar.from_ical(text).walk("VEVENT")}


def _told(world: World, key: str) -> int:
    with world.ground.read() as session:
        return len(session.scalars(select(MessageRow).where(MessageRow.key == key)).all())
