import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.services.browser import NAMES, BrowserMissingError, browser_reason, running_browser


def test_renders_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.goto("data:text/html,<h1>Dobry</h1><script>document.title = 1 + 1</script>")
    assert page.inner_text("h1") == "Dobry"
    assert page.title() == "2"
    page.close()


def test_says_plainly_that_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    reason = browser_reason()
    assert reason is not None
    assert all(name in reason for name in NAMES)
    with pytest.raises(BrowserMissingError, match=re.escape(reason)), running_browser():
        pass


def test_says_that_the_path_given_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM_PATH", str(tmp_path / "nowhere"))
    assert str(browser_reason()).startswith("CHROMIUM_PATH is ")
