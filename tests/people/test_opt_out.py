from __future__ import annotations

import pytest

from kernel.work import Ground
from people.actions.mark_opt_out import opt_in, opt_out
from people.model import Role
from people.queries import contact_points
from tests.channels.people_to_write_to import EMAIL, PHONE, parent


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
