from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.inbox.accept import Inbox
from channels.wording import Registry
from fps.messages import MESSAGES
from fps.web import blueprint
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from people.model import Actor
from tests.fps.world import World, build_world
from tests.signed_in import let_in

Browse = Callable[[Actor], FlaskClient]


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground, providers=4)


@pytest.fixture
def app(ground: Ground) -> Flask:
    links = {"fps.round_contact": "fps.taking_part.by_link"}
    told = Site(messages=Registry(MESSAGES), inbox=Inbox(ground), pages=(blueprint(),), link_pages=links)
    app = create_app(ground, told)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def browse(app: Flask) -> Browse:
    """Return a browser in which a person is signed in."""

    def sign_in(person: Actor) -> FlaskClient:
        client = app.test_client()
        let_in(client, person.id)
        return client

    return sign_in
