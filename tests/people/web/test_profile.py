from __future__ import annotations

import pytest

from kernel.work import Ground
from people.model import Role
from people.queries import person
from tests.people.town import MUM_PHONE, Town, actor_of
from tests.people.web.conftest import Browse


def _edit(**changed: str) -> dict[str, str]:
    return {"name": "Amelia Hart", "language": "en", "quiet_from": "", "quiet_to": ""} | changed


def test_shows_who_somebody_is_and_how_they_are_reached(browse: Browse, town: Town) -> None:
    page = browse(town.admin).get(f"/people/{town.mum}").text
    for said in ("Amelia Hart", "Parent or carer", "Seaborough Parent Carer Forum", MUM_PHONE, "Proved", "public task"):
        assert said in page


def test_a_commissioner_does_not_see_how_a_family_is_reached(browse: Browse, town: Town) -> None:
    page = browse(town.commissioner).get(f"/people/{town.mum}").text
    assert "Amelia Hart" in page
    assert MUM_PHONE not in page
    assert "Edit" not in page.split("<main")[1]


def test_another_councils_person_is_not_there(browse: Browse, town: Town) -> None:
    client = browse(town.admin)
    for path in ("", "/edit", "/roles", "/contacts/add", "/duplicates"):
        assert client.get(f"/people/{town.far_mum}{path}").status_code == 404
    assert client.post(f"/people/{town.far_mum}/edit", data=_edit(name="X")).status_code == 404


def test_details_are_edited_and_the_history_says_so(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.admin)
    sent = _edit(name="  Amelia   Harte ", language="pl", quiet_from="21:00", quiet_to="07:00")
    page = client.post(f"/people/{town.mum}/edit", data=sent, follow_redirects=True).text
    assert "The changes are saved." in page
    assert "Amelia Harte" in page
    assert "21:00 to 07:00" in page
    assert "Details changed" in page
    assert "by Ada Millward" in page
    assert actor_of(ground, town.mum).language == "pl"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (_edit(name=" "), "Enter a name"),
        (_edit(name="x" * 201), "200"),
        (_edit(language="xx"), "Not a valid choice"),
        (_edit(quiet_from="21:00"), "Enter both times"),
    ],
)
def test_bad_input_is_told_at_its_field(browse: Browse, town: Town, sent: dict[str, str], says: str) -> None:
    answer = browse(town.admin).post(f"/people/{town.mum}/edit", data=sent)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert says in answer.text


def test_a_commissioner_edits_nobody(browse: Browse, town: Town) -> None:
    assert browse(town.commissioner).post(f"/people/{town.mum}/edit", data=_edit()).status_code == 404


def test_a_role_is_given_and_ended(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.admin)
    chosen = f"qa_officer:{town.council}"
    for _ in range(2):
        page = client.post(f"/people/{town.commissioner}/roles", data={"role": chosen}, follow_redirects=True)
    assert actor_of(ground, town.commissioner).has(Role.QA_OFFICER, town.council)
    ending = f"/people/{town.commissioner}/roles/{chosen}/end"
    assert "End this role?" in client.get(ending).text
    for _ in range(2):
        page = client.post(ending, follow_redirects=True)
    assert "The role has ended." in page.text
    assert not actor_of(ground, town.commissioner).has(Role.QA_OFFICER)
    assert page.text.count("Role given") == 1
    assert page.text.count("Role ended") == 1


def test_nobody_gives_themselves_a_role(browse: Browse, ground: Ground, town: Town) -> None:
    answer = browse(town.admin).post(f"/people/{town.admin}/roles", data={"role": f"auditor:{town.council}"})
    assert "Nobody gives themselves a role" in answer.text
    assert not actor_of(ground, town.admin).has(Role.AUDITOR)


def test_a_role_elsewhere_cannot_be_given(browse: Browse, ground: Ground, town: Town) -> None:
    for chosen in (f"qa_officer:{town.far_council}", f"provider_user:{town.alder}", "junk", ""):
        answer = browse(town.admin).post(f"/people/{town.officer}/roles", data={"role": chosen})
        assert answer.status_code == 422
    assert len(actor_of(ground, town.officer).roles) == 1


def test_the_last_administrator_stays(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.second_admin)
    client.post(f"/people/{town.admin}/roles/administrator:{town.council}/end")
    assert not actor_of(ground, town.admin).roles
    refused = client.post(f"/people/{town.second_admin}/roles/administrator:{town.council}/end")
    assert refused.status_code == 409
    assert "last administrator" in refused.text


def test_who_has_no_role_any_more_is_still_found_where_they_worked(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.admin)
    client.post(f"/people/{town.officer}/roles/qa_officer:{town.council}/end")
    with ground.read() as session:
        assert person(session, town.officer).roles == ()
    page = client.get("/people?state=left").text.split("<main")[1]
    assert "Quentin Abbott" in page
    assert browse(town.far_admin).get(f"/people/{town.officer}").status_code == 404
