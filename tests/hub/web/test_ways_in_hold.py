"""What must hold of the ways in whoever tries: one code one session, and the same work for an unknown address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from channels.model import Channel
from hub.actions.send_way_in import TO_SIGN_IN
from hub.reactions import REACTIONS
from kernel.clock import FixedClock
from kernel.errors import NotFoundError
from kernel.events import deliver_events
from kernel.ids import new_id
from kernel.work import Ground
from people.actions.ask_way_in import ask_way_in
from people.actions.begin_session import begin_session
from people.actions.leave import mark_leaver
from people.actions.take_way_in import MOST_A_DAY, Entrant, take_code
from people.queries import person
from people.queries.sessions import session_by_token, sessions_of
from people.rules.codes import Refusal
from tests.hub.web.village import COORDINATOR_EMAIL, Post, Village, client_of, token_on

BROWSER = "the token of one browser"
AT_ONCE = 4


@contextmanager
def statements(ground: Ground) -> Iterator[list[str]]:
    """Write down what is asked of the database, without the values."""
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(re.sub(r"\s+", " ", str(told[2])))

    event.listen(ground.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(ground.database.engine, "before_cursor_execute", note)


def _ask(client: FlaskClient, address: str) -> None:
    client.post("/sign-in", data={"csrf_token": token_on(client, "/sign-in"), "address": address})


def _code(post: Post) -> str:
    post.deliver()
    found = re.search(r"code there: (\d{6})", post.arrived(Channel.EMAIL, COORDINATOR_EMAIL)[-1])
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("village")
def test_asking_does_the_same_work_whether_or_not_there_is_an_account(app: Flask, ground: Ground) -> None:
    work = []
    for address in (COORDINATOR_EMAIL, "nobody@example.org"):
        client = client_of(app)
        token = token_on(client, "/sign-in")
        with statements(ground) as asked:
            client.post("/sign-in", data={"csrf_token": token, "address": address})
        work.append(asked)
    assert work[0] == work[1] != []


@pytest.mark.usefixtures("village")
def test_a_wrong_code_does_the_same_work_whether_or_not_there_is_an_account(
    app: Flask, ground: Ground, post: Post
) -> None:
    work = []
    for address in (COORDINATOR_EMAIL, "nobody@example.org"):
        client = client_of(app)
        _ask(client, address)
        post.deliver()
        token = token_on(client, "/sign-in/sent")
        with statements(ground) as asked:
            client.post("/sign-in/sent", data={"csrf_token": token, "code": "not a code"})
        work.append(asked)
    assert work[0] == work[1] != []


def test_one_code_spent_in_many_places_at_once_makes_one_session(ground: Ground, village: Village, post: Post) -> None:
    with ground.work() as work:
        ask_way_in(work, TO_SIGN_IN, BROWSER, "email", COORDINATOR_EMAIL)
    code, together = _code(post), Barrier(AT_ONCE)

    def spend(_number: int) -> bool:
        together.wait()
        with ground.work() as work:
            taken = take_code(work, TO_SIGN_IN, BROWSER, code)
            if isinstance(taken, Entrant):
                begin_session(work, taken.person_id, "code")
        return isinstance(taken, Entrant)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        let_in = list(pool.map(spend, range(AT_ONCE)))
    assert sorted(let_in) == [False] * (AT_ONCE - 1) + [True]
    with ground.read() as session:
        assert len(sessions_of(session, village.coordinator, ground.clock.now())) == 1


@pytest.mark.usefixtures("village")
def test_wrong_codes_typed_at_once_are_all_counted(ground: Ground, post: Post) -> None:
    with ground.work() as work:
        ask_way_in(work, TO_SIGN_IN, BROWSER, "email", COORDINATOR_EMAIL)
    right, tries = _code(post), 12
    together = Barrier(tries)

    def guess(_number: int) -> Entrant | Refusal:
        together.wait()
        with ground.work() as work:
            return take_code(work, TO_SIGN_IN, BROWSER, "x")

    with ThreadPoolExecutor(tries) as pool:
        told = list(pool.map(guess, range(tries)))
    assert told.count(Refusal.WRONG) == 4
    with ground.work() as work:
        assert take_code(work, TO_SIGN_IN, BROWSER, right) is Refusal.TOO_OFTEN


@pytest.mark.usefixtures("village")
def test_patience_does_not_pay(ground: Ground, clock: FixedClock, post: Post) -> None:
    """Asking again and again gives no more than so many guesses a day at one address, from however many browsers."""
    guesses = 0
    for _ in range(MOST_A_DAY):
        browser = new_id()
        with ground.work() as work:
            ask_way_in(work, TO_SIGN_IN, browser, "email", COORDINATOR_EMAIL)
        deliver_events(ground, REACTIONS)
        for _ in range(5):
            with ground.work() as work:
                guesses += take_code(work, TO_SIGN_IN, browser, "x") is Refusal.WRONG
        clock.move(timedelta(minutes=16))
    assert guesses <= MOST_A_DAY
    clock.move(timedelta(days=1))
    with ground.work() as work:
        ask_way_in(work, TO_SIGN_IN, BROWSER, "email", COORDINATOR_EMAIL)
    code = _code(post)
    with ground.work() as work:
        assert isinstance(take_code(work, TO_SIGN_IN, BROWSER, code), Entrant)


def test_signing_in_while_leaving_leaves_no_session_open(ground: Ground, village: Village) -> None:
    with ground.read() as session:
        manager = person(session, village.administrator)
    together = Barrier(AT_ONCE)

    def sign_in(_number: int) -> str | None:
        together.wait()
        with ground.work() as work:
            try:
                return begin_session(work, village.coordinator)
            except NotFoundError:
                return None

    def leave(_number: int) -> None:
        together.wait()
        with ground.work() as work:
            mark_leaver(work, manager, village.coordinator)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        left = pool.submit(leave, 0)
        tokens = list(pool.map(sign_in, range(AT_ONCE - 1)))
        left.result()
    with ground.read() as session:
        assert sessions_of(session, village.coordinator, ground.clock.now()) == []
        assert [token for token in tokens if token and session_by_token(session, token, ground.clock.now())] == []
    with ground.database.engine.connect() as connection:
        still_open = "SELECT count(*) FROM sessions WHERE ended_at IS NULL"
        assert connection.exec_driver_sql(still_open).scalar_one() == 0


def test_what_was_typed_is_forgotten_once_it_is_answered(ground: Ground, village: Village) -> None:
    assert village
    with ground.work() as work:
        ask_way_in(work, TO_SIGN_IN, BROWSER, "email", "nobody@example.org")
    deliver_events(ground, REACTIONS)
    with ground.database.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT address FROM sign_in_asks").scalars().all()
    assert kept == [None]


def test_a_code_stands_in_no_table(ground: Ground, village: Village, post: Post) -> None:
    assert village
    with ground.work() as work:
        ask_way_in(work, TO_SIGN_IN, BROWSER, "email", COORDINATOR_EMAIL)
    deliver_events(ground, REACTIONS)
    tables = ("sign_in_asks", "sign_in_codes", "messages", "events", "audit", "grants")
    with ground.database.engine.connect() as connection:
        held = "".join(str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in tables)  # noqa: S608 - names of ours
    assert _code(post) not in held


def test_who_was_signed_out_is_told_so(app: Flask, village: Village, clock: FixedClock) -> None:
    client = client_of(app, village.coordinator)
    clock.move(timedelta(minutes=61))
    page = client.get("/questions", follow_redirects=True).get_data(as_text=True)
    assert "You were signed out: this browser was not used for a while" in page
    assert "You were signed out" not in client_of(app).get("/questions", follow_redirects=True).get_data(as_text=True)
