"""What must hold whatever the register looks like and whenever providers press: drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from channels.tables import MessageRow
from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.model import DocumentKind, Intake, Status
from kernel.clock import FixedClock
from kernel.database import Base, Database
from kernel.doorbell import NoDoorbell
from kernel.keys import Keys
from kernel.translation import Translations
from kernel.work import Ground
from referrals.model import AgeBand, Gender
from referrals.rules.deadlines import is_late
from referrals.tables import ExclusionRow, IssueRow, LateResponseRow, RecipientRow, ResponseRow
from tests.referrals.sample import need
from tests.referrals.world import World, build_world

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
PATHS = {
    Status.ACTIVE: (),
    Status.SELF_PAUSED: (Status.SELF_PAUSED,),
    Status.COMPLIANCE_HOLD: (Status.COMPLIANCE_HOLD,),
    Status.SUSPENDED: (Status.SUSPENDED,),
    Status.DECOMMISSIONING: (Status.SUSPENDED, Status.DECOMMISSIONING),
    Status.EXITED: (Status.SUSPENDED, Status.DECOMMISSIONING, Status.EXITED),
}
shapes = st.tuples(
    st.sampled_from(sorted(PATHS)),
    st.integers(0, 25),
    st.sampled_from(Intake),
    st.integers(-2, 2),
    st.sampled_from([0, 0, 0, 3]),
)
Shape = tuple[Status, int, Intake, int, int]


@contextmanager
def fresh_world(at: datetime = MONDAY) -> Iterator[tuple[World, FixedClock]]:
    """Build a world of its own for one example."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/hub.db")
        Base.metadata.create_all(database.engine)
        clock = FixedClock(at)
        keys = Keys("a secret for tests")
        ground = Ground(database, clock, NoDoorbell(), keys, "https://hub.example.org", Translations(Path(folder)))
        yield build_world(ground), clock
        database.close()


def add(world: World, number: int, shape: Shape) -> None:
    """Put a setting of that shape on the register."""
    status, age_from, intake, lapses_in, lot = shape
    lapses = MONDAY.date() + timedelta(days=lapses_in)
    with world.ground.work() as work:
        new = replace(
            world.register.new_setting(number),
            name=f"Drawn {number}",
            urn=f"{998000 + number}",
            age_from=age_from,
            age_to=min(25, age_from + 6),
            intake=intake,
        )
        setting_id = world.register.active_setting(work, number, lot, new)
        world.register.step(work, setting_id, *PATHS[status], lot=lot)
        insurance = RecordDocument(setting_id, DocumentKind.INSURANCE, lapses)
        record_document(work, world.register.lead, insurance)


def may_be_asked(shape: Shape, band: AgeBand, gender: Gender | None) -> bool:
    """Say apart from the rule whether such a setting may be asked."""
    status, age_from, intake, lapses_in, lot = shape
    ages = set(range(age_from, min(25, age_from + 6) + 1))
    closed = {Gender.FEMALE: Intake.BOYS, Gender.MALE: Intake.GIRLS}
    return (
        status == Status.ACTIVE
        and lot == 0
        and lapses_in >= 0
        and bool(ages & set(band.ages))
        and not (gender and intake is closed[gender])
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(shapes, max_size=6),
    st.sampled_from([AgeBand.FROM_5, AgeBand.FROM_8, AgeBand.FROM_12]),
    st.none() | st.sampled_from(Gender),
    st.integers(0, 20),
)
def test_nobody_ineligible_is_ever_alerted_and_all_others_always_are_at_one_moment(
    drawn: list[Shape], band: AgeBand, gender: Gender | None, hours: int
) -> None:
    """R2, R3, R9"""
    with fresh_world() as (world, clock):
        for number, shape in enumerate(drawn):
            add(world, number, shape)
        release = clock.now() + timedelta(hours=hours) if hours else None
        world.issue(world.drafted(need(band, gender)), release, date(2026, 12, 2))
        with world.ground.read() as session:
            asked = set(session.scalars(select(RecipientRow.setting_name)))
            left_out = set(session.scalars(select(ExclusionRow.setting_name)))
            contacts = set(session.scalars(select(RecipientRow.contact_id)))
            sent = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.alert"))
            alerts = [(row.person_id, row.due_at, row.values) for row in sent]
            issue = session.scalars(select(IssueRow)).one()
            release_at = issue.release_at
    day_of_release = (release or MONDAY).date()
    late_by = (day_of_release - MONDAY.date()).days
    right = {
        f"Drawn {number}"
        for number, (status, age_from, intake, lapses_in, lot) in enumerate(drawn)
        if may_be_asked((status, age_from, intake, lapses_in - late_by, lot), band, gender)
    }
    assert {name for name in asked if name.startswith("Drawn")} == right
    assert {name for name in left_out if name.startswith("Drawn")} == {f"Drawn {n}" for n in range(len(drawn))} - right
    assert {person for person, _, _ in alerts} == contacts
    assert len(alerts) == len(contacts)
    assert {due for _, due, _ in alerts} == {release_at} == {release or MONDAY}
    assert all(values == alerts[0][2] for _, _, values in alerts)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    # the nights on which clocks change lie between the release and these deadlines
    st.sampled_from([date(2026, 3, 30), date(2026, 10, 26), date(2026, 12, 1)]),
    st.lists(st.tuples(st.integers(0, 2), st.integers(-7200, 7200)), max_size=6),
)
def test_a_late_answer_is_never_kept_as_in_time(deadline_on: date, presses: list[tuple[int, int]]) -> None:
    """R16, R17: also when clocks changed since the release."""
    with fresh_world(datetime(2026, 3, 16, 9, tzinfo=UTC)) as (world, clock):
        referral_id = world.drafted()
        clock.set(max(clock.now(), datetime.combine(deadline_on, datetime.min.time(), UTC) - timedelta(days=10)))
        world.issue(referral_id, None, deadline_on)
        with world.ground.read() as session:
            deadline = session.scalars(select(IssueRow.deadline_at)).one()
        for provider, seconds in sorted(presses, key=lambda press: press[1]):
            clock.set(deadline + timedelta(seconds=seconds))
            assert world.respond(referral_id, provider).is_late == (seconds > 0)
        with world.ground.read() as session:
            in_time = session.scalars(select(ResponseRow.received_at)).all()
            late = session.scalars(select(LateResponseRow.received_at)).all()
    assert not any(is_late(at, deadline) for at in in_time)
    assert all(is_late(at, deadline) for at in late)
    assert len(in_time) == sum(seconds <= 0 for _, seconds in presses)
