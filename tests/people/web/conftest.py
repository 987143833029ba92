from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

import people.web
from channels.inbox.accept import Inbox
from channels.wording import Registry
from hub.messages import MESSAGES
from hub.personal_data import PERSON_DATA
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from tests.signed_in import let_in

Browse = Callable[[str | None], FlaskClient]


@pytest.fixture
def app(ground: Ground) -> Flask:
    site = Site(
        messages=Registry(MESSAGES),
        inbox=Inbox(ground),
        pages=(people.web.blueprint(PERSON_DATA), people.web.delegation_pages()),
        link_pages={"people.details": "people.family.show", "people.invitation": "invitations.confirm"},
    )
    app = create_app(ground, site)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def browse(app: Flask) -> Browse:
    """Return a browser in which a person, or nobody, is signed in."""

    def sign_in(person_id: str | None) -> FlaskClient:
        client = app.test_client()
        if person_id is not None:
            let_in(client, person_id)
        return client

    return sign_in
