"""Walks the site as one person: from their home along every link, looking at each page as everybody must use it."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urldefrag, urlsplit

from flask import Flask
from playwright.sync_api import Error, Page, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.browser.live import WIDE, faults

ROOT = Path(__file__).resolve().parents[2]
HTML_VALIDATE = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
RULES = ROOT / "tests/browser/html-validate.json"
NARROW = 320
OF_EACH = 2
"""How many pages of one view are looked at: a second one has other content, a tenth has nothing new."""
READ_OF_EACH = 12
"""How many more pages of one view are read for where they lead, without a look at them."""
LEFT_ALONE = ("sandbox.", "static", "sign_in.sign_out")
"""Not part of the site that people use, or the end of the walk."""

_HREF = re.compile(r'<a [^>]*?href="([^"]+)"')
_NAMED_ALIKE = """() => {
  const named = new Map();
  for (const link of document.querySelectorAll('main a[href]')) {
    const name = (link.getAttribute('aria-label') || link.textContent).replace(/\\s+/g, ' ').trim();
    named.set(name, (named.get(name) || new Set()).add(link.href));
  }
  return [...named].filter(([, where]) => where.size > 1).map(([name]) => name);
}"""
_FOLLOW_FOCUS = """() => {
  window.focused = [];
  document.addEventListener('focusin', () => {
    const seen = document.activeElement, style = getComputedStyle(seen);
    const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    const around = seen.closest('.govuk-radios__item, .govuk-checkboxes__item');
    window.focused.push([seen.outerHTML.slice(0, 120), marked || around !== null]);
  });
  document.addEventListener('focusout', (left) => left.relatedTarget || window.focused.push(null));
}"""
_FOCUSED = """() => [...window.focused.splice(0), ...(document.activeElement === document.body ? [null] : [])]"""
_STEPS = 12
"""How often Tab is pressed before it is asked where the focus was meanwhile."""
_FORMS = """() => [...document.querySelectorAll('main form[method=post]')].map((form, number) => [number,
  [...form.querySelectorAll('input:not([type=hidden]), select, textarea')].length]).filter(([, asked]) => asked)
  .map(([number]) => number)"""
_EMPTY = """(number) => {
  const form = document.querySelectorAll('main form[method=post]')[number];
  for (const field of form.querySelectorAll('input:not([type=hidden]), textarea')) {
    if (['radio', 'checkbox'].includes(field.type)) field.checked = false;
    else if (field.type !== 'submit') field.value = '';
  }
  form.noValidate = true;
  HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass
class Walk:
    """What one person saw: the views they reached, how often, the faults found, and the pages as they were sent."""

    page: Page
    url: str
    map: Flask
    reached: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)
    forms: dict[str, list[int]] = field(default_factory=dict)
    errors_shown: Counter[str] = field(default_factory=Counter)

    def from_here(self, *starts: str) -> None:
        """Follow every link from these paths on, until nothing new is to be seen; then send the forms with nothing."""
        waiting, seen = list(starts), set(starts)
        while waiting:
            path = waiting.pop(0)
            view = self.view_of(path)
            if view is None or view.startswith(LEFT_ALONE):
                continue
            for link in self._links_of(path, view):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)
        for path, numbers in self.forms.items():
            for number in numbers:
                self._send_empty(path, number)

    def _links_of(self, path: str, view: str) -> list[str]:
        """Look at the first pages of a view, read some more, leave the rest."""
        if self.reached[view] < OF_EACH:
            return self.look_at(path, view)
        self.read[view] += 1
        return self._links_as_sent(path) if self.read[view] <= READ_OF_EACH else []

    def view_of(self, path: str) -> str | None:
        """Return the name of the view that answers a path, None where there is none."""
        try:
            endpoint, _ = self.map.url_map.bind("localhost").match(urlsplit(path).path)
        except RequestRedirect:
            return None
        except HTTPException:
            self.faults.append(f"{path} leads nowhere")
            return None
        return str(endpoint)

    def look_at(self, path: str, view: str) -> list[str]:
        """Look at one page in every way; return the paths to which it links."""
        self.reached[view] += 1
        answer = self.page.request.get(self.url + path, max_redirects=0)
        if "text/html" not in answer.headers.get("content-type", ""):
            return []
        if 300 <= answer.status < 400:
            target = answer.headers.get("location", "")
            return [target] if target.startswith("/") else []
        if answer.status != 200:
            self.faults.append(f"{path} answers {answer.status}")
            return []
        self.sent[path] = answer.text()
        self.page.goto(self.url + path)
        links = self._links()
        self.inspect(path)
        if self.reached[view] == 1:
            self.forms[path] = self.page.evaluate(_FORMS)
            self._keyboard(path)
        return links

    def inspect(self, path: str) -> None:
        """Look at the page that is open, wide, narrow and with large letters."""
        page = self.page
        self._blame(path, faults(page))
        self._blame(path, [f"two links are called {name!r}" for name in page.evaluate(_NAMED_ALIKE)])
        headings = page.locator("h1").count()
        self._blame(path, [] if headings == 1 else [f"{headings} first headings"])
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        self._blame(f"{path} with large letters", self._too_wide())
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": NARROW, "height": 900})
        self._blame(f"{path} at {NARROW}", faults(page))
        page.set_viewport_size({"width": WIDE, "height": 900})

    def _too_wide(self) -> list[str]:
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [f"{wider} pixels wider than the window"] if wider > 0 else []

    def _blame(self, path: str, found: Iterable[str]) -> None:
        self.faults.extend(f"{path}: {fault}" for fault in found)

    def _links_as_sent(self, path: str) -> list[str]:
        """Return the paths to which a page links that no browser opens."""
        answer = self.page.request.get(self.url + path, max_redirects=0)
        if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            return []
        found = (unescape(link).removeprefix(self.url) for link in _HREF.findall(answer.text()))
        return list(dict.fromkeys(urldefrag(link).url for link in found if link.startswith("/")))

    def _links(self) -> list[str]:
        found: list[str] = self.page.evaluate("[...document.querySelectorAll('a[href]')].map((link) => link.href)")
        own = (urldefrag(link).url.removeprefix(self.url) or "/" for link in found if link.startswith(self.url))
        return list(dict.fromkeys(own))

    def _keyboard(self, path: str) -> None:
        """Tab through the whole page: everything is reached, the focus is seen, and there is a way out."""
        page = self.page
        stops = page.locator(
            "a[href]:visible, button:visible:not([disabled]), input:visible:not([type=hidden]):not([disabled]), "
            "select:visible, textarea:visible, summary:visible"
        ).count()
        page.evaluate(_FOLLOW_FOCUS)
        reached = 0
        for _ in range(0, 2 * stops + 20, _STEPS):
            for _ in range(_STEPS):
                page.keyboard.press("Tab")
            told = page.evaluate(_FOCUSED)
            places = list(takewhile(bool, told))
            reached += len(places)
            self._blame(path, [f"the focus cannot be seen on {what}" for what, is_seen in places if not is_seen])
            if len(places) < len(told):
                break
        else:
            self._blame(path, ["the keyboard cannot leave the page"])
        self._blame(path, [] if reached else ["the keyboard reaches nothing"])

    def _send_empty(self, path: str, number: int) -> None:
        """Send a form of the page with nothing in it, and look at what it says."""
        page = self.page
        page.goto(self.url + path)
        if number not in page.evaluate(_FORMS):
            return  # what was sent before has ended it
        files: list[str] = []

        def keep(answer: Response) -> None:
            if answer.headers.get("content-disposition", "").startswith("attachment"):
                files.append(answer.url)

        page.on("response", keep)
        try:
            with page.expect_navigation():
                page.evaluate(_EMPTY, number)
        except Error:
            if files:
                return  # a file came instead of a page
            raise
        finally:
            page.remove_listener("response", keep)
        if not page.title().startswith("Error: "):
            return
        self.errors_shown[path] += 1
        focused = page.evaluate("document.activeElement.className")
        self._blame(path, [] if "govuk-error-summary" in focused else ["the error summary does not take the focus"])
        self.inspect(f"{path} sent empty")


def html_faults(sent: dict[str, str]) -> list[str]:
    """Return what html-validate finds wrong with these pages, by path."""
    with TemporaryDirectory() as folder:
        names = {}
        for number, (path, text) in enumerate(sent.items()):
            file = Path(folder) / f"{number}.html"
            file.write_text(text)
            names[file.name] = path
        told = subprocess.run(  # noqa: S603 - our own tool on our own pages
            [_node(), HTML_VALIDATE, "--config", RULES, "--formatter", "text", folder],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    lines = [line for line in told.stdout.splitlines() if line.strip()]
    if told.returncode and not lines:
        raise RuntimeError(told.stderr)
    return [_with_path(line, names) for line in lines]


def _with_path(line: str, names: dict[str, str]) -> str:
    file, _, rest = line.partition(":")
    return f"{names.get(Path(file).name, file)}:{rest}"


def _node() -> str:
    own = ROOT / ".node/bin/node"
    return str(own) if own.exists() else "node"
