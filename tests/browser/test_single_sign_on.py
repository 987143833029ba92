"""Single sign-on as a person sees it: a real browser, a real issuer, and our content-security policy between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from hub.identity_providers import IdentityProvider
from tests.browser.live import PHONE, Live, faults, open_page, running_hub
from tests.hub.web.village import COORDINATOR_EMAIL
from tests.services.identity import Issuer

BUTTON = "Sign in with your council account"


@pytest.fixture
def live(tmp_path: Path, identity_issuer: Issuer) -> Iterator[Live]:
    identity_issuer.tell_accounts(
        {
            "nadia": {"email": COORDINATOR_EMAIL, "email_verified": True},
            "stranger": {"email": "stranger@example.org", "email_verified": True},
        }
    )

    def provider(hub: str) -> IdentityProvider:
        client = identity_issuer.register([f"{hub}/sign-in/with/council/back"], [f"{hub}/sign-in"])
        return IdentityProvider(
            name="council",
            issuer=identity_issuer.address,
            client_id=client.id,
            client_secret=SecretStr(client.secret),
            email_domains=("example.org",),
        )

    with running_hub(tmp_path, "localhost", identity_provider=provider) as live:
        yield live


def _sign_in(page: Page, live: Live, user: str) -> None:
    page.goto(f"{live.url}/questions")
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_label("User").fill(user)
    page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_signs_in_goes_where_it_was_heading_and_signs_out_everywhere(
    live: Live, browser: Browser, scripts: bool
) -> None:
    with open_page(browser, scripts=scripts) as page:
        _sign_in(page, live, "nadia")
        expect(page).to_have_url(f"{live.url}/questions")
        expect(page.get_by_role("heading", level=1)).to_have_text("Questions")
        page.locator("summary.hub-account__name").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You have signed out of the Co-production Hub")
        page.goto(f"{live.url}/questions")
        expect(page.get_by_role("button", name=BUTTON)).to_be_visible()


def test_can_sign_out_of_the_organisation_too(live: Live, browser: Browser) -> None:
    with open_page(browser, scripts=False) as page:
        _sign_in(page, live, "nadia")
        page.locator("summary.hub-account__name").click()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="sign out there too").click()
        page.get_by_role("button", name="Yes, sign me out").click()
        expect(page).to_have_url(f"{live.url}/sign-in")
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_label("User")).to_be_visible()


@pytest.mark.parametrize("width", [1280, PHONE])
def test_its_pages_can_be_used_by_everybody(live: Live, browser: Browser, width: int) -> None:
    with open_page(browser, width) as page:
        page.goto(f"{live.url}/sign-in")
        assert faults(page) == []
        _sign_in(page, live, "stranger")
        expect(page.get_by_role("heading", level=1)).to_have_text("You do not have an account yet")
        assert faults(page) == []
        page.goto(f"{live.url}/sign-in/with/council/back?state=x")
        expect(page.get_by_role("heading", level=1)).to_have_text("We could not sign you in")
        assert faults(page) == []
        page.goto(f"{live.url}/signed-out/council")
        assert faults(page) == []
