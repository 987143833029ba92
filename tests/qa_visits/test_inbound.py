from __future__ import annotations

from datetime import date, timedelta

import pytest

from channels.inbox.hearing import Disposition, Ending, Heard
from channels.model import Channel
from kernel.clock import FixedClock
from kernel.ids import new_id
from kernel.work import Ground
from people.model import Actor
from people.queries import contact_points
from qa_visits.actions.cancel_visit import CancelVisit, cancel_visit
from qa_visits.inbound import HEARERS
from qa_visits.model import VisitState
from qa_visits.queries import visit_card
from tests.qa_visits.world import DAY, OTHER_DAY, Told, World, keys, messages, propose


def press(ground: Ground, person: Actor, action: str, **values: str) -> tuple[Disposition | None, list[Told]]:
    """Let the officer press a button in Slack; return what became of it and what was then told."""
    before = max((told.seq for told in messages(ground)), default=0)
    with ground.work() as work:
        point = next(point for point in contact_points(work.session, person.id) if point.channel == Channel.SLACK)
        heard = Heard(
            inbound_id=new_id(),
            channel=Channel.SLACK,
            person=person,
            contact_point_id=point.id,
            text="",
            action=action,
            values=values,
            received_at=work.now,
            about=None,
            is_stranger=False,
        )
        [hearer] = HEARERS
        disposition = hearer(work, heard)
    return disposition, messages(ground, since=before)


def state_of(ground: Ground, visit_id: str) -> tuple[VisitState, date]:
    with ground.read() as session:
        card = visit_card(session, visit_id)
        return card.state, card.day


def test_accept_button_books_and_is_answered_where_it_was_pressed(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    disposition, told = press(ground, world.officer, "qa_visits.accept", value=visit_id)

    assert disposition == Disposition(Ending.RECORDED, "qa_visits.booked_officer")
    assert keys(told) == ["invitation", "planner_booked", "booked_officer"]
    assert (told[-1].channel, told[-1].person_id) == ("slack", world.officer.id)
    assert state_of(ground, visit_id) == (VisitState.BOOKED, DAY)


def test_form_for_another_day_books_that_day(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    disposition, told = press(ground, world.officer, "qa_visits.offer_day", value=visit_id, day=OTHER_DAY.isoformat())

    assert disposition == Disposition(Ending.RECORDED, "qa_visits.booked_officer")
    assert told[-1].values["day"] == "2026-12-15"
    assert state_of(ground, visit_id) == (VisitState.BOOKED, OTHER_DAY)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-12-25", "That day is a bank holiday."),
        ("2026-11-27", "That day gives the provider too little notice."),
        ("2026-12-09", "The visit already has that day. Choose another."),
        ("soon", "That is not a day."),
        ("", "That is not a day."),
    ],
)
def test_day_that_does_not_fit_is_told_with_others_to_choose(
    ground: Ground, world: World, day: str, reason: str
) -> None:
    visit_id = propose(ground, world)

    disposition, [told] = press(ground, world.officer, "qa_visits.offer_day", value=visit_id, day=day)

    assert disposition == Disposition(Ending.ANSWERED, "the day does not fit")
    assert (told.key, told.values["reasons"]) == ("day_refused", [reason])
    assert told.values["free_days"]
    assert state_of(ground, visit_id) == (VisitState.PROPOSED, DAY)


def test_taken_day_is_told_and_changes_nothing(ground: Ground, world: World) -> None:
    propose(ground, world, day=OTHER_DAY, setting_id=world.other_setting)
    visit_id = propose(ground, world)

    _, [told] = press(ground, world.officer, "qa_visits.offer_day", value=visit_id, day=OTHER_DAY.isoformat())

    assert told.values["reasons"] == ["The officer already has a visit that day."]
    assert state_of(ground, visit_id) == (VisitState.PROPOSED, DAY)


def test_accepting_too_late_for_the_notice_offers_other_days(ground: Ground, world: World, clock: FixedClock) -> None:
    visit_id = propose(ground, world)
    clock.move(timedelta(days=4))

    _, [told] = press(ground, world.officer, "qa_visits.accept", value=visit_id)

    assert told.key == "day_refused"
    assert state_of(ground, visit_id) == (VisitState.PROPOSED, DAY)


def test_declining_with_a_reason_is_confirmed_and_told(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    disposition, told = press(ground, world.officer, "qa_visits.decline", value=visit_id, reason="On leave.")

    assert disposition == Disposition(Ending.RECORDED, "qa_visits.declined")
    assert keys(told) == ["planner_declined", "declined"]
    assert told[0].values["reason"] == "On leave."
    assert state_of(ground, visit_id)[0] is VisitState.CANCELLED


@pytest.mark.parametrize("action", ["qa_visits.accept", "qa_visits.decline"])
def test_second_press_changes_nothing_and_says_where_the_visit_stands(
    ground: Ground, world: World, action: str
) -> None:
    visit_id = propose(ground, world)
    press(ground, world.officer, "qa_visits.accept", value=visit_id)

    disposition, [told] = press(ground, world.officer, action, value=visit_id)

    assert disposition == Disposition(Ending.ANSWERED, "the button no longer applies")
    assert told.key == "stale"
    assert told.values["standing"] == "This visit is already booked. It is on Wednesday 9 December 2026."
    assert keys(messages(ground, to=world.owner)) == ["invitation"]


def test_button_of_a_cancelled_visit_says_so(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    with ground.work() as work:
        cancel_visit(work, world.colleague, CancelVisit(visit_id, "The head is ill."))

    for action in ("qa_visits.accept", "qa_visits.offer_day", "qa_visits.decline"):
        _, [told] = press(ground, world.officer, action, value=visit_id, day=OTHER_DAY.isoformat())
        assert (told.key, told.values["standing"]) == ("stale", "This visit was cancelled.")


def test_nobody_but_the_officer_who_was_asked_can_answer(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    for somebody in (world.colleague, world.stranger):
        disposition, [told] = press(ground, somebody, "qa_visits.accept", value=visit_id)
        assert disposition == Disposition(Ending.ANSWERED, "not this person's visit")
        assert (told.key, told.values["standing"]) == ("stale", "This visit is not yours to answer.")
        assert visit_id not in str(told.values)
    assert state_of(ground, visit_id) == (VisitState.PROPOSED, DAY)


@pytest.mark.parametrize("visit_id", ["", "01nosuchvisit0000000000000", "x" * 500])
def test_button_without_a_visit_of_ours_is_answered_alike(ground: Ground, world: World, visit_id: str) -> None:
    _, [told] = press(ground, world.officer, "qa_visits.accept", value=visit_id)

    assert told.values["standing"] == "This visit is not yours to answer."


def test_words_and_other_rooms_buttons_are_left_to_others(ground: Ground, world: World) -> None:
    disposition, told = press(ground, world.officer, "surveys.answer", value="4")

    assert (disposition, told) == (None, [])
