from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Blueprint, Flask

from hub.web.app import create_app
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.maintenance import close_pages, open_pages
from kernel.work import Ground
from people.web.guard import public
from tests.hub.web.village import Village, client_of


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    """The site with a vendor's webhook and a health check beside its pages."""
    vendor, health = Blueprint("vendor", __name__), Blueprint("health", __name__)

    @vendor.post("/webhooks/vendor")
    @public("a test")
    def take() -> str:
        return "taken"

    @health.get("/healthz")
    @public("a test")
    def answer() -> str:
        return "ok"

    return create_app(ground, replace(site, webhooks=(vendor,), pages=(health,)))


def test_every_page_is_closed_and_says_when_it_opens(app: Flask, village: Village, ground: Ground) -> None:
    with ground.work() as work:
        close_pages(work, work.now + timedelta(minutes=30))
    for path in ("/", "/inbox", "/sign-in", "/nowhere"):
        answer = client_of(app, village.coordinator).get(path)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 503, path
        assert "It should be back at 10:30am." in page, path
        assert answer.headers["Retry-After"] == "1800", path
        assert "Nadia" not in page, path


def test_a_family_reads_it_in_its_own_language(app: Flask, ground: Ground) -> None:
    with ground.work() as work:
        close_pages(work, work.now + timedelta(minutes=30))
    page = client_of(app).get("/?lang=pl").get_data(as_text=True)
    assert 'lang="pl"' in page
    assert "10:30" in page


def test_webhooks_and_health_checks_stay_open(app: Flask, ground: Ground) -> None:
    with ground.work() as work:
        close_pages(work)
    client = client_of(app)
    assert client.post("/webhooks/vendor").get_data(as_text=True) == "taken"
    assert client.get("/healthz").get_data(as_text=True) == "ok"
    assert client.get("/branding/0b5a55.css").status_code == 200


def test_what_takes_longer_than_was_said_names_no_time(app: Flask, ground: Ground, clock: FixedClock) -> None:
    with ground.work() as work:
        close_pages(work, work.now + timedelta(minutes=30))
    clock.move(timedelta(minutes=31))
    answer = client_of(app).get("/")
    assert "back at" not in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"] == "300"


def test_it_is_over_for_everybody_at_once(app: Flask, ground: Ground) -> None:
    with ground.work() as work:
        close_pages(work)
        close_pages(work, work.now + timedelta(minutes=5))
    assert client_of(app).get("/").status_code == 503
    with ground.work() as work:
        open_pages(work)
    assert client_of(app).get("/").status_code == 200
