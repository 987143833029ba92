from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

import fps.web
from channels.inbox.accept import Inbox
from channels.wording import Registry
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from people.model import Actor
from referrals.messages import MESSAGES
from referrals.web import blueprint
from tests.signed_in import let_in

Browse = Callable[[Actor], FlaskClient]


@pytest.fixture
def app(ground: Ground) -> Flask:
    site = Site(messages=Registry(MESSAGES), inbox=Inbox(ground), pages=(blueprint(), fps.web.blueprint()))
    app = create_app(ground, site)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def browse(app: Flask) -> Browse:
    def browse(actor: Actor) -> FlaskClient:
        client = app.test_client()
        let_in(client, actor.id)
        return client

    return browse
