"""The deadlines of one's referrals as a calendar, by a link that can be taken back."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from icalendar import Calendar
from sqlalchemy import delete

from kernel.clock import FixedClock
from people.tables import RoleRow
from tests.referrals.answers.world import area, reference
from tests.referrals.browsing import browser
from tests.referrals.world import World


def link(world: World, app: Flask, number: int = 0) -> str:
    client = browser(app, world.user(number))
    page = client.post("/referrals/calendar/make", follow_redirects=True).text
    return "/calendars/referrals/" + page.split("/calendars/referrals/")[1].split('"')[0]


def test_the_feed_tells_deadlines_and_no_more_than_an_alert(world: World, app: Flask) -> None:
    """R30"""
    referral_id = world.issued()
    answer = app.test_client().get(link(world, app))
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert "DTSTART:20261201T120000Z" in answer.text
    assert event["SUMMARY"] == f"Answer referral {reference(world, referral_id)}, {area(world, referral_id)}"
    assert (event["UID"], event["SEQUENCE"]) == (f"referral-{referral_id}@referrals.coproduction-hub", 0)
    for word in ("break", "Year 5", "45 minutes", "communication"):
        assert word not in answer.text


def test_nothing_shows_before_the_release_or_to_whoever_was_not_asked(world: World, app: Flask) -> None:
    """R9"""
    world.issued(release_at=world.ground.clock.now() + timedelta(hours=3))
    for number in (0, 3):
        assert "VEVENT" not in app.test_client().get(link(world, app, number)).text


def test_a_link_that_is_taken_back_or_renewed_reads_nothing_more(world: World, app: Flask) -> None:
    """R32"""
    world.issued()
    first = link(world, app)
    second = link(world, app)
    anybody = app.test_client()
    assert anybody.get(first).status_code == 410
    assert anybody.get(second).status_code == 200
    browser(app, world.user(0)).post("/referrals/calendar/take-back")
    assert anybody.get(second).status_code == 410
    assert anybody.get("/calendars/referrals/guessed.ics").status_code == 404


def test_whoever_has_left_the_provider_reads_nothing_more(world: World, app: Flask) -> None:
    world.issued()
    address = link(world, app)
    with world.ground.work() as work:
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == world.user(0).id))
    assert app.test_client().get(address).status_code == 404


def test_the_link_ends_after_a_year(world: World, app: Flask, clock: FixedClock) -> None:
    address = link(world, app)
    clock.move(timedelta(days=367))
    assert app.test_client().get(address).status_code == 410
