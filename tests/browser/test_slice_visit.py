"""A quality visit as its people live it: an officer in Slack, a provider with email, and an improvement action."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser.demo_house import NARROW, Demo
from tests.browser.demo_people import Mailbox, SlackUser, fill_date, sign_in

OFFICER, OFFICER_EMAIL = "U0QUENTIN1", "quentin.abbott@example.org"
PLANNER = "U0WINIFRED"
PRIYA = "priya.desai@example.org"
PROPOSED = "Proposed visit to Alder Grove School"
VISIT_DAY = datetime(2026, 12, 9, 16, tzinfo=UTC)
NINE = timedelta(hours=9)


def _offer_another_day(demo: Demo) -> str:
    officer = SlackUser(demo, OFFICER)
    form = officer.open_form(PROPOSED, "Another day")
    form.get_by_label("Which day suits you?").select_option(label="Wednesday 9 December 2026")
    return officer.send_form(form)


def _fill_outcome(page: Page, due_on: str) -> None:
    page.get_by_label("Assured with actions").check()
    page.get_by_label("What did you find?").fill("Calm and well led. Nobody asked us who we were.")
    page.get_by_label("What is to be improved?").fill("Sign every visitor in")
    page.get_by_label("Which part of the visit does it belong to?").select_option(label="Policies and practice")
    page.get_by_label("How will everybody know that it is done?").fill("A month of the visitors' book shows it.")
    fill_date(page, "When is it due?", due_on)
    page.get_by_role("button", name="Record").click()


@pytest.fixture
def booked(demo: Demo) -> Demo:
    """The demo after the officer has offered another day for the visit to Alder Grove School."""
    _offer_another_day(demo)
    return demo


@pytest.fixture
def action_due(booked: Demo) -> Demo:
    """The demo on the day of the visit, which has left an improvement action that is due on 15 January."""
    booked.until(VISIT_DAY)
    page = booked.window()
    sign_in(booked, page, OFFICER_EMAIL, "/visits")
    page.get_by_role("link", name="Alder Grove School").click()
    page.get_by_role("button", name="Record what you found").click()
    _fill_outcome(page, "2027-1-15")
    booked.work()
    return booked


def test_an_officer_offers_another_day_in_slack(demo: Demo) -> None:
    officer = SlackUser(demo, OFFICER)
    asked = [text for text in officer.texts() if "Proposed visit to" in text]
    assert len(asked) == 1, "nothing is asked that is answered already"
    assert "can you make the annual visit on Thursday 10 December 2026 at 9:30am?" in asked[0]
    officer.open_form(PROPOSED, "Another day")
    demo.inspect(officer.page, "visit-1-form")

    said = _offer_another_day(demo)
    assert "the annual visit is booked for Wednesday 9 December 2026 at 9:30am" in said
    assert "is now booked for Wednesday 9 December 2026" in SlackUser(demo, PLANNER).texts()[-1]
    stale = officer.press(PROPOSED, "Accept")
    assert "This visit is already booked. It is on Wednesday 9 December 2026. Nothing was changed." in stale
    demo.inspect(officer.page, "visit-2-slack")


def test_the_provider_gets_an_invitation_for_the_calendar(booked: Demo) -> None:
    mailbox = Mailbox(booked, PRIYA)
    letter = mailbox.letter("Quality visit to Alder Grove School")
    assert "Sefton will visit Alder Grove School to check quality on Wednesday 9 December 2026" in letter
    booked.inspect(mailbox.page, "visit-3-mailbox")
    calendar = Calendar.from_ical(mailbox.download("Quality visit to Alder Grove School", "invitation.ics"))
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert event["DTSTART"].to_ical() == b"20261209T093000"
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert str(event["ATTENDEE"]) == f"mailto:{PRIYA}"


def test_the_pages_of_a_visit_can_be_used_by_everybody(booked: Demo) -> None:
    page = booked.window()
    sign_in(booked, page, OFFICER_EMAIL, "/visits")
    booked.inspect(page, "visit-4-list")
    page.get_by_role("link", name="Alder Grove School").click()
    expect(page.locator("main")).to_contain_text("9:30am to 3pm, London time")
    booked.inspect(page, "visit-5-one")
    page.get_by_role("button", name="Another day").click()
    booked.inspect(page, "visit-6-another-day")
    page.goto(f"{booked.url}/visits")
    page.get_by_role("button", name="Propose a visit").click()
    booked.inspect(page, "visit-7-propose")


def test_the_visit_leaves_an_improvement_action_of_which_its_owner_is_told(booked: Demo) -> None:
    booked.until(VISIT_DAY)
    page = booked.window()
    sign_in(booked, page, OFFICER_EMAIL, "/visits")
    page.get_by_role("link", name="Alder Grove School").click()
    page.get_by_role("button", name="Record what you found").click()
    page.get_by_role("button", name="Record").click()
    booked.inspect(page, "visit-8-outcome-errors")
    _fill_outcome(page, "2027-1-16")
    expect(page.locator(".govuk-error-summary")).to_contain_text("working day")
    fill_date(page, "When is it due?", "2027-1-15")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("main")).to_contain_text("Assured with actions")
    booked.inspect(page, "visit-9-done")

    booked.work()
    told = Mailbox(booked, PRIYA).letter("New improvement action for Alder Grove School")
    assert "Sign every visitor in" in told
    assert "It is due by Friday 15 January 2027." in told


@pytest.mark.parametrize(
    ("day", "subject"),
    [
        ("2026-12-31", "Reminder: improvement action for Alder Grove School"),
        ("2027-01-12", "Reminder: improvement action for Alder Grove School"),
        ("2027-01-15", "Due today: improvement action for Alder Grove School"),
        ("2027-01-18", "Overdue: improvement action for Alder Grove School"),
        ("2027-01-22", "Overdue: improvement action for Alder Grove School"),
    ],
    ids=["ten working days before", "three before", "on the day", "one after", "five after"],
)
def test_reminders_go_out_on_their_days_at_nine(action_due: Demo, day: str, subject: str) -> None:
    """DOMAIN.md 4: -10/-3/0/+1/+5 working days, New Year's Day not counted."""
    at = datetime.fromisoformat(day).replace(tzinfo=UTC) + NINE
    mailbox = Mailbox(action_due, PRIYA)
    action_due.until(at - timedelta(seconds=1))
    before = mailbox.texts()
    action_due.until(at)
    after = mailbox.texts()
    assert len(after) == len(before) + 1
    assert after[0].startswith(subject)


def test_the_provider_sends_evidence_and_the_officer_verifies_it(action_due: Demo) -> None:
    demo = action_due
    provider, officer = demo.window(NARROW), demo.window()
    link = Mailbox(demo, PRIYA).link("New improvement action for Alder Grove School")
    sign_in(demo, provider, PRIYA, link.removeprefix(demo.url))
    provider.get_by_role("button", name="Send").click()
    demo.inspect(provider, "visit-10-evidence-errors")
    provider.get_by_role("textbox").fill("The visitors' book of January, page 4, is complete.")
    provider.get_by_role("button", name="Send").click()
    expect(provider.get_by_role("alert")).to_contain_text("A quality officer will check it.")
    demo.inspect(provider, "visit-11-evidence-sent")
    provider.goto(f"{demo.url}/my-improvement-actions")
    demo.inspect(provider, "visit-12-own-actions")

    demo.work()
    told = SlackUser(demo, OFFICER)
    assert "Evidence to check: Alder Grove School" in told.texts()[-1]
    sign_in(demo, officer, OFFICER_EMAIL)
    expect(officer.locator("main")).to_contain_text("1 action with evidence to check")
    officer.goto(told.link("Evidence to check"))
    demo.inspect(officer, "visit-13-to-check")
    officer.get_by_role("button", name="Verify").click()
    expect(officer.get_by_role("alert")).to_contain_text("The action is verified.")
    demo.inspect(officer, "visit-14-verified")
    demo.until(datetime(2027, 1, 22, 9, tzinfo=UTC))
    newest = next(text for text in Mailbox(demo, PRIYA).texts() if "improvement action" in text)
    assert newest.startswith("Done: improvement action for Alder Grove School"), "nobody is chased for what is done"
