"""Evaluation and award as their people live them: what was decided last month, and what waits to be scored."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import select

from referrals.tables import ReferralRow
from tests.browser.demo_house import Demo
from tests.browser.demo_people import fill_date, sign_in

COLIN, DENISE, PRIYA = "colin.baker@example.org", "denise.platt@example.org", "priya.desai@example.org"
REASON = "The offer says in detail who works with the learner and when."


def _evaluation(demo: Demo, outcomes: str) -> str:
    """Return the address of the evaluation of a referral by its outcomes."""
    with demo.house.ground.read() as session:
        rows = session.scalars(select(ReferralRow).where(ReferralRow.follows_id.is_(None))).all()
        found = next(row.id for row in rows if row.outcomes == outcomes)
    return f"/commissioning/referrals/{found}/evaluation"


def _fill_scores(page: Page, score: str) -> None:
    for group in page.locator("main fieldset").all():
        group.get_by_label(score).check()
    for box in page.locator("main textarea").all():
        box.fill(REASON)
    page.get_by_role("button", name="Save").click()


def test_what_was_decided_is_there_to_be_read(demo: Demo) -> None:
    """R27: the council reads why; a provider who was asked reads who won, and its own scores."""
    page = demo.window()
    sign_in(demo, page, COLIN, _evaluation(demo, "Writes for ten minutes a day."))
    expect(page.locator("main")).to_contain_text("Would other weights change it?")
    demo.inspect(page, "evaluation-decided")
    page.goto(demo.url + _evaluation(demo, "Learns to travel to school with one adult."))
    expect(page.get_by_role("link", name="The referral that follows")).to_be_visible()
    demo.inspect(page, "evaluation-no-award")

    provider = demo.window()
    sign_in(demo, provider, PRIYA, "/referrals/outcomes")
    demo.inspect(provider, "evaluation-outcomes")
    provider.locator("main").get_by_role("row").filter(has_text="Awarded to").get_by_role("link").click()
    expect(provider.locator("main")).to_contain_text("points out of 100")
    demo.inspect(provider, "evaluation-outcome")


def test_the_second_evaluator_scores_and_the_offer_that_ranks_first_is_awarded(demo: Demo) -> None:
    """R24, R25, R27"""
    page, there = demo.window(), _evaluation(demo, "Joins a small group for a lesson.")
    sign_in(demo, page, DENISE, there)
    demo.inspect(page, "evaluation-1-undeclared")
    page.get_by_role("link", name="Declare whether you have a conflict of interest").click()
    demo.inspect(page, "evaluation-2-interest")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Declare").click()
    page.get_by_role("button", name="Hand in my scores").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("10 scores are missing")
    for offer, score in enumerate(("4: good", "2: weak")):
        page.get_by_role("link", name="Score the offer").first.click()
        if not offer:
            page.locator("main textarea").first.fill("Good.")
            page.get_by_role("button", name="Save").click()
            demo.inspect(page, "evaluation-3-score-errors")
        _fill_scores(page, score)
    demo.inspect(page, "evaluation-4-scored")
    page.get_by_role("button", name="Hand in my scores").click()
    _agree(demo, page)
    _record(demo, page)
    _award(demo, page)


def _agree(demo: Demo, page: Page) -> None:
    """Agree on the scores of both offers, and record how."""
    for offer, score in enumerate(("4: good", "3: fair")):
        page.get_by_role("link", name="Agree on").first.click()
        if not offer:
            demo.inspect(page, "evaluation-5-agree")
        _fill_scores(page, score)
    page.get_by_role("link", name="Record the moderation").click()
    page.get_by_label("How did you come to agree?").fill("We met on Monday and went through all scores.")
    page.get_by_role("button", name="Save").click()


def _record(demo: Demo, page: Page) -> None:
    """Record the family's and the learner's view."""
    page.get_by_role("link", name="Record the view").click()
    demo.inspect(page, "evaluation-6-family")
    page.get_by_label("In writing").check()
    fill_date(page, "Day on which you asked them", "2026-11-20")
    page.get_by_label("What do they say?").fill("They would be glad of either, and like the garden.")
    page.get_by_role("button", name="Record the view").click()
    demo.inspect(page, "evaluation-7-ranked")


def _award(demo: Demo, page: Page) -> None:
    """Award the offer that ranks first."""
    page.get_by_role("button", name="Award", exact=True).click()
    demo.inspect(page, "evaluation-8-award")
    page.locator("main input[type=radio]").first.check()
    page.get_by_label("Why?").fill("It ranks first, and can start in the new year.")
    page.get_by_role("button", name="Award and tell everybody").click()
    expect(page.locator("main")).to_contain_text("Awarded. All who were asked are told.")
    demo.inspect(page, "evaluation-9-awarded")
