from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from channels.inbox.accept import Inbox
from channels.wording import Registry
from fps.messages import MESSAGES
from fps.model.rounds import RoundCard
from fps.web import blueprint
from hub.web.app import create_app
from hub.web.site import Site
from kernel.work import Ground
from tests.fps.rounds_world import open_round
from tests.fps.world import World, build_world


@dataclass(frozen=True)
class Scene:
    """A world with a round that is open until 18 December 2026, 12:00."""

    ground: Ground
    world: World
    joined: RoundCard


@pytest.fixture
def scene(ground: Ground) -> Scene:
    world = build_world(ground)
    with ground.work() as work:
        return Scene(ground, world, open_round(work, world))


@pytest.fixture
def app(scene: Scene) -> Flask:
    app = create_app(scene.ground, Site(messages=Registry(MESSAGES), inbox=Inbox(scene.ground), pages=(blueprint(),)))
    app.config["WTF_CSRF_ENABLED"] = False
    return app
