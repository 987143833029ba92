from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

from sqlalchemy import func, select

from hub.actions.run_retention import run_retention
from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Role
from referrals.actions.close_referral import close_referral
from referrals.actions.webhooks.add_endpoint import AddEndpoint, add_endpoint
from referrals.actions.webhooks.change_endpoint import pause_endpoint
from referrals.actions.webhooks.tell_systems import TOLD_OF
from referrals.model.webhooks import CHOSEN_TYPES, EventType
from referrals.tables import WebhookAttemptRow, WebhookDeliveryRow, WebhookEventRow
from referrals.webhooks.courier import Courier
from tests.fps.world import member
from tests.referrals.webhooks.world import FakeLine, Systems, hear
from tests.referrals.world import build_world


def test_a_system_is_told_of_each_step_of_its_own_council_in_ids_and_times_alone(
    ground: Ground, clock: FixedClock
) -> None:
    """R30 in spirit: outside the hub nobody reads a word that somebody wrote, not even the reference."""
    world, line = build_world(ground), FakeLine()
    with ground.work() as work:
        for council_id, url, types in (
            (world.register.council_id, "https://all.example.org/", CHOSEN_TYPES),
            (world.register.council_id, "https://closed.example.org/", (EventType.REFERRAL_CLOSED,)),
            (world.register.other_council_id, "https://others.example.org/", CHOSEN_TYPES),
        ):
            administrator = member(work, f"Ada {url}", Role.ADMINISTRATOR, council_id)
            add_endpoint(work, administrator, AddEndpoint(council_id, "Cases", url, types))
    referral_id = world.issued()
    for _ in range(2):
        hear(ground)
    clock.move(timedelta(days=20))
    with ground.work() as work:
        close_referral(work, world.commissioner, referral_id, "Nobody is needed any more.")
    hear(ground)
    while Courier(ground, line).drain():
        pass
    sent = [(url, body["type"]) for (url, _, _), body in zip(line.posted, line.bodies, strict=True)]
    assert sent.count(("https://all.example.org/", "referral.issued")) == 1
    assert [kind for url, kind in sent if url == "https://closed.example.org/"] == ["referral.closed"]
    assert [kind for url, kind in sent if url == "https://others.example.org/"] == []
    issued = next(body for body in line.bodies if body["type"] == "referral.issued")
    assert set(issued["data"]) == {"referral_id", "lot_id", "release_at", "deadline_at"}
    assert issued["data"]["referral_id"] == referral_id
    said = str(line.posted)
    assert not any(word in said for word in ("Nobody is needed", "R-", "Year", "outcomes"))


def test_every_fact_that_is_told_is_of_one_council_and_has_plain_fields() -> None:
    for event in TOLD_OF:
        assert "council_id" in {field.name for field in fields(event)}
        assert {field.type for field in fields(event)} <= {"str", "int"}, event


def test_after_a_year_what_was_told_is_let_go_but_for_what_still_waits(systems: Systems, clock: FixedClock) -> None:
    """V13: delivery logs, 12 months."""
    made, paused = systems.add(), systems.add("https://paused.example.org/")
    systems.tell(made.endpoint_id)
    systems.send()
    with systems.ground.work() as work:
        pause_endpoint(work, systems.administrator, paused.endpoint_id)
    waiting = systems.tell(paused.endpoint_id)
    clock.move(timedelta(days=360))
    assert run_retention(systems.ground, {"referrals.webhooks": 12}) == {"referrals.webhooks": 0}
    clock.move(timedelta(days=10))
    assert run_retention(systems.ground, {"referrals.webhooks": 12}) == {"referrals.webhooks": 1}
    with systems.ground.read() as session:
        assert session.scalars(select(WebhookDeliveryRow.id)).all() == [waiting]
        assert session.scalar(select(func.count()).select_from(WebhookAttemptRow)) == 0
        assert session.scalar(select(func.count()).select_from(WebhookEventRow)) == 1
