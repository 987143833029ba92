import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class BrowserMissingError(RuntimeError):
    """There is no browser here; the text says what was looked for."""


def browser_reason() -> str | None:
    """Say why no browser can be started, or None when one can."""
    told = os.environ.get("CHROMIUM_PATH")
    if told and not os.access(told, os.X_OK):
        return f"CHROMIUM_PATH is {told}, which cannot be run"
    if _chromium() is None:
        return f"none of {', '.join(NAMES)} is on PATH (Debian: apt-get install chromium, or set CHROMIUM_PATH)"
    return None


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run Debian's Chromium under Playwright's sync API. Raises BrowserMissingError with browser_reason()."""
    reason = browser_reason()
    if reason is not None:
        raise BrowserMissingError(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


def _chromium() -> str | None:
    told = os.environ.get("CHROMIUM_PATH")
    return told or next((path for name in NAMES if (path := shutil.which(name))), None)
