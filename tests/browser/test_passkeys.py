"""Passkeys in a real browser, with an authenticator that the browser itself plays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from kernel import audit
from people.queries.factors import passkeys_of
from people.queries.sessions import sessions_of
from people.rules.factors import step_at
from tests.browser.live import PHONE, Live, faults, open_page, running_hub

STRONG_PAGE = "/operations"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with running_hub(tmp_path, "localhost", second_factor=True) as live:
        yield live


@dataclass
class Device:
    """A laptop that makes passkeys: one browser window with an authenticator that knows its owner."""

    page: Page
    tool: CDPSession
    id: str = field(default="")

    def __post_init__(self) -> None:
        self.tool.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self.tool.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        """Return the passkeys on the device."""
        told = self.tool.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        found: list[dict[str, Any]] = told["credentials"]
        return found

    def copy_in(self, credential: dict[str, Any]) -> None:
        """Put a passkey onto the device that was taken from another."""
        self.tool.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential})

    def forget_owner(self) -> None:
        """Let the device not recognise whoever sits in front of it."""
        self.tool.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})


def _device(page: Page) -> Device:
    return Device(page, page.context.new_cdp_session(page))


def _register(device: Device, live: Live, person: str, name: str = "Work laptop") -> None:
    live.sign_in(device.page.context, person)
    device.page.goto(f"{live.url}/account/second-factor")
    device.page.get_by_role("button", name="Add a passkey").click()
    device.page.get_by_label("Name for this passkey").fill(name)
    device.page.get_by_role("button", name="Add a passkey").click()


def _sign_out(context: BrowserContext) -> None:
    context.clear_cookies()


def _sign_in(device: Device, live: Live) -> None:
    device.page.goto(f"{live.url}/sign-in")
    device.page.get_by_role("button", name="Sign in with a passkey").click()


def test_a_passkey_signs_in_without_a_link_and_counts_as_strong(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        device = _device(page)
        _register(device, live, live.village.administrator)
        expect(page.get_by_role("heading", level=1)).to_have_text("Save your recovery codes")
        assert page.locator(".hub-codes li").count() == 10
        assert faults(page) == []
        page.get_by_role("button", name="I have saved them").click()
        expect(page.get_by_role("rowheader")).to_have_text("Work laptop")
        _sign_out(page.context)
        page.goto(f"{live.url}{STRONG_PAGE}")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page).to_have_url(f"{live.url}{STRONG_PAGE}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Operations")
    with live.ground.read() as session:
        cards = sessions_of(session, live.village.administrator, live.ground.clock.now())
        (passkey,) = passkeys_of(session, live.village.administrator)
    assert "passkey" in [card.means for card in cards if card.is_strong]
    assert passkey.sign_count > 0


def test_a_passkey_is_the_second_factor_after_a_link(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        device = _device(page)
        _register(device, live, live.village.administrator)
        expect(page.get_by_role("heading", level=1)).to_have_text("Save your recovery codes")
        live.sign_in(page.context, live.village.administrator, is_strong=False)
        page.goto(f"{live.url}{STRONG_PAGE}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Prove that it is you")
        assert faults(page) == []
        page.get_by_role("button", name="Use a passkey").click()
        expect(page).to_have_url(f"{live.url}{STRONG_PAGE}")


def test_a_copied_passkey_is_found_out_by_its_count(live: Live, browser: Browser) -> None:
    with open_page(browser) as page, open_page(browser) as other:
        device, thief = _device(page), _device(other)
        _register(device, live, live.village.administrator)
        expect(page.get_by_role("heading", level=1)).to_have_text("Save your recovery codes")
        (copied,) = device.credentials()
        for _ in range(2):
            _sign_out(page.context)
            _sign_in(device, live)
            expect(page.get_by_role("heading", level=1)).to_contain_text("Ada")
        thief.copy_in(copied)
        _sign_in(thief, live)
        expect(other.get_by_text("That passkey did not work here.")).to_be_visible()


def test_a_removed_passkey_lets_nobody_in(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        device = _device(page)
        _register(device, live, live.village.administrator)
        page.get_by_role("button", name="I have saved them").click()
        page.get_by_role("link", name="Remove Work laptop").click()
        assert faults(page) == []
        page.get_by_role("button", name="Remove the passkey").click()
        expect(page.get_by_role("alert")).to_contain_text("The passkey is removed.")
        _sign_out(page.context)
        _sign_in(device, live)
        expect(page.get_by_text("That passkey did not work here.")).to_be_visible()


def test_whoever_the_device_does_not_know_gets_nowhere(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        device = _device(page)
        _register(device, live, live.village.administrator)
        expect(page.get_by_role("heading", level=1)).to_have_text("Save your recovery codes")
        _sign_out(page.context)
        device.forget_owner()
        _sign_in(device, live)
        expect(page.get_by_role("alert")).to_contain_text("Your device did not confirm")
        expect(page).to_have_url(f"{live.url}/sign-in")


def test_an_answer_counts_once_and_only_for_its_own_browser_and_person(live: Live, browser: Browser) -> None:
    """What the script sends is caught and sent again: by the same browser, by another, by another person."""
    with open_page(browser) as page:
        device = _device(page)
        _register(device, live, live.village.administrator)
        expect(page.get_by_role("heading", level=1)).to_have_text("Save your recovery codes")
        _sign_out(page.context)
        page.goto(f"{live.url}/sign-in")
        page.evaluate("HTMLFormElement.prototype.submit = () => {}")
        page.get_by_role("button", name="Sign in with a passkey").click()
        answer = page.locator("form[data-passkey] input[name=answer]")
        expect(answer).not_to_have_value("")
        caught = answer.input_value()
        assert json.loads(caught)["type"] == "public-key"
        assert _send(live, browser, caught) == "/sign-in", "another browser was given another challenge"
        assert _again(page, live, caught) == "/"
        _sign_out(page.context)
        page.goto(f"{live.url}/sign-in")
        assert _again(page, live, caught) == "/sign-in"


def _again(page: Page, live: Live, answer: str) -> str:
    token = page.locator("form[data-passkey] input[name=csrf_token]").input_value()
    form: dict[str, str | float | bool] = {"csrf_token": token, "answer": answer}
    told = page.context.request.post(f"{live.url}/sign-in/passkey", form=form, max_redirects=0)
    return told.headers["location"]


def _send(live: Live, browser: Browser, answer: str) -> str:
    with open_page(browser) as other:
        device = _device(other)
        device.page.goto(f"{live.url}/sign-in")
        return _again(other, live, answer)


def test_several_passkeys_have_names_and_one_device_makes_one(live: Live, browser: Browser) -> None:
    with open_page(browser) as page, open_page(browser, PHONE) as phone:
        laptop = _device(page)
        _register(laptop, live, live.village.administrator)
        page.get_by_role("button", name="I have saved them").click()
        page.goto(f"{live.url}/account/passkeys/new")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("alert")).to_contain_text("This device has a passkey for you already.")
        _register(_device(phone), live, live.village.administrator, "My phone")
        expect(phone.get_by_role("alert")).to_contain_text("Your passkey is set up.")
        expect(phone.get_by_role("rowheader")).to_have_text(["Work laptop", "My phone"])
        assert faults(phone) == []


def test_without_scripts_the_page_says_what_else_to_do(live: Live, browser: Browser) -> None:
    with open_page(browser, scripts=False) as page:
        live.sign_in(page.context, live.village.administrator)
        page.goto(f"{live.url}/account/passkeys/new")
        expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
        expect(page.get_by_role("link", name="set up an authenticator app")).to_be_visible()
        page.context.clear_cookies()
        page.goto(f"{live.url}/sign-in")
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_refusals_are_in_the_log_without_names(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        device = _device(page)
        _register(device, live, live.village.administrator)
        expect(page.get_by_role("heading", level=1)).to_have_text("Save your recovery codes")
    with live.ground.read() as session:
        entries = [e for e in audit._entries(session) if e.action == "people.passkey_add"]  # noqa: SLF001 - in order
    assert len(entries) == 1
    assert "laptop" not in entries[0].details


def _look_at_the_rest(page: Page, live: Live) -> None:
    """Set up an app, and look at the pages that are there only then."""
    page.goto(f"{live.url}/account/second-factor/app")
    secret = page.locator("code.hub-key").inner_text().replace(" ", "")
    code = pyotp.TOTP(secret).generate_otp(step_at(live.ground.clock.now()))
    page.get_by_label("Code from your authenticator app").fill(code)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Save your recovery codes")
    for path in ("", "/app", "/app/remove", "/recovery-codes"):
        page.goto(f"{live.url}/account/second-factor{path}")
        assert faults(page) == [], path
    for path in ("/second-factor", "/second-factor/recovery-code"):
        page.goto(f"{live.url}{path}")
        assert faults(page) == [], path


@pytest.mark.parametrize("width", [1280, PHONE])
def test_every_page_of_the_second_factor_can_be_used_by_everybody(live: Live, browser: Browser, width: int) -> None:
    with open_page(browser, width) as page:
        live.sign_in(page.context, live.village.duty_officer)
        for path in ("/second-factor/begin", "/account/second-factor", "/account/second-factor/app"):
            page.goto(f"{live.url}{path}")
            assert faults(page) == [], path
            assert page.get_by_role("heading", level=1).count() == 1
        page.get_by_label("Code from your authenticator app").fill("1")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_contain_text("That code is not right.")
        assert faults(page) == []
        page.get_by_role("link", name="That code is not right.").click()
        expect(page.get_by_label("Code from your authenticator app")).to_be_focused()
        page.goto(f"{live.url}/account/passkeys/new")
        assert faults(page) == []
        _look_at_the_rest(page, live)
        live.sign_in(page.context, live.village.administrator)
        page.goto(f"{live.url}/people/{live.village.duty_officer}/second-factor/reset")
        assert faults(page) == []
        page.context.clear_cookies()
        page.goto(f"{live.url}/sign-in")
        assert faults(page) == []


def test_the_challenge_runs_out(live: Live, browser: Browser) -> None:
    with open_page(browser) as page:
        device = _device(page)
        _register(device, live, live.village.administrator)
        expect(page.get_by_role("heading", level=1)).to_have_text("Save your recovery codes")
        _sign_out(page.context)
        page.goto(f"{live.url}/sign-in")
        page.evaluate("HTMLFormElement.prototype.submit = () => {}")
        page.get_by_role("button", name="Sign in with a passkey").click()
        answer = page.locator("form[data-passkey] input[name=answer]")
        expect(answer).not_to_have_value("")
        live.ground.clock.move(timedelta(minutes=11))  # type: ignore[attr-defined] # the live hub's clock can be moved
        assert _again(page, live, answer.input_value()) == "/sign-in"
