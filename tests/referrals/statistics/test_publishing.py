from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Actor, Role
from referrals.actions.statistics.publish_statistics import publish_statistics
from referrals.actions.unseal_responses import unseal_responses
from referrals.model import DeclineCode, Response, ResponseKind
from referrals.model.statistics import Published
from referrals.queries.statistics import published
from referrals.tables import StatisticsRow
from tests.fps.world import member
from tests.referrals.clocks.conftest import Browse
from tests.referrals.world import OFFER, World

NO_PLACE = Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE)
AFTER_DEADLINE = datetime(2026, 12, 2, 10, tzinfo=UTC)
NEXT_QUARTER = datetime(2027, 1, 1, 1, tzinfo=UTC)


def unsealed(world: World, clock: FixedClock, *, referrals: int, sealed: int = 0) -> None:
    """Issue referrals, of which provider 0 declines each and provider 1 offers in each; unseal all but some."""
    began = clock.now()
    ids = [world.issued() for _ in range(referrals)]
    for referral_id in ids:
        world.respond(referral_id, 0, NO_PLACE)
        world.respond(referral_id, 1, OFFER)
    clock.set(AFTER_DEADLINE)
    for referral_id in ids[sealed:]:
        for person in (world.commissioner, world.colleague):
            with world.ground.work() as work:
                unseal_responses(work, person, referral_id)
    clock.set(max(began, AFTER_DEADLINE))


def figures(ground: Ground, world: World, kind: Published) -> dict[str, Any]:
    with ground.read() as session:
        (table,) = published(session, [world.register.framework_id], kind)
    return table.figures


def test_R39_a_quarter_is_published_once_it_has_ended_and_once(world: World, clock: FixedClock) -> None:
    unsealed(world, clock, referrals=6)
    with world.ground.work() as work:
        publish_statistics(work)
    assert figures(world.ground, world, Published.REACH)["settings"] == [], "the quarter before says nothing"
    with world.ground.work() as work:
        work.session.execute(text("DELETE FROM referral_statistics"))
    clock.set(NEXT_QUARTER)
    for _ in range(2):
        with world.ground.work() as work:
            publish_statistics(work)
    reach = figures(world.ground, world, Published.REACH)
    by_id = {each["setting_id"]: each for each in reach["settings"]}
    first, third = by_id[world.settings[0]], by_id[world.settings[2]]
    assert (first["invited"], first["answered"], first["won"]) == (6, 6, 0)
    assert (third["invited"], third["answered"]) == (6, 0)
    (lot,) = [each for each in reach["lots"] if each["referrals"]]
    assert (lot["referrals"], lot["active"], lot["invited"], lot["answered"]) == (6, 3, 3, 2)
    gaps = figures(world.ground, world, Published.GAPS)
    assert gaps["referrals"] == 6
    assert {each["code"]: each["referrals"] for each in gaps["reasons"]}["no_place"] == 6


def test_R21_reasons_of_referrals_that_are_sealed_are_not_read(world: World, clock: FixedClock) -> None:
    unsealed(world, clock, referrals=6, sealed=2)
    clock.set(NEXT_QUARTER)
    with world.ground.work() as work:
        publish_statistics(work)
    assert figures(world.ground, world, Published.GAPS) == {"referrals": None, "reasons": []}


def test_V10_four_learners_are_not_written_down_at_all(world: World, clock: FixedClock) -> None:
    unsealed(world, clock, referrals=4)
    clock.set(NEXT_QUARTER)
    with world.ground.work() as work:
        publish_statistics(work)
    with world.ground.read() as session:
        rows = session.scalars(select(StatisticsRow)).all()
        assert {row.kind for row in rows} == {"reach", "gaps"}
        assert not any(": 4" in json.dumps(row.figures) for row in rows)


def test_the_pages_show_reach_and_gaps_and_their_sheets(world: World, clock: FixedClock, browse: Browse) -> None:
    client = browse(world.commissioner)
    assert "Nothing is published yet" in client.get("/commissioning/statistics/reach").text
    assert "Nothing is published yet" in client.get("/commissioning/statistics/gaps").text
    unsealed(world, clock, referrals=6)
    clock.set(NEXT_QUARTER)
    with world.ground.work() as work:
        publish_statistics(work)
    client = browse(world.commissioner)
    page = client.get("/commissioning/statistics/reach").text
    assert "October to December 2026" in page
    assert "Every setting that could be asked was." in page
    assert "No setting fits this" in client.get("/commissioning/statistics/reach?reached=never").text
    assert "School" in client.get("/commissioning/statistics/reach?reached=unanswered").text
    assert "Nothing was published" in client.get("/commissioning/statistics/reach?quarter=2020-01-01").text
    gaps = client.get("/commissioning/statistics/gaps").text
    assert "6 referrals were unsealed" in gaps
    assert "No place is free" in gaps
    sheet = client.get("/commissioning/statistics/gaps.csv").text
    assert "No place is free,All,All,6" in sheet
    assert "Asked,Answered,Won" in client.get("/commissioning/statistics/reach.csv").text


def test_only_whom_a_framework_concerns_reads_its_statistics(
    world: World, clock: FixedClock, browse: Browse, ground: Ground
) -> None:
    unsealed(world, clock, referrals=6)
    clock.set(NEXT_QUARTER)
    with ground.work() as work:
        publish_statistics(work)
        lead: Actor = member(work, "Lia Lead", Role.LEAD_AUTHORITY, world.register.lead.roles[0].organisation_id)
    assert "6 referrals" in browse(lead).get("/commissioning/statistics/gaps").text
    assert browse(world.user(0)).get("/commissioning/statistics/gaps").status_code == 403
