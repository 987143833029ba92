from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Blueprint, Flask, g, render_template_string
from flask.testing import FlaskClient

from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from people.web.guard import public
from tests.hub.web.village import Village, client_of

PAGE = """{% extends 'family.html' %}{% block main %}{{ locale }}{% endblock %}"""


def _pages() -> Blueprint:
    pages = Blueprint("family", __name__)

    @pages.get("/known")
    @public("a page for families whose reader is known by a link")
    def known() -> str:
        g.language = "pl"
        return render_template_string(PAGE)

    @pages.get("/unknown")
    @public("a page for families")
    def unknown() -> str:
        return render_template_string(PAGE)

    return pages


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    return create_app(ground, replace(site, pages=(_pages(),)))


def _html(client: FlaskClient, path: str, accept: str = "en") -> str:
    return client.get(path, headers={"Accept-Language": accept}).get_data(as_text=True)


def test_a_page_speaks_the_language_of_the_person_the_link_was_sent_to(client: FlaskClient) -> None:
    assert '<html lang="pl" dir="ltr"' in _html(client, "/known")


def test_the_switch_wins_and_is_remembered(client: FlaskClient) -> None:
    assert '<html lang="ur" dir="rtl"' in _html(client, "/known?lang=ur")
    assert '<html lang="ur" dir="rtl"' in _html(client, "/known")


def test_without_more_the_browser_says_the_language(client: FlaskClient) -> None:
    assert '<html lang="pl"' in _html(client, "/unknown", "fr, pl;q=0.8, en;q=0.5")
    assert '<html lang="en"' in _html(client, "/unknown", "fr")


def test_an_unknown_language_is_not_taken(client: FlaskClient) -> None:
    assert '<html lang="en"' in _html(client, "/unknown?lang=xx")


def test_right_to_left_pages_get_the_mirrored_style_sheet(client: FlaskClient) -> None:
    assert "hub.rtl.css" in _html(client, "/unknown?lang=ur")
    assert "hub.rtl.css" not in _html(client, "/unknown?lang=pl")


def test_the_switch_keeps_the_rest_of_the_address(client: FlaskClient) -> None:
    page = _html(client, "/unknown?part=2&lang=pl")
    assert 'href="/unknown?part=2&amp;lang=ur"' in page
    assert ">اردو</a>" in page
    assert ">Polski</span>" in page


def test_staff_pages_are_english_whatever_the_browser_says(app: Flask, village: Village) -> None:
    client = client_of(app, village.coordinator)
    assert '<html lang="en" dir="ltr"' in _html(client, "/", "ur")
    assert '<html lang="en" dir="ltr"' in _html(client, "/none-such", "ur")
