from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hub.reactions import REACTIONS
from kernel.audit import lines_about
from kernel.clock import FixedClock
from kernel.events import deliver_events
from kernel.timetable import run_due_jobs
from kernel.work import Ground
from people.actions.begin_api_call import begin_api_call
from people.actions.leave import mark_leaver
from people.api_scopes import ApiScope
from people.jobs import JOBS
from people.model import Role
from people.tables import ApiCallRow, RoleRow
from referrals.actions.close_referral import close_referral
from referrals.queries.drafts import draft
from referrals.tables import ReferralRow
from tests.fps.world import member
from tests.hub.api.case_system import CaseSystem, case_system
from tests.hub.api.program import program
from tests.referrals.world import World, build_world


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


@pytest.fixture
def cases(app: Flask, world: World) -> CaseSystem:
    return case_system(app, world, world.commissioner)


def _drafts(ground: Ground) -> int:
    with ground.read() as session:
        return session.scalar(select(func.count()).select_from(ReferralRow)) or 0


def test_a_draft_stands_in_the_name_of_who_approved_the_token(ground: Ground, cases: CaseSystem, world: World) -> None:
    answer = cases.send()
    told = answer.get_json()
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1/referrals/{told['id']}")
    assert (answer.headers["Cache-Control"], "Set-Cookie" in answer.headers) == ("no-store", False)
    assert (told["status"], told["lot_id"], told["version"], told["asked"]) == ("draft", cases.lot_id, None, 0)
    with ground.read() as session:
        written = draft(session, world.commissioner, told["id"])
        lines = lines_about(session, ("referral", told["id"]))
        author_id = session.get_one(ReferralRow, told["id"]).author_id
    assert (written.need.outcomes, written.need.gender, author_id) == (
        "Settles in a small class.",
        None,
        world.commissioner.id,
    )
    by_program = next(line for line in lines if line.action == "referrals.draft_by_program")
    assert cases.token_id in str(by_program.details)
    assert cases.asks.read(f"/referrals/{told['id']}") == told


def test_a_draft_of_a_program_meets_the_guard_as_one_of_the_page_does(ground: Ground, cases: CaseSystem) -> None:
    """R40: hours and protection are asked for; hours that nobody knows count as full-time."""
    written = cases.send().get_json()["id"]
    unknown = cases.send({**cases.body, "weekly_hours": None, "is_protected": False}, key="another").get_json()["id"]
    with ground.read() as session:
        kept = [draft(session, cases.approver, each) for each in (written, unknown)]
    assert [(each.need.weekly_hours, each.particulars.is_protected) for each in kept] == [(20, True), (None, False)]
    for name, wrong in (("weekly_hours", 41), ("weekly_hours", 0), ("is_protected", "maybe")):
        answer = cases.send({**cases.body, name: wrong}, key="a-third")
        assert (answer.status_code, answer.get_json()["errors"][0]["parameter"]) == (422, name)
    for name in ("weekly_hours", "is_protected"):
        answer = cases.send({key: value for key, value in cases.body.items() if key != name}, key="a-fourth")
        assert (answer.status_code, answer.get_json()["errors"][0]["parameter"]) == (422, name)


def test_the_same_key_has_the_same_answer_and_nothing_is_done_twice(ground: Ground, cases: CaseSystem) -> None:
    first, again = cases.send(), cases.send()
    reordered = cases.send(dict(reversed(list(cases.body.items()))))
    assert first.get_json() == again.get_json() == reordered.get_json()
    assert [each.headers.get("Idempotent-Replayed") for each in (first, again, reordered)] == [None, "true", "true"]
    assert again.headers["Location"] == first.headers["Location"]
    assert _drafts(ground) == 1
    assert cases.send(key="another-key").get_json()["id"] != first.get_json()["id"]


def test_the_same_key_with_another_body_is_refused(ground: Ground, cases: CaseSystem) -> None:
    cases.send()
    answer = cases.send({**cases.body, "outcomes": "Something else."})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "another body" in answer.get_json()["detail"]
    assert _drafts(ground) == 1


def test_a_key_is_its_tokens_own(app: Flask, ground: Ground, world: World, cases: CaseSystem) -> None:
    other = case_system(app, world, world.colleague)
    assert cases.send().get_json()["id"] != other.send().get_json()["id"]
    assert _drafts(ground) == 2


def test_of_key_and_body_nothing_readable_is_kept(ground: Ground, cases: CaseSystem) -> None:
    cases.send(key="case-4711-of-somebody")
    with ground.database.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM api_calls").all())
    assert "4711" not in kept
    assert "small class" not in kept
    assert "reference" not in kept, "the answer is sealed"


def test_a_key_is_kept_for_a_day(ground: Ground, clock: FixedClock, cases: CaseSystem) -> None:
    cases.send()
    clock.move(timedelta(hours=24, minutes=-1))
    cases.send()
    assert _drafts(ground) == 1
    clock.move(timedelta(minutes=1))
    cases.send()
    assert _drafts(ground) == 2
    clock.move(timedelta(hours=25))
    run_due_jobs(ground, [job for job in JOBS if job.name == "people.forget_api_calls"])
    with ground.read() as session:
        assert session.scalars(select(ApiCallRow.key)).all() == []


def test_after_an_error_the_key_can_be_sent_again(ground: Ground, cases: CaseSystem) -> None:
    wrong = cases.send({**cases.body, "starts_until": "2026-12-01"})
    assert (wrong.status_code, wrong.get_json()["errors"][0]["parameter"]) == (422, "starts_until")
    assert cases.send().status_code == 201
    assert _drafts(ground) == 1


def test_a_call_that_was_refused_gives_its_key_back(
    ground: Ground, cases: CaseSystem, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing had begun, or nothing is left of it: an unknown lot, somebody who may not, a failure of the hub."""
    assert cases.send({**cases.body, "lot_id": "0" * 26}).status_code == 404
    with ground.work() as work:
        roles = work.session.scalars(select(RoleRow).where(RoleRow.person_id == world.commissioner.id)).all()
        for row in roles:
            row.role = Role.QA_OFFICER
    assert cases.send().status_code == 403
    with ground.work() as work:
        for row in work.session.scalars(select(RoleRow).where(RoleRow.person_id == world.commissioner.id)):
            row.role = Role.COMMISSIONER
    with monkeypatch.context() as broken:
        broken.setattr("hub.web.api.referrals.status_of", _fails)
        assert cases.send().status_code == 500
    assert _drafts(ground) == 0
    made = cases.send()
    assert (made.status_code, made.headers.get("Idempotent-Replayed"), _drafts(ground)) == (201, None, 1)


def _fails(*_asked: object) -> None:
    raise RuntimeError


def test_while_the_first_is_under_way_the_second_waits_and_a_killed_one_gives_the_key_back(
    ground: Ground, clock: FixedClock, cases: CaseSystem
) -> None:
    with ground.work() as work:
        body = {**cases.body, "gender": None, "risk_wording": ""}
        order = ("lot_id", "age_band", "year_group", "gender", "need_area", "outcomes", "risk_wording", "travel_zone")
        last = ("starts_from", "starts_until", "weekly_hours", "is_protected")
        text = ",".join(f'"{name}":{json.dumps(body[name])}' for name in (*order, *last))
        begin_api_call(work, cases.token_id, "a-key", f"createDraft {{{text}}}")
    answer = cases.send()
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "5")
    clock.move(timedelta(seconds=60))
    assert cases.send().status_code == 201
    assert _drafts(ground) == 1


def test_two_at_once_make_one_draft(ground: Ground, app: Flask, cases: CaseSystem) -> None:
    answers: list[TestResponse] = []

    def send() -> None:
        each = CaseSystem(program(app, cases.asks.token), cases.token_id, cases.approver, cases.lot_id, cases.body)
        answers.append(each.send())

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert _drafts(ground) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.get_json()["id"] for answer in answers if answer.status_code == 201}) == 1


def test_what_cannot_be_read_says_why(ground: Ground, cases: CaseSystem) -> None:
    missing = cases.send(key=None)
    assert (missing.status_code, "Idempotency-Key" in missing.get_json()["detail"]) == (400, True)
    assert cases.send(key="k" * 256).status_code == 400
    assert cases.send({**cases.body, "learner": "x"}).get_json()["errors"][0]["parameter"] == "learner"
    assert cases.send({}).status_code == 422
    assert cases.send({**cases.body, "starts_from": "4 January"}).get_json()["errors"][0]["detail"].startswith("Write")
    assert cases.send({**cases.body, "outcomes": "x" * 4001}).status_code == 422
    assert cases.send({**cases.body, "lot_id": "0" * 26}).status_code == 404
    shown = {"Authorization": f"Bearer {cases.asks.token}", "Idempotency-Key": "k"}
    plain = cases.asks.client.post("/api/v1/referrals", data="x", headers=shown)
    broken = cases.asks.client.post(
        "/api/v1/referrals", data="{", headers={**shown, "Content-Type": "application/json"}
    )
    assert (plain.status_code, broken.status_code) == (415, 422)
    assert _drafts(ground) == 0


def test_a_token_needs_the_scope_and_a_commissioner_who_may_still_issue(
    app: Flask, ground: Ground, world: World, cases: CaseSystem
) -> None:
    reads = case_system(app, world, world.commissioner, ApiScope.REFERRALS_READ)
    assert reads.send().status_code == 403
    writes = case_system(app, world, world.commissioner, ApiScope.REFERRALS_WRITE)
    assert writes.asks.get("/referrals").status_code == 403
    with ground.work() as work:
        boss = member(work, "Bea Boss", Role.ADMINISTRATOR, world.register.council_id)
        mark_leaver(work, boss, world.commissioner.id)
    answer = cases.send()
    assert (answer.status_code, "approve the token again" in answer.get_json()["detail"]) == (403, True)
    assert _drafts(ground) == 0


def test_a_system_reads_its_own_councils_referrals_and_nothing_of_what_was_answered(
    app: Flask, clock: FixedClock, world: World, cases: CaseSystem
) -> None:
    """R21: how many have answered, and no more."""
    referral_id = world.issued()
    world.respond(referral_id)
    told = cases.asks.read(f"/referrals/{referral_id}")
    assert (told["status"], told["asked"], told["answered"], told["version"]) == ("open", 3, 1, 1)
    assert [each["id"] for each in cases.asks.every("/referrals?limit=1")] == [referral_id]
    undecided = cases.asks.get(f"/referrals/{referral_id}/award")
    assert (undecided.status_code, "decided" in undecided.get_json()["detail"]) == (404, True)
    stranger = case_system(app, world, world.stranger)
    for path in (f"/referrals/{referral_id}", f"/referrals/{referral_id}/award"):
        assert stranger.asks.get(path).status_code == 404
    assert stranger.asks.read("/referrals")["items"] == []
    clock.move(timedelta(days=20))
    assert cases.asks.read(f"/referrals/{referral_id}")["status"] == "sealed"


def test_what_a_system_missed_it_finds_in_the_list_of_events(
    app: Flask, ground: Ground, clock: FixedClock, world: World, cases: CaseSystem
) -> None:
    referral_id = world.issued()
    clock.move(timedelta(days=20))
    with ground.work() as work:
        close_referral(work, world.commissioner, referral_id, "Nobody is needed any more.")
    deliver_events(ground, REACTIONS)
    assert cases.asks.read("/events")["items"] == [], "none that an earlier one could still overtake"
    clock.move(timedelta(seconds=10))
    found = list(cases.asks.every("/events?limit=1"))
    together = ["referral.closed", "referral.decided", "referral.outcome_told"]
    assert found[0]["type"] == "referral.issued"
    assert sorted(each["type"] for each in found[1:]) == together, "what happened at once comes in any order"
    assert {each["data"]["referral_id"] for each in found} == {referral_id}
    assert "Nobody" not in str(found)
    decided = cases.asks.read(f"/referrals/{referral_id}/award")
    assert (decided["outcome"], decided["supplier"], decided["placement_id"]) == ("no_award", "", None)
    assert "Nobody" not in str(decided)
    stranger = case_system(app, world, world.stranger)
    assert stranger.asks.read("/events")["items"] == []
