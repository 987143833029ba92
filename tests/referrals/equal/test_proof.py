"""A referral is rebuilt from the audit log, and every change behind its back is found (R34)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, update

from channels.tables import MessageRow
from hub.cli_referral import referral_group
from hub.wiring import House
from kernel.clock import FixedClock
from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Role
from referrals.actions.answers.hand_over import HandOver, hand_over
from referrals.actions.unseal_responses import unseal_responses
from referrals.model.proof import Proof
from referrals.queries.proof import proof_by_reference
from referrals.tables import ExclusionRow, IssueRow, QuestionRow, ReferralRow, ResponseRow, UnsealRow
from tests.fps import world as register
from tests.referrals.browsing import browser, recipient_id, words
from tests.referrals.equal.steps import change
from tests.referrals.equal.test_questions import answer, ask
from tests.referrals.world import World

AFTER = datetime(2026, 12, 1, 13, tzinfo=UTC)
Harm = Callable[[Work], object]


def walked(world: World, clock: FixedClock) -> str:
    """Lead a referral through everything up to the unsealing."""
    referral_id = world.issued()
    answer(world, ask(world, referral_id))
    change(world, referral_id)
    world.respond(referral_id, 0)
    clock.set(AFTER)
    world.respond(referral_id, 1)
    for actor in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, actor, referral_id)
    return referral_id


def proved(world: World, referral_id: str) -> Proof:
    """Prove a referral as whoever runs the hub does."""
    with world.ground.read() as session:
        row = session.get(ReferralRow, referral_id)
        assert row is not None
        return proof_by_reference(session, row.reference.lower(), world.ground.clock.now())


def test_a_request_that_was_handed_over_was_still_told_to_all(world: World) -> None:
    """R34: whoever had it was written to, whoever has it now hears from then on."""
    referral_id = world.issued()
    with world.ground.work() as work:
        mate = register.member(work, "Col Cyan", Role.PROVIDER_USER, world.register.providers[0][0])
        hand_over(work, world.user(0), HandOver(recipient_id(world, 0), mate.id))
    assert proved(world, referral_id).holds


def test_what_was_left_alone_agrees(world: World, clock: FixedClock) -> None:
    """R34"""
    proof = proved(world, walked(world, clock))
    assert [check.name for check in proof.checks if not check.holds] == []
    assert proof.holds
    assert {"Version 1", "Version 2", "Who was asked", "Answers in time", "Unsealing"} <= {
        check.name for check in proof.checks
    }
    assert json.loads(json.dumps(proof.plain))["holds"] is True


def _early(work: Work) -> None:
    work.session.execute(update(MessageRow).values(handed_at=work.now - timedelta(days=30)))


def _text(work: Work) -> None:
    (row,) = work.session.query(IssueRow).where(IssueRow.version == 1)
    row.text = {**row.text, "outcomes": "Something that nobody was asked."}


def _question(work: Work) -> None:
    work.session.execute(update(QuestionRow).values(answer="Three hours a week."))


HARMS: dict[str, Harm] = {
    "Version 1": _text,
    "Version 2": lambda work: work.session.execute(delete(IssueRow).where(IssueRow.version == 2)),
    "Who was left out": lambda work: work.session.execute(delete(ExclusionRow)),
    "Nothing left early": _early,
    "Everybody was written to": lambda work: work.session.execute(update(MessageRow).values(person_id=None)),
    "Questions and answers": _question,
    "Answers in time": lambda work: work.session.execute(update(ResponseRow).values(sealed="something else")),
    "Nothing late among them": lambda work: work.session.execute(update(ResponseRow).values(received_at=work.now)),
    "Unsealing": lambda work: work.session.execute(delete(UnsealRow)),
}


@pytest.mark.parametrize("name", HARMS)
def test_what_was_changed_behind_its_back_is_found(world: World, clock: FixedClock, name: str) -> None:
    """R9, R16, R21, R22, R34"""
    referral_id = walked(world, clock)
    with world.ground.work() as work:
        HARMS[name](work)
    proof = proved(world, referral_id)
    assert name in {check.name for check in proof.checks if not check.holds}
    assert not proof.holds


def test_an_unknown_reference_is_not_there(world: World) -> None:
    with pytest.raises(NotFoundError), world.ground.read() as session:
        proof_by_reference(session, "R-NOPE", world.ground.clock.now())


def test_the_page_shows_it_without_who_asked(app: Flask, world: World, clock: FixedClock) -> None:
    """R11, R34"""
    referral_id = walked(world, clock)
    council = browser(app, world.commissioner)
    page = words(council.get(f"/commissioning/referrals/{referral_id}/proof"))
    assert "Everything agrees" in page
    assert "Question asked 23 November 2026, 10:00:00 A provider that was asked" in page
    told = council.get(f"/commissioning/referrals/{referral_id}/proof.json")
    assert told.json is not None
    assert told.json["holds"] is True
    assert world.user(0).id not in told.text
    assert browser(app, world.stranger).get(f"/commissioning/referrals/{referral_id}/proof").status_code == 404
    assert browser(app, world.stranger).get(f"/commissioning/referrals/{referral_id}/proof.json").status_code == 404


def test_the_command_says_so_and_ends_with_1_where_something_differs(world: World, clock: FixedClock) -> None:
    """R34: hub referral prove REF"""
    referral_id = walked(world, clock)
    reference = proved(world, referral_id).reference
    house = cast("House", SimpleNamespace(ground=world.ground, close=lambda: None))
    group = referral_group(lambda: house)
    good = CliRunner().invoke(group, ["prove", reference])
    assert (good.exit_code, "Everything agrees." in good.output) == (0, True)
    with world.ground.work() as work:
        _question(work)
    bad = CliRunner().invoke(group, ["prove", reference, "--json"])
    assert (bad.exit_code, json.loads(bad.stdout)["holds"]) == (1, False)
    assert CliRunner().invoke(group, ["prove", "R-NOPE"]).exit_code == 1
