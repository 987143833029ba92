from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from kernel.clock import FixedClock
from referrals.tables import LateResponseRow, ResponseRow
from tests.referrals.browsing import OFFERED, browser, recipient_id, words
from tests.referrals.world import World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_a_provider_reads_answers_and_changes_the_answer_until_the_deadline(
    world: World, app: Flask, clock: FixedClock
) -> None:
    """R16, R23"""
    referral_id = world.issued()
    client = browser(app, world.user(0))
    assert "1 to answer" in words(client.get("/referrals"))
    page = words(client.get(f"/referrals/{referral_id}"))
    assert "Learns to ask for a break." in page
    assert "It closes in 8 days and 2 hours." in page
    target = f"/referrals/{referral_id}/answers/{recipient_id(world, 0)}"
    assert client.get(target).status_code == 200
    wrong = client.post(target, data={**OFFERED, "kind": "decline"})
    assert wrong.status_code == 422
    clock.set(DEADLINE)
    client = browser(app, world.user(0))  # the session has run out
    assert "It closes in less than a minute." in words(client.get(f"/referrals/{referral_id}"))
    page = words(client.post(target, data=OFFERED, follow_redirects=True))
    assert "We have your answer" in page
    assert "Received 1 December 2026, 12:00:00" in page
    declined = {**OFFERED, "kind": "decline", "decline_code": "distance"}
    page = words(client.post(target, data=declined, follow_redirects=True))
    assert "It takes the place of an earlier answer." in page
    assert "Answered" in words(client.get("/referrals"))


def test_a_late_answer_is_refused_as_late(world: World, app: Flask, clock: FixedClock) -> None:
    """R16, R17: also one that was opened in time and sent one second late."""
    referral_id = world.issued()
    client = browser(app, world.user(0))
    target = f"/referrals/{referral_id}/answers/{recipient_id(world, 0)}"
    assert client.get(target).status_code == 200
    clock.set(DEADLINE + timedelta(seconds=1))
    client = browser(app, world.user(0))  # the session has run out
    late = client.post(target, data=OFFERED)
    assert late.status_code == 410
    assert "Too late to answer" in words(late)
    assert "Received 1 December 2026, 12:00:01" in words(late)
    assert client.get(target).status_code == 410
    assert client.get(f"{target}/receipt").status_code == 404
    assert client.post(target, data={"starts_on": "x"}).status_code == 410
    assert "closed for answers" in words(client.get(f"/referrals/{referral_id}"))
    with world.ground.read() as session:
        assert len(session.scalars(select(LateResponseRow)).all()) == 1
        assert session.scalars(select(ResponseRow)).all() == []
    assert "not accepted: 1" in words(browser(app, world.colleague).get(f"/commissioning/referrals/{referral_id}"))
