from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from channels.sandbox.answer import sms_in
from hub.web.site import EXTENSION, Site
from tests.browser.live import PHONE, WIDE, Live, faults, open_page
from tests.hub.web.village import PARENT_PHONE

WIDTHS = pytest.mark.parametrize("width", [WIDE, PHONE])


@pytest.fixture
def busy(live: Live, browser: Browser) -> Live:
    """A hub in which something waits everywhere."""
    site: Site = live.app.extensions[EXTENSION]
    for text in ("What is an IPA? " * 8, "he hurt me"):
        sms_in(site.inbox, PARENT_PHONE, text)
    for person in (live.village.parent, live.village.coordinator):
        live.notify(person)
    live.notify(live.village.parent, "slack")
    live.notify(live.village.web_reader, "web")
    with open_page(browser) as page:
        page.goto(f"{live.url}/sandbox?sms={PARENT_PHONE.replace('+', '%2B')}")
        page.wait_for_selector(".hub-bubble:not(.hub-bubble--mine)")
    return live


def _visit(page: Page, live: Live, *paths: str) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        page.goto(live.url + path)
        found[path] = faults(page)
    return found


def _follow_first(page: Page, live: Live, path: str) -> list[str]:
    page.goto(live.url + path)
    page.locator("table a").first.click()
    page.wait_for_url("**" + path + "/*")
    return faults(page)


@WIDTHS
def test_open_pages_can_be_used_by_everybody(live: Live, browser: Browser, width: int) -> None:
    with open_page(browser, width) as page:
        found = _visit(page, live, "/", "/sign-in", "/sign-in/sent", "/none-such", "/l/none", "/sandbox", "/family")
        assert not any(found.values()), found
        page.goto(f"{live.url}/sign-in")
        page.click("text=Send me a link")
        assert page.title().startswith("Error: ")
        assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
        assert faults(page) == []


@WIDTHS
def test_staff_pages_can_be_used_by_everybody(busy: Live, browser: Browser, width: int) -> None:
    village = busy.village
    with open_page(browser, width) as page:
        busy.sign_in(page.context, village.coordinator)
        found = _visit(page, busy, "/", "/questions", "/messages", "/inbox", "/operations")
        found["a question"] = _follow_first(page, busy, "/questions")
        found["a message"] = _follow_first(page, busy, "/messages")
        busy.sign_in(page.context, village.duty_officer)
        found |= _visit(page, busy, "/worries")
        found["a worry"] = _follow_first(page, busy, "/worries")
        busy.sign_in(page.context, village.administrator)
        found["/operations"] = _visit(page, busy, "/operations")["/operations"]
        busy.sign_in(page.context, village.web_reader)
        found["an inbox"] = _visit(page, busy, "/inbox")["/inbox"]
    assert not any(found.values()), found


@WIDTHS
def test_urdu_runs_from_right_to_left(live: Live, browser: Browser, width: int) -> None:
    with open_page(browser, width) as page:
        page.goto(f"{live.url}/family")
        page.click("text=اردو")
        assert page.evaluate("document.documentElement.dir") == "rtl"
        circle, text = (page.locator(each).first.bounding_box() for each in (".govuk-radios__input", "text=بالکل نہیں"))
        assert circle is not None
        assert text is not None
        assert circle["x"] > text["x"], "the circle stands to the right of its words"
        assert faults(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_folds_on_a_phone_also_without_scripts(live: Live, browser: Browser, scripts: bool) -> None:
    with open_page(browser, PHONE, scripts=scripts) as page:
        live.sign_in(page.context, live.village.coordinator)
        page.goto(live.url)
        link = page.get_by_role("navigation", name="Main menu").get_by_text("Message history")
        assert not link.is_visible()
        page.click("summary:has-text('Menu')")
        link.click()
        page.wait_for_url("**/messages")


def test_account_menu_and_search_work_by_keyboard_alone(live: Live, browser: Browser) -> None:
    with open_page(browser, scripts=False) as page:
        live.sign_in(page.context, live.village.coordinator)
        page.goto(live.url)
        page.get_by_label("Search the hub").focus()
        page.keyboard.type("nobody of that name")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search")
        assert page.get_by_label("What are you looking for?").input_value() == "nobody of that name"
        out = page.get_by_role("button", name="Sign out")
        assert not out.is_visible()
        page.locator(".hub-account summary").focus()
        page.keyboard.press("Enter")
        out.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in**")


@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (640, "200%")])
def test_the_shells_pages_fit_a_small_phone_and_large_text(busy: Live, browser: Browser, width: int, size: str) -> None:
    with open_page(browser, width) as page:
        busy.sign_in(page.context, busy.village.coordinator)
        for path in (
            "/",
            "/search",
            "/inbox",
            "/none-such",
            "/accessibility",
            "/privacy",
            "/cookies",
            "/contact",
        ):
            page.goto(busy.url + path)
            page.evaluate("size => document.documentElement.style.fontSize = size", size)
            assert faults(page) == [], path


def test_paper_shows_the_name_of_the_hub_and_no_navigation(busy: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        busy.sign_in(page.context, busy.village.coordinator)
        page.goto(busy.url)
        page.emulate_media(media="print")
        assert page.locator(".hub-header__name").is_visible()
        for part in (".hub-menu--wide", ".hub-menu--narrow", ".hub-header__account", ".hub-footer__links"):
            assert not page.locator(part).is_visible(), part


def test_the_keyboard_can_skip_to_the_page(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        page.goto(f"{live.url}/sign-in")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main-content"


def test_no_page_asks_another_site_for_anything(live: Live, browser: Browser) -> None:
    asked: list[str] = []
    with open_page(browser) as page:
        page.on("request", lambda request: asked.append(request.url))
        for path in ("/", "/sign-in", "/sandbox", "/family?lang=ur"):
            page.goto(live.url + path)
            page.wait_for_load_state("networkidle") if path != "/sandbox" else page.wait_for_timeout(100)
    assert asked
    assert [url for url in asked if not url.startswith(live.url)] == []
