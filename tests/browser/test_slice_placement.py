"""A placement from its agreement to its calendar, as a council and a provider live it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.demo_house import Demo
from tests.browser.demo_people import fill_date, sign_in

COLIN, PRIYA = "colin.baker@example.org", "priya.desai@example.org"
PLACEMENTS = "/commissioning/placements"


def _write(demo: Demo, page: Page) -> None:
    page.get_by_label("Status").select_option(label="Agreement to be signed")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("row").filter(has_text="Harbour Tutors").get_by_role("link").click()
    demo.inspect(page, "placement-2-draft")
    page.get_by_role("button", name="Write the agreement").click()
    page.get_by_label("The learner's code in your own system").fill("Zara")
    page.get_by_role("button", name="Save the agreement").click()
    demo.inspect(page, "placement-3-agreement-errors")
    page.get_by_label("The learner's code in your own system").fill("SEND-77")
    page.get_by_label("What does the placement rest on?").select_option(index=3)
    page.get_by_label("Outcomes").fill("Reads for ten minutes a day.")
    fill_date(page, "Admission date", "2027-1-11")
    page.get_by_role("button", name="Save the agreement").click()
    page.get_by_role("link", name="Change hours and fees").click()
    page.get_by_label("Hours a week").fill("7.5")
    page.get_by_label("Weeks a year").fill("36")
    page.get_by_label("Education").fill("9000")
    demo.inspect(page, "placement-4-part")
    page.get_by_role("button", name="Save hours and fees").click()


def _sign(demo: Demo, page: Page) -> None:
    page.get_by_role("link", name="Make the agreement as a Word or PDF document").click()
    demo.inspect(page, "placement-5-document")
    here = page.url
    for choice, ending in (("Word, to be edited", ".docx"), ("PDF, to be printed or signed", ".pdf")):
        page.goto(here)
        page.get_by_label("Learner's full name").fill("Somebody Invented")
        page.get_by_label(choice).check()
        with page.expect_download() as made:
            page.get_by_role("button", name="Make the document").click()
        assert made.value.suggested_filename.endswith(ending)
    page.get_by_role("link", name="Placement P-").click()
    page.get_by_role("button", name="Record the signatures").click()
    fill_date(page, "On which day did the last party sign?", "2026-11-23")
    page.get_by_role("button", name="Record the signatures").click()
    expect(page.locator("main")).to_contain_text("The signatures are recorded, and the reviews are planned.")
    demo.inspect(page, "placement-6-signed")


def _look_around(demo: Demo, page: Page) -> None:
    for path, name in (
        (f"{PLACEMENTS}/new-package", "7-new-package"),
        ("/commissioning/contracts", "8-contracts"),
        ("/commissioning/contracts/new", "9-new-contract"),
        (f"{PLACEMENTS}?words=nothing", "10-empty"),
    ):
        page.goto(f"{demo.url}{path}")
        demo.inspect(page, f"placement-{name}")
    page.goto(f"{demo.url}{PLACEMENTS}/calendar")
    page.get_by_role("button", name="Make a link").click()
    demo.inspect(page, "placement-11-calendar")
    page.goto(f"{demo.url}{PLACEMENTS}?kind=alternative")
    page.get_by_role("row").filter(has_text="SEND-").get_by_role("link").click()
    demo.inspect(page, "placement-12-alternative")
    for link, name in (("Record", "13-review"), ("Move or call off", "14-move")):
        page.get_by_role("link", name=link).first.click()
        demo.inspect(page, f"placement-{name}")
        page.go_back()
    page.get_by_role("link", name="End this placement").click()
    page.get_by_role("button", name="End this placement").click()
    demo.inspect(page, "placement-15-end-errors")


def test_a_placement_is_agreed_signed_and_reviewed(demo: Demo) -> None:
    """R28"""
    page = demo.window()
    sign_in(demo, page, COLIN, PLACEMENTS)
    demo.inspect(page, "placement-1-list")
    page.locator("summary").filter(has_text="Filter this list").click()
    _write(demo, page)
    _sign(demo, page)
    _look_around(demo, page)
    supplier = demo.window()
    sign_in(demo, supplier, PRIYA, "/placements")
    demo.inspect(supplier, "placement-16-own-list")
    supplier.get_by_role("row").filter(has_text="P-").first.get_by_role("link").click()
    demo.inspect(supplier, "placement-17-own")
