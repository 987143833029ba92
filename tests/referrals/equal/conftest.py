from __future__ import annotations

import pytest
from flask import Flask

from channels.inbox.accept import Inbox
from channels.wording import Registry
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from referrals.messages import MESSAGES
from referrals.web import blueprint
from tests.referrals.world import World, build_world


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


@pytest.fixture
def app(ground: Ground) -> Flask:
    app = create_app(ground, Site(messages=Registry(MESSAGES), inbox=Inbox(ground), pages=(blueprint(),)))
    app.config["WTF_CSRF_ENABLED"] = False
    return app
