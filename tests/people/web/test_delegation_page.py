from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from kernel.work import Ground
from people.actions.delegate import Delegate, delegate
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from tests.people.town import Town, actor_of
from tests.people.web.conftest import Browse

TODAY = date(2026, 11, 23)


def test_pages_show_for_whom_one_acts_and_the_log_names_both(browse: Browse, ground: Ground, town: Town) -> None:
    with ground.work() as work:
        roles = ((Role.QA_OFFICER, town.lead_council),)
        stand_in = register_person(work, NewPerson("Lee Ogden", "en", roles, (("email", "lee@example.org"),)))
    assert browse(stand_in).get("/people").status_code == 403
    with ground.work() as work:
        days = Delegate(stand_in, town.lead_council, TODAY, TODAY + timedelta(days=1))
        delegate(work, actor_of(ground, town.lead), days)
    client = browse(stand_in)
    assert "You are acting for <strong>Farah Iqbal</strong> too." in client.get("/people").text
    client.post("/organisations/providers/new", data={"name": "Cedar House"})
    client.post("/account/details/edit", data={"name": "Lee Ogden-Hall", "language": "en"})
    with ground.read() as session:
        lines = session.execute(text("SELECT action, actor, details FROM audit ORDER BY seq DESC LIMIT 2")).all()
    own, for_her = [(line.action, line.actor, json.loads(line.details).get("acting_for")) for line in lines]
    assert for_her == ("people.register_organisation", stand_in, [town.lead])
    assert own == ("people.edit", stand_in, None), "what they do as themselves is theirs alone"


def test_the_page_names_a_colleague_and_ends_it(browse: Browse, town: Town) -> None:
    client = browse(town.duty)
    days = {"starts_on": ["23", "11", "2026"], "ends_on": ["27", "11", "2026"]}
    sent = {"delegate": f"{town.officer}:{town.council}", **days}
    page = client.post("/account/delegation", data=sent, follow_redirects=True).text
    assert "Quentin Abbott acts for you" in page
    again = client.post("/account/delegation", data=sent)
    assert again.status_code == 422
    assert "You have already named somebody" in again.text
    assert "You act for Maureen Tatlock" in browse(town.officer).get("/account/delegation").text


@pytest.mark.parametrize(
    "ends_on", [["20", "11", "2026"], ["31", "2", "2026"], ["", "", ""], ["1", "6", "2027"], ["12"], ["1", "2"]]
)
def test_days_that_do_not_fit_are_told_at_the_field(browse: Browse, town: Town, ends_on: list[str]) -> None:
    sent = {"delegate": f"{town.officer}:{town.council}", "starts_on": ["23", "11", "2026"], "ends_on": ends_on}
    answer = browse(town.duty).post("/account/delegation", data=sent)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
