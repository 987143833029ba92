"""Until the answers are unsealed the council sees how many there are, and nothing of whose they are (R21)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from channels.inbox.accept import Inbox
from channels.tables import MessageRow
from channels.wording import Registry
from hub.subjects import FINDERS, GATES, READERS
from hub.web.app import create_app
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.work import Ground
from referrals.actions.remind_recipients import remind_recipients
from referrals.actions.unseal_responses import unseal_responses
from referrals.messages import MESSAGES, RECEIPT, REMINDER
from referrals.model import Response, ResponseKind
from referrals.web import blueprint
from tests.referrals.browsing import browser, words
from tests.referrals.equal.steps import change
from tests.referrals.world import World

REMINDING = datetime(2026, 11, 27, 12, tzinfo=UTC)
AFTER = datetime(2026, 12, 1, 13, tzinfo=UTC)
ASKING = Response(ResponseKind.NEED_MORE_INFORMATION, information_wanted="Which therapies does the plan name?")


@pytest.fixture
def referral_id(world: World, clock: FixedClock) -> str:
    """A referral that one setting has answered, of which another wants to know more, and of which all were reminded."""
    referral_id = world.issued()
    change(world, referral_id)
    world.respond(referral_id, 0)
    world.respond(referral_id, 1, ASKING)
    clock.set(REMINDING)
    with world.ground.work() as work:
        remind_recipients(work, referral_id)
    return referral_id


def unseal(world: World, clock: FixedClock, referral_id: str) -> None:
    """Let two people of the council unseal the answers."""
    clock.set(AFTER)
    for actor in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, actor, referral_id)


def test_the_proof_names_who_answered_once_the_answers_are_open(
    app: Flask, world: World, clock: FixedClock, referral_id: str
) -> None:
    """R21, R34"""
    path = f"/commissioning/referrals/{referral_id}/proof.json"

    def told() -> list[dict[str, object]]:
        found = json.loads(browser(app, world.commissioner).get(path).text)["lines"]
        return [line["details"] for line in found if line["action"] == "referrals.respond"]

    assert told() == [{}, {}]
    unseal(world, clock, referral_id)
    assert {line["setting_id"] for line in told()} == set(world.settings[:2])


def test_the_versions_name_who_answered_once_the_answers_are_open(
    app: Flask, world: World, clock: FixedClock, referral_id: str
) -> None:
    """R10, R21"""
    path = f"/commissioning/referrals/{referral_id}/versions"
    page = words(browser(app, world.commissioner).get(path))
    assert "2 of 3 have confirmed it or answered since." in page
    assert "Answered since" not in page
    unseal(world, clock, referral_id)
    assert "Answered since" in words(browser(app, world.commissioner).get(path))


def test_a_round_of_reminders_is_counted_until_the_answers_are_open(
    app: Flask, world: World, clock: FixedClock, referral_id: str
) -> None:
    """R18, R21: only those who have no final answer are reminded"""
    path = f"/commissioning/referrals/{referral_id}/fairness?round=reminder-20261127120000"
    page = words(browser(app, world.commissioner).get(path))
    assert "Reminder, 27 November 2026, 12:00:00" in page
    assert "0 of 2 handed over" in page
    assert "School" not in page.partition("When messages were handed over")[2]
    unseal(world, clock, referral_id)
    assert "School 1" in words(browser(app, world.commissioner).get(path)).partition("handed over")[2]


def test_the_history_holds_receipts_and_reminders_back_until_the_answers_are_open(
    ground: Ground, world: World, clock: FixedClock, referral_id: str
) -> None:
    """R21: a receipt tells who answered"""
    told = Site(
        messages=Registry(MESSAGES),
        inbox=Inbox(ground),
        pages=(blueprint(),),
        readers=READERS,
        finders=FINDERS,
        gates=GATES,
    )
    app = create_app(ground, told)
    with ground.read() as session:
        rows = select(MessageRow.id).where(MessageRow.key.in_((RECEIPT.key, REMINDER.key)))
        kept_back = session.scalars(rows).all()
    assert kept_back
    council = browser(app, world.commissioner)
    assert {council.get(f"/messages/{one}").status_code for one in kept_back} == {404}
    listed = council.get(f"/messages?about=referral:{referral_id}").text
    assert not any(one in listed for one in kept_back)
    unseal(world, clock, referral_id)
    later = browser(app, world.commissioner)
    assert {later.get(f"/messages/{one}").status_code for one in kept_back} == {200}
