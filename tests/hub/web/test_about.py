from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from tests.hub.web.village import Village, client_of

PAGES = ("/accessibility", "/privacy", "/cookies", "/contact")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("pl", "ltr"), ("ur", "rtl")])
def test_everybody_reads_them_in_their_language(app: Flask, path: str, code: str, direction: str) -> None:
    english = client_of(app).get(f"{path}?lang=en").get_data(as_text=True)
    answer = client_of(app).get(f"{path}?lang={code}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f'<html lang="{code}" dir="{direction}"' in page
    heading = english.split("<h1", 1)[1].split("</h1>")[0]
    assert (heading in page) is (code == "en")


def test_every_page_links_to_them(app: Flask, village: Village) -> None:
    for page in (client_of(app).get("/"), client_of(app, village.coordinator).get("/"), client_of(app).get("/nowhere")):
        for path in PAGES:
            assert f'href="{path}"' in page.get_data(as_text=True)


def test_staff_read_them_in_their_own_frame(app: Flask, village: Village) -> None:
    assert "Sign out" in client_of(app, village.coordinator).get("/accessibility").get_data(as_text=True)


def test_says_where_to_write_if_it_is_set(ground: Ground, site: Site, app: Flask) -> None:
    told = create_app(ground, replace(site, contact_email="help@example.org"))
    assert "mailto:help@example.org" in client_of(told).get("/accessibility").get_data(as_text=True)
    assert "mailto:" not in client_of(app).get("/accessibility").get_data(as_text=True)


def test_the_statement_has_the_sections_of_the_model_statement(app: Flask) -> None:
    page = client_of(app).get("/accessibility").get_data(as_text=True)
    for words in (
        "How accessible it is",
        "Equality Advisory and Support Service",
        "partially compliant with the Web Content Accessibility Guidelines version 2.2, level AA",
        "This statement was prepared on",
    ):
        assert words in page
