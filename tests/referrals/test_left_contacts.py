"""Referrals and contacts who have left their provider."""

from __future__ import annotations

from sqlalchemy import select

from channels.tables import MessageRow
from kernel.clock import FixedClock
from people.queries import person
from referrals.actions.record_response import RecordResponse, record_response
from referrals.messages import ALERT, REMINDER
from referrals.queries.councils import referral
from referrals.queries.providers import invitation
from referrals.tables import RecipientRow
from tests.fps.leavers import moves_to_a_rival
from tests.referrals.test_reminders import HALFWAY, reminded
from tests.referrals.world import OFFER, World


def _told(world: World, key: str) -> list[str]:
    with world.ground.read() as session:
        rows = session.scalars(select(MessageRow).where(MessageRow.key == key))
        return sorted(row.person_id or "" for row in rows)


def test_no_alert_goes_to_a_contact_who_left_and_the_colleagues_get_it(world: World) -> None:
    """R2, R9, R30, A2: the setting is asked all the same, and everybody still there hears of it at the release."""
    stayed = moves_to_a_rival(world.ground, world.register, 0, 2)
    referral_id = world.issued()
    assert _told(world, ALERT.key) == sorted([*stayed, world.user(1).id, world.user(2).id])
    with world.ground.read() as session:
        asked = session.scalars(select(RecipientRow).where(RecipientRow.setting_id == world.settings[0])).one()
        assert asked.contact_id in stayed
        page = referral(session, world.commissioner, referral_id, world.ground.clock.now())
    assert all(line.alert is not None for line in page.recipients), "the council is shown an alert for each setting"


def test_a_contact_who_leaves_after_the_issue_is_not_reminded(world: World, clock: FixedClock) -> None:
    """R18: those still there are, and once one of them has answered no reminder waits."""
    referral_id = world.issued()
    stayed = moves_to_a_rival(world.ground, world.register, 0, 2)
    reminded(world, HALFWAY, clock)
    assert _told(world, REMINDER.key) == sorted([*stayed, world.user(1).id, world.user(2).id])
    with world.ground.read() as session:
        colleague = person(session, stayed[0])
        (asked,) = invitation(session, colleague, referral_id, clock.now()).settings
    with world.ground.work() as work:
        record_response(work, colleague, RecordResponse(asked.recipient_id, OFFER, clock.now()))
    found = dict(reminded(world, HALFWAY, clock))
    assert [found[one] for one in stayed] == ["cancelled", "cancelled"]
    assert found[world.user(1).id] == "queued"
