"""Coming in: staff by a code where the link was opened elsewhere, families without their link, in their language."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.demo_house import Demo
from tests.browser.demo_people import Mailbox, Phone, sign_in
from tests.browser.test_slice_survey import COORDINATOR, HINA, _start


def _number_in(text: str) -> str:
    found = re.search(r"\b(\d{6})\b", text)
    assert found is not None
    return found[1]


def _ask(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.url}/sign-in")
    page.get_by_label("Your email address").fill(COORDINATOR)
    page.get_by_role("button", name="Send me a link").click()
    demo.later(seconds=1)


def test_a_link_opened_elsewhere_explains_and_the_code_lets_in_where_it_was_asked(demo: Demo) -> None:
    asking, elsewhere = demo.window(), demo.window()
    _ask(demo, asking)
    demo.inspect(asking, "sign-in-1-sent")
    elsewhere.goto(Mailbox(demo, COORDINATOR).link("sign in"))
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Open this link where you asked for it")
    demo.inspect(elsewhere, "sign-in-2-elsewhere")

    asking.get_by_label("Code from the email").fill("000 001")
    asking.get_by_role("button", name="Sign in").click()
    expect(asking).to_have_title(re.compile("^Error: "))
    demo.inspect(asking, "sign-in-3-wrong")
    letter = Mailbox(demo, COORDINATOR).letter("sign in").partition("type this code there")[2]
    asking.get_by_label("Code from the email").fill(_number_in(letter))
    asking.get_by_role("button", name="Sign in").click()
    expect(asking).to_have_url(f"{demo.url}/")


def test_one_sees_where_one_is_signed_in_and_ends_it(demo: Demo) -> None:
    first, second = demo.window(), demo.window()
    sign_in(demo, first, COORDINATOR, "/account")
    sign_in(demo, second, COORDINATOR, "/account")
    expect(second.get_by_role("button", name="Sign out all other browsers")).to_be_visible()
    demo.inspect(second, "account")
    second.get_by_role("button", name="Sign out all other browsers").click()
    expect(second.get_by_role("alert")).to_contain_text("All other browsers are signed out.")
    first.goto(f"{demo.url}/account")
    expect(first.get_by_role("status")).to_contain_text("You were signed out")
    demo.inspect(first, "account-signed-out")


def test_a_family_comes_back_without_their_link_in_their_language(demo: Demo) -> None:
    staff, parent = demo.window(), demo.window(width=320)
    _start(demo, staff)
    parent.goto(f"{demo.url}/my-answers?lang=ur")
    demo.inspect(parent, "come-back-1-ask")
    assert parent.evaluate("document.documentElement.dir") == "rtl"
    parent.locator("#address").fill("the usual")
    parent.locator("form button").click()
    expect(parent.locator(".govuk-error-summary")).to_be_focused()
    demo.inspect(parent, "come-back-2-wrong")
    parent.locator("#address").fill(HINA)
    parent.locator("form button").click()
    demo.inspect(parent, "come-back-3-code")
    demo.later(seconds=1)
    parent.locator("#code").fill(_number_in(Phone(demo, HINA).texts()[-1]))
    parent.locator("form button").click()
    expect(parent).to_have_url(f"{demo.url}/my-answers/open")
    demo.inspect(parent, "come-back-4-open")
    parent.locator("form button").first.click()
    expect(parent).to_have_url(re.compile("/s/"))
    parent.goto(f"{demo.url}/my-answers/open")
    parent.locator("form button").last.click()
    demo.inspect(parent, "come-back-5-closed")
    parent.goto(f"{demo.url}/my-answers/open")
    expect(parent).to_have_url(f"{demo.url}/my-answers")
