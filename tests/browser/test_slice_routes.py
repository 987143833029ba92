"""A referral by each route, as its council lives it: what the route demands, the plan, the second pair of eyes."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.demo_house import Demo
from tests.browser.demo_people import fill_date, sign_in

COLIN, DENISE = "colin.baker@example.org", "denise.platt@example.org"
_REASONS = "The learner has been at this school for three years and is settled there. A move would undo what was won. "
_FILE: FilePayload = {"name": "week.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 a week"}


def _begin(demo: Demo, page: Page, route: str) -> None:
    sign_in(demo, page, COLIN, "/commissioning/referrals/new")
    page.get_by_label("Which lot do you need?").select_option(label="Lot 1: day, 0 to 16")
    page.get_by_label("Age band").select_option(label="8 to 11")
    page.get_by_label("Year group").select_option(label="Year 5")
    page.get_by_label("Communication and interaction").check()
    page.get_by_label("What should the learner achieve?").fill("Learns to ask for a break.")
    page.get_by_label("How far can the learner travel?").fill("Within 45 minutes by taxi")
    fill_date(page, "Earliest start", "2027-1-4")
    fill_date(page, "Latest start", "2027-2-26")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Save and check the wording").click()
    page.get_by_role("button", name="The wording is safe, continue").click()
    demo.inspect(page, "routes-1-route")
    page.get_by_label(route, exact=True).check()
    page.get_by_role("button", name="Continue").click()


def _approve(demo: Demo, page: Page, here: str) -> None:
    """Let Denise find it under Approvals and approve it, at first without a decision."""
    sign_in(demo, page, DENISE, "/commissioning/approvals")
    demo.inspect(page, "routes-20-approvals")
    page.goto(f"{demo.url}{here}")
    page.get_by_role("button", name="Save the decision").click()
    demo.inspect(page, "routes-10-decision-errors")
    page.get_by_label("Approve it exactly as it is shown").check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator("main")).to_contain_text("You approved it.")


def _give_reasons(demo: Demo, page: Page) -> None:
    page.get_by_role("link", name="Choose Alder Grove School").click()
    page.get_by_role("button", name="Save and continue").click()
    demo.inspect(page, "routes-3-reasons-errors")
    page.get_by_label("Why do you ask this setting alone?").select_option(label="Continuity for the learner")
    page.get_by_label("What are the reasons?").fill(_REASONS)
    page.get_by_label("Link to the evidence").fill("https://records.example.org/panel/12")
    page.get_by_role("button", name="Save and continue").click()


def _attach(demo: Demo, page: Page) -> None:
    """Add a file: first without having looked into it."""
    page.get_by_role("link", name="Change files").click()
    demo.inspect(page, "routes-6-files")
    page.set_input_files("input[type=file]", _FILE)
    page.get_by_role("button", name="Add the file").click()
    demo.inspect(page, "routes-7-files-errors")
    page.set_input_files("input[type=file]", _FILE)
    page.get_by_label("I have looked into the file").check()
    page.get_by_role("button", name="Add the file").click()
    expect(page.locator("main")).to_contain_text("The file is added.")
    demo.inspect(page, "routes-8-files-one")
    page.get_by_role("link", name="Check the referral").click()


def test_a_direct_award_needs_reasons_evidence_and_a_colleague(demo: Demo) -> None:
    """R5"""
    page, second = demo.window(), demo.window()
    _begin(demo, page, "Direct award")
    demo.inspect(page, "routes-2-settings")
    _give_reasons(demo, page)
    demo.inspect(page, "routes-4-times")
    page.get_by_role("button", name="Save and check the referral").click()
    main = page.locator("main")
    expect(main).to_contain_text("1 will be asked")
    expect(main).to_contain_text("Direct award without a competition: nobody has been asked yet.")
    demo.inspect(page, "routes-5-check")
    _attach(demo, page)
    page.get_by_role("button", name="Ask a colleague to approve it").click()
    expect(main).to_contain_text("A colleague must approve it, exactly as it is shown here.")
    demo.inspect(page, "routes-9-asked")
    _approve(demo, second, page.url.removeprefix(demo.url))
    page.reload()
    expect(main).to_contain_text("approved by Denise Platt")
    demo.inspect(page, "routes-11-approved")
    page.get_by_role("button", name="Issue this referral").click()
    expect(main).to_contain_text("The referral is issued.")
    demo.inspect(page, "routes-12-issued")


def test_a_place_off_the_framework_goes_straight_to_the_award(demo: Demo) -> None:
    """R7"""
    page, second = demo.window(), demo.window()
    _begin(demo, page, "Off-framework spot purchase")
    page.get_by_role("button", name="Save and continue").click()
    demo.inspect(page, "routes-13-spot-errors")
    page.get_by_label("Name of the supplier").fill("Harbour Tutors")
    page.get_by_label("Reference of your contract procedure rules").fill("CPR 14.2")
    page.get_by_role("button", name="Save and continue").click()
    demo.inspect(page, "routes-14-spot-check")
    page.get_by_role("button", name="Ask a colleague to approve it").click()
    sign_in(demo, second, DENISE, page.url.removeprefix(demo.url))
    second.get_by_label("Approve it exactly as it is shown").check()
    second.get_by_role("button", name="Save the decision").click()
    page.reload()
    page.get_by_role("button", name="Continue to the award").click()
    demo.inspect(page, "routes-15-spot-issued")


def test_a_competition_is_judged_by_criteria_that_the_council_sets(demo: Demo) -> None:
    """R24"""
    page = demo.window()
    _begin(demo, page, "Mini-competition")
    fill_date(page, "Last day for answers", "2026-11-26")
    page.get_by_role("button", name="Save and check the referral").click()
    demo.inspect(page, "routes-16-times-short")
    page.get_by_label("Why is it urgent?").fill("The present placement ends without notice on Friday.")
    page.get_by_role("button", name="Save and check the referral").click()
    demo.inspect(page, "routes-17-check-short")
    page.get_by_role("link", name="Change the criteria").click()
    page.get_by_label("Price").fill("20")
    page.get_by_role("button", name="Save the criteria").click()
    demo.inspect(page, "routes-18-criteria-errors")
    page.get_by_label("Meets the need and the outcomes").fill("40")
    page.get_by_role("button", name="Save the criteria").click()
    expect(page.locator("main")).to_contain_text("Shorter deadline: nobody has been asked yet.")
    page.goto(page.url.replace("/check", "/delete"))
    demo.inspect(page, "routes-19-delete")
    page.get_by_role("button", name="Delete the draft").click()
    expect(page.locator("main")).to_contain_text("The draft is deleted.")
