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


def _mail(post: Post, address: str = COORDINATOR_EMAIL) -> str:
    post.deliver()
    return post.arrived(Channel.EMAIL, address)[-1]


def _link(post: Post, address: str = COORDINATOR_EMAIL) -> str:
    found = re.search(r"https://hub\.example\.org(/l/\S+)", _mail(post, address))
    assert found is not None
    return found[1]


def _code(post: Post, address: str = COORDINATOR_EMAIL) -> str:
    found = re.search(r"code there: (\d{6})\b", _mail(post, address))
    assert found is not None
    return found[1]


def _type(client: FlaskClient, code: str) -> tuple[int, str]:
    answer = client.post("/sign-in/sent", data={"csrf_token": token_on(client, "/sign-in/sent"), "code": code})
    return answer.status_code, answer.get_data(as_text=True)


def _open(client: FlaskClient, link: str) -> str:
    """Follow a short link to its page and return that page's path."""
    answer = client.get(link)
    assert answer.status_code == 303
    return answer.headers["Location"]


def _spend(client: FlaskClient, path: str) -> int:
    return client.post(path, data={"csrf_token": token_on(client, path)}).status_code


def _is_in(client: FlaskClient) -> bool:
    return client.get("/inbox").status_code == 200


@pytest.mark.usefixtures("village")
def test_a_link_by_email_signs_its_reader_in(client: FlaskClient, post: Post) -> None:
    assert "Check your email" in _ask(client, "  Nadia@Example.org ")
    path = _open(client, _link(post))
    assert "Sign in as Nadia Forster" in client.get(path).get_data(as_text=True)
    assert _spend(client, path) == 303
    assert _is_in(client)


@pytest.mark.usefixtures("village")
def test_the_code_of_the_same_email_signs_its_reader_in_where_they_asked(client: FlaskClient, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    code = _code(post)
    assert _type(client, f" {code[:3]} {code[3:]} ")[0] == 303
    assert _is_in(client)


@pytest.mark.usefixtures("village")
def test_a_code_works_once_and_closes_the_link_beside_it(client: FlaskClient, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    link, code = _link(post), _code(post)
    with client.session_transaction() as session:
        asked_here = dict(session)
    assert _type(client, code)[0] == 303
    with client.session_transaction() as session:
        session.clear()
        session.update(asked_here)
    assert _type(client, code)[0] == 422
    assert client.get(_open(client, link)).status_code == 410


@pytest.mark.usefixtures("village")
def test_a_link_works_only_where_it_was_asked_for(client: FlaskClient, app: Flask, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    elsewhere = client_of(app)
    path = _open(elsewhere, _link(post))
    shown = elsewhere.get(path).get_data(as_text=True)
    assert "type the 6-digit code from the same email" in shown
    assert "Nadia" not in shown
    assert elsewhere.post(path, data={"csrf_token": token_on(elsewhere, "/sign-in")}).status_code == 403
    assert not _is_in(elsewhere)
    assert _spend(client, path) == 303


@pytest.mark.usefixtures("village")
def test_a_code_works_only_where_it_was_asked_for(client: FlaskClient, app: Flask, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    code, elsewhere = _code(post), client_of(app)
    _ask(elsewhere, "somebody.else@example.org")
    assert _type(elsewhere, code)[0] == 422
    assert not _is_in(elsewhere)


@pytest.mark.usefixtures("village")
def test_who_has_not_asked_is_led_to_asking(client: FlaskClient) -> None:
    assert client.get("/sign-in/sent").headers["Location"] == "/sign-in"


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("address", [COORDINATOR_EMAIL, "nobody@example.org"])
def test_five_wrong_codes_and_it_is_void_whether_or_not_there_is_an_account(
    client: FlaskClient, post: Post, ground: Ground, address: str
) -> None:
    _ask(client, address)
    post.deliver()
    right = _code(post) if address == COORDINATOR_EMAIL else "000000"
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    told = [_type(client, wrong)[1] for _ in range(6)]
    assert ["not the code that we sent" in page for page in told] == [True] * 4 + [False] * 2
    assert ["wrong too often" in page for page in told] == [False] * 4 + [True] * 2
    assert "wrong too often" in _type(client, right)[1]
    assert not _is_in(client)
    with ground.read() as session:
        void = [entry for entry in audit._entries(session) if entry.action == "people.code_void"]  # noqa: SLF001 - as below
    assert len(void) == 1
    assert "example.org" not in void[0].details


@pytest.mark.usefixtures("village")
def test_a_link_goes_on_working_when_the_code_is_void(client: FlaskClient, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    path = _open(client, _link(post))
    for _ in range(5):
        _type(client, "not a code")
    assert _spend(client, path) == 303


@pytest.mark.usefixtures("village")
def test_a_code_runs_out_after_15_minutes(client: FlaskClient, post: Post, clock: FixedClock) -> None:
    _ask(client, COORDINATOR_EMAIL)
    code = _code(post)
    clock.move(timedelta(minutes=15))
    status, page = _type(client, code)
    assert status == 422
    assert "That code has run out. Ask for a new one." in page


@pytest.mark.usefixtures("village")
def test_an_earlier_email_still_lets_in_after_asking_again(client: FlaskClient, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    first = _code(post)
    _ask(client, COORDINATOR_EMAIL)
    assert _type(client, first)[0] == 303


@pytest.mark.usefixtures("village")
def test_an_unknown_address_gets_the_same_answer_and_no_message(client: FlaskClient, app: Flask, post: Post) -> None:
    pages = [
        re.sub(r'value="[^"]{60,}"', "", _ask(browser, address))
        for browser, address in ((client, COORDINATOR_EMAIL), (client_of(app), "nobody@example.org"))
    ]
    assert pages[0] == pages[1]
    post.deliver()
    assert post.arrived(Channel.EMAIL, "nobody@example.org") == []


@pytest.mark.usefixtures("village")
def test_looking_at_a_link_does_not_spend_it(client: FlaskClient, app: Flask, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    link = _link(post)
    for browser in (client_of(app), client, client):
        path = _open(browser, link)
        browser.get(path)
    assert _spend(client, path) == 303


@pytest.mark.usefixtures("village")
def test_a_link_works_once(client: FlaskClient, app: Flask, post: Post) -> None:
    _ask(client, COORDINATOR_EMAIL)
    path = _open(client, _link(post))
    second = client_of(app)
    token = token_on(second, "/sign-in")
    assert _spend(client, path) == 303
    late = second.post(path, data={"csrf_token": token})
    assert late.status_code == 410
    assert "This link has been used already." in late.get_data(as_text=True)
    assert not _is_in(second)


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
    assert not _is_in(client)


def test_a_token_copied_from_the_cookie_counts_no_more_after_signing_out(app: Flask, village: Village) -> None:
    client, thief = client_of(app, village.coordinator), client_of(app)
    with client.session_transaction() as session, thief.session_transaction() as stolen:
        stolen[TOKEN] = session[TOKEN]
    assert _is_in(thief)
    client.post("/sign-out", data={"csrf_token": token_on(client, "/")})
    assert not _is_in(thief)


@pytest.mark.usefixtures("village")
def test_links_and_sign_ins_are_in_the_log_without_an_address(client: FlaskClient, post: Post, ground: Ground) -> None:
    _ask(client, COORDINATOR_EMAIL)
    _ask(client, "nobody@example.org")
    link = _link(post)
    _spend(client, _open(client, link))
    with ground.read() as session:
        entries = list(audit._entries(session))  # noqa: SLF001 - the test looks at the bare lines
    told = [(entry.action, entry.subject_kind) for entry in entries][-3:]
    assert told == [("people.way_in_asked", "person"), ("people.way_in_asked", "ask"), ("people.sign_in", "person")]
    assert not any("example.org" in f"{entry.subject_id} {entry.details}" for entry in entries)
