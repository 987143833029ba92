from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from kernel.work import Ground
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from tests.people.town import Town
from tests.people.web.conftest import Browse


def test_an_administrator_finds_staff_forum_families_and_providers_and_nobody_elses(browse: Browse, town: Town) -> None:
    page = browse(town.admin).get("/people").text
    for name in ("Colin Baker", "Nadia Forster", "Amelia Hart", "Priya Desai"):
        assert name in page
    for name in ("Fergus Dunn", "Freya Lowe"):
        assert name not in page


def test_a_providers_user_finds_colleagues_alone(browse: Browse, town: Town) -> None:
    page = browse(town.priya).get("/people").text
    assert "Pavel Horak" in page
    assert "Owen Hughes" not in page
    assert "Colin Baker" not in page


@pytest.mark.parametrize("who", ["coordinator", "officer", "duty", "mum"])
def test_without_the_permission_there_is_no_directory(browse: Browse, town: Town, who: str) -> None:
    assert browse(getattr(town, who)).get("/people").status_code == 403


@pytest.mark.parametrize(
    ("asked", "found", "left_out"),
    [
        ({"name": "baker"}, "Colin Baker", "Amelia Hart"),
        ({"role": "family"}, "Amelia Hart", "Colin Baker"),
        ({"name": "hart", "role": "family", "state": "active"}, "Amelia Hart", "Ada Millward</a>"),
    ],
)
def test_filters_live_in_the_address_but_no_name_does(
    browse: Browse, town: Town, asked: dict[str, str], found: str, left_out: str
) -> None:
    client = browse(town.admin)
    answer = client.post("/people", data=asked)
    assert answer.status_code == 303
    in_address = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    assert in_address.pop("named", "no") == ("yes" if "name" in asked else "no")
    assert in_address == {key: value for key, value in asked.items() if key != "name"}
    page = client.get(answer.headers["Location"]).text.split("<main")[1]
    assert found in page
    assert left_out not in page


def test_filters_by_organisation(browse: Browse, town: Town) -> None:
    page = browse(town.admin).get(f"/people?organisation={town.alder}").text.split("<main")[1]
    assert "Priya Desai" in page
    assert "Owen Hughes" not in page


def test_an_organisation_of_others_shows_nobody(browse: Browse, town: Town) -> None:
    page = browse(town.admin).get(f"/people?organisation={town.far_forum}").text
    assert "Nobody whom you may see fits this." in page


@pytest.mark.parametrize("junk", ["role=king", "state=lost", "page=0", "page=x", "named=yes", "page=999"])
def test_junk_in_the_address_does_no_harm(browse: Browse, town: Town, junk: str) -> None:
    assert browse(town.admin).get(f"/people?{junk}").status_code == 200


def test_a_wildcard_is_a_letter_like_any_other(browse: Browse, town: Town) -> None:
    answer = browse(town.admin).post("/people", data={"name": "%"}, follow_redirects=True)
    assert "Nobody whom you may see" in answer.text


def test_a_name_is_forgotten_with_the_filter(browse: Browse, town: Town) -> None:
    client = browse(town.admin)
    assert "Amelia Hart" not in client.post("/people", data={"name": "baker"}, follow_redirects=True).text
    assert "Amelia Hart" in client.get("/people").text
    assert "Amelia Hart" in client.post("/people", data={"name": " "}, follow_redirects=True).text
    assert "Amelia Hart" in client.get("/people?name=baker").text


@pytest.mark.parametrize("who", ["coordinator", "mum"])
def test_nobody_else_narrows_it(browse: Browse, town: Town, who: str) -> None:
    assert browse(getattr(town, who)).post("/people", data={"name": "baker"}).status_code == 403


def test_long_lists_come_in_pages_that_keep_the_filters(browse: Browse, ground: Ground, town: Town) -> None:
    with ground.work() as work:
        for number in range(60):
            register_person(work, NewPerson(f"Parent {number:02}", "en", ((Role.FAMILY, town.forum),)))
    client = browse(town.admin)
    client.post("/people", data={"name": "Parent", "role": "family"})
    page = client.get("/people?named=yes&role=family&page=2").text
    assert "Parent 30" in page
    assert "Parent 00" not in page
    assert "named=yes&amp;role=family&amp;page=3" in page
    assert "Showing 26 to 50 of 60 people" in page
    assert "Parent 59" in client.get("/people?named=yes&role=family&page=99").text
