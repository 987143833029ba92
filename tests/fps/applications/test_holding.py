"""One open application holds a setting on a lot, and only the round by which it applies lets it join there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from fps.actions.applications.issue_decisions import issue_decisions
from fps.actions.applications.publish_list import publish_list
from fps.actions.applications.record_contract import RecordContract, record_contract
from fps.actions.applications.withdraw_application import withdraw_application
from fps.actions.evidence.scan_waiting import scan_waiting
from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.actions.standing.register_setting import register_setting
from fps.model import Status
from fps.model.applications import Outcome
from fps.model.rounds import RoundState
from fps.queries import settings_of, status_on
from fps.queries.joined import listed_settings, published_lists
from fps.queries.rounds import joining_round
from kernel.calendar import london_date
from kernel.clock import FixedClock
from kernel.errors import ConflictError
from kernel.work import Work
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import (
    Evaluated,
    accept_evidence,
    after_standstill,
    closed,
    decide,
    evaluate,
    name_both,
)
from tests.fps.applications.filled import filled, pdf, send, started, told
from tests.fps.applications.pages import browser
from tests.fps.rounds_world import open_round, terms_of


def _another_round(work: Work, scene: Scene) -> str:
    terms = replace(terms_of(scene.world, 9), closes_at=datetime(2026, 12, 22, 12, tzinfo=UTC))
    return open_round(work, scene.world, terms).id


def test_a_setting_asks_for_a_lot_in_one_round_at_a_time(scene: Scene) -> None:
    user = scene.world.providers[0][1]
    with scene.ground.work() as work:
        setting_id = register_setting(work, scene.world.lead, scene.world.new_setting(0))
        other_id = _another_round(work, scene)
        first = filled(work, scene.world, scene.joined, setting_id=setting_id)
        second = filled(work, scene.world, joining_round(work.session, other_id), setting_id=setting_id)
        send(work, user, first)
        send(work, user, first)
    with pytest.raises(ConflictError, match=r"School 0 .* Joining round 8"), scene.ground.work() as work:
        send(work, user, second)
    with scene.ground.work() as work:
        withdraw_application(work, user, first)
        send(work, user, second)
    with scene.ground.work() as work:
        withdraw_application(work, user, second)
        assert started(work, scene.joined, scene.world.providers[0]) == first
        send(work, user, first)


def _decided(here: Evaluated, outcome: Outcome = Outcome.ADMIT) -> None:
    with here.scene.ground.work() as work:
        name_both(work, here)
        for person in here.evaluators:
            evaluate(work, here, person)
        decide(work, here, outcome)


def _by_hand(here: Evaluated, *steps: Status) -> None:
    with here.scene.ground.work() as work:
        (made,) = settings_of(work.session, [here.scene.world.providers[0][0]])
        for step in steps:
            command = ChangeStatus(made.id, here.scene.joined.lot_ids[0], step, "By hand.")
            change_status(work, here.scene.world.lead, command)


def _offered(here: Evaluated, app: Flask) -> set[str]:
    """Return the steps by hand that the page offers on the lot for which the setting applies."""
    with here.scene.ground.read() as session:
        (made,) = settings_of(session, [here.scene.world.providers[0][0]])
    page = browser(app, here.scene.world.lead).get(f"/register/settings/{made.id}/step").text
    return set(re.findall(rf'value="{here.scene.joined.lot_ids[0]}:(\w+)"', page))


def _standing(here: Evaluated, clock: FixedClock) -> Status | None:
    with here.scene.ground.read() as session:
        (made,) = settings_of(session, [here.scene.world.providers[0][0]])
        return status_on(session, made.id, here.scene.joined.lot_ids[0], london_date(clock.now()))


def _contract(here: Evaluated, clock: FixedClock) -> RecordContract:
    today = london_date(clock.now())
    return RecordContract(here.application_id, "NW/2027/1", today, today, "Uma Sent", "Lee Lead", pdf())


def test_nobody_admits_an_applicant_by_hand_before_its_contract(scene: Scene, app: Flask, clock: FixedClock) -> None:
    here = closed(scene, clock)
    with scene.ground.work() as work:
        name_both(work, here)
    assert _offered(here, app) == set()
    for step in (Status.ADMITTED, Status.EXITED):
        with pytest.raises(ConflictError, match="Joining round 8"):
            _by_hand(here, step)
    with scene.ground.work() as work:
        for person in here.evaluators:
            evaluate(work, here, person)
        decide(work, here)
        issue_decisions(work, scene.world.lead, scene.joined.id)
    assert _offered(here, app) == {"exited"}, "who never signs may leave"
    with pytest.raises(ConflictError, match="Joining round 8"):
        _by_hand(here, Status.ADMITTED)
    scan_waiting(scene.ground, clock.now())
    with scene.ground.work() as work:
        accept_evidence(work, here)
    after_standstill(scene, clock)
    with scene.ground.work() as work:
        record_contract(work, scene.world.lead, _contract(here, clock))
    assert _standing(here, clock) is Status.ACTIVE


def test_who_never_signs_leaves_and_comes_back_by_no_contract(scene: Scene, clock: FixedClock) -> None:
    here = closed(scene, clock)
    _decided(here)
    with scene.ground.work() as work:
        issue_decisions(work, scene.world.lead, scene.joined.id)
    with pytest.raises(ConflictError, match="No contract"), scene.ground.work() as work:
        publish_list(work, scene.world.lead, scene.joined.id)
    _by_hand(here, Status.EXITED)
    after_standstill(scene, clock)
    for again in ((), (Status.APPLIED,)):
        _by_hand(here, *again)
        with pytest.raises(ConflictError, match="Nobody waits"), scene.ground.work() as work:
            record_contract(work, scene.world.lead, _contract(here, clock))
    _by_hand(here, Status.ADMITTED)  # the round has let go of it
    with scene.ground.work() as work:
        assert publish_list(work, scene.world.lead, scene.joined.id) == 0


def test_a_round_in_which_all_are_refused_ends_with_an_empty_list(scene: Scene, clock: FixedClock) -> None:
    here = closed(scene, clock)
    _decided(here, Outcome.REFUSE)
    with scene.ground.work() as work:
        issue_decisions(work, scene.world.lead, scene.joined.id)
    with scene.ground.work() as work:
        assert publish_list(work, scene.world.lead, scene.joined.id) == 0
        assert publish_list(work, scene.world.lead, scene.joined.id) == 0
    with scene.ground.read() as session:
        assert joining_round(session, scene.joined.id).state is RoundState.LISTED
        assert listed_settings(session, scene.joined.id) == []
        assert [count for _, _, count in published_lists(session)] == [0]
        assert told(session, "fps.list_published") == [], "there is nothing to look at"
