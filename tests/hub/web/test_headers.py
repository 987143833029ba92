from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask import Flask, Response

from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from people.web.guard import public
from tests.hub.web.village import Village, client_of, token_on

PAGES = ("/", "/sign-in", "/sign-in/sent", "/sandbox", "/none-such")


class Inline(HTMLParser):
    """Collects what a strict policy forbids: inline scripts, styles and handlers, and addresses of other sites."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in told):
            self.faults.append(f"<{tag}>")
        self.faults += [f"{tag} {name}" for name in told if name == "style" or name.startswith("on")]
        fetched = told.get("src") or (told.get("href") if tag == "link" else None) or ""
        if re.match(r"(https?:)?//", fetched):
            self.faults.append(f"{tag} {fetched}")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_its_security_headers(app: Flask, path: str) -> None:
    headers = client_of(app).get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", [*PAGES, "/questions", "/worries", "/messages", "/operations", "/inbox"])
def test_no_page_holds_what_the_policy_forbids(app: Flask, village: Village, path: str) -> None:
    for person in (None, village.coordinator, village.duty_officer, village.administrator):
        inline = Inline()
        inline.feed(client_of(app, person).get(path).get_data(as_text=True))
        assert inline.faults == []


def test_over_https_the_browser_is_told_to_stay_there(ground: Ground, site: Site) -> None:
    app = create_app(ground, replace(site, is_https=True))
    answer = client_of(app).get("/sign-in", base_url="https://hub.example.org")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-hub=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


def test_built_files_may_be_kept(app: Flask) -> None:
    page = client_of(app).get("/").get_data(as_text=True)
    found = re.search(r'href="(/static/built/[0-9a-f]{16}/hub\.css)"', page)
    assert found is not None
    answer = client_of(app).get(found[1])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000"
    answer.close()


def test_a_form_without_its_token_is_refused(app: Flask, village: Village) -> None:
    answer = client_of(app, village.coordinator).post("/sign-out")
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert "Nothing was changed." in page
    assert "Go back, reload the page" in page


def test_a_form_over_https_needs_no_referer(ground: Ground, site: Site) -> None:
    """Our own Referrer-Policy keeps browsers from sending one."""
    app = create_app(ground, replace(site, is_https=True))
    client = client_of(app)
    base = "https://hub.example.org"
    page = client.get("/sign-in", base_url=base).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    answer = client.post("/sign-in", base_url=base, data={"csrf_token": found[1], "address": "a@example.org"})
    assert answer.status_code == 303


def test_an_oversized_form_is_refused(app: Flask) -> None:
    answer = client_of(app).post("/sign-in", data={"address": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "That is too long" in answer.get_data(as_text=True)


def test_what_is_not_a_page_is_not_kept_either(app: Flask) -> None:
    @app.get("/a-download")
    @public("a test")
    def download() -> Response:
        return Response("name\nNadia\n", mimetype="text/csv")

    assert client_of(app).get("/a-download").headers["Cache-Control"] == "no-store"


def test_signing_out_clears_what_the_browser_kept(app: Flask, village: Village) -> None:
    client = client_of(app, village.coordinator)
    answer = client.post("/sign-out", data={"csrf_token": token_on(client, "/")})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client_of(app).get("/sign-in").headers


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE"])
def test_methods_that_nobody_uses_are_refused(app: Flask, method: str) -> None:
    assert client_of(app).open("/sign-in", method=method).status_code == 405
