from __future__ import annotations

from sqlalchemy import select

from channels.tables import MessageRow
from fps.tables import SettingRow
from people.model import Role
from referrals.actions.answers.hand_over import HandOver, hand_over
from referrals.actions.close_referral import close_referral
from referrals.queries.providers import invitation
from referrals.tables import IssueRow
from tests.fps import world as register
from tests.referrals.evaluation.world import AFTER, at, award, settled
from tests.referrals.world import World

NOBODY = "Nobody could offer a place at all."


def _told(world: World) -> set[str]:
    with world.ground.read() as session:
        rows = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.outcome"))
        return {str(row.person_id) for row in rows}


def test_who_took_a_request_over_is_told_of_the_outcome(world: World) -> None:
    """R27"""
    referral_id = world.issued()
    with world.ground.work() as work:
        provider_id = world.user(0).roles[0].organisation_id
        assert provider_id is not None
        mate = register.member(work, "New Mate", Role.PROVIDER_USER, provider_id)
    with world.ground.work() as work:
        (asked,) = invitation(work.session, world.user(0), referral_id, work.now).settings
        hand_over(work, world.user(0), HandOver(asked.recipient_id, mate.id))
    at(world, AFTER)
    with world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, NOBODY)
    assert mate.id in _told(world)


def test_a_setting_that_moved_tells_nothing_to_a_provider_that_was_not_asked(world: World) -> None:
    """R27: whoever was asked is told, whatever has become of the setting since."""
    referral_id, other = world.issued(), world.user(4)
    with world.ground.work() as work:
        setting = work.session.get(SettingRow, world.settings[0])
        assert setting is not None
        setting.provider_id = str(other.roles[0].organisation_id)
        setting.referral_contact_id = other.id
    at(world, AFTER)
    with world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, NOBODY)
    assert other.id not in _told(world)
    assert world.user(0).id in _told(world)


def test_the_outcome_names_the_area_where_the_alert_hid_the_council(world: World) -> None:
    """R33: learners are rare in this world, so that the council would narrow one down."""
    referral_id = settled(world)
    award(world, referral_id)
    with world.ground.read() as session:
        frozen = session.scalars(select(IssueRow.text).where(IssueRow.referral_id == referral_id)).one()
        said = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.outcome")).first()
        alert = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.alert")).first()
    assert said is not None
    assert alert is not None
    assert said.values["council"] == frozen["area"] == alert.values["council"]
