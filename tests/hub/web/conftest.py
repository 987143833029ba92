from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from channels import messages as channel_messages
from channels.inbox.accept import Inbox
from channels.wording import Kind, MessageType, Policy, Registry
from hub.messages import MESSAGES
from hub.web.app import create_app
from hub.web.site import Sandbox, Site
from kernel.errors import NotFoundError
from kernel.translation import say
from kernel.work import Ground
from people.model import Actor
from tests.hub.web.village import Post, Village, client_of, pass_on, settle

NOTICE = MessageType(
    key="tests.notice",
    values={"place": Kind.TEXT},
    title=say("tests.notice.title", "News of {place}"),
    text=say("tests.notice.text", "There is news of {place}. See https://hub.example.org/news."),
    short=say("tests.notice.short", "News of {place}"),
    policy=Policy(solicited=True, mind_quiet_hours=False),
)


@pytest.fixture
def notice() -> MessageType:
    return NOTICE


@pytest.fixture
def registry() -> Registry:
    return Registry((*channel_messages.MESSAGES, *MESSAGES, NOTICE))


@pytest.fixture
def village(ground: Ground) -> Village:
    with ground.work() as work:
        return settle(work)


@pytest.fixture
def inbox(ground: Ground) -> Iterator[Inbox]:
    inbox = Inbox(ground)
    yield inbox
    inbox.close()


@pytest.fixture
def site(registry: Registry, inbox: Inbox) -> Site:
    return Site(
        messages=registry,
        inbox=inbox,
        sandbox=Sandbox.ALONE,
        link_pages={"hub.sign_in": "sign_in.confirm"},
        readers={"referral": _read_coordinators, "survey": _read_coordinators},
    )


def _read_coordinators(_session: Session, actor: Actor, subject_id: str, _now: datetime) -> str:
    """Read a thing, which in these tests is Nadia's alone."""
    if actor.name != "Nadia Forster":
        raise NotFoundError
    return subject_id


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    return create_app(ground, site)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return client_of(app)


@pytest.fixture
def post(ground: Ground, registry: Registry) -> Post:
    return Post(ground, registry, (pass_on,))
