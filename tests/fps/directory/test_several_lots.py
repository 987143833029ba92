"""Free places of settings that stand on several lots, or on one no longer."""

from __future__ import annotations

import pytest

from fps.actions.directory.report_places import OpenBand, close_band, open_band
from fps.model import Status
from fps.model.directory_search import Sort, Wanted
from fps.queries import directory
from fps.queries.vacancies import vacancies_of
from fps.rules.vacancies import Told
from kernel.calendar import london_date
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.fps.directory.conftest import Browse
from tests.fps.directory.places import FIRST_WORKING_DAY, ask_all, hear, places, sent
from tests.fps.world import World


@pytest.fixture
def setting_id(ground: Ground, world: World) -> str:
    """A setting of provider 0 that is active on two lots, with three and nine free places."""
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
        world.activate(work, setting_id, lot=1)
        for number, free in ((0, 3), (1, 9)):
            band = OpenBand(setting_id, world.lots[number].id, 5, 16, Told(free))
            open_band(work, world.providers[0][1], band)
    return setting_id


def test_the_question_names_the_lot_where_a_setting_has_several(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    first, second = (lot.title for lot in world.lots[:2])
    ask_all(ground, clock)
    [message] = sent(ground)
    assert message.values["lines"] == [
        f"A: School 0, {first}, ages 5 to 16: 3",
        f"B: School 0, {second}, ages 5 to 16: 9",
    ]
    hear(ground, world.providers[0][1], "B 8")
    assert places(ground, setting_id) == [3, 8]


def test_a_lot_is_named_also_where_the_other_was_told_already(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    clock.set(FIRST_WORKING_DAY)
    with ground.work() as work:
        other = OpenBand(setting_id, world.lots[0].id, 5, 10, Told(1))
        close_band(work, world.providers[0][1], open_band(work, world.providers[0][1], other))
        first = vacancies_of(work.session, [setting_id])[setting_id][0]
        close_band(work, world.providers[0][1], first.id)
        open_band(work, world.providers[0][1], OpenBand(setting_id, world.lots[0].id, 5, 16, Told(4)))
    ask_all(ground, clock)
    [message] = sent(ground)
    assert message.values["setting"] == f"School 0, {world.lots[1].title}, ages 5 to 16"


def test_places_are_shown_only_for_lots_on_which_the_setting_is_shown(
    ground: Ground, clock: FixedClock, world: World, browse: Browse, setting_id: str
) -> None:
    today = london_date(clock.now())
    with ground.work() as work:
        world.step(work, setting_id, Status.SUSPENDED, lot=1, effective_on=today)
    with ground.read() as session:
        shown = directory.listing(session, setting_id, today)
        for_councils = directory.listing(session, setting_id, today, sees_status=True)
    assert [[card.places for card in one.vacancies] for one in (shown, for_councils)] == [[3], [3]]
    assert world.lots[1].title not in browse(None).get(f"/directory/{setting_id}").text
    assert places(ground, setting_id) == [3, 9], "the provider still sees its own"


def test_most_places_first_counts_what_is_shown_alone(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    today = london_date(clock.now())
    rival = world.providers[1][1]
    with ground.work() as work:
        other = world.active_setting(work, 1)
        open_band(work, rival, OpenBand(other, world.lots[0].id, 11, 16, Told(5)))
        close_band(work, rival, open_band(work, rival, OpenBand(other, world.lots[0].id, 5, 10, Told(100))))

    def ranked() -> list[str]:
        with ground.read() as session:
            found, _ = directory.find_settings(session, Wanted(sort=Sort.PLACES), today)
        return [one.id for one in found]

    assert ranked() == [setting_id, other]
    with ground.work() as work:
        world.step(work, setting_id, Status.SUSPENDED, lot=1, effective_on=today)
    assert ranked() == [other, setting_id]
