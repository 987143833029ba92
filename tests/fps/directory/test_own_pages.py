"""A provider's own pages: what it writes, what it tells, and that nobody else can."""

from __future__ import annotations

import pytest

from fps.model import SettingKind
from fps.queries.profiles import profile_versions
from fps.queries.vacancies import vacancies_of, vacancy_reports
from kernel.work import Ground
from people.model import Role
from tests.fps.directory.conftest import Browse
from tests.fps.directory.places import places
from tests.fps.directory.profiles import publish
from tests.fps.world import World, member

FORM = {
    "summary": "A small school.",
    "needs": ["asd", "communication"],
    "stays": ["day"],
    "phone": "0151 496 0000",
    "website": "https://school.example.org",
    "postcode": "l203ab",
    "seen": "0",
}


@pytest.fixture
def setting_id(ground: Ground, world: World) -> str:
    with ground.work() as work:
        return world.active_setting(work, 0)


def versions(ground: Ground, setting_id: str) -> list[bool]:
    """Return of each version, the newest first, whether it is published."""
    with ground.read() as session:
        return [version.published_at is not None for version in profile_versions(session, setting_id)]


def test_a_draft_is_nobody_elses_until_it_is_published(
    ground: Ground, world: World, browse: Browse, setting_id: str
) -> None:
    client, path = browse(world.providers[0][1]), f"/my-settings/{setting_id}/profile"
    assert client.post(path, data=FORM).status_code == 303
    assert "A small school." not in browse(None).get(f"/directory/{setting_id}").text
    assert "A small school." in client.get(path).text
    assert client.post(path, data={**FORM, "seen": "1", "publish": "yes"}).status_code == 303
    page = browse(None).get(f"/directory/{setting_id}").text
    assert "A small school." in page
    assert "L20 3AB" in page
    assert versions(ground, setting_id) == [True, False]


@pytest.mark.parametrize(
    ("field", "entered", "sentence"),
    [
        ("website", "javascript:alert(1)", "Enter a web address that begins with https://"),
        ("website", "https://a b", "Enter a web address that begins with https://"),
        ("website", "https://user@host", "Enter a web address that begins with https://"),
        ("website", "https://[", "Enter a web address that begins with https://"),
        ("email", "nobody", "Enter an email address of the school"),
        ("phone", "call us", "Enter a phone number of the school"),
        ("postcode", "nowhere", "Enter a full postcode"),
        ("latitude", "53.4", "Enter both latitude and longitude"),
        ("summary", "", "Say in a few sentences what the school is"),
        ("summary", "x" * 601, "Shorten this to 600 characters"),
        ("day", "Sam was born on 3/4/2015", "a date of birth"),
        ("day", "NHS 943 476 5919", "an NHS number"),
        ("needs", [], "Choose at least one need"),
    ],
)
def test_what_cannot_be_published_is_said_at_its_field(
    ground: Ground, world: World, browse: Browse, setting_id: str, field: str, entered: str, sentence: str
) -> None:
    answer = browse(world.providers[0][1]).post(
        f"/my-settings/{setting_id}/profile", data={**FORM, "publish": "yes", field: entered}
    )
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert versions(ground, setting_id) == []


def test_hostile_text_is_shown_as_text(world: World, browse: Browse, setting_id: str) -> None:
    client = browse(world.providers[0][1])
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    client.post(f"/my-settings/{setting_id}/profile", data={**FORM, "summary": hostile, "publish": "yes"})
    page = browse(None).get("/directory").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_two_people_at_once_do_not_overwrite_each_other(
    ground: Ground, world: World, browse: Browse, setting_id: str
) -> None:
    with ground.work() as work:
        publish(work, world.providers[0][1], setting_id)
    answer = browse(world.providers[0][1]).post(f"/my-settings/{setting_id}/profile", data=FORM)
    assert (answer.status_code, "Somebody else has changed this page" in answer.text) == (409, True)
    assert versions(ground, setting_id) == [True]


def test_alternative_provision_has_fields_of_its_own(ground: Ground, world: World, browse: Browse) -> None:
    client = browse(world.providers[1][1])
    with ground.work() as work:
        school = world.active_setting(work, 1)
        new = world.new_setting(4)
        workshop = world.active_setting(
            work, 1, lot=6, new=type(new)(**{**vars(new), "kind": SettingKind.AP_UNREGISTERED, "urn": None})
        )
    assert "Key stages (alternative provision)" not in client.get(f"/my-settings/{school}/profile").text
    assert "Key stages (alternative provision)" in client.get(f"/my-settings/{workshop}/profile").text


def test_a_rival_finds_nothing_of_anothers_setting(
    ground: Ground, world: World, browse: Browse, setting_id: str
) -> None:
    own, rival = browse(world.providers[0][1]), browse(world.providers[1][1])
    own.post(f"/my-settings/{setting_id}/places/new", data=band(world))
    [card] = _bands(ground, setting_id)
    for path in ("profile", "places/new", "places/history", f"places/{card}"):
        assert rival.get(f"/my-settings/{setting_id}/{path}").status_code == 404
    for path in ("profile", "places/new", f"places/{card}", f"places/{card}/confirm", f"places/{card}/close"):
        assert rival.post(f"/my-settings/{setting_id}/{path}", data={**FORM, **band(world)}).status_code == 404
    assert rival.get(f"/register/settings/{setting_id}/places").status_code == 403
    assert "School 0" not in rival.get("/my-settings/places").text
    assert places(ground, setting_id) == [2]


def band(world: World, **changes: str) -> dict[str, str]:
    return {"lot": world.lots[0].id, "age_from": "5", "age_to": "11", "places": "2", "note": "", **changes}


def _bands(ground: Ground, setting_id: str) -> list[str]:
    with ground.read() as session:
        return [card.id for card in vacancies_of(session, [setting_id]).get(setting_id, [])]


def test_free_places_are_told_confirmed_changed_and_taken_off(
    ground: Ground, world: World, browse: Browse, setting_id: str
) -> None:
    client = browse(world.providers[0][1])
    assert client.post(f"/my-settings/{setting_id}/places/new", data=band(world)).status_code == 303
    [card] = _bands(ground, setting_id)
    there = f"/my-settings/{setting_id}/places/{card}"
    assert client.post(f"{there}/confirm").status_code == 303
    assert client.post(there, data={"places": "4", "note": "In the nursery"}).status_code == 303
    assert places(ground, setting_id) == [4]
    assert client.post(f"{there}/close").status_code == 303
    assert client.post(f"{there}/close").status_code == 404
    assert places(ground, setting_id) == []
    with ground.read() as session:
        told = [(report.places, report.is_same) for report, _, _ in vacancy_reports(session, setting_id)]
    assert sorted(told) == [(2, False), (2, True), (4, False)]
    assert client.post(f"/my-settings/{setting_id}/places/new", data=band(world, places="1")).status_code == 303
    assert places(ground, setting_id) == [1], "the same ages may come back"


@pytest.mark.parametrize(
    ("changes", "sentence", "status"),
    [
        ({"places": ""}, "Enter how many places are free, or 0", 422),
        ({"places": "-1"}, "Enter a whole number from 0 to 500.", 422),
        ({"places": "many"}, "Not a valid integer value", 422),
        ({"age_to": "25"}, "the school is registered for these", 422),
        ({"expected_places": "2"}, "Say both how many places you expect", 422),
        ({"lot": "nothing"}, "Not a valid choice", 422),
        ({"note": "A child called Sam leaves"}, "a child&#39;s name", 422),
    ],
)
def test_what_cannot_be_told_is_said_at_its_field(
    ground: Ground,
    world: World,
    browse: Browse,
    setting_id: str,
    changes: dict[str, str],
    sentence: str,
    status: int,
) -> None:
    answer = browse(world.providers[0][1]).post(f"/my-settings/{setting_id}/places/new", data=band(world, **changes))
    assert (answer.status_code, sentence in answer.text) == (status, True), answer.text
    assert places(ground, setting_id) == []


def test_the_same_ages_twice_are_refused(ground: Ground, world: World, browse: Browse, setting_id: str) -> None:
    client, path = browse(world.providers[0][1]), f"/my-settings/{setting_id}/places/new"
    client.post(path, data=band(world))
    again = client.post(path, data=band(world, places="9"))
    assert (again.status_code, "These ages are on the list already" in again.text) == (409, True)
    assert places(ground, setting_id) == [2]


def test_councils_see_the_history_and_no_persons_name(
    ground: Ground, world: World, browse: Browse, setting_id: str
) -> None:
    own = browse(world.providers[0][1])
    own.post(f"/my-settings/{setting_id}/places/new", data=band(world))
    with ground.work() as work:
        officer = member(work, "Olga Officer", Role.QA_OFFICER, world.council_id, ("email", "o@example.org"))
    page = browse(officer).get(f"/register/settings/{setting_id}/places").text
    assert "Told so far" in page
    assert "User 0" not in page
    assert "by User 0" in own.get(f"/my-settings/{setting_id}/places/history").text


def test_an_empty_list_says_what_to_do(world: World, browse: Browse) -> None:
    assert "None of your settings stands on a lot yet." in browse(world.providers[2][1]).get("/my-settings/places").text
