from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.model import Channel
from hub.web.app import create_app
from hub.web.site import Site
from kernel import audit
from kernel.clock import FixedClock
from kernel.work import Ground
from people.queries.sessions import sessions_of
from tests.hub.web.factor_walk import APP, ASK, Phone, codes_on, enrol, secret_on, send
from tests.hub.web.village import Post, Village, client_of, token_on
from tests.hub.web.visitor import heading_of
from tests.signed_in import let_in

STRONG_PAGE = "/operations?x=1"


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    return create_app(ground, replace(site, second_factor=True))


def weak(app: Flask, person_id: str) -> FlaskClient:
    """Return a browser in which somebody is signed in by a link alone."""
    client = app.test_client()
    let_in(client, person_id, is_strong=False)
    return client


def _is_strong(client: FlaskClient) -> bool:
    return client.get(STRONG_PAGE).status_code == 200


def test_a_weak_session_is_asked_and_then_led_to_where_it_was_heading(
    app: Flask, village: Village, clock: FixedClock
) -> None:
    phone, _ = enrol(weak(app, village.administrator), clock)
    client = weak(app, village.administrator)
    first = client.get(STRONG_PAGE)
    assert first.status_code == 303
    assert first.headers["Location"] == "/second-factor?next=/operations?x%3D1"
    page = client.get(first.headers["Location"])
    assert heading_of(page) == "Prove that it is you"
    answer = send(client, ASK, code=phone.next_code())
    assert answer.headers["Location"] == STRONG_PAGE
    assert _is_strong(client)


def test_whoever_has_none_is_led_to_set_one_up(app: Flask, village: Village, clock: FixedClock) -> None:
    client = weak(app, village.administrator)
    answer = client.get(client.get(STRONG_PAGE).headers["Location"])
    assert answer.headers["Location"] == "/second-factor/begin"
    assert heading_of(client.get("/second-factor/begin")) == "Set up a second factor"
    phone = Phone(secret_on(client), clock)
    codes = send(client, APP, code=phone.code())
    assert heading_of(codes) == "Save your recovery codes"
    assert len(codes_on(codes)) == 10
    assert f'href="{STRONG_PAGE}"' in codes.get_data(as_text=True)
    assert _is_strong(client)


def test_the_picture_and_the_key_say_the_same_and_nothing_comes_from_outside(app: Flask, village: Village) -> None:
    client = weak(app, village.administrator)
    page = client.get(APP).get_data(as_text=True)
    assert "<svg" in page
    assert "style=" not in page
    assert "http" not in page.partition("<main")[2].partition("</main>")[0].replace("http://www.w3.org/2000/svg", "")
    assert secret_on(client) == secret_on(client), "whoever reloads need not scan again"


def test_a_wrong_code_sets_nothing_up(app: Flask, village: Village, clock: FixedClock) -> None:
    client = weak(app, village.administrator)
    phone = Phone(secret_on(client), clock)
    answer = send(client, APP, code=phone.code(5))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: Set up your authenticator app" in page
    assert page.count("That code is not right.") == 2
    assert not _is_strong(client)


def test_a_code_works_once(app: Flask, village: Village, clock: FixedClock) -> None:
    phone, _ = enrol(weak(app, village.administrator), clock)
    code = phone.next_code()
    first, second = weak(app, village.administrator), weak(app, village.administrator)
    assert send(first, ASK, code=code).status_code == 303
    answer = send(second, ASK, code=code)
    assert answer.status_code == 422
    assert "That code is not right, or it was used already." in answer.get_data(as_text=True)
    assert not _is_strong(second)


def test_the_code_that_set_the_app_up_does_not_count_again(app: Flask, village: Village, clock: FixedClock) -> None:
    phone, _ = enrol(weak(app, village.administrator), clock)
    assert send(weak(app, village.administrator), ASK, code=phone.code()).status_code == 422


def test_a_code_of_another_person_proves_nothing(app: Flask, village: Village, clock: FixedClock) -> None:
    enrol(weak(app, village.administrator), clock)
    other, codes = enrol(weak(app, village.duty_officer), clock)
    client = weak(app, village.administrator)
    assert send(client, ASK, code=other.next_code()).status_code == 422
    assert send(client, "/second-factor/recovery-code", code=codes[0]).status_code == 422
    assert not _is_strong(client)


def test_guessing_is_stopped_and_is_in_the_log(app: Flask, village: Village, clock: FixedClock, ground: Ground) -> None:
    phone, _ = enrol(weak(app, village.administrator), clock)
    clock.move(timedelta(minutes=6))
    client = weak(app, village.administrator)
    token = token_on(client, ASK)
    answers = [client.post(ASK, data={"csrf_token": token, "code": "000000"}).status_code for _ in range(6)]
    assert answers[-1] == 429
    assert set(answers[:-2]) == {422}
    other_browser = weak(app, village.administrator)
    assert send(other_browser, ASK, code=phone.code()).status_code == 429, "it counts the person, not the browser"
    with ground.read() as session:
        refused = [e for e in audit._entries(session) if e.action == "people.second_factor_refused"]  # noqa: SLF001 - in order
    assert len(refused) >= 4
    assert "000000" not in str(refused)


def test_recovery_codes_work_once_each_and_in_place_of_the_app(app: Flask, village: Village, clock: FixedClock) -> None:
    _, codes = enrol(weak(app, village.administrator), clock)
    client = weak(app, village.administrator)
    answer = send(client, "/second-factor/recovery-code", code=codes[3].upper())
    assert answer.status_code == 303
    assert "You have 9 left." in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert _is_strong(client)
    again = weak(app, village.administrator)
    assert send(again, "/second-factor/recovery-code", code=codes[3]).status_code == 422
    assert not _is_strong(again)


def test_proving_gives_the_browser_a_new_token(app: Flask, village: Village, clock: FixedClock) -> None:
    """Session fixation: whoever knew the token before knows nothing after."""
    phone, _ = enrol(weak(app, village.administrator), clock)
    client = app.test_client()
    token = let_in(client, village.administrator, is_strong=False)
    assert send(client, ASK, code=phone.next_code()).status_code == 303
    thief = app.test_client()
    with thief.session_transaction() as kept:
        kept["session"] = token
    assert thief.get(STRONG_PAGE).headers["Location"].startswith("/sign-in")
    assert _is_strong(client)


def test_a_session_that_ended_cannot_be_made_strong(
    app: Flask, village: Village, clock: FixedClock, ground: Ground
) -> None:
    phone, _ = enrol(weak(app, village.administrator), clock)
    client = weak(app, village.administrator)
    token = token_on(client, ASK)
    clock.move(timedelta(hours=13))
    answer = client.post(ASK, data={"csrf_token": token, "code": phone.code()})
    assert answer.headers["Location"].startswith("/sign-in")
    with ground.read() as session:
        assert sessions_of(session, village.administrator, clock.now()) == []


def test_changing_the_second_factor_asks_for_a_fresh_proof(app: Flask, village: Village, clock: FixedClock) -> None:
    client = weak(app, village.administrator)
    phone, _ = enrol(client, clock)
    clock.move(timedelta(minutes=6))
    for path in (APP, f"{APP}/remove", "/account/second-factor/recovery-codes"):
        assert client.get(path).headers["Location"] == f"/second-factor?next={path}"
    assert client.post(f"{APP}/remove", data={"csrf_token": token_on(client, "/")}).status_code == 303
    assert "Set up on" in client.get("/account/second-factor").get_data(as_text=True)
    client.get(f"/second-factor?next={APP}")
    assert send(client, ASK, code=phone.code()).headers["Location"] == APP
    assert client.get(APP).status_code == 200


def test_a_weak_session_changes_nothing(app: Flask, village: Village, clock: FixedClock) -> None:
    """Whoever reads somebody's email cannot swap the app for their own."""
    enrol(weak(app, village.administrator), clock)
    thief = weak(app, village.administrator)
    token = token_on(thief, "/")
    for path in (APP, f"{APP}/remove", "/account/second-factor/recovery-codes", "/account/passkeys/new"):
        assert thief.get(path).status_code == 303
        answer = thief.post(path, data={"csrf_token": token, "code": "123456", "name": "x", "answer": "{}"})
        assert answer.headers["Location"].startswith("/second-factor?next=")


def test_moving_to_another_app_keeps_the_old_one_until_the_new_one_works(
    app: Flask, village: Village, clock: FixedClock
) -> None:
    client = weak(app, village.administrator)
    old, codes = enrol(client, clock)
    new = Phone(secret_on(client), clock)
    assert new.secret != old.secret
    assert send(weak(app, village.administrator), ASK, code=old.next_code()).status_code == 303
    answer = send(client, APP, code=new.code())
    assert answer.status_code == 303, "the recovery codes stay as they were"
    assert send(weak(app, village.administrator), ASK, code=old.next_code()).status_code == 422
    assert send(weak(app, village.administrator), ASK, code=new.code()).status_code == 303
    assert send(weak(app, village.administrator), "/second-factor/recovery-code", code=codes[0]).status_code == 303


def test_an_app_can_be_removed_and_its_codes_end_with_it(app: Flask, village: Village, clock: FixedClock) -> None:
    client = weak(app, village.administrator)
    _, codes = enrol(client, clock)
    assert send(client, f"{APP}/remove").status_code == 303
    assert "You have not set up an app." in client.get("/account/second-factor").get_data(as_text=True)
    fresh = weak(app, village.administrator)
    assert fresh.get(ASK).headers["Location"] == "/second-factor/begin"
    assert send(fresh, "/second-factor/recovery-code", code=codes[0]).status_code == 422


def test_new_recovery_codes_void_the_old_ones(app: Flask, village: Village, clock: FixedClock) -> None:
    client = weak(app, village.administrator)
    _, old = enrol(client, clock)
    new = codes_on(send(client, "/account/second-factor/recovery-codes"))
    assert len(new) == 10
    assert not set(old) & set(new)
    assert send(weak(app, village.administrator), "/second-factor/recovery-code", code=old[0]).status_code == 422
    assert send(weak(app, village.administrator), "/second-factor/recovery-code", code=new[0]).status_code == 303


def test_the_person_is_told_of_every_change(app: Flask, village: Village, clock: FixedClock, post: Post) -> None:
    enrol(weak(app, village.administrator), clock)
    post.deliver()
    (told,) = post.arrived(Channel.EMAIL, "ada@example.org")
    assert "If it was not you, tell the administrator" in told


def test_where_it_is_switched_off_nobody_is_asked(ground: Ground, site: Site, village: Village) -> None:
    client = weak(create_app(ground, site), village.administrator)
    assert client.get(STRONG_PAGE).status_code == 200
    assert client.get("/account/second-factor").status_code == 200


@pytest.mark.parametrize("path", [ASK, APP, "/second-factor/begin", "/account/second-factor", "/account/passkeys/new"])
def test_families_and_strangers_have_none_of_these_pages(app: Flask, village: Village, path: str) -> None:
    assert client_of(app, village.parent).get(path).status_code == 403
    assert client_of(app).get(path).headers["Location"].startswith("/sign-in")


def test_the_secret_is_kept_sealed_and_the_recovery_codes_not_at_all(
    app: Flask, village: Village, clock: FixedClock, ground: Ground
) -> None:
    phone, codes = enrol(weak(app, village.administrator), clock)
    with ground.read() as session:
        connection = session.connection()
        kept = [
            str(row)
            for table in ("authenticators", "recovery_codes", "audit")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - names of ours
        ]
    assert phone.secret not in str(kept)
    assert not any(code in str(kept) or code.replace("-", "") in str(kept) for code in codes)
