from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from hub.web.access import TOKEN
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.leave import mark_leaver
from people.queries import person
from tests.hub.web.village import Village, client_of, token_on


def _page(client: FlaskClient) -> str:
    return client.get("/account").get_data(as_text=True)


def _press(client: FlaskClient, path: str) -> int:
    return client.post(path, data={"csrf_token": token_on(client, "/account")}).status_code


def _ends(page: str) -> list[str]:
    return re.findall(r'action="(/account/sessions/[0-9a-z]+/end)"', page)


def test_the_account_page_says_who_i_am_and_where_i_am_signed_in(app: Flask, village: Village) -> None:
    client = client_of(app, village.coordinator)
    page = _page(client)
    assert "Nadia Forster" in page
    assert "Forum coordinator" in page
    assert "Seaborough Parent Carer Forum" in page
    assert "Firefox on Linux" in page
    assert page.count("This one") == 1


def test_one_other_browser_can_be_signed_out(app: Flask, village: Village) -> None:
    here, other = client_of(app, village.coordinator), client_of(app, village.coordinator)
    ends = set(_ends(_page(here)))
    assert len(ends) == 2
    (own,) = [path for path in ends if path in _row_of_this_one(_page(here))]
    (theirs,) = ends - {own}
    assert _press(here, theirs) == 303
    assert other.get("/account").status_code == 303
    assert here.get("/account").status_code == 200


def _row_of_this_one(page: str) -> str:
    (row,) = [row for row in page.split("<tr") if "This one" in row]
    return row


def test_all_others_can_be_signed_out_and_this_one_stays(app: Flask, village: Village) -> None:
    here, *others = [client_of(app, village.coordinator) for _ in range(3)]
    assert _press(here, "/account/sessions/end-others") == 303
    assert [client.get("/account").status_code for client in (here, *others)] == [200, 303, 303]


def test_signing_out_this_browser_by_its_row_signs_out(app: Flask, village: Village) -> None:
    client = client_of(app, village.coordinator)
    (own,) = _ends(_page(client))
    assert client.post(own, data={"csrf_token": token_on(client, "/account")}).headers["Location"] == "/sign-in"
    assert client.get("/account").status_code == 303


def test_somebody_elses_session_cannot_be_found(app: Flask, village: Village) -> None:
    mine, theirs = client_of(app, village.coordinator), client_of(app, village.duty_officer)
    (path,) = _ends(_page(theirs))
    assert _press(mine, path) == 404
    assert theirs.get("/account").status_code == 200


def test_who_has_left_is_asked_to_sign_in_at_the_next_page(app: Flask, village: Village, ground: Ground) -> None:
    client = client_of(app, village.coordinator)
    with ground.work() as work:
        mark_leaver(work, person(work.session, village.administrator), village.coordinator)
    assert client.get("/questions").status_code == 303
    with client.session_transaction() as session:
        assert TOKEN not in session


def test_recognising_somebody_takes_two_queries(app: Flask, village: Village, ground: Ground) -> None:
    client = client_of(app, village.coordinator)
    asked: list[str] = []
    event.listen(ground.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    client.get("/none-such")
    about_session = [statement for statement in asked if "sessions" in statement]
    assert len(about_session) == 1
    assert len([statement for statement in asked if "delegations" in statement]) == 1
    assert not any(statement.startswith("UPDATE") for statement in asked)


def test_an_idle_browser_is_asked_to_sign_in_again(app: Flask, village: Village, clock: FixedClock) -> None:
    client = client_of(app, village.coordinator)
    for minutes in (59, 59):
        clock.move(timedelta(minutes=minutes))
        assert client.get("/questions").status_code == 200
    clock.move(timedelta(minutes=60))
    assert client.get("/questions").status_code == 303
