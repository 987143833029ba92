"""What people do in the demo: text, read mail, press buttons in Slack, sign in. Each has a window of their own."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from tests.browser.demo_house import Demo


class _Column:
    """Somebody at one column of the sandbox page."""

    channel: str
    items: str

    def __init__(self, demo: Demo, address: str) -> None:
        self.demo = demo
        self.address = address
        self.page = demo.window()
        self.look()

    def look(self) -> None:
        """Open the page anew."""
        self.page.goto(f"{self.demo.url}/sandbox?{urlencode({self.channel: self.address})}")

    @property
    def got(self) -> Locator:
        """What the hub has sent here."""
        return self.page.locator(self.items)

    def texts(self) -> list[str]:
        """Read what the hub has sent here, in the order of the page."""
        self.look()
        return self.got.all_inner_texts()

    def link(self, words: str = "") -> str:
        """Return where the latest link leads that came in a message with these words."""
        self.look()
        found = self._latest(words, "a[href^='http']").locator("a[href^='http']").first.get_attribute("href")
        assert found is not None
        return found

    def _latest(self, words: str, part: str = ":scope") -> Locator:
        return self.got.filter(has_text=words, has=self.page.locator(part)).last

    def _send(self, box: str, text: str, mine: str) -> list[str]:
        """Write in a box of the column; return what the hub then sends here."""
        before = len(self.texts())
        self.demo.later(seconds=1)
        written = self.page.locator(mine)
        count = written.count()
        self.page.fill(box, text)
        self.page.press(box, "Enter")
        expect(written).to_have_count(count + 1)
        self.demo.later(seconds=1)
        return self.texts()[before:]


class Phone(_Column):
    """A phone."""

    channel = "sms"
    items = "#sandbox-sms .hub-bubble:not(.hub-bubble--mine) .hub-bubble__text"

    def say(self, text: str) -> list[str]:
        """Text the hub; return the texts that come back."""
        return self._send("#sms-body", text, "#sandbox-sms .hub-bubble--mine")


class SlackUser(_Column):
    """Somebody in Slack."""

    channel = "slack"
    items = "#sandbox-slack .hub-post:not(.hub-post--mine)"

    def say(self, text: str) -> list[str]:
        """Write to the hub, directly or by the slash command; return what comes back."""
        return self._send("#slack-body", text, "#sandbox-slack .hub-post--mine")

    def press(self, words: str, button: str) -> str:
        """Press a button of the latest message with these words; return what the hub says to it."""
        self.look()
        self.demo.later(seconds=1)
        self._act(self._latest(words).get_by_role("button", name=button, exact=True))
        return self.texts()[-1]

    def open_form(self, words: str, button: str) -> Locator:
        """Open the form of a button; return it, to be filled and sent."""
        self.look()
        self.demo.later(seconds=1)
        form = self._latest(words).locator("details", has=self.page.locator("summary", has_text=button))
        form.locator("summary").click()
        return form

    def send_form(self, form: Locator) -> str:
        """Send a form that is open; return what the hub says to it."""
        self._act(form.get_by_role("button", name="Send"))
        return self.texts()[-1]

    def _act(self, button: Locator) -> None:
        written = self.page.locator("#sandbox-slack .hub-post--mine")
        count = written.count()
        button.click()
        expect(written).to_have_count(count + 1)
        self.demo.later(seconds=1)


class Mailbox(_Column):
    """A mailbox; its newest letter comes first."""

    channel = "email"
    items = "#sandbox-email .hub-mail"

    def _latest(self, words: str, part: str = ":scope") -> Locator:
        return self.got.filter(has_text=words, has=self.page.locator(part)).first

    def letter(self, words: str) -> str:
        """Read the newest letter that has these words in it."""
        self.look()
        return self._latest(words).inner_text()

    def download(self, words: str, name: str) -> str:
        """Open the file of this name that came with the newest letter that has these words in it."""
        self.look()
        with self.page.expect_download() as under_way:
            self._latest(words).get_by_role("link", name=f"Download {name}").click()
        return Path(under_way.value.path()).read_text()


def sign_in(demo: Demo, page: Page, address: str, path: str = "/") -> None:
    """Ask for a page, sign in by the link that comes by email, and arrive there."""
    if path == "/":
        page.goto(f"{demo.url}/sign-in")
    else:
        page.goto(demo.url + path)
    page.get_by_label("Your email address").fill(address)
    page.get_by_role("button", name="Send me a link").click()
    demo.later(seconds=1)
    page.goto(f"{demo.url}/sandbox?{urlencode({'email': address})}")
    page.locator("#sandbox-email .hub-mail a[href*='/l/']").first.click()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(demo.url + path)


def fill_date(page: Page, label: str, day: str) -> None:
    """Fill the three boxes of a date, given as 2026-12-31."""
    group = page.get_by_role("group", name=label)
    for box, value in zip(("Year", "Month", "Day"), day.split("-"), strict=True):
        group.get_by_label(box).fill(value)
