"""R34: who of a provider first opened which version, and when, is in the evidence."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from kernel.clock import FixedClock
from kernel.tables import AuditRow
from people.model import Role
from referrals.queries.proof import proof_for
from tests.fps import world as register
from tests.referrals.browsing import browser, words
from tests.referrals.equal.steps import change
from tests.referrals.evaluation.world import unsealed
from tests.referrals.world import World


def opened(world: World) -> list[AuditRow]:
    with world.ground.read() as session:
        lines = select(AuditRow).where(AuditRow.action == "referrals.open_request").order_by(AuditRow.seq)
        return list(session.scalars(lines))


def found(world: World, referral_id: str) -> str:
    with world.ground.read() as session:
        proof = proof_for(session, world.commissioner, referral_id, world.ground.clock.now())
    assert proof.holds
    return next(check.found for check in proof.checks if check.name == "Opened")


def test_the_first_opening_of_each_version_by_each_person_is_kept(world: World, app: Flask, clock: FixedClock) -> None:
    referral_id = world.issued()
    at = clock.now() + timedelta(hours=2)
    clock.set(at)
    provider = browser(app, world.user(0))
    for _again in range(2):
        assert provider.get(f"/referrals/{referral_id}").status_code == 200
    (line,) = opened(world)
    assert (line.actor, line.at, line.subject_id) == (world.user(0).id, at, referral_id)
    assert json.loads(line.details)["version"] == 1
    assert len(json.loads(line.details)["recipients"]) == 1
    change(world, referral_id)
    provider.get(f"/referrals/{referral_id}")
    assert [json.loads(each.details)["version"] for each in opened(world)] == [1, 2]
    with world.ground.work() as work:
        mate = register.member(work, "New Mate", Role.PROVIDER_USER, world.user(0).roles[0].organisation_id)
    browser(app, mate).get(f"/referrals/{referral_id}")
    assert [each.actor for each in opened(world)] == [world.user(0).id, world.user(0).id, mate.id]
    assert found(world, referral_id) == "1 of 3 settings opened it"


def test_whoever_was_not_asked_or_has_not_signed_in_opens_nothing(world: World, app: Flask) -> None:
    referral_id = world.issued()
    assert browser(app, world.user(4)).get(f"/referrals/{referral_id}").status_code == 404
    assert app.test_client().get(f"/referrals/{referral_id}").status_code != 200
    assert opened(world) == []
    assert found(world, referral_id) == "0 of 3 settings opened it"


def test_the_fairness_page_counts_and_the_proof_names_nobody(world: World, app: Flask) -> None:
    """R11, R21: before the answers are open the council reads how many, not whose."""
    referral_id = world.issued()
    browser(app, world.user(1)).get(f"/referrals/{referral_id}")
    council = browser(app, world.commissioner)
    page = words(council.get(f"/commissioning/referrals/{referral_id}/fairness"))
    assert "1 of 3 settings had somebody sign in and open it. The first did so on 23 November 2026, 10:00:00" in page
    page = words(council.get(f"/commissioning/referrals/{referral_id}/proof"))
    assert "Opened by a provider for the first time 23 November 2026, 10:00:00 A provider that was asked" in page
    told = council.get(f"/commissioning/referrals/{referral_id}/proof.json").text
    assert world.user(1).id not in told
    assert '"recipients": [\n          "' not in told.split("referrals.open_request")[1]


def test_once_the_answers_are_open_the_proof_says_which_setting(world: World, app: Flask) -> None:
    referral_id = unsealed(world)
    browser(app, world.user(0)).get(f"/referrals/{referral_id}")
    told = browser(app, world.commissioner).get(f"/commissioning/referrals/{referral_id}/proof.json").json
    assert told is not None
    (line,) = [each for each in told["lines"] if each["action"] == "referrals.open_request"]
    assert (line["actor"], len(line["details"]["recipients"])) == ("a provider", 1)
