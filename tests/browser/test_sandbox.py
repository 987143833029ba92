from __future__ import annotations

from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect

from channels.actions.queue_messages import NewMessage
from kernel.clock import ShiftedClock
from people.rules import end_of_quiet
from tests.browser.live import PHONE, Live, faults, open_page
from tests.hub.web.test_inbox import VISIT
from tests.hub.web.village import COORDINATOR_EMAIL, COORDINATOR_SLACK, PARENT_PHONE

CHOSEN = urlencode({"sms": PARENT_PHONE, "email": COORDINATOR_EMAIL, "slack": COORDINATOR_SLACK})


def _open(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/sandbox?{CHOSEN}")


def test_a_message_appears_by_itself(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        _open(page, live)
        live.notify(live.village.parent)
        expect(page.locator("#sandbox-sms")).to_contain_text("News of Seaborough")
        live.notify(live.village.coordinator)
        expect(page.locator("#sandbox-slack")).to_contain_text("There is news of Seaborough.")
        assert page.locator("#sandbox-sms .hub-bubble").count() == 1


def test_a_text_goes_out_while_the_page_stays(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        _open(page, live)
        box = page.get_by_label("Text message to the hub")
        for text in ("What is an IPA?", "Hello?"):
            box.fill(text)
            box.press("Enter")
            expect(page.locator("#sandbox-sms .hub-bubble--mine").last).to_contain_text(text)
            expect(box).to_have_value("")


def test_nothing_to_send_is_said_at_the_box(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        _open(page, live)
        page.get_by_role("button", name="Send text message").click()
        expect(page.get_by_role("alert")).to_have_text("Write something first.")


def test_a_form_is_sent_from_slack(live: Live, browser: Browser) -> None:
    values = {"visit": "v1", "days": [["d1", "Monday 30 November"], ["d2", "Tuesday 1 December"]]}
    with open_page(browser) as page:
        _open(page, live)
        live.send(NewMessage(VISIT, values, person_id=live.village.coordinator))
        page.locator("summary", has_text="Offer another day").click()
        page.get_by_label("Day").select_option("d2")
        page.get_by_label("Why").fill("Half term")
        assert faults(page) == []
        page.locator("#sandbox-slack .hub-press__form button").click()
        expect(page.locator("#sandbox-slack")).to_contain_text("Sent the form. day: d2; why: Half term")


def test_works_by_reload_without_scripts(live: Live, browser: Browser) -> None:
    with open_page(browser, PHONE, scripts=False) as page:
        _open(page, live)
        page.fill("#sms-body", "What is an IPA?")
        page.click("text=Send text message")
        assert "What is an IPA?" in page.inner_text("#sandbox-sms")
        page.select_option("#choose-sms", "+447700900999")
        page.click("text=Show whose phone")
        assert "What is an IPA?" not in page.inner_text("#sandbox-sms")


def _let_it_be_day(live: Live) -> None:
    """Move the clock on to where families get their texts at once, whenever the test is run (V12)."""
    clock = live.ground.clock
    assert isinstance(clock, ShiftedClock)
    until = end_of_quiet(clock.now())
    if until is not None:
        clock.move(until - clock.now())


def test_one_signs_in_through_the_mailbox_and_answers(live: Live, browser: Browser) -> None:
    _let_it_be_day(live)
    with open_page(browser) as family, open_page(browser) as staff:
        _open(family, live)
        family.fill("#sms-body", "What is an IPA?")
        family.press("#sms-body", "Enter")

        staff.goto(f"{live.url}/questions")
        staff.get_by_label("Your email address").fill(COORDINATOR_EMAIL)
        staff.get_by_role("button", name="Send me a link").click()
        staff.goto(f"{live.url}/sandbox?{CHOSEN}")
        staff.locator("#sandbox-email a[href*='/l/']").click()
        staff.get_by_role("button", name="Continue").click()
        staff.get_by_role("link", name="What is an IPA?").click()
        staff.get_by_label("Your answer").fill("It is the agreement for one placement.")
        staff.get_by_role("button", name="Send answer").click()
        expect(staff.get_by_role("alert")).to_contain_text("Your answer is on its way.")

        expect(family.locator("#sandbox-sms")).to_contain_text("It is the agreement for one placement.")


def test_says_when_the_hub_does_not_answer_and_goes_on(live: Live, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        _open(page, live)
        context.set_offline(True)
        expect(page.locator("#sandbox-line")).to_have_text("The hub does not answer. This page goes on trying.")
        context.set_offline(False)
        live.notify(live.village.parent)
        expect(page.locator("#sandbox-sms")).to_contain_text("News of Seaborough")
        expect(page.locator("#sandbox-line")).to_have_text("")


def test_the_clock_can_be_moved(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        _open(page, live)
        before = page.inner_text("#sandbox-now")
        page.get_by_role("button", name="1 day on").click()
        expect(page.locator("#sandbox-now")).not_to_have_text(before)
