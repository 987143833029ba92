from __future__ import annotations

import re

import pytest

from kernel.work import Ground
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from people.queries import person
from tests.people.town import MUM_PHONE, Town
from tests.people.web.conftest import Browse


@pytest.fixture
def twin(ground: Ground, town: Town) -> str:
    with ground.work() as work:
        points = (("sms", "+447700900444"), ("sms", MUM_PHONE))
        return register_person(work, NewPerson("amelia hart", "en", ((Role.FAMILY, town.forum),), points))


def test_they_are_suggested_looked_at_side_by_side_merged_and_taken_apart(
    browse: Browse, ground: Ground, town: Town, twin: str
) -> None:
    client = browse(town.admin)
    assert "Look at both" in client.get("/people/duplicates").text
    path = f"/people/{town.mum}/merge/{twin}"
    shown = client.get(path).text
    assert "People: contact points" in shown
    assert "+447700900444" in shown
    merged = client.post(path, follow_redirects=True).text
    assert "The two records are one now." in merged
    again = client.post(path, follow_redirects=True)
    assert "merged already" in again.text, "pressed twice does no harm"
    assert client.get(f"/people/{twin}").status_code == 404
    found = re.search(r"/people/merges/\w+/undo", merged)
    assert found is not None
    assert "The merge is undone." in client.post(found[0], follow_redirects=True).text
    with ground.read() as session:
        assert person(session, twin).id == twin


def test_two_people_are_noted_as_two(browse: Browse, town: Town, twin: str) -> None:
    client = browse(town.admin)
    page = client.post(f"/people/{town.mum}/apart/{twin}", follow_redirects=True).text
    assert "these are two people" in page
    assert "No two records here look like one person." in page
    assert "Make them one" not in client.get(f"/people/{town.mum}/merge/{twin}").text


def test_a_shared_phone_is_no_proof(browse: Browse, ground: Ground, town: Town) -> None:
    with ground.work() as work:
        dad = register_person(work, NewPerson("Ben Hart", "en", ((Role.FAMILY, town.forum),), (("sms", MUM_PHONE),)))
    page = browse(town.admin).get(f"/people/{town.mum}/merge/{dad}").text
    assert "Two people may share a phone" in page
    assert "Make them one" not in page


def test_who_manages_a_person_and_may_not_merge_is_not_led_there(browse: Browse, town: Town) -> None:
    assert f"/people/{town.priya}/duplicates" not in browse(town.lead).get(f"/people/{town.priya}").text
    assert f"/people/{town.mum}/duplicates" in browse(town.admin).get(f"/people/{town.mum}").text


@pytest.mark.parametrize("who", ["far_admin", "lead", "commissioner", "priya"])
def test_nobody_else_sees_or_merges_them(browse: Browse, town: Town, twin: str, who: str) -> None:
    client = browse(getattr(town, who))
    path = f"/people/{town.mum}/merge/{twin}"
    refused = {404} if who == "far_admin" else {403}
    assert {client.get(path).status_code, client.post(path).status_code} == refused
    assert client.post(f"/people/{town.mum}/apart/{twin}").status_code in refused
