"""How evenly a referral went out, shown to its council (R9, R12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from channels.model import Send, Status
from channels.tables import MessageRow
from kernel.clock import FixedClock
from referrals.messages import ALERT
from referrals.queries.waiting_equal import questions_to_answer, to_put_right
from referrals.rules.fairness import rounds
from tests.referrals.browsing import browser, words
from tests.referrals.equal.steps import change, sent
from tests.referrals.equal.test_questions import ask
from tests.referrals.equal.test_reaching import later, with_a_failure
from tests.referrals.world import World

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def send(number: int, after_s: float | None, channel: str = "sms", link: str = "/referrals/1") -> Send:
    """A message that was handed over so long after the release."""
    handed_at = None if after_s is None else NOW + timedelta(seconds=after_s)
    return Send(f"m{number}", f"p{number}", channel, ALERT.key, Status.SENT, None, NOW, handed_at, None, {"link": link})


def test_the_spread_is_told_for_each_channel_and_for_all() -> None:
    """R9"""
    sends = [send(1, 1), send(2, 3), send(3, 8), send(4, 2, "email"), send(5, None, "email")]
    (told,) = rounds(sends, NOW)
    every, email, sms = told.spreads
    assert (every.count, every.never, every.first_s, every.last_s, every.spread_s) == (5, 1, 1, 8, 7)
    assert (email.count, email.never, email.spread_s) == (2, 1, 0)
    assert (sms.first_s, sms.middle_s, sms.last_s) == (1, 3, 8)


def test_what_left_early_or_read_differently_is_counted() -> None:
    """R9, R18"""
    (told,) = rounds([send(1, -1), send(2, 1, link="/referrals/2")], NOW)
    assert (told.early, told.wordings) == (1, 2)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e5)), min_size=1, max_size=30))
def test_no_spread_is_ever_negative_and_every_message_is_counted(seconds: list[float | None]) -> None:
    """R9"""
    (told,) = rounds([send(number, after) for number, after in enumerate(seconds)], NOW)
    (only,) = told.spreads
    assert only.count == len(seconds)
    assert only.never == seconds.count(None)
    assert only.spread_s is None or only.spread_s >= 0


def test_the_page_shows_hand_overs_and_lets_a_round_be_chosen(app: Flask, world: World) -> None:
    """R9"""
    referral_id = world.issued()
    with world.ground.work() as work:
        handed = work.now + timedelta(seconds=4)
        work.session.execute(update(MessageRow).values(handed_at=handed, status=Status.SENT))
    change(world, referral_id)
    council = browser(app, world.commissioner)
    page = words(council.get(f"/commissioning/referrals/{referral_id}/fairness"))
    assert "None left before 23 November 2026, 10:00:00." in page
    assert "All have the same words and facts." in page
    assert "From the first hand-over to the last: 0.00 seconds" in page
    assert "4.00 seconds" in page
    second = words(council.get(f"/commissioning/referrals/{referral_id}/fairness?round=changed-20261123100000"))
    assert "New version, 23 November 2026, 10:00:00" in second


def test_who_was_not_reached_is_shown_and_told_again(app: Flask, world: World, clock: FixedClock) -> None:
    """R12"""
    referral_id = with_a_failure(world)
    later(world, clock, NOW + timedelta(minutes=5))
    council = browser(app, world.commissioner)
    path = f"/commissioning/referrals/{referral_id}/fairness"
    assert "the deadline moves for everybody" in words(council.get(path))
    assert "The same alert is on its way to 1 person." in words(council.post(path, follow_redirects=True))
    assert len([row for row in sent(world, ALERT.key) if row.person_id == world.user(2).id]) == 2
    assert browser(app, world.stranger).get(path).status_code == 404
    assert browser(app, world.stranger).post(path).status_code == 404


def test_what_waits_is_counted_until_it_is_done_or_over(world: World, clock: FixedClock) -> None:
    """R11, R12"""
    referral_id = with_a_failure(world)
    ask(world, referral_id)
    later(world, clock, NOW + timedelta(minutes=5))
    for actor, count in ((world.commissioner, 1), (world.stranger, 0)):
        with world.ground.read() as session:
            now = clock.now()
            assert to_put_right(session, actor, now).count == count
            assert questions_to_answer(session, actor, now).count == count
    clock.set(datetime(2026, 12, 20, tzinfo=UTC))
    with world.ground.read() as session:
        assert questions_to_answer(session, world.commissioner, clock.now()).count == 0
