from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hub.searches import SEARCHES
from hub.serving import open_front
from hub.web.app import create_app
from hub.web.site import Search, Site
from kernel.finding import Found
from kernel.work import Ground
from people.model import Actor
from people.permissions import Permission
from people.queries import person
from tests.hub.web.village import Village, client_of, token_on
from tests.signed_in import let_in
from tools.docs import pages_of, whole_house

ASKED: list[str] = []


def _find(_session: Session, actor: Actor, words: str, limit: int, _now: datetime) -> list[Found]:
    """Find as many things as are asked for, each with the finder's name."""
    ASKED.append(words)
    return [Found(f"thing-{number}", f"<{words}> {number}", actor.name) for number in range(limit)]


SEARCH = Search("Things", Permission.QUESTIONS_ANSWER, _find, "questions.one", "item_id")


@pytest.fixture(autouse=True)
def _nothing_asked() -> None:
    ASKED.clear()


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    return create_app(ground, replace(site, searches=(SEARCH,)))


def look(client: FlaskClient, words: str) -> TestResponse:
    """Look for words by the form, as a reader does, and return the page that it leads to."""
    sent = {"q": words, "csrf_token": token_on(client, "/search")}
    ASKED.clear()
    answer = client.post("/search", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search")
    return client.get("/search")


def test_words_stand_in_no_address_and_no_title(app: Flask, village: Village) -> None:
    client = client_of(app, village.coordinator)
    assert "Amelia" not in client.get("/search?q=Amelia").text
    page = look(client, "Amelia").text
    assert 'value="Amelia"' in page
    assert "<title>Search" in page
    assert "q=" not in page.replace("&amp;q=", "q=")
    client.post("/sign-out", data={"csrf_token": token_on(client, "/search")})
    let_in(client, village.duty_officer)
    assert "Amelia" not in client.get("/search").text


def test_finds_by_kind_and_says_that_there_is_more(app: Flask, village: Village) -> None:
    page = look(client_of(app, village.coordinator), "alder").text
    assert ">Things</h2>" in page
    assert page.count("&lt;alder&gt;") == 10
    assert 'href="/questions/thing-0"' in page
    assert "There are more." in page


def test_looks_only_where_the_reader_may(app: Flask, village: Village) -> None:
    page = look(client_of(app, village.duty_officer), "alder").text
    assert ">Things</h2>" not in page
    assert ASKED == []
    assert client_of(app, village.parent).get("/search").status_code == 403
    assert client_of(app).get("/search").status_code == 303


def test_asks_for_the_second_factor_before_it_shows_what_needs_one(
    ground: Ground, site: Site, village: Village
) -> None:
    strong = replace(SEARCH, permission=Permission.MESSAGES_READ)
    app = create_app(ground, replace(site, searches=(strong,), second_factor=True))
    client = client_of(app)
    let_in(client, village.coordinator, is_strong=False)
    assert look(client, "alder").status_code == 200
    assert ASKED == []


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("  alder   grove ", "alder grove"),
        ("al\x00der\r\nSet-Cookie: x", "al der Set-Cookie: x"),
        ("x" * 5000, "x" * 100),
        ("'; DROP TABLE persons; --", "'; DROP TABLE persons; --"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u202egnirts", "gnirts"),
    ],
)
def test_takes_whatever_is_written(app: Flask, village: Village, written: str, looked_for: str) -> None:
    answer = look(client_of(app, village.coordinator), written)
    assert answer.status_code == 200
    assert [looked_for] == ASKED
    assert "<script>alert" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("written", ["", " ", "a", "\u200b\u200b"])
def test_too_short_is_not_looked_for(app: Flask, village: Village, written: str) -> None:
    answer = look(client_of(app, village.coordinator), written)
    assert answer.status_code == 200
    assert ASKED == []


def test_nothing_found_says_what_to_do(ground: Ground, site: Site, village: Village) -> None:
    empty = replace(SEARCH, find=lambda *_told: [])
    app = create_app(ground, replace(site, searches=(empty,)))
    page = look(client_of(app, village.coordinator), "alder").text
    assert "Nothing was found for “alder”." in page
    assert "You can search in: things." in page


def test_what_is_looked_for_is_not_logged(app: Flask, village: Village, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        look(client_of(app, village.coordinator), "Amelia")
        client_of(app, village.duty_officer).get("/questions/x?q=Amelia")
    assert "Amelia" not in caplog.text


def test_people_are_found_by_name_among_those_that_one_may_see(ground: Ground, village: Village) -> None:
    (people,) = (search for search in SEARCHES if search.title == "People")
    (places,) = (search for search in SEARCHES if search.title == "Organisations")
    with ground.read() as session:
        actors = {name: _actor(session, getattr(village, name)) for name in ("administrator", "coordinator")}

        def found(search: Search, who: str, words: str) -> list[str]:
            return [one.text for one in search.find(session, actors[who], words, 10, ground.clock.now())]

        assert found(people, "administrator", "amelia") == ["Amelia Hart"]
        assert found(people, "administrator", "Olga") == [], "another council's forum"
        assert found(people, "coordinator", "amelia") == []
        assert found(people, "administrator", "%") == []
        assert found(people, "administrator", "_melia") == []
        assert found(places, "administrator", "SEABOROUGH") == ["Seaborough", "Seaborough Parent Carer Forum"]
        assert found(places, "administrator", "hillborough") == []


def test_every_kind_that_is_found_has_its_page() -> None:
    with whole_house() as house:
        app = pages_of(open_front(house))
    assert [search.endpoint for search in SEARCHES if search.endpoint not in app.view_functions] == []


def _actor(session: Session, person_id: str) -> Actor:
    return person(session, person_id)
