"""A token reads no fees before somebody who may read them says so: an administrator may not, and makes tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

import fps.web
import people.web
from channels.inbox.accept import Inbox
from channels.wording import Registry
from fps.messages import MESSAGES
from hub.personal_data import PERSON_DATA
from hub.web.app import create_app
from hub.web.site import Site
from kernel.audit import lines_about
from kernel.clock import FixedClock
from kernel.errors import ConflictError, NotFoundError
from kernel.work import Ground
from people.actions.decide_api_token import decide_api_token
from people.actions.issue_api_token import IssueApiToken, IssuedToken, issue_api_token
from people.actions.revoke_api_token import revoke_api_token
from people.api_scopes import ApiScope
from people.model import Actor, Role
from people.queries.api_tokens import tokens_waiting
from tests.fps.world import World, build_world, member
from tests.hub.api.conftest import LAST_DAY
from tests.hub.api.program import program
from tests.signed_in import let_in

PATH = "/register/fees/programs"


@dataclass(frozen=True)
class Office:
    """A council's administrator, its commissioner, and one of another council."""

    council_id: str
    administrator: Actor
    commissioner: Actor
    stranger: Actor


@pytest.fixture
def office(ground: Ground) -> Office:
    world: World = build_world(ground)
    with ground.work() as work:
        return Office(
            world.council_id,
            member(work, "Ada Administrator", Role.ADMINISTRATOR, world.council_id),
            member(work, "Col Commissioner", Role.COMMISSIONER, world.council_id),
            member(work, "Sam Stranger", Role.COMMISSIONER, world.other_council_id),
        )


@pytest.fixture
def app(ground: Ground) -> Iterator[Flask]:
    inbox = Inbox(ground)
    pages = (fps.web.blueprint(), people.web.blueprint(PERSON_DATA), people.web.delegation_pages())
    app = create_app(ground, Site(messages=Registry(MESSAGES), inbox=inbox, pages=pages))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    inbox.close()


def _client(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    let_in(client, actor.id)
    return client


def _issue(ground: Ground, office: Office, *scopes: ApiScope) -> IssuedToken:
    with ground.work() as work:
        wanted = IssueApiToken(office.council_id, "Case system", scopes or tuple(ApiScope), LAST_DAY)
        return issue_api_token(work, office.administrator, wanted)


def _decide(ground: Ground, actor: Actor, token: IssuedToken, *, is_approved: bool = True) -> None:
    with ground.work() as work:
        decide_api_token(work, actor, token.id, is_approved=is_approved)


def test_an_administrators_token_reads_no_fees_before_a_commissioner_approves_it(
    app: Flask, ground: Ground, office: Office
) -> None:
    issued = _issue(ground, office)
    reader = program(app, issued.secret)
    assert reader.get("/councils").status_code == 200, "what nobody must approve holds at once"
    answer = reader.get("/fees")
    assert answer.status_code == 403
    assert "Ask a commissioner of your council to approve it" in answer.get_json()["detail"]
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    for _ in range(2):
        _decide(ground, office.commissioner, issued)
    assert reader.get("/fees").status_code == 200
    _decide(ground, office.commissioner, issued, is_approved=False)
    assert reader.get("/fees").status_code == 403
    with ground.read() as session:
        actions = [line.action for line in lines_about(session, ("api_token", issued.id))]
    assert actions == ["people.refuse_api_token", "people.approve_api_token", "people.issue_api_token"]


def test_only_who_may_read_fees_in_the_council_decides(ground: Ground, office: Office) -> None:
    issued = _issue(ground, office)
    for actor in (office.administrator, office.stranger):
        for is_approved in (True, False):
            with pytest.raises(NotFoundError):
                _decide(ground, actor, issued, is_approved=is_approved)
    bare = _issue(ground, office, ApiScope.REGISTER_READ)
    with pytest.raises(NotFoundError):
        _decide(ground, office.commissioner, bare)


def test_what_has_ended_is_not_decided(ground: Ground, office: Office, clock: FixedClock) -> None:
    revoked, ended = _issue(ground, office), _issue(ground, office)
    with ground.work() as work:
        revoke_api_token(work, office.administrator, revoked.id)
    with pytest.raises(ConflictError):
        _decide(ground, office.commissioner, revoked)
    clock.set(clock.now().replace(year=2027, month=4, day=1))
    with pytest.raises(ConflictError):
        _decide(ground, office.commissioner, ended)


def test_commissioners_see_what_waits_and_approve_and_take_back_on_a_page(
    app: Flask, ground: Ground, office: Office
) -> None:
    client = _client(app, office.commissioner)
    assert "No program of your council asks for fees or referrals." in client.get(PATH).get_data(as_text=True)
    _issue(ground, office)
    with ground.read() as session:
        for actor, count in ((office.commissioner, 1), (office.stranger, 0), (office.administrator, 0)):
            assert tokens_waiting(session, actor, ground.clock.now()).count == count
    administrator = _client(app, office.administrator)
    listed = "/administration/api-tokens"
    for action, before, after in (
        ("approve", "Waits for approval", "Approved"),
        ("refuse", "Approved", "Refused"),
    ):
        page = client.get(PATH).get_data(as_text=True)
        assert before in page
        assert before in administrator.get(listed).get_data(as_text=True)
        press = re.search(rf'action="({PATH}/\w+/{action})"', page)
        assert press
        sent = client.post(press[1])
        assert (sent.status_code, sent.headers["Location"]) == (303, PATH)
        assert f"{after}. The program " in client.get(PATH).get_data(as_text=True)
        told = administrator.get(listed).get_data(as_text=True)
        assert after in told
        assert "by Col Commissioner" in told


def test_nobody_else_reaches_the_page_or_another_councils_token(app: Flask, ground: Ground, office: Office) -> None:
    issued = _issue(ground, office)
    stranger = _client(app, office.stranger)
    assert "Case system" not in stranger.get(PATH).get_data(as_text=True)
    for action in ("approve", "refuse"):
        assert stranger.post(f"{PATH}/{issued.id}/{action}").status_code == 404
    assert _client(app, office.administrator).get(PATH).status_code == 403
