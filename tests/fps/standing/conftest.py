from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

import fps.web
import people.web
from channels.inbox.accept import Inbox
from channels.wording import Registry
from hub.messages import MESSAGES
from hub.personal_data import PERSON_DATA
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from people.model import Actor, Role
from tests.fps.world import World, build_world, member
from tests.signed_in import let_in

Browse = Callable[[Actor | None], FlaskClient]


@dataclass(frozen=True)
class Corner:
    """The world with commissioners of two councils and one active setting; its provider is number 1."""

    world: World
    commissioner: Actor
    other: Actor
    setting_id: str

    @property
    def lead(self) -> Actor:
        """Lee, who acts for the lead authority."""
        return self.world.lead

    @property
    def user(self) -> Actor:
        """Who acts for the setting's provider."""
        return self.world.providers[1][1]

    @property
    def rival(self) -> Actor:
        """Who acts for another provider."""
        return self.world.providers[0][1]

    @property
    def lot_id(self) -> str:
        """The lot on which the setting is active."""
        return self.world.lots[0].id


@pytest.fixture
def corner(ground: Ground) -> Corner:
    world = build_world(ground)
    with ground.work() as work:
        first = member(work, "Cora Commissioner", Role.COMMISSIONER, world.council_id, ("email", "cora@example.org"))
        second = member(work, "Otto Other", Role.COMMISSIONER, world.other_council_id, ("email", "otto@example.org"))
        return Corner(world, first, second, world.active_setting(work, 1))


@pytest.fixture
def app(ground: Ground) -> Flask:
    site = Site(
        messages=Registry(MESSAGES),
        inbox=Inbox(ground),
        pages=(people.web.blueprint(PERSON_DATA), people.web.delegation_pages(), fps.web.blueprint()),
        link_pages={"people.details": "people.family.show", "people.invitation": "invitations.confirm"},
    )
    app = create_app(ground, site)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def browse(app: Flask) -> Browse:
    """Return a browser in which somebody, or nobody, is signed in."""

    def sign_in(actor: Actor | None) -> FlaskClient:
        client = app.test_client()
        if actor is not None:
            let_in(client, actor.id)
        return client

    return sign_in
