"""R27: no placement begins before the standstill is over, however often somebody presses, and then only one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from referrals.tables import IssueRow
from referrals.tables.placements import PlacementRow
from tests.referrals.browsing import browser, words
from tests.referrals.evaluation.world import at, award, settled, unsealed
from tests.referrals.world import World

OVER = datetime(2026, 12, 15, tzinfo=UTC)


@pytest.fixture
def awarded(world: World) -> str:
    """An award with a standstill of ten days."""
    referral_id = settled(world)
    with world.ground.work() as work:
        issue = work.session.scalars(select(IssueRow).where(IssueRow.referral_id == referral_id)).one()
        issue.terms = {**issue.terms, "standstill_days": 10}
    award(world, referral_id)
    return referral_id


def _placements(world: World) -> list[str]:
    with world.ground.read() as session:
        return list(session.scalars(select(PlacementRow.id)))


def test_beginning_by_hand_waits_for_the_end_and_begins_one_placement(world: World, app: Flask, awarded: str) -> None:
    path = f"/commissioning/referrals/{awarded}"
    at(world, OVER - timedelta(seconds=1))
    for person in (world.commissioner, world.commissioner, world.colleague):
        refused = browser(app, person).post(f"{path}/award/begin")
        assert refused.status_code == 409
        assert "The standstill is not over yet. The placement begins after it." in words(refused)
    assert f"{path}/award/begin" not in browser(app, world.commissioner).get(f"{path}/evaluation").text
    assert _placements(world) == []
    at(world, OVER)
    assert f"{path}/award/begin" in browser(app, world.commissioner).get(f"{path}/evaluation").text
    begun = [browser(app, person).post(f"{path}/award/begin") for person in (world.commissioner, world.colleague)]
    (placement_id,) = _placements(world)
    assert {answer.location for answer in begun} == {f"/commissioning/placements/{placement_id}"}
    shown = browser(app, world.commissioner).get(f"{path}/evaluation").text
    assert f"{path}/award/begin" not in shown


def test_nothing_begins_where_nothing_was_awarded(world: World, app: Flask) -> None:
    referral_id = unsealed(world)
    answer = browser(app, world.commissioner).post(f"/commissioning/referrals/{referral_id}/award/begin")
    assert (answer.status_code, "Nothing was awarded, so no placement begins." in words(answer)) == (409, True)
    assert _placements(world) == []
    stranger = browser(app, world.stranger).post(f"/commissioning/referrals/{referral_id}/award/begin")
    assert stranger.status_code == 404
