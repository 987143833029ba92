from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.serving import own_branding
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from tests.hub.web.village import Village, client_of, token_on

GOOD = {"name": "Seaborough Hub", "council": "Seaborough Council", "colour": "1D70B8"}


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    return create_app(ground, replace(site, own_branding=own_branding))


def _save(client: FlaskClient, council_id: str, **fields: str) -> TestResponse:
    path = f"/administration/councils/{council_id}"
    return client.post(path, data={**GOOD, **fields, "csrf_token": token_on(client, "/administration/channels")})


def test_a_council_gets_a_look_of_its_own_and_gives_it_back(app: Flask, village: Village) -> None:
    client = client_of(app, village.administrator)
    assert _save(client, village.council).status_code == 303
    page = client_of(app, village.coordinator).get("/").get_data(as_text=True)
    assert "Seaborough Hub" in page, "the forum belongs to the council"
    assert "/branding/1d70b8.css" in page
    assert "Seaborough Hub" not in client_of(app, village.other_coordinator).get("/").get_data(as_text=True)
    assert _save(client, village.council, do="take_away").status_code == 303
    assert "Seaborough Hub" not in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("colour", "yellow", "Enter a colour as #"),
        ("colour", "#ffdd00", "White text cannot be read well"),
        ("name", " ", "Enter the name that stands at the top"),
        ("name", "x" * 61, "60"),
        ("council", "x" * 61, "60"),
    ],
)
def test_a_look_that_cannot_be_is_told_at_the_field(
    app: Flask, village: Village, field: str, value: str, words: str
) -> None:
    answer = _save(client_of(app, village.administrator), village.council, **{field: value})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "<title>Error: " in page
    assert words in page


def test_nobody_changes_a_council_that_is_not_theirs(app: Flask, village: Village) -> None:
    client = client_of(app, village.administrator)
    for other in (village.other_council, village.forum, "none"):
        assert client.get(f"/administration/councils/{other}").status_code == 404
        assert _save(client, other).status_code == 404


def test_the_list_links_only_to_ones_own(app: Flask, village: Village) -> None:
    page = client_of(app, village.administrator).get("/administration/councils").get_data(as_text=True)
    assert f"/administration/councils/{village.council}" in page
    assert "Hillborough" in page
    assert f"/administration/councils/{village.other_council}" not in page
