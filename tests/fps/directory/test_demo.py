from __future__ import annotations

from fps.model.directory_search import Wanted
from fps.queries.directory import find_settings
from hub.demo.seed import seed_demo
from kernel.calendar import london_date
from kernel.work import Ground


def test_the_demo_has_pages_and_free_places_to_look_at(ground: Ground) -> None:
    with ground.work() as work:
        assert seed_demo(work)
    with ground.read() as session:
        found, total = find_settings(session, Wanted(), london_date(ground.clock.now()))
    assert total == len(found) > 5
    assert sum(one.profile is not None for one in found) > 5
    assert any(card.places for one in found for card in one.vacancies)
