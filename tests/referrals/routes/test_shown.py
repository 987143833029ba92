"""What a route demanded is shown after the issue, and who read an answer without competition is on the log."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select

from kernel.tables import AuditRow
from referrals.actions.close_referral import close_referral
from referrals.actions.preparing.override_guard import override_guard
from referrals.model import Response, ResponseKind
from referrals.model.answers import DeclineCode
from referrals.queries.route_facts import route_facts
from tests.referrals.browsing import browser, words
from tests.referrals.evaluation.world import AFTER, at, award, settled
from tests.referrals.routes import steps
from tests.referrals.world import World

WHY = "No school that is registered has a place before the summer."


def _direct(world: World) -> str:
    referral_id = world.drafted()
    steps.choose(world, referral_id, replace(steps.DIRECT, setting_id=world.settings[0]))
    steps.plan(world, referral_id)
    with world.ground.work() as work:
        override_guard(work, world.commissioner, referral_id, WHY)
    steps.approve_and_issue(world, referral_id)
    return referral_id


def _spot(world: World) -> str:
    referral_id = world.drafted()
    steps.choose(world, referral_id, steps.SPOT)
    steps.plan(world, referral_id)
    steps.approve_and_issue(world, referral_id)
    return referral_id


def test_what_a_direct_award_demands_is_shown_with_who_approved_it(world: World, app: Flask) -> None:
    """R5, R35, R40"""
    referral_id = _direct(world)
    wanted = (steps.REASONS, "Continuity for the learner", "https://records.example.org/panel/12", WHY)
    for part in ("", "/pack", "/pack.json", "/pack.pdf"):
        said = _read(app, world, referral_id, part)
        assert all(_squeezed(each) in said for each in wanted), part
    with world.ground.read() as session:
        facts = dict(route_facts(session, world.commissioner, referral_id))
    assert facts["Direct award approved by"] == world.colleague.name


def test_what_a_spot_purchase_demands_is_shown_and_on_the_log(world: World, app: Flask) -> None:
    """R7, R35: the rule reference is included in the audit."""
    referral_id = _spot(world)
    for part in ("", "/pack", "/pack.json", "/pack.pdf"):
        said = _read(app, world, referral_id, part)
        assert _squeezed("CPR 14.2") in said, part
        assert _squeezed("Harbour Tutors") in said, part
    with world.ground.read() as session:
        line = select(AuditRow.details).where(AuditRow.action == "referrals.choose_route")
        assert json.loads(session.scalars(line).one())["rule_reference"] == "CPR 14.2"


@pytest.mark.parametrize("part", ["", "/evaluation", "/award", "/pack"])
def test_whoever_reads_the_answer_where_nobody_competes_is_on_the_log(world: World, app: Flask, part: str) -> None:
    """R34: no unsealing stands for it."""
    referral_id = _direct(world)
    browser(app, world.colleague).get(f"/commissioning/referrals/{referral_id}{part}")
    assert _openings(world, referral_id) == 0
    world.respond(referral_id, 0)
    browser(app, world.colleague).get(f"/commissioning/referrals/{referral_id}{part}")
    assert _openings(world, referral_id) == 1


def test_a_competition_keeps_no_line_for_each_reader(world: World, app: Flask) -> None:
    """R22: there two people unsealed."""
    referral_id = settled(world)
    for part in ("", "/evaluation", "/award", "/pack"):
        browser(app, world.colleague).get(f"/commissioning/referrals/{referral_id}{part}")
    assert _openings(world, referral_id) == 0


def test_the_outcome_says_why_a_setting_has_no_scores(world: World, app: Flask) -> None:
    """R27: who declined or said nothing in a competition, and whoever was asked alone."""
    referral_id = settled(world)
    award(world, referral_id)
    assert "You made no offer, so there are no scores." in _outcome(app, world, referral_id, 2)
    assert "no scores" not in _outcome(app, world, referral_id, 0)


def test_the_outcome_opens_no_answer_where_nobody_is_awarded(world: World, app: Flask) -> None:
    """R21: the answers may stay sealed for ever."""
    referral_id = world.issued()
    world.respond(referral_id, 0, Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE))
    at(world, AFTER)
    with world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, "Nobody offered a place.")
    assert "There are no scores for this setting." in _outcome(app, world, referral_id, 0)


def _outcome(app: Flask, world: World, referral_id: str, number: int) -> str:
    return words(browser(app, world.user(number)).get(f"/referrals/{referral_id}/outcome"))


def _openings(world: World, referral_id: str) -> int:
    with world.ground.read() as session:
        lines = select(func.count(AuditRow.seq)).where(AuditRow.action == "referrals.open_answers")
        mine = lines.where(AuditRow.subject_id == referral_id, AuditRow.actor == world.colleague.id)
        return session.scalar(mine) or 0


def _read(app: Flask, world: World, referral_id: str, part: str) -> str:
    reply = browser(app, world.commissioner).get(f"/commissioning/referrals/{referral_id}{part}")
    if part != "/pack.pdf":
        return _squeezed(reply.text.replace("&#39;", "'"))
    return _squeezed(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(reply.data)).pages))


def _squeezed(text: str) -> str:
    return "".join(text.split())
