from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.model import Channel
from hub.web.access import TOKEN, local_path
from kernel import audit
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.hub.web.village import COORDINATOR_EMAIL, Post, Village, client_of, token_on

GREETING = "Hello, Nadia Forster"


def _ask(client: FlaskClient, address: str, path: str = "/sign-in") -> str:
    answer = client.post(path, data={"csrf_token": token_on(client, path), "address": address}, follow_redirects=True)
    return answer.get_data(as_text=True)


def _link(post: Post, address: str = COORDINATOR_EMAIL) -> str:
    post.deliver()
    found = re.search(r"https://hub\.example\.org(/l/\S+)", post.arrived(Channel.EMAIL, address)[-1])
    assert found is not None
    return found[1]


def _open(client: FlaskClient, link: str) -> str:
    """Follow a short link to its page and return that page's path."""
    answer = client.get(link)
    assert answer.status_code == 303
    return answer.headers["Location"]


def _spend(client: FlaskClient, path: str) -> int:
    return client.post(path, data={"csrf_token": token_on(client, path)}).status_code


@pytest.mark.usefixtures("village")
def test_a_link_by_email_signs_its_reader_in(client: FlaskClient, post: Post) -> None:
    assert "Check your email" in _ask(client, "  Nadia@Example.org ")
    path = _open(client, _link(post))
    assert "Sign in as Nadia Forster" in client.get(path).get_data(as_text=True)
    assert _spend(client, path) == 303
    assert GREETING in client.get("/").get_data(as_text=True)


@pytest.mark.usefixtures("village")
def test_an_unknown_address_gets_the_same_answer_and_no_message(client: FlaskClient, post: Post) -> None:
    known, unknown = _ask(client, COORDINATOR_EMAIL), _ask(client, "nobody@example.org")
    assert known == unknown
    post.deliver()
    assert post.arrived(Channel.EMAIL, "nobody@example.org") == []


@pytest.mark.usefixtures("village")
def test_looking_at_a_link_does_not_spend_it(client: FlaskClient, app: Flask, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    link = _link(post)
    for _ in range(3):
        path = _open(client_of(app), link)
        client_of(app).get(path)
    assert _spend(client, path) == 303


@pytest.mark.usefixtures("village")
def test_a_link_works_once(client: FlaskClient, app: Flask, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    path = _open(client, _link(post))
    second = client_of(app)
    token = token_on(second, path)
    assert _spend(client, path) == 303
    late = second.post(path, data={"csrf_token": token})
    assert late.status_code == 410
    assert "This link has been used already." in late.get_data(as_text=True)
    assert "Sign in" in second.get("/").get_data(as_text=True)


@pytest.mark.usefixtures("village")
def test_a_link_runs_out_after_15_minutes(client: FlaskClient, post: Post, clock: FixedClock) -> None:
    _ask(client, COORDINATOR_EMAIL)
    path = _open(client, _link(post))
    clock.move(timedelta(minutes=15))
    answer = client.get(path)
    assert answer.status_code == 410
    assert "Get a new link" in answer.get_data(as_text=True)


def test_an_unknown_link_is_not_found(client: FlaskClient) -> None:
    assert client.get("/l/none-such").status_code == 404
    assert client.get("/sign-in/none-such").status_code == 404


def test_what_is_no_address_is_said_at_the_field(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"csrf_token": token_on(client, "/sign-in"), "address": "Nadia"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: Sign in" in page
    assert page.count("That is not an email address, like name@example.org.") == 2


@pytest.mark.usefixtures("village")
def test_the_reader_goes_where_they_were_heading(client: FlaskClient, post: Post) -> None:
    first = client.get("/questions?from=mail")
    assert first.status_code == 303
    _ask(client, COORDINATOR_EMAIL, first.headers["Location"])
    path = _open(client, _link(post))
    answer = client.post(path, data={"csrf_token": token_on(client, path)})
    assert answer.headers["Location"] == "/questions?from=mail"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example.org",
        "https://evil.example.org/",
        "/\\evil.example.org",
        "\\/evil",
        "",
        None,
        "/a\nb",
        "javascript:1",
    ],
)
def test_never_leads_to_another_site(target: str | None) -> None:
    assert local_path(target) is None


def test_leads_to_a_page_of_ours() -> None:
    assert local_path("/questions/01jd?x=1&y=2") == "/questions/01jd?x=1&y=2"


@pytest.mark.usefixtures("village")
def test_too_many_tries_at_one_address_are_refused(client: FlaskClient) -> None:
    for _ in range(5):
        _ask(client, COORDINATOR_EMAIL)
    assert "Too many tries" in _ask(client, COORDINATOR_EMAIL.upper())
    assert "Check your email" in _ask(client, "ada@example.org")


def test_signing_out_ends_the_session(app: Flask, village: Village) -> None:
    client = client_of(app, village.coordinator)
    answer = client.post("/sign-out", data={"csrf_token": token_on(client, "/")}, follow_redirects=True)
    assert "You have signed out." in answer.get_data(as_text=True)
    assert client.get("/questions").status_code == 303


def test_a_token_that_was_never_given_out_is_nobodys(app: Flask, village: Village) -> None:
    client = client_of(app, village.coordinator)
    with client.session_transaction() as session:
        session[TOKEN] = "none-such"
    assert GREETING not in client.get("/").get_data(as_text=True)


def test_a_token_copied_from_the_cookie_counts_no_more_after_signing_out(app: Flask, village: Village) -> None:
    client, thief = client_of(app, village.coordinator), client_of(app)
    with client.session_transaction() as session, thief.session_transaction() as stolen:
        stolen[TOKEN] = session[TOKEN]
    assert thief.get("/questions").status_code == 200
    client.post("/sign-out", data={"csrf_token": token_on(client, "/")})
    assert thief.get("/questions").status_code == 303


@pytest.mark.usefixtures("village")
def test_links_and_sign_ins_are_in_the_log_without_an_address(client: FlaskClient, post: Post, ground: Ground) -> None:
    _ask(client, COORDINATOR_EMAIL)
    _ask(client, "nobody@example.org")
    _spend(client, _open(client, _link(post)))
    with ground.read() as session:
        entries = list(audit._entries(session))  # noqa: SLF001 - the log has no reader of its own yet
    assert [entry.action for entry in entries][-3:] == ["hub.sign_in_link", "hub.sign_in_unknown", "people.sign_in"]
    assert not any("example.org" in f"{entry.subject_id} {entry.details}" for entry in entries)
