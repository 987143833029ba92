"""The retention schedule: what is due goes, what is on hold stays, a dry run changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from channels.tables import InboundRow, MessageRow, QueueItemRow
from hub.actions.run_retention import run_retention
from hub.retention import RETENTION, SWEEPERS, After, forecast, periods
from kernel.calendar import london_date
from kernel.clock import FixedClock
from kernel.errors import ConfigurationError, ConflictError
from kernel.resealing import reseal, sealed_tables
from kernel.sealing import KeyRing, give_ring
from kernel.work import Ground, Work
from people.actions.import_people import keep_import, write_import
from people.actions.log_request import NewRequest, log_request
from people.actions.register_person import NewPerson, register_person
from people.model import PersonCard, Role
from people.queries import contact_points, person
from people.rights.model import CameBy, RequestKind
from people.rights.queries import retention_runs
from people.rules.importing import SheetPerson
from people.tables import ContactPointRow, ImportRow, PersonRow
from surveys.tables import AnswerRow, RemarkRow, SessionRow, SurveyRow
from tests.hub.planting import PHONE, WORDS, Place, everything, plant, rows, say

LONG = timedelta(days=365 * 3)


@pytest.fixture
def place(ground: Ground) -> Place:
    with ground.work() as work:
        place = plant(work)
        work.session.execute(update(SurveyRow).values(closed_at=work.now))
        work.session.execute(update(InboundRow).where(InboundRow.person_id.is_not(None)).values(ended_at=work.now))
        work.session.execute(update(QueueItemRow).values(ended_at=work.now))
        work.session.execute(update(MessageRow).values(status="delivered", due_at=None))
        return place


def _hold(work: Work, place: Place) -> PersonCard:
    officer = person(work.session, place.officer)
    new = NewRequest(place.council, RequestKind.ACCESS, "", "", "", CameBy.PHONE, london_date(work.now), place.person)
    log_request(work, new, officer)
    return officer


def test_every_rule_that_goes_by_the_clock_is_carried_out_by_somebody() -> None:
    assert {rule.key for rule in RETENTION if rule.months is not None} == set(SWEEPERS)
    assert all(rule.after is After.KEEP for rule in RETENTION if rule.months is None)
    assert len({rule.key for rule in RETENTION}) == len(RETENTION)


def test_V13_nothing_goes_before_its_time(ground: Ground, place: Place, clock: FixedClock) -> None:
    assert place.person
    clock.move(timedelta(days=20))
    assert sum(run_retention(ground, periods({})).values()) == 0


def test_V13_raw_answers_lead_to_nobody_after_two_years_and_stay_counted(
    ground: Ground, place: Place, clock: FixedClock
) -> None:
    assert place.person
    clock.move(LONG)
    counts = run_retention(ground, periods({}))
    assert counts["surveys.answers"] == 1
    with ground.read() as session:
        (sitting,) = session.scalars(select(SessionRow))
        (answer,) = session.scalars(select(AnswerRow))
        assert (sitting.person_id, sitting.state, sitting.grant_id) == (None, None, None)
        assert (answer.value_number, answer.value_text) == (3, None)
        assert session.scalars(select(RemarkRow)).all() == []
        left = {where for where, value in everything(session) if "marker-" in value}
    assert left == {"messages.values", "message_history.detail", "sandbox_posts.body", "inbound.body"}, (
        "what is about a referral (R36), and what nobody has heard yet"
    )


def test_V13_contact_details_go_six_months_after_leaving(ground: Ground, place: Place, clock: FixedClock) -> None:
    with ground.work() as work:
        work.session.execute(update(PersonRow).where(PersonRow.id == place.person).values(left_at=work.now))
    clock.move(timedelta(days=170))
    assert run_retention(ground, periods({}))["people.contacts"] == 0
    clock.move(timedelta(days=20))
    assert run_retention(ground, periods({}))["people.contacts"] == 2
    assert run_retention(ground, periods({}))["people.contacts"] == 0, "once"
    with ground.read() as session:
        assert not any(PHONE in value for where, value in everything(session) if where.startswith("contact_points"))
        assert contact_points(session, place.officer)[0].address == "dora@example.org"


def test_an_open_request_holds_everything_of_the_person(ground: Ground, place: Place, clock: FixedClock) -> None:
    with ground.work() as work:
        _hold(work, place)
    clock.move(LONG)
    counts = run_retention(ground, periods({}))
    assert {key: counts[key] for key in ("surveys.answers", "channels.deliveries", "channels.texts")} == {
        "surveys.answers": 0,
        "channels.deliveries": 0,
        "channels.texts": 0,
    }


def test_V9_a_safeguarding_concern_is_never_swept(ground: Ground, place: Place, clock: FixedClock) -> None:
    with ground.work() as work:
        say(work, place.person, "marker-concern", "safeguarding")
        work.session.execute(update(QueueItemRow).values(ended_at=work.now))
        work.session.execute(update(PersonRow).where(PersonRow.id == place.person).values(left_at=work.now))
    clock.move(LONG * 3)
    run_retention(ground, periods({}))
    with ground.read() as session:
        told = [value for _, value in everything(session)]
    assert "marker-concern" in told
    assert PHONE in told
    assert WORDS["question"] in told, "nothing of theirs goes while it may be needed"


def test_a_dry_run_counts_and_changes_nothing(ground: Ground, place: Place, clock: FixedClock) -> None:
    assert place.person
    clock.move(LONG)
    before = {name: found for name, found in rows(ground).items() if name != "retention_runs"}
    counts = run_retention(ground, periods({}), is_dry=True)
    assert {name: found for name, found in rows(ground).items() if name != "retention_runs"} == before
    freed = {**counts, "people.links": 1}
    assert run_retention(ground, periods({})) == freed, "the link goes once no answer refers to it"
    with ground.read() as session:
        assert [run.is_dry for run in retention_runs(session)] in ([False, True], [True, False])


def test_the_forecast_says_in_which_month_something_goes(ground: Ground, place: Place, clock: FixedClock) -> None:
    assert place.person
    clock.move(timedelta(days=365 * 2 - 45))
    with ground.read() as session:
        found = {due.rule.key: due for due in forecast(session, clock.now(), periods({}), ahead=3)}
    assert (found["surveys.answers"].count, found["surveys.answers"].coming) == (0, (0, 1, 0))


def test_other_periods_are_settings_and_unknown_rules_are_refused() -> None:
    assert periods({"surveys.answers": 36})["surveys.answers"] == 36
    with pytest.raises(ConfigurationError, match=r"surveys\.answer\b"):
        periods({"surveys.answer": 36})


OLD, NEW = "an old data key for tests", "a new data key for tests"


@pytest.fixture
def emptied(ground: Ground, clock: FixedClock) -> Ground:
    """A hub in which somebody left long ago who had two addresses on one channel: both are emptied."""
    give_ring(ground.database.engine.dialect, KeyRing([OLD]))
    with ground.work() as work:
        points = (("sms", "+447700900501"), ("sms", "+447700900502"))
        person_id = register_person(work, NewPerson("Una Left", contact_points=points))
        work.session.execute(update(PersonRow).where(PersonRow.id == person_id).values(left_at=work.now))
    clock.move(timedelta(days=220))
    assert run_retention(ground, periods({}))["people.contacts"] == 2
    return ground


def _tokens(ground: Ground) -> dict[str, str]:
    with ground.read() as session:
        return {row.id: row.address_digest for row in session.scalars(select(ContactPointRow))}


def test_keys_are_changed_over_addresses_that_retention_has_emptied(emptied: Ground) -> None:
    before = _tokens(emptied)
    give_ring(emptied.database.engine.dialect, KeyRing([NEW, OLD]))
    assert sum(count for each in sealed_tables() for count in reseal(emptied.database, each)) == 2
    give_ring(emptied.database.engine.dialect, KeyRing([NEW]))
    assert _tokens(emptied) == before
    with emptied.read() as session:
        assert {row.address for row in session.scalars(select(ContactPointRow))} == {""}


def test_emptied_addresses_can_be_marked_like_any_other(emptied: Ground) -> None:
    before = _tokens(emptied)
    with emptied.work() as work:
        for row in work.session.scalars(select(ContactPointRow)):
            row.failed_at = work.now
    assert _tokens(emptied) == before


def _read_a_sheet(ground: Ground, place: Place) -> str:
    points = (("sms", "+447700900108"),)
    hina = SheetPerson(2, "Hina Malik", Role.FAMILY, place.forum, "ur", points)
    with ground.work() as work:
        return keep_import(work, person(work.session, place.officer), [hina])


def test_a_sheet_of_people_that_nobody_wrote_is_emptied_after_a_day(
    ground: Ground, place: Place, clock: FixedClock
) -> None:
    import_id = _read_a_sheet(ground, place)
    clock.move(timedelta(hours=24))
    assert run_retention(ground, periods({}))["people.imports"] == 0
    clock.move(timedelta(seconds=1))
    assert run_retention(ground, periods({}), is_dry=True)["people.imports"] == 1
    assert run_retention(ground, periods({}))["people.imports"] == 1
    assert run_retention(ground, periods({}))["people.imports"] == 0, "once"
    with ground.read() as session:
        (row,) = session.scalars(select(ImportRow))
        assert (row.id, row.people, row.added, row.changed) == (import_id, [], 0, 0)
    with ground.work() as work, pytest.raises(ConflictError):
        write_import(work, person(work.session, place.officer), import_id)


def test_no_setting_keeps_a_sheet_of_people_longer() -> None:
    with pytest.raises(ConfigurationError, match=r"people\.imports"):
        periods({"people.imports": 3})
