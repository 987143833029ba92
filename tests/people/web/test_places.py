from __future__ import annotations

import pytest

from channels.model import Channel
from kernel.work import Ground
from people.actions.register_councils import register_councils
from people.queries import contact_points, organisations, persons_by_address
from tests.people.town import MUM_PHONE, Town, code_in, post_of
from tests.people.web.conftest import Browse


def test_an_organisation_shows_its_people_its_forum_and_its_council(browse: Browse, town: Town) -> None:
    client = browse(town.admin)
    council = client.get(f"/organisations/{town.council}").text
    assert "Colin Baker" in council
    assert "Seaborough Parent Carer Forum" in council
    forum = client.get(f"/organisations/{town.forum}").text
    assert "Nadia Forster" in forum
    assert "Amelia Hart" not in forum, "families are counted; the directory finds them"


def test_of_another_council_one_sees_no_people(browse: Browse, town: Town) -> None:
    client = browse(town.admin)
    page = client.get(f"/organisations/{town.far_council}").text
    assert "Fergus Dunn" not in page
    assert client.get(f"/organisations/{town.far_forum}").status_code == 404
    assert browse(town.priya).get(f"/organisations/{town.beacon}").status_code == 404
    assert browse(town.priya).get(f"/organisations/{town.alder}").status_code == 200


def test_the_lead_authority_sees_no_family_not_even_their_number(browse: Browse, town: Town) -> None:
    assert browse(town.lead).get(f"/organisations/{town.forum}").status_code == 404
    assert "Parent or carer" not in browse(town.lead).get(f"/organisations/{town.council}").text


def test_what_became_of_cumbria(browse: Browse, ground: Ground, town: Town) -> None:
    with ground.work() as work:
        ids = register_councils(work)
    page = browse(town.admin).get(f"/organisations/{ids['E10000006']}").text
    assert "Cumberland" in page
    assert "Westmorland and Furness" in page


def test_organisations_are_found_by_name_and_kind(browse: Browse, town: Town) -> None:
    page = browse(town.admin).get("/organisations?kind=provider&name=alder").text.split("<main")[1]
    assert "Alder Grove Schools" in page
    assert "Beacon" not in page
    assert "No organisation that you may see" in browse(town.admin).get("/organisations?name=nowhere").text


def test_the_lead_authority_registers_a_provider_once(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.lead)
    for _ in range(2):
        page = client.post("/organisations/providers/new", data={"name": " Cedar  House "}, follow_redirects=True).text
    assert "Cedar House" in page
    alike = client.post("/organisations/providers/new", data={"name": "CEDAR HOUSE"})
    assert alike.status_code == 422
    assert "There is one: Cedar House." in alike.text
    assert client.post("/organisations/providers/new", data={"name": " "}).status_code == 422
    with ground.read() as session:
        assert [place.name for place in organisations(session)].count("Cedar House") == 1


def test_a_council_has_one_forum(browse: Browse, town: Town) -> None:
    """A1"""
    answer = browse(town.admin).post("/organisations/forums/new", data={"name": "Another", "council": town.council})
    assert answer.status_code == 422
    assert "This council has a forum already" in answer.text
    assert (
        browse(town.admin)
        .post("/organisations/forums/new", data={"name": "Another", "council": town.far_council})
        .status_code
        == 422
    )


def test_an_organisation_is_renamed_and_ended(browse: Browse, town: Town) -> None:
    client = browse(town.lead)
    there = f"/organisations/{town.beacon}/edit"
    page = client.post(there, data={"name": "Beacon Trust", "ended_on": ["31", "8", "2026"]}, follow_redirects=True)
    assert "Beacon Trust" in page.text
    assert "Monday 31 August 2026" in page.text
    assert client.post(there, data={"name": "X", "ended_on": ["31", "2", "2026"]}).status_code == 422


@pytest.mark.parametrize(("who", "place"), [("admin", "alder"), ("admin", "council"), ("lead", "council")])
def test_who_may_not_edit_what(browse: Browse, town: Town, who: str, place: str) -> None:
    path = f"/organisations/{getattr(town, place)}/edit"
    assert browse(getattr(town, who)).post(path, data={"name": "X"}).status_code == 404


def _somebody(town: Town, **changed: str) -> dict[str, str]:
    return {
        "name": "Hina Malik",
        "role": f"family:{town.forum}",
        "language": "ur",
        "channel": "sms",
        "address": "07700 900555",
        "proof": "said",
    } | changed


def test_a_parent_is_registered_by_hand_once(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.admin)
    for _ in range(2):
        page = client.post("/people/register", data=_somebody(town), follow_redirects=True).text
    assert "Hina Malik" in page
    assert "Urdu" in page
    with ground.read() as session:
        assert len(persons_by_address(session, "sms", "+447700900555")) == 1


def test_a_number_that_they_did_not_give_themselves_gets_a_code_first(
    browse: Browse, ground: Ground, town: Town
) -> None:
    browse(town.admin).post("/people/register", data=_somebody(town, proof="code"))
    with ground.read() as session:
        assert persons_by_address(session, "sms", "+447700900555") == []
    post = post_of(ground)
    post.deliver()
    (text,) = post.arrived(Channel.SMS, "+447700900555")
    assert len(code_in(text)) == 6


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Enter a name"),
        ({"address": "1"}, "That is not a phone number"),
        ({"role": ""}, "Choose a role"),
        ({"proof": ""}, "Choose whether it is theirs"),
    ],
)
def test_bad_input_is_told_at_its_field(browse: Browse, town: Town, changed: dict[str, str], says: str) -> None:
    answer = browse(town.admin).post("/people/register", data=_somebody(town, **changed))
    assert answer.status_code == 422
    assert says in answer.text


def test_a_shared_phone_may_belong_to_two(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.admin)
    client.post("/people/register", data=_somebody(town, address=MUM_PHONE))
    with ground.read() as session:
        owners = persons_by_address(session, "sms", MUM_PHONE)
        assert [owner.name for owner in owners] == ["Amelia Hart", "Hina Malik"]
        assert all(len(contact_points(session, owner.id)) == 1 for owner in owners)
