from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from channels.inbox.accept import Inbox
from channels.wording import Registry
from hub.messages import MESSAGES
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from people.actions.decide_api_token import decide_api_token
from people.actions.issue_api_token import IssueApiToken, issue_api_token
from people.api_scopes import APPROVED_BY, ApiScope
from people.model import Actor, Role
from tests.fps.world import World, build_world, member
from tests.hub.api.program import Program, program

LAST_DAY = date(2027, 3, 31)


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


@pytest.fixture
def app(ground: Ground) -> Iterator[Flask]:
    inbox = Inbox(ground)
    yield create_app(ground, Site(messages=Registry(MESSAGES), inbox=inbox))
    inbox.close()


@pytest.fixture
def administrator(ground: Ground, world: World) -> Actor:
    with ground.work() as work:
        return member(work, "Ada Administrator", Role.ADMINISTRATOR, world.council_id)


def token(ground: Ground, actor: Actor, *scopes: ApiScope) -> str:
    wanted = IssueApiToken(actor.roles[0].organisation_id, "A program", scopes, LAST_DAY)
    with ground.work() as work:
        issued = issue_api_token(work, actor, wanted)
        if not APPROVED_BY.keys().isdisjoint(scopes):
            commissioner = member(work, "Col Commissioner", Role.COMMISSIONER, wanted.organisation_id)
            decide_api_token(work, commissioner, issued.id, is_approved=True)
    return issued.secret


@pytest.fixture
def reader(app: Flask, ground: Ground, administrator: Actor) -> Program:
    """A program that may ask for everything."""
    return program(app, token(ground, administrator, *ApiScope))
