from __future__ import annotations

from datetime import datetime

from people.model import Role
from surveys.finding import find_surveys
from surveys.waiting import drafts, open_surveys
from tests.surveys.forum_world import ForumWorld


def test_surveys_are_found_by_title_and_counted_by_whoever_may_run_them(world: ForumWorld) -> None:
    survey_id = world.draft()
    stranger = world.staff(Role.FORUM_COORDINATOR, world.council_id)
    now = world.ground.clock.now()
    with world.ground.read() as session:
        (found,) = find_surveys(session, world.coordinator, "term", 10, now)
        assert found.id == survey_id
        assert find_surveys(session, stranger, "term", 10, now) == []
        assert find_surveys(session, world.coordinator, "no such title", 10, now) == []
        assert (drafts(session, world.coordinator, now).due.count, drafts(session, stranger, now).count) == (1, 0)
        assert open_surveys(session, world.coordinator, now).coming.count == 0
    world.add_parents("en")
    world.start(survey_id)
    with world.ground.read() as session:
        running = open_surveys(session, world.coordinator, now)
        assert (running.coming.count, running.due.count) == (1, 0)
        closes_at = running.coming.first
        assert isinstance(closes_at, datetime)
        over = open_surveys(session, world.coordinator, closes_at)
        assert (over.coming.count, over.due.count) == (0, 1), "past its day it waits to be closed"
