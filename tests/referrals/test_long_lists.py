"""The pages of a referral stay short however many are asked, left out or answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from fps.model import Status
from kernel.clock import FixedClock
from kernel.work import Work
from people.web.paging import SIZE
from referrals.actions.unseal_responses import unseal_responses
from tests.referrals.browsing import browser, words
from tests.referrals.equal.steps import change
from tests.referrals.routes.steps import plan
from tests.referrals.world import World

MORE = SIZE - 1
AFTER = datetime(2026, 12, 1, 13, tzinfo=UTC)


@pytest.fixture
def many(world: World) -> World:
    """A world in which more are asked, and more left out, than a page shows: 27 and 26."""
    with world.ground.work() as work:
        for number in range(MORE):
            add(work, world, 0, f"998{number:03}")
            world.register.step(work, add(work, world, 1, f"997{number:03}"), Status.SUSPENDED)
    return world


def add(work: Work, world: World, number: int, urn: str) -> str:
    """Give a provider one more setting on lot 1."""
    new = replace(world.register.new_setting(number), name=f"School {urn}", urn=urn)
    return world.register.active_setting(work, number, new=new)


@pytest.mark.parametrize("part", ["", "/check", "/pack"])
def test_who_is_asked_and_who_is_not_come_in_pages_of_their_own(app: Flask, many: World, part: str) -> None:
    """R2, R3"""
    referral_id = many.drafted()
    if part == "/check":
        plan(many, referral_id)
    else:
        many.issue(referral_id)
    path = f"/commissioning/referrals/{referral_id}{part}"
    council = browser(app, many.commissioner)
    first = words(council.get(path))
    assert "Showing 1 to 25 of 27 settings" in first
    assert "Showing 1 to 25 of 26 settings" in first
    later = council.get(f"{path}?asked=2")
    assert "Showing 26 to 27 of 27 settings" in words(later)
    assert "Showing 1 to 25 of 26 settings" in words(later)
    assert "asked=2&amp;left_out=2" in later.text


def test_the_council_page_tells_of_the_alert_that_holds(app: Flask, world: World) -> None:
    """R10, R12: a change before the release calls back the alert of the first version, not the one that goes out"""
    referral_id = world.issued(release_at=datetime(2026, 11, 24, 10, tzinfo=UTC))
    change(world, referral_id)
    page = words(browser(app, world.commissioner).get(f"/commissioning/referrals/{referral_id}"))
    told = page.partition("Who was asked")[2].partition("Who was left out")[0]
    assert "School 0" in told
    assert "Cancelled" not in told


def test_opened_answers_come_in_pages(app: Flask, world: World, clock: FixedClock) -> None:
    """R21"""
    referral_id = world.issued()
    for number in range(3):
        world.respond(referral_id, number)
    clock.set(AFTER)
    for actor in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, actor, referral_id)
    council = browser(app, world.commissioner)
    for part in ("", "/pack"):
        page = words(council.get(f"/commissioning/referrals/{referral_id}{part}?answers=9"))
        assert page.count("40,000") >= 3
