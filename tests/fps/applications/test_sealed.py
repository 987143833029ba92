"""Nothing of an application reaches anybody before it is opened, and a URN is nobody's before it is admitted (R21)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from channels.inbox.accept import Inbox
from channels.wording import Registry
from fps.actions.applications.issue_decisions import issue_decisions
from fps.actions.applications.name_evaluators import NameEvaluators, name_evaluators
from fps.actions.applications.withdraw_application import withdraw_application
from fps.messages import MESSAGES
from fps.model import Status
from fps.model.applications import Outcome
from fps.queries import settings_of, status_on
from fps.queries.urns import others_with_urns
from fps.tables import ApplicationRow, SettingRow
from fps.web import blueprint
from hub.web.app import create_app
from hub.web.row_scope import scope_of
from hub.web.site import Site
from kernel import scope
from kernel.calendar import london_date
from kernel.clock import FixedClock
from kernel.errors import InvalidInputError
from people.model import Actor, Role
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import Evaluated, decide, evaluate
from tests.fps.applications.filled import AFTER, PLACE, filled, send
from tests.fps.applications.pages import browser, words
from tests.fps.world import member

NAME, URN = str(PLACE["name"]), str(PLACE["urn"])


@pytest.fixture
def app(scene: Scene) -> Flask:
    return create_app(scene.ground, Site(messages=Registry(MESSAGES), inbox=Inbox(scene.ground), pages=(blueprint(),)))


def _read(app: Flask, actor: Actor, address: str) -> str:
    page = browser(app, actor).get(address)
    assert page.status_code == 200
    return page.text


def _sent(scene: Scene, number: int = 0) -> str:
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined, number)
        send(work, scene.world.providers[number][1], application_id)
    return application_id


def _opened(scene: Scene, clock: FixedClock, application_id: str) -> Evaluated:
    """Open the round in the lead authority's own scope, and let two people evaluate one application."""
    clock.set(AFTER)
    with scene.ground.work() as work:
        first, second, third = (
            member(work, name, Role.COMMISSIONER, scene.world.council_id, ("email", f"{name.lower()}@example.org"))
            for name in ("Eve", "Evan", "Nell")
        )
    scope.enter(scope_of(scene.world.lead))
    try:
        with scene.ground.work() as work:
            name_evaluators(work, scene.world.lead, NameEvaluators(scene.joined.id, (first.id, second.id)))
    finally:
        scope.enter(None)
    return Evaluated(scene, application_id, (first, second), third)


def _evaluate(here: Evaluated) -> None:
    with here.scene.ground.work() as work:
        for person in here.evaluators:
            evaluate(work, here, person)


def test_no_reader_of_the_register_and_the_log_learns_who_has_applied(
    scene: Scene, app: Flask, clock: FixedClock
) -> None:
    with scene.ground.work() as work:
        other = member(work, "Cora", Role.COMMISSIONER, scene.world.other_council_id)
    application_id = _sent(scene)
    lead, log = scene.world.lead, "/audit?subject_kind=application"
    for reader in (other, lead):
        for address in ("/register", "/register?status=applied", "/register/settings.csv"):
            assert NAME not in _read(app, reader, address)
    for address in (log, f"{log}&subject_id={application_id}&action=fps.submit", "/audit.csv"):
        assert "fps.submit_application" not in _read(app, lead, address)
    _opened(scene, clock, application_id)
    assert NAME in _read(app, lead, "/register?status=applied")
    assert "fps.submit_application" in _read(app, lead, log)


def test_a_urn_that_a_rival_has_entered_first_stops_nobody(scene: Scene) -> None:
    rival = _sent(scene, 1)
    with scene.ground.work() as work:
        withdraw_application(work, scene.world.providers[1][1], rival)
    _sent(scene, 0)
    with scene.ground.work() as work:
        assert work.session.get_one(ApplicationRow, _of(scene, 0)).state == "submitted"


def _of(scene: Scene, number: int) -> str:
    with scene.ground.read() as session:
        rows = select(ApplicationRow.id).where(ApplicationRow.provider_id == scene.world.providers[number][0])
        return session.scalars(rows).one()


def test_two_with_one_urn_are_shown_to_the_lead_authority_which_admits_one(
    scene: Scene, app: Flask, clock: FixedClock
) -> None:
    mine, theirs = _sent(scene, 0), _sent(scene, 1)
    here = _opened(scene, clock, mine)
    there = Evaluated(scene, theirs, here.evaluators, here.council_neighbour)
    page = browser(app, scene.world.lead).get(f"/register/applications/{mine}")
    assert "Somebody else has the same URN" in words(page)
    _evaluate(here)
    _evaluate(there)
    with scene.ground.work() as work:
        assert [len(found) for found in others_with_urns(work.session, mine).values()] == [1]
        decide(work, here)
    with pytest.raises(InvalidInputError, match=f"admitted with the URN {URN}"), scene.ground.work() as work:
        decide(work, there)
    scope.enter(scope_of(scene.world.lead))
    try:
        with scene.ground.work() as work:
            decide(work, there, Outcome.REFUSE)
            issue_decisions(work, scene.world.lead, scene.joined.id)
    finally:
        scope.enter(None)
    with scene.ground.read() as session:
        urns = [settings_of(session, [provider_id])[0].urn for provider_id, _user in scene.world.providers[:2]]
    assert urns == [URN, None]


def test_a_urn_of_a_setting_that_stands_on_a_lot_is_not_given_away(scene: Scene, clock: FixedClock) -> None:
    with scene.ground.work() as work:
        holder = scene.world.active_setting(work, 1)
        work.session.get_one(SettingRow, holder).urn = URN
    here = _opened(scene, clock, _sent(scene, 0))
    _evaluate(here)
    with pytest.raises(InvalidInputError, match="stands on the register for"), scene.ground.work() as work:
        decide(work, here)


def test_a_setting_entered_as_new_that_the_provider_has_already_is_that_one(scene: Scene, clock: FixedClock) -> None:
    provider_id = scene.world.providers[0][0]
    with scene.ground.work() as work:
        own = scene.world.active_setting(work, 0, lot=2)
        work.session.get_one(SettingRow, own).urn = URN
    _opened(scene, clock, _sent(scene, 0))
    with scene.ground.read() as session:
        assert [card.id for card in settings_of(session, [provider_id])] == [own]
        assert status_on(session, own, scene.joined.lot_ids[0], london_date(clock.now())) is Status.APPLIED
