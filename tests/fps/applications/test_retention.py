from __future__ import annotations

from datetime import date, time

from sqlalchemy import select

from fps.application_retention import SWEEPERS
from fps.tables import ApplicationFileRow, ApplicationPartRow, ApplicationRow, MarkRow
from hub.retention import cut_of
from kernel.calendar import at_london
from kernel.clock import FixedClock
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import closed, evaluate, name_both
from tests.fps.applications.filled import started


def test_what_led_to_no_contract_goes_after_six_years_and_what_was_never_sent_after_one(
    scene: Scene, clock: FixedClock
) -> None:
    """R36"""
    with scene.ground.work() as work:
        unsent = started(work, scene.joined, scene.world.providers[1])
    here = closed(scene, clock)
    with scene.ground.work() as work:
        name_both(work, here)
        evaluate(work, here, here.evaluators[0])
    for year, months, key, left in (
        (2027, 12, "fps.unsent_applications", {unsent, here.application_id}),
        (2028, 12, "fps.unsent_applications", {here.application_id}),
        (2032, 72, "fps.applications", {here.application_id}),
        (2033, 72, "fps.applications", set()),
    ):
        with scene.ground.work() as work:
            cut = cut_of(at_london(date(year, 1, 10), time(12)), months)
            SWEEPERS[key].sweep(work.session, cut, 100)
            assert set(work.session.scalars(select(ApplicationRow.id))) == left
    with scene.ground.read() as session:
        for table in (ApplicationPartRow, ApplicationFileRow, MarkRow):
            assert session.scalars(select(table)).all() == []
