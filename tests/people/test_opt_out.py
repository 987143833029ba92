from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from hub.actions.run_retention import run_retention
from hub.retention import periods
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.mark_opt_out import opt_in, opt_out
from people.model import Role
from people.queries import contact_points
from people.tables import PersonRow
from tests.channels.people_to_write_to import EMAIL, PHONE, parent

OTHER_PHONE = "+447700900777"


@pytest.mark.parametrize(("role", "closed"), [(Role.FAMILY, ["sms", "email"]), (Role.PROVIDER_USER, ["sms"])])
def test_V12_a_familys_stop_ends_every_channel_a_providers_only_that_one(
    ground: Ground, role: Role, closed: list[str]
) -> None:
    person = parent(ground, ("sms", PHONE), ("email", EMAIL), role=role)
    with ground.work() as work:
        opt_out(work, person, contact_points(work.session, person)[0].id)
    with ground.read() as session:
        points = contact_points(session, person)
    assert [point.channel for point in points if point.opted_out_at] == closed
    with ground.work() as work:
        opt_in(work, person, contact_points(work.session, person)[0].id)
    with ground.read() as session:
        assert all(point.opted_out_at is None for point in contact_points(session, person))


def test_V12_a_stop_outlives_the_retention_of_addresses(ground: Ground, clock: FixedClock) -> None:
    stopped, other = parent(ground, ("sms", PHONE)), parent(ground, ("sms", OTHER_PHONE))
    with ground.work() as work:
        opt_out(work, stopped, contact_points(work.session, stopped)[0].id)
        gone = update(PersonRow).where(PersonRow.id.in_([stopped, other]))
        work.session.execute(gone.values(left_at=work.now))
    clock.move(timedelta(days=220))
    run_retention(ground, periods({}))
    with ground.read() as session:
        assert [point.address for point in contact_points(session, stopped)] == []
    for phone, is_closed in ((PHONE, True), (OTHER_PHONE, False)):
        again = parent(ground, ("sms", phone))
        with ground.read() as session:
            (point,) = contact_points(session, again)
        assert (point.opted_out_at is not None) is is_closed
