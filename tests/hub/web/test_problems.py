from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from hub.web.api.bodies import MediaTypeError
from hub.web.api.once import NoKeyError
from hub.web.app import create_app
from hub.web.site import Site
from kernel.errors import (
    ConfigurationError,
    ConflictError,
    ForbiddenError,
    HubError,
    InvalidInputError,
    NotFoundError,
    TooLateError,
    TooManyError,
)
from kernel.translation import say
from kernel.work import Ground
from people.web.guard import public
from tests.hub.web.village import Village, client_of

RAISED: dict[str, Exception] = {
    "not-found": NotFoundError(),
    "forbidden": ForbiddenError(),
    "invalid": InvalidInputError("day", "Choose a day after {day}.", day="Monday"),
    "conflict": ConflictError("A colleague was first."),
    "late": TooLateError(say("tests.late", "The deadline has passed.")),
    "many": TooManyError("Wait a little.", retry_s=90),
    "too-large": RequestEntityTooLarge(),
    "away": OperationalError("SELECT", {}, Exception("secret words")),
    "configuration": ConfigurationError("HUB_SECRET is missing."),
    "unavailable": ServiceUnavailable(),
    "media": MediaTypeError("Send JSON."),
    "no-key": NoKeyError("Send a key."),
    "unexpected": ZeroDivisionError("secret words"),
}


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    pages = Blueprint("failing", __name__)

    @pages.get("/raise/<name>")
    @public("a test")
    def fail(name: str) -> str:
        raise RAISED[name]

    return create_app(ground, replace(site, pages=(pages,)))


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("not-found", 404, "Page not found"),
        ("forbidden", 403, "You cannot see this page"),
        ("invalid", 422, "Choose a day after Monday."),
        ("conflict", 409, "A colleague was first."),
        ("late", 410, "The deadline has passed."),
        ("many", 429, "Wait a little."),
        ("too-large", 413, "write a shorter text or choose a smaller file"),
        ("away", 503, "Sorry, the service is not available"),
        ("configuration", 500, "Sorry, there is a problem with the service"),
        ("media", 415, "Send JSON."),
        ("no-key", 400, "Send a key."),
        ("unavailable", 503, "Sorry, the service is not available"),
        ("unexpected", 500, "Sorry, there is a problem with the service"),
    ],
)
def test_each_error_has_its_status_and_its_sentence(client: FlaskClient, name: str, status: int, says: str) -> None:
    answer = client.get(f"/raise/{name}")
    assert answer.status_code == status
    assert says in answer.get_data(as_text=True)


@pytest.mark.usefixtures("client")
def test_every_error_of_the_tree_is_shown() -> None:
    raised = {type(error) for error in RAISED.values()}
    missing = {kind for kind in HubError.__subclasses__() if kind not in raised and kind.status not in (422, 500)}
    assert missing == set()


def test_what_went_wrong_inside_is_logged_with_a_reference_and_not_shown(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        page = client.get("/raise/unexpected").get_data(as_text=True)
    (record,) = [record for record in caplog.records if record.name == "hub.web.problems"]
    reference = vars(record)["reference"]
    assert reference in page
    assert "secret words" not in page


def test_a_broken_page_needs_no_database(app: Flask, village: Village, ground: Ground) -> None:
    client = client_of(app, village.coordinator)
    ground.database.engine.dispose()
    page = client.get("/raise/unexpected").get_data(as_text=True)
    assert "Nadia" not in page


def test_a_script_gets_its_error_in_json(client: FlaskClient) -> None:
    answer = client.get("/raise/late", headers={"Accept": "application/json"})
    assert answer.status_code == 410
    assert answer.get_json()["error"] == "The deadline has passed."


def test_staff_stay_in_their_own_frame(app: Flask, village: Village) -> None:
    page = client_of(app, village.coordinator).get("/raise/late").get_data(as_text=True)
    assert "Sign out" in page
    assert "Go to the start page" in page


def test_a_wrong_method_is_said_plainly(client: FlaskClient) -> None:
    answer = client.post("/raise/late")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "use the buttons on the page" in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", list(RAISED))
def test_every_error_page_has_a_number_that_is_in_the_log(
    client: FlaskClient, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.get(f"/raise/{name}")
    (record,) = [record for record in caplog.records if record.name == "hub.web.problems"]
    number = vars(record)["reference"]
    assert answer.headers["X-Request-Id"] == number
    assert number in answer.get_data(as_text=True)
    assert "secret words" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(("name", "seconds"), [("many", "90"), ("unavailable", "120"), ("away", "120")])
def test_says_when_to_try_again(client: FlaskClient, name: str, seconds: str) -> None:
    assert client.get(f"/raise/{name}").headers["Retry-After"] == seconds


@pytest.mark.parametrize(("code", "words"), [("pl", "Nie ma takiej strony"), ("ur", "صفحہ نہیں ملا")])
def test_a_family_reads_it_in_its_own_language(client: FlaskClient, code: str, words: str) -> None:
    page = client.get(f"/raise/not-found?lang={code}").get_data(as_text=True)
    assert words in page
    assert f'lang="{code}"' in page


def test_staff_are_led_on_where_a_page_is_missing(app: Flask, village: Village) -> None:
    page = client_of(app, village.coordinator).get("/raise/not-found").get_data(as_text=True)
    assert 'href="/search"' in page
    assert 'href="/"' in page
