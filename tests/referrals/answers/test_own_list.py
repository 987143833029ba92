"""The referrals of a provider: counted and fetched page by page, those open for answers first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy import event

from kernel.clock import FixedClock
from referrals.queries.providers import Shown, count_invitations, invitations_of, open_referral_ids
from tests.referrals.browsing import browser, words
from tests.referrals.world import World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _two(world: World) -> tuple[str, str]:
    """Issue one with the usual deadline and one that ends a week later."""
    first = world.issued()
    second = world.drafted()
    world.issue(second, deadline_on=date(2026, 12, 8))
    return first, second


def test_open_ones_come_first_and_what_is_over_can_be_shown_alone(world: World, clock: FixedClock) -> None:
    """R32"""
    first, second = _two(world)
    clock.set(DEADLINE + timedelta(seconds=1))
    with world.ground.read() as session:
        shown = {
            show: [one.referral_id for one in invitations_of(session, world.user(0), clock.now(), show)]
            for show in Shown
        }
        counted = {show: count_invitations(session, world.user(0), clock.now(), show) for show in Shown}
    assert shown == {Shown.ALL: [second, first], Shown.OPEN: [second], Shown.OVER: [first]}
    assert counted == {Shown.ALL: 2, Shown.OPEN: 1, Shown.OVER: 1}


def test_a_referral_leaves_the_list_when_its_page_closes(world: World, clock: FixedClock) -> None:
    """R32: to the second, like the page itself."""
    world.issued()
    for moment, kept in ((timedelta(days=14), 1), (timedelta(days=14, seconds=1), 0)):
        clock.set(DEADLINE + moment)
        with world.ground.read() as session:
            assert count_invitations(session, world.user(0), clock.now()) == kept


def test_a_page_is_fetched_in_as_many_queries_whatever_is_on_it(world: World) -> None:
    def queries() -> int:
        seen: list[str] = []
        with world.ground.read() as session:
            engine = session.get_bind()

            def note(*said: object) -> None:
                seen.append(str(said[2]))

            event.listen(engine, "before_cursor_execute", note)
            invitations_of(session, world.user(0), world.ground.clock.now(), limit=20)
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    world.issued()
    once = queries()
    for _ in range(4):
        world.issued()
    assert queries() == once


def test_only_open_ones_are_reminded_of(world: World, clock: FixedClock) -> None:
    """R18"""
    first, second = _two(world)
    with world.ground.read() as session:
        assert list(open_referral_ids(session, clock.now())) == [first, second]
        assert list(open_referral_ids(session, DEADLINE + timedelta(seconds=1))) == [second]


def test_the_page_narrows_and_says_when_nothing_fits(world: World, app: Flask) -> None:
    world.issued()
    client = browser(app, world.user(0))
    assert "1 to answer" in words(client.get("/referrals?show=open"))
    assert "No referral fits this." in words(client.get("/referrals?show=over"))
    assert "We write to you as soon as a council asks." in words(browser(app, world.user(4)).get("/referrals"))
