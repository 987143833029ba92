from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.inbox.accept import Inbox
from channels.wording import Registry
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from people.model import Actor
from qa_visits.messages import MESSAGES
from qa_visits.web import blueprint
from tests.signed_in import let_in

Browse = Callable[[Actor], FlaskClient]


@pytest.fixture
def app(ground: Ground) -> Flask:
    app = create_app(ground, Site(messages=Registry(MESSAGES), inbox=Inbox(ground), pages=(blueprint(),)))
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
