"""A token reads what its organisation may, and never by a person's cookie."""

from __future__ import annotations

from datetime import date
from itertools import product

from sqlalchemy import select
from werkzeug.routing import Rule

from fps.queries import frameworks_of
from people.actions.decide_api_token import decide_api_token
from people.actions.issue_api_token import IssueApiToken, issue_api_token
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.api_scopes import ApiScope
from people.model import OrganisationKind, Role
from people.queries import person
from people.web.guard import declared_access
from referrals.tables import ReferralRow
from tests.hub.api.program import Program, program
from tests.isolation.browsing import UNKNOWN
from tests.isolation.fee_rows import PENCE
from tests.isolation.half import Half
from tests.isolation.ids import IDS
from tests.isolation.walk import Walk


def _token(walk: Walk, council_id: str, actor_id: str, commissioner_id: str) -> str:
    wanted = IssueApiToken(council_id, "A program", tuple(ApiScope), date(2027, 3, 31))
    with walk.house.ground.work() as work:
        issued = issue_api_token(work, person(work.session, actor_id), wanted)
        decide_api_token(work, person(work.session, commissioner_id), issued.id, is_approved=True)
    return issued.secret


def _own(walk: Walk) -> Program:
    people = walk.half.people
    token = _token(walk, walk.half.council, people[Role.ADMINISTRATOR].id, people[Role.COMMISSIONER].id)
    return program(walk.app, token)


def outsiders_token(walk: Walk) -> str:
    """Return a token of a council that buys through no framework."""
    with walk.house.ground.work() as work:
        council = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Outershire"))
        roles = (Role.ADMINISTRATOR, council), (Role.COMMISSIONER, council)
        actor = register_person(work, NewPerson("Ola Out", roles=roles))
    return _token(walk, council, actor, actor)


def _rules(walk: Walk) -> list[Rule]:
    return [
        rule for rule in walk.rules if isinstance(declared_access(walk.app.view_functions[rule.endpoint]), ApiScope)
    ]


def test_no_address_of_the_api_is_open_to_anybody_signed_in(walk: Walk) -> None:
    assert len(_rules(walk)) > 5
    for rule in _rules(walk):
        assert {name for name in rule.arguments if name in IDS} <= {"referral_id"}, "or by ids of its own referrals"
        for path in walk.paths(rule, walk.half):
            assert program(walk.app, None).client.get(path).status_code == 401


def test_a_program_reads_nothing_of_the_other_council_but_what_the_register_says(walk: Walk) -> None:
    reader = _own(walk)
    for rule in _rules(walk):
        for setting_id, other in product((walk.half.setting, walk.others.setting), (UNKNOWN,)):
            built = rule.build(dict.fromkeys(rule.arguments, setting_id if "setting_id" in rule.arguments else other))
            assert built
            answer = reader.client.get(built[1], headers={"Authorization": f"Bearer {reader.token}"})
            assert answer.status_code in (200, 404)
            assert walk.others.mark.lower() not in answer.get_data(as_text=True).lower()


def test_a_program_reads_its_own_councils_referrals_and_none_of_the_others(walk: Walk) -> None:
    reader = _own(walk)
    own, others = ({*_referrals(walk, half)} for half in (walk.half, walk.others))
    assert {each["id"] for each in reader.every("/referrals")} == own
    assert own
    for referral_id in others:
        for path in (f"/referrals/{referral_id}", f"/referrals/{referral_id}/award"):
            assert reader.get(path).status_code == 404


def test_a_program_begins_a_draft_within_its_own_councils_rows(walk: Walk) -> None:
    """PostgreSQL holds the call, its answer and the draft to the token's council; the same key is answered again."""
    reader, commissioner = _own(walk), walk.half.people[Role.COMMISSIONER]
    with walk.house.ground.read() as session:
        framework = frameworks_of(session, walk.half.council, walk.house.ground.clock.now().date())[0]
    lot = next(each for each in reader.every("/lots") if each["framework_id"] == framework.id)
    body = {
        "lot_id": lot["id"],
        "age_band": "8-11",
        "year_group": "Year 5",
        "need_area": "sensory_and_physical",
        "outcomes": "Settles in a small class.",
        "travel_zone": "Within ten miles",
        "starts_from": "2027-01-04",
        "starts_until": "2027-02-15",
        "weekly_hours": None,
        "is_protected": False,
    }
    shown = {"Authorization": f"Bearer {reader.token}", "Idempotency-Key": "a-key"}
    made, again = (reader.client.post("/api/v1/referrals", json=body, headers=shown) for _ in range(2))
    assert (made.status_code, again.get_json()) == (201, made.get_json()), made.get_json()
    with walk.house.ground.read() as session:
        row = session.get_one(ReferralRow, made.get_json()["id"])
    assert (row.council_id, row.author_id) == (walk.half.council, commissioner.id)


def _referrals(walk: Walk, half: Half) -> list[str]:
    with walk.house.ground.read() as session:
        return list(session.scalars(select(ReferralRow.id).where(ReferralRow.council_id == half.council)))


def test_prices_are_read_by_councils_that_buy_through_the_framework_and_by_no_other(walk: Walk) -> None:
    bought = {fee["pence"] for fee in _own(walk).every("/fees")}
    assert bought == set(PENCE.values())
    assert list(program(walk.app, outsiders_token(walk)).every("/fees")) == []
