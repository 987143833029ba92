"""Somebody with a browser who signs in at a real identity provider and comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_HUB = "https://hub.example.org"
_PATIENCE_S = 10
_MOST_STEPS = 10


@dataclass
class Visitor:
    """A browser with two sites open: the hub (through its test client) and the identity provider (over HTTP)."""

    hub: FlaskClient
    outside: requests.Session = field(default_factory=requests.Session)

    def start(self, name: str = "council") -> str:
        """Press the button on the hub's page of signing in; return where it leads."""
        answer = self.hub.get(f"/sign-in/with/{name}")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.headers["Location"]

    def sign_in_there(self, url: str, user: str, code: str = "") -> str:
        """Sign in at the identity provider; return the hub's address to which it sends the browser back."""
        page = self.outside.get(url, timeout=_PATIENCE_S)
        assert "<form" in page.text, page.text
        answer = self.outside.post(
            page.url, data={"user": user, "code": code}, timeout=_PATIENCE_S, allow_redirects=False
        )
        for _ in range(_MOST_STEPS):
            target = urljoin(answer.url, answer.headers["Location"])
            if target.startswith(_HUB):
                return target
            answer = self.outside.get(target, timeout=_PATIENCE_S, allow_redirects=False)
        raise AssertionError("the identity provider never sends the browser back")

    def come_back(self, url: str) -> TestResponse:
        """Follow the identity provider's redirect to the hub."""
        parts = urlsplit(url)
        return self.hub.get(f"{parts.path}?{parts.query}")

    def sign_in(self, user: str, code: str = "") -> TestResponse:
        """Sign in from the first press to the hub's answer."""
        return self.come_back(self.sign_in_there(self.start(), user, code))

    def heading(self, path: str = "/") -> str:
        """Return the heading of a page of the hub."""
        return heading_of(self.hub.get(path, follow_redirects=True))


def heading_of(answer: TestResponse) -> str:
    """Return the one heading of a page."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", answer.get_data(as_text=True), re.DOTALL)
    assert len(found) == 1
    return str(found[0]).strip()
