from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel.work import Ground
from people.model import Role
from tests.fps.world import member
from tests.hub.web.village import Village, client_of, token_on

PATH = "/administration/api-tokens"
GOOD: dict[str, str | list[str]] = {
    "name": "Case system",
    "scopes": ["register.read"],
    "last_day": ["31", "3", "2027"],
}


def _make(client: FlaskClient, council_id: str, **fields: str | list[str]) -> TestResponse:
    token = token_on(client, f"{PATH}/new")
    return client.post(f"{PATH}/new", data={"organisation": council_id, **GOOD, **fields, "csrf_token": token})


def _secret(answer: TestResponse) -> str:
    found = re.search(r"hub_[A-Za-z0-9_-]{43}", answer.get_data(as_text=True))
    assert found
    return found[0]


def test_a_token_is_shown_once_listed_by_its_beginning_and_revoked(app: Flask, village: Village) -> None:
    client = client_of(app, village.administrator)
    assert "There is no token yet." in client.get(PATH).get_data(as_text=True)
    answer = _make(client, village.council)
    secret = _secret(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    page = client.get(PATH).get_data(as_text=True)
    assert secret not in page
    shown = (secret[:10], "Case system", "Holds", "Never", "the end of Wednesday 31 March 2027")
    assert all(words in page for words in shown)
    program = app.test_client()
    asked = {"Authorization": f"Bearer {secret}"}
    assert program.get("/api/v1/councils", headers=asked).status_code == 200
    assert program.get("/api/v1/fees", headers=asked).status_code == 403
    revoke = re.search(rf'action="({PATH}/\w+/revoke)"', page)
    assert revoke
    assert client.post(revoke[1], data={"csrf_token": token_on(client, PATH)}).status_code == 303
    assert "The token is revoked." in client.get(PATH).get_data(as_text=True)
    assert program.get("/api/v1/councils", headers=asked).status_code == 401


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter what the token is for"),
        ("name", "x" * 61, "60 letters or fewer"),
        ("scopes", [], "Choose what the token may ask for"),
        ("last_day", ["", "", ""], "Enter the last day"),
        ("last_day", ["31", "2", "2027"], "Enter a real date"),
        ("last_day", ["1", "1", "2028"], "for a year at most"),
        ("last_day", ["1", "1", "2026"], "from today on"),
        ("organisation", "", "Choose a council"),
        ("organisation", "none", "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    app: Flask, village: Village, field: str, value: str | list[str], words: str
) -> None:
    answer = _make(client_of(app, village.administrator), village.council, **{field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert words in page


def test_nobody_makes_a_token_for_a_council_that_is_not_theirs(app: Flask, village: Village) -> None:
    client = client_of(app, village.administrator)
    assert _make(client, village.other_council).status_code == 422
    assert "Hillborough" not in client.get(f"{PATH}/new").get_data(as_text=True).split("<main")[1]
    token = token_on(client, f"{PATH}/new")
    assert client.post(f"{PATH}/none/revoke", data={"csrf_token": token}).status_code == 404


def test_who_administers_no_council_is_told_whom_to_ask(app: Flask, ground: Ground, village: Village) -> None:
    with ground.work() as work:
        of_forum = member(work, "Al Administrator", Role.ADMINISTRATOR, village.forum)
    page = client_of(app, of_forum.id).get(f"{PATH}/new").get_data(as_text=True)
    assert "Ask the administrator of the council." in page


def test_the_api_is_explained_to_everybody(app: Flask, village: Village) -> None:
    for client in (app.test_client(), client_of(app, village.administrator)):
        page = client.get("/api").get_data(as_text=True)
        assert all(words in page for words in ("/api/v1/settings", "fees.read", "Retry-After", "/api/openapi.json"))
