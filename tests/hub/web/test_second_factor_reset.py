from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from channels.model import Channel
from hub.web.app import create_app
from hub.web.site import Site
from kernel import audit
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from people.queries.factors import factors_of
from people.web import blueprint
from tests.hub.web.factor_walk import enrol, send
from tests.hub.web.village import Post, Village, client_of, token_on


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    return create_app(ground, replace(site, second_factor=True, pages=(blueprint(),)))


def _path(person_id: str) -> str:
    return f"/people/{person_id}/second-factor/reset"


def test_an_administrator_resets_a_colleagues(
    app: Flask, village: Village, clock: FixedClock, ground: Ground, post: Post
) -> None:
    officer = client_of(app, village.duty_officer)
    enrol(officer, clock)
    boss = client_of(app, village.administrator)
    assert send(boss, _path(village.duty_officer)).status_code == 303
    with ground.read() as session:
        factors = factors_of(session, village.duty_officer)
        entry = [e for e in audit._entries(session) if e.action == "people.second_factor_reset"][0]  # noqa: RUF015, SLF001 - the first of the log
    assert not factors.has_any
    assert factors.recovery_codes == 0
    assert (entry.actor, entry.subject_id) == (village.administrator, village.duty_officer)
    assert officer.get("/account/second-factor").headers["Location"].startswith("/sign-in"), "signed out everywhere"
    post.deliver()
    assert "an administrator has reset your second factor" in post.arrived(Channel.EMAIL, "duty@example.org")[-1]


def test_nobody_resets_their_own_or_another_organisations(
    app: Flask, village: Village, clock: FixedClock, ground: Ground
) -> None:
    boss = client_of(app, village.administrator)
    enrol(boss, clock)
    enrol(client_of(app, village.other_coordinator), clock)
    assert boss.get(_path(village.other_coordinator)).status_code == 404
    assert boss.get(_path("01jd0000000000000000000000")).status_code == 404
    page = boss.get(_path(village.administrator)).get_data(as_text=True)
    assert "This is your own." in page
    token = token_on(boss, "/")
    assert boss.post(_path(village.administrator), data={"csrf_token": token}).status_code == 403
    assert boss.post(_path(village.other_coordinator), data={"csrf_token": token}).status_code == 404
    with ground.read() as session:
        assert factors_of(session, village.administrator).has_any
        assert factors_of(session, village.other_coordinator).has_any


def test_the_lead_authority_resets_that_of_providers_users(
    app: Flask, village: Village, clock: FixedClock, ground: Ground
) -> None:
    enrol(client_of(app, village.provider_user), clock)
    with ground.work() as work:
        lead = register_person(work, NewPerson("Farah Iqbal", "en", ((Role.LEAD_AUTHORITY, village.council),)))
    assert client_of(app, village.administrator).get(_path(village.provider_user)).status_code == 404
    assert send(client_of(app, lead), _path(village.provider_user)).status_code == 303
    with ground.read() as session:
        assert not factors_of(session, village.provider_user).has_any


def test_only_those_who_manage_people_may(app: Flask, village: Village, ground: Ground) -> None:
    assert client_of(app, village.coordinator).get(_path(village.parent)).status_code == 403
    assert client_of(app, village.provider_user).get(_path(village.duty_officer)).status_code in (403, 404)
    with ground.work() as work:
        colleague = register_person(work, NewPerson("Nils Ash", "en", ((Role.QA_OFFICER, village.council),)))
    page = client_of(app, village.administrator).get(_path(colleague)).get_data(as_text=True)
    assert "has no second factor" in page
