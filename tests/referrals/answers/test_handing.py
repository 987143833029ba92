"""A request handed to a colleague of the same provider: alerts and reminders follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from channels.tables import MessageRow
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from people.model import Actor, Role
from referrals.actions.answers.hand_over import HandOver, hand_over
from referrals.actions.remind_recipients import remind_recipients
from referrals.queries.providers import contacts_of
from tests.fps import world as register
from tests.referrals.browsing import browser, recipient_id, words
from tests.referrals.world import World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def colleague(world: World) -> Actor:
    """A second user of the first provider."""
    provider_id = world.register.providers[0][0]
    with world.ground.work() as work:
        return register.member(work, "Col Cyan", Role.PROVIDER_USER, provider_id, ("email", "col@example.org"))


def hand(world: World, referral: str, to: Actor, by: Actor | None = None) -> None:
    assert referral
    with world.ground.work() as work:
        hand_over(work, by or world.user(0), HandOver(recipient_id(world, 0), to.id))


def told(world: World, key: str) -> set[str]:
    with world.ground.read() as session:
        rows = session.scalars(select(MessageRow.person_id).where(MessageRow.key == key))
        return {str(each) for each in rows}


def test_the_colleague_is_told_and_hears_from_then_on(world: World, colleague: Actor, clock: FixedClock) -> None:
    """R18: reminders go to whoever sees to the request now, worded alike."""
    referral_id = world.issued()
    hand(world, referral_id, colleague)
    assert told(world, "referrals.handed") == {colleague.id}
    with world.ground.read() as session:
        assert list(contacts_of(session, recipient_id(world, 0))) == [colleague.id]
    clock.set(DEADLINE - timedelta(days=1))
    with world.ground.work() as work:
        remind_recipients(work, referral_id)
    reminded = told(world, "referrals.reminder")
    assert colleague.id in reminded
    assert world.user(0).id not in reminded


def test_what_the_colleague_is_told_says_no_more_than_an_alert(world: World, colleague: Actor) -> None:
    """R30"""
    referral_id = world.issued()
    hand(world, referral_id, colleague)
    with world.ground.read() as session:
        row = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.handed")).one()
    assert set(row.values) == {"reference", "council", "lot", "deadline", "link", "name"}


def test_a_reminder_that_waits_is_not_sent_to_whoever_gave_it_away(
    world: World, colleague: Actor, clock: FixedClock
) -> None:
    referral_id = world.issued()
    clock.set(DEADLINE - timedelta(days=1))
    with world.ground.work() as work:
        remind_recipients(work, referral_id)
    hand(world, referral_id, colleague)
    with world.ground.read() as session:
        rows = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.reminder")).all()
    mine = [row.status for row in rows if row.person_id == world.user(0).id]
    assert mine == ["cancelled"]


def test_it_can_be_handed_back(world: World, colleague: Actor) -> None:
    referral_id = world.issued()
    hand(world, referral_id, colleague)
    hand(world, referral_id, world.user(0), by=colleague)
    with world.ground.read() as session:
        assert list(contacts_of(session, recipient_id(world, 0))) == [world.user(0).id]


def test_nobody_outside_the_provider_gives_or_gets_it(world: World, colleague: Actor) -> None:
    """A provider never reads or moves a rival's request."""
    referral_id = world.issued()
    with pytest.raises(InvalidInputError):
        hand(world, referral_id, world.user(1))
    for outsider in (world.user(1), world.commissioner, world.stranger):
        with pytest.raises(NotFoundError):
            hand(world, referral_id, colleague, by=outsider)


def test_pressed_twice_it_is_handed_once(world: World, colleague: Actor) -> None:
    referral_id = world.issued()
    hand(world, referral_id, colleague)
    with pytest.raises(ConflictError):
        hand(world, referral_id, colleague)
    assert told(world, "referrals.handed") == {colleague.id}


def test_after_the_deadline_nothing_is_handed_over(world: World, colleague: Actor, clock: FixedClock) -> None:
    referral_id = world.issued()
    clock.set(DEADLINE + timedelta(seconds=1))
    with pytest.raises(ConflictError):
        hand(world, referral_id, colleague)


def test_the_page_offers_colleagues_and_says_who_sees_to_it(world: World, colleague: Actor, app: Flask) -> None:
    referral_id = world.issued()
    client = browser(app, world.user(0))
    target = f"/referrals/{referral_id}/answers/{recipient_id(world, 0)}/colleague"
    assert "Col Cyan" in words(client.get(target))
    assert client.post(target, data={}).status_code == 422
    page = words(client.post(target, data={"colleague": colleague.id}, follow_redirects=True))
    assert "Col Cyan sees to referral" in page
    assert "Seen to by" in page


def test_alone_at_a_provider_one_reads_what_to_do(world: World, app: Flask) -> None:
    referral_id = world.issued()
    client = browser(app, world.user(1))
    page = client.get(f"/referrals/{referral_id}/answers/{recipient_id(world, 1)}/colleague")
    assert "Nobody else of your organisation has an account here." in words(page)
