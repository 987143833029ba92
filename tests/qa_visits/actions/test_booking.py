from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import delete

from kernel.audit import verify
from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, HubError, InvalidInputError, NotFoundError
from kernel.work import Ground
from people.actions.register_person import NewPerson, register_person
from people.model import Actor, Role
from people.queries import person
from people.tables import RoleRow
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.cancel_visit import CancelVisit, cancel_visit
from qa_visits.actions.decline_visit import DeclineVisit, decline_visit
from qa_visits.actions.offer_day import OfferDay, offer_day
from qa_visits.actions.propose_visit import propose_visit
from qa_visits.actions.record_term_dates import RecordTermDates, record_term_dates
from qa_visits.model import SettingCalendar, Span, VisitState
from qa_visits.queries import busy_days, setting_calendar, timeline, visit_card
from tests.qa_visits.world import DAY, OTHER_DAY, Told, World, keys, messages, proposal, propose

PAUL = "paul.dean@example.org"


def accept(ground: Ground, actor: Actor, visit_id: str) -> None:
    with ground.work() as work:
        accept_visit(work, actor, visit_id)


def offer(ground: Ground, actor: Actor, visit_id: str, day: date) -> None:
    with ground.work() as work:
        offer_day(work, actor, OfferDay(visit_id, day))


def calendar_of(row: Told) -> Calendar:
    [attachment] = row.attachments
    read = Calendar.from_ical(attachment["content"])
    assert isinstance(read, Calendar)
    assert attachment["mime"] == f"text/calendar; method={read['METHOD']}"
    return read


def stamp(row: Told) -> tuple[str, str, int, str]:
    calendar = calendar_of(row)
    [event] = calendar.events
    return str(calendar["METHOD"]), str(event["UID"]), event.sequence, str(event["STATUS"])


def test_proposal_asks_the_officer_in_slack_with_days_to_choose_from(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    [asked] = messages(ground)
    assert (asked.key, asked.person_id, asked.channel) == ("proposal", world.officer.id, "slack")
    assert asked.values["visit"] == visit_id
    assert [day for day, _ in asked.values["free_days"]] == [
        *("2026-12-07", "2026-12-08", "2026-12-10", "2026-12-11", "2026-12-14"),
        *("2026-12-15", "2026-12-16", "2026-12-17", "2026-12-18", "2026-12-21"),
    ]
    people = [world.officer.name, world.colleague.name, world.owner.name]
    assert not any(name in str(asked.values) for name in people)


def test_colleagues_are_invited_in_place_of_a_contact_who_left(ground: Ground, world: World) -> None:
    with ground.work() as work:
        new = NewPerson("Paul Dean", roles=((Role.PROVIDER_USER, world.provider),), contact_points=(("email", PAUL),))
        paul = person(work.session, register_person(work, new))
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == world.owner.id))
    visit_id = propose(ground, world)
    accept(ground, world.officer, visit_id)
    assert messages(ground, to=world.owner) == []
    [invited] = messages(ground, to=paul)
    assert (invited.key, invited.channel) == ("invitation", "email")


def test_accepting_books_and_invites_the_provider_by_email(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    accept(ground, world.officer, visit_id)

    with ground.read() as session:
        assert visit_card(session, visit_id).state is VisitState.BOOKED
        happened = [entry.what for entry in timeline(session, visit_id)]
    assert happened == ["Booked", "Accepted", "Proposed"]
    [invited] = messages(ground, to=world.owner)
    assert (invited.key, invited.channel) == ("invitation", "email")
    calendar = calendar_of(invited)
    [event] = calendar.events
    assert stamp(invited) == ("REQUEST", f"visit-{visit_id}@visits.coproduction-hub", 0, "CONFIRMED")
    assert event["DTSTART"].to_ical() == b"20261209T093000"
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert str(event["ORGANIZER"]) == "mailto:qa@sefton.example.org"
    assert str(event["ATTENDEE"]) == "mailto:petra@example.org"
    assert keys(messages(ground, to=world.colleague)) == ["planner_booked"]


def test_another_day_moves_the_proposed_visit_and_books_it(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    offer(ground, world.officer, visit_id, OTHER_DAY)

    with ground.read() as session:
        card = visit_card(session, visit_id)
        assert busy_days(session, world.officer.id, since=DAY) == {OTHER_DAY}
    assert (card.day, card.state, card.sequence) == (OTHER_DAY, VisitState.BOOKED, 0)
    [invited] = messages(ground, to=world.owner)
    assert (invited.key, stamp(invited)[2]) == ("invitation", 0)
    assert invited.values["day"] == "2026-12-15"


def test_moving_and_cancelling_a_booked_visit_keeps_the_uid_and_raises_the_sequence(
    ground: Ground, world: World
) -> None:
    visit_id = propose(ground, world)
    accept(ground, world.officer, visit_id)
    offer(ground, world.officer, visit_id, OTHER_DAY)
    with ground.work() as work:
        cancel_visit(work, world.colleague, CancelVisit(visit_id, "The head is ill."))

    told = messages(ground, to=world.owner)
    assert keys(told) == ["invitation", "invitation_moved", "cancelled"]
    uid = f"visit-{visit_id}@visits.coproduction-hub"
    assert [stamp(row) for row in told] == [
        ("REQUEST", uid, 0, "CONFIRMED"),
        ("REQUEST", uid, 1, "CONFIRMED"),
        ("CANCEL", uid, 2, "CANCELLED"),
    ]
    assert [row.status for row in told] == ["cancelled", "cancelled", "queued"]
    assert keys(messages(ground, to=world.officer)) == ["proposal", "cancelled_officer"]
    with ground.read() as session:
        assert busy_days(session, world.officer.id, since=DAY) == frozenset()


def test_declining_frees_the_day_and_tells_whoever_proposed(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    with ground.work() as work:
        decline_visit(work, world.officer, DeclineVisit(visit_id, "On leave."))

    [told] = messages(ground, to=world.colleague)
    assert (told.key, told.values["reason"]) == ("planner_declined", "On leave.")
    assert messages(ground, to=world.owner) == []
    propose(ground, world)


def test_unannounced_visit_is_told_to_nobody_outside(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world, day=date(2026, 11, 25), is_unannounced=True)
    accept(ground, world.officer, visit_id)
    offer(ground, world.officer, visit_id, date(2026, 11, 26))
    with ground.work() as work:
        cancel_visit(work, world.officer, CancelVisit(visit_id, "No longer needed."))

    assert messages(ground, to=world.owner) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": date(2026, 12, 4)}, "day"),
        ({"day": date(2026, 12, 25)}, "day"),
        ({"ends_at": time(9, 0)}, "ends_at"),
    ],
)
def test_visit_that_does_not_fit_is_refused(ground: Ground, world: World, change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        propose(ground, world, **change)
    assert refused.value.field == field


def test_only_a_quality_officer_of_the_council_can_be_asked(ground: Ground, world: World) -> None:
    for somebody in (world.stranger, world.commissioner, world.owner):
        with pytest.raises(InvalidInputError):
            propose(ground, world, officer_id=somebody.id)


def test_only_who_plans_for_the_council_can_propose(ground: Ground, world: World) -> None:
    for somebody in (world.stranger, world.commissioner, world.owner):
        with pytest.raises(ForbiddenError), ground.work() as work:
            propose_visit(work, somebody, proposal(world))


def test_q1_told_closures_and_terms_bind_the_day(ground: Ground, world: World) -> None:
    """Q1 and Q3: the setting's own dates decide, from the day on which it tells them."""
    told = SettingCalendar(half_terms=(Span(date(2026, 11, 2), date(2026, 12, 18)),), closures=(Span(DAY, DAY),))
    with ground.work() as work:
        record_term_dates(work, world.owner, RecordTermDates(world.setting, told))

    with pytest.raises(InvalidInputError, match="closed that day"):
        propose(ground, world)
    with ground.read() as session:
        assert setting_calendar(session, world.setting) == told
    with pytest.raises(ForbiddenError), ground.work() as work:
        record_term_dates(work, world.other_owner, RecordTermDates(world.setting, told))


@pytest.mark.parametrize(
    "spans",
    [
        (Span(date(2026, 12, 18), date(2026, 11, 2)),),
        (Span(date(2026, 11, 2), date(2026, 12, 18)), Span(date(2026, 12, 18), date(2026, 12, 20))),
    ],
)
def test_terms_that_cannot_be_are_refused(ground: Ground, world: World, spans: tuple[Span, ...]) -> None:
    with pytest.raises(InvalidInputError), ground.work() as work:
        record_term_dates(work, world.officer, RecordTermDates(world.setting, SettingCalendar(half_terms=spans)))


def test_officer_who_waits_too_long_must_offer_another_day(ground: Ground, world: World, clock: FixedClock) -> None:
    visit_id = propose(ground, world)
    clock.move(timedelta(days=3))

    with pytest.raises(InvalidInputError, match="too little notice"):
        accept(ground, world.officer, visit_id)

    with ground.read() as session:
        assert visit_card(session, visit_id).state is VisitState.PROPOSED
    assert messages(ground, to=world.owner) == []
    offer(ground, world.officer, visit_id, OTHER_DAY)


def test_only_the_officer_who_was_asked_answers(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    with pytest.raises(ForbiddenError):
        accept(ground, world.colleague, visit_id)
    for somebody in (world.stranger, world.commissioner, world.owner):
        with pytest.raises(NotFoundError):
            accept(ground, somebody, visit_id)
        with pytest.raises(NotFoundError), ground.work() as work:
            cancel_visit(work, somebody, CancelVisit(visit_id, "Mischief."))


def test_second_answer_is_told_how_the_visit_stands(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    accept(ground, world.officer, visit_id)

    with pytest.raises(ConflictError, match="already booked"):
        accept(ground, world.officer, visit_id)
    with pytest.raises(ConflictError, match="already booked"), ground.work() as work:
        decline_visit(work, world.officer, DeclineVisit(visit_id))
    assert keys(messages(ground, to=world.owner)) == ["invitation"]


def test_officer_is_never_booked_twice_on_one_day(ground: Ground, world: World) -> None:
    first = propose(ground, world)
    second = propose(ground, world, day=OTHER_DAY, setting_id=world.other_setting)

    with pytest.raises(ConflictError, match="already has a visit"):
        propose(ground, world, setting_id=world.other_setting)
    with pytest.raises(ConflictError, match="already has a visit"):
        offer(ground, world.officer, second, DAY)
    accept(ground, world.officer, first)


def test_two_at_the_same_instant_get_one_day_between_them(ground: Ground, world: World) -> None:
    results = race([lambda: propose(ground, world)] * 6)

    assert sum(result is None for result in results) == 1
    assert all(isinstance(result, ConflictError) for result in results if result is not None)


def test_two_presses_at_the_same_instant_invite_once(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)

    results = race([lambda: accept(ground, world.officer, visit_id)] * 4)

    assert sum(result is None for result in results) == 1
    assert keys(messages(ground, to=world.owner)) == ["invitation"]


def race(calls: list[Callable[[], object]]) -> list[HubError | None]:
    results: list[HubError | None] = []
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        start.wait()
        try:
            call()
        except HubError as error:
            results.append(error)
        else:
            results.append(None)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_where_no_other_day_fits_the_proposal_says_so(ground: Ground, world: World) -> None:
    only = SettingCalendar(
        half_terms=(Span(date(2026, 11, 2), date(2027, 7, 20)),),
        closures=(Span(date(2026, 11, 24), date(2026, 12, 8)), Span(date(2026, 12, 10), date(2027, 7, 1))),
    )
    with ground.work() as work:
        record_term_dates(work, world.officer, RecordTermDates(world.setting, only))

    propose(ground, world)

    [asked] = messages(ground, to=world.officer)
    assert asked.key == "proposal_only_day"


def test_all_is_in_the_audit_log_and_the_chain_holds(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    accept(ground, world.officer, visit_id)

    with ground.read() as session:
        assert verify(session).broken_at is None
