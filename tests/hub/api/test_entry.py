from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hub.web.app import create_app
from hub.web.site import site
from kernel.audit import lines_about
from kernel.clock import FixedClock
from kernel.errors import InvalidInputError, NotFoundError
from kernel.work import Ground
from people.actions.issue_api_token import IssueApiToken, issue_api_token
from people.actions.revoke_api_token import revoke_api_token
from people.api_scopes import ApiScope
from people.model import Actor, Role
from people.queries.api_tokens import tokens_in
from people.tables import ApiTokenRow, SessionRow
from tests.fps.world import World, member
from tests.hub.api.conftest import LAST_DAY, token
from tests.hub.api.program import Program, program
from tests.signed_in import let_in


def _refused(reader: Program, path: str = "/councils") -> tuple[int, str, str]:
    answer = reader.get(path)
    told = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert (told["type"], told["status"]) == ("about:blank", answer.status_code)
    assert told["instance"].startswith("urn:hub:request:")
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, told["detail"], answer.headers.get("WWW-Authenticate", "")


def test_a_token_opens_the_api_without_cookie_or_session(ground: Ground, reader: Program) -> None:
    answer = reader.get("/councils?")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("private, no-cache", "Authorization")
    with ground.read() as session:
        assert session.scalars(select(SessionRow.id)).all() == []


def test_of_a_token_only_its_digest_is_kept(ground: Ground, reader: Program) -> None:
    with ground.read() as session:
        row = session.scalars(select(ApiTokenRow)).one()
    assert reader.token is not None
    kept = [str(value) for name, value in vars(row).items() if not name.startswith("_")]
    assert reader.token.startswith(row.prefix)
    assert not any(reader.token in value for value in kept)


def test_without_a_token_that_holds_it_says_how_to_get_one(app: Flask) -> None:
    status, detail, way = _refused(program(app, None))
    assert (status, way) == (401, 'Bearer realm="Co-production Hub API"')
    assert "administrator" in detail
    for wrong in ("hub_unknown", "x" * 4000, "%00"):
        status, _, way = _refused(program(app, wrong))
        assert (status, way.endswith('error="invalid_token"')) == (401, True)


def test_a_person_signed_in_is_not_let_in_by_their_cookie(app: Flask, administrator: Actor) -> None:
    client = app.test_client()
    let_in(client, administrator.id)
    assert client.get("/api/v1/councils").status_code == 401


def test_a_token_ends_when_it_is_revoked_and_after_its_last_day(
    ground: Ground, clock: FixedClock, reader: Program, administrator: Actor
) -> None:
    clock.set(clock.now().replace(year=2027, month=3, day=31, hour=22, minute=59))
    assert reader.get("/councils").status_code == 200, "to the end of the last day, London time"
    clock.move(timedelta(minutes=1))
    assert _refused(reader)[0] == 401
    clock.move(-timedelta(days=30))
    assert reader.get("/councils").status_code == 200
    for _ in range(2):
        with ground.work() as work:
            revoke_api_token(
                work, administrator, tokens_in(work.session, [administrator.roles[0].organisation_id])[0][0].id
            )
    assert _refused(reader)[0] == 401


def test_a_token_without_the_scope_is_told_which_one(app: Flask, ground: Ground, administrator: Actor) -> None:
    narrow = program(app, token(ground, administrator, ApiScope.REGISTER_READ))
    assert narrow.get("/councils").status_code == 200
    status, detail, way = _refused(narrow, "/fees")
    assert (status, 'scope="fees.read"' in way, "fees.read" in detail) == (403, True, True)


def test_a_token_that_asks_too_often_waits(ground: Ground, app: Flask, administrator: Actor) -> None:
    with app.app_context():
        told = replace(site(), api_per_minute=2)
    reader = program(create_app(ground, told), token(ground, administrator, ApiScope.REGISTER_READ))
    assert [reader.get("/councils").status_code for _ in range(3)] == [200, 200, 429]
    answer = reader.get("/councils")
    assert (answer.mimetype, answer.headers["Retry-After"]) == ("application/problem+json", "60")


def test_what_is_not_there_is_told_in_the_same_form(reader: Program) -> None:
    unknown = "0" * 26
    for path in ("/nothing", f"/settings/{unknown}", "/settings/%00", "/frameworks/x/members"):
        assert _refused(reader, path)[0] == 404
    answer = reader.client.post("/api/v1/councils", headers={"Authorization": f"Bearer {reader.token}"})
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


def test_the_language_of_a_page_is_not_chosen_by_a_program(reader: Program) -> None:
    answer = reader.get("/councils?lang=pl")
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers


def test_parameters_that_cannot_be_are_named(reader: Program) -> None:
    answer = reader.get("/settings?limit=0&status=happy&as_at=tomorrow&statsu=active&after=x")
    assert answer.status_code == 422
    errors = {each["parameter"]: each["detail"] for each in answer.get_json()["errors"]}
    assert set(errors) == {"limit", "status", "as_at", "statsu", "after"}
    assert errors["as_at"] == "Write days like 2026-11-23."
    assert errors["statsu"] == "There is no such parameter here."
    assert reader.get("/settings?limit=1&limit=2").get_json()["errors"][0]["parameter"] == "limit"


def test_a_use_is_noted_to_the_hour(ground: Ground, clock: FixedClock, reader: Program, world: World) -> None:
    seen = []
    for _ in range(3):
        reader.get("/councils")
        with ground.read() as session:
            seen.append(tokens_in(session, [world.council_id])[0][0].last_used_at)
        clock.move(timedelta(minutes=31))
    first, second, third = seen
    assert first is not None
    assert (second, third) == (first, first + timedelta(minutes=62))


def test_a_token_is_made_by_the_administrator_of_its_council_for_what_a_council_may_know(
    ground: Ground, world: World, administrator: Actor
) -> None:
    good = IssueApiToken(world.council_id, "A program", (ApiScope.FEES_READ,), LAST_DAY)
    for wrong, field in (
        (replace(good, name=" "), "name"),
        (replace(good, name="x" * 61), "name"),
        (replace(good, scopes=()), "scopes"),
        (replace(good, last_day=LAST_DAY.replace(year=2028)), "last_day"),
        (replace(good, last_day=LAST_DAY.replace(year=2025)), "last_day"),
    ):
        with pytest.raises(InvalidInputError) as refused, ground.work() as work:
            issue_api_token(work, administrator, wrong)
        assert refused.value.field == field
    with pytest.raises(NotFoundError), ground.work() as work:
        issue_api_token(work, administrator, replace(good, organisation_id=world.other_council_id))
    with ground.work() as work:
        of_provider = member(work, "Al Administrator", Role.ADMINISTRATOR, world.providers[0][0])
    with pytest.raises(InvalidInputError, match="Only councils"), ground.work() as work:
        issue_api_token(work, of_provider, replace(good, organisation_id=world.providers[0][0]))


def test_another_councils_token_cannot_be_revoked_and_both_steps_are_in_the_log(
    ground: Ground, world: World, administrator: Actor, reader: Program
) -> None:
    with ground.work() as work:
        stranger = member(work, "Al Administrator", Role.ADMINISTRATOR, world.other_council_id)
        (card,), _ = tokens_in(work.session, [world.council_id])
    with pytest.raises(NotFoundError), ground.work() as work:
        revoke_api_token(work, stranger, card.id)
    assert reader.get("/councils").status_code == 200
    with ground.work() as work:
        revoke_api_token(work, administrator, card.id)
    with ground.read() as session:
        actions = [line.action for line in lines_about(session, ("api_token", card.id))]
    assert actions == ["people.revoke_api_token", "people.approve_api_token", "people.issue_api_token"]
