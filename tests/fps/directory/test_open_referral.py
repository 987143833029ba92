"""Open Referral UK: conforming, open to all, and nobody's name in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import event

from fps.actions.directory.report_places import OpenBand, open_band
from fps.model import Status
from fps.rules.vacancies import Told
from fps.tables import PlaceRow
from kernel.work import Ground
from tests.fps.directory import hsds
from tests.fps.directory.conftest import Browse
from tests.fps.directory.profiles import publish
from tests.fps.world import World

JSON = "application/json"


def check(told: object, schema: hsds.Json) -> None:
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(told)


def get(browse: Browse, path: str, status: int = 200) -> Any:  # noqa: ANN401 - whatever it answers
    answer = browse(None).get(f"/open-referral{path}")
    assert answer.status_code == status, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.json


@pytest.fixture
def setting_ids(ground: Ground, world: World) -> list[str]:
    """Three settings, the first with a page and free places."""
    with ground.work() as work:
        ids = [world.active_setting(work, number) for number in range(3)]
        publish(work, world.providers[0][1], ids[0])
        open_band(work, world.providers[0][1], OpenBand(ids[0], world.lots[0].id, 5, 16, Told(2)))
        work.session.add(PlaceRow(district="L20", easting=334000, northing=395000, schools=3))
    return ids


def test_it_says_what_it_is(browse: Browse) -> None:
    told = get(browse, "/")
    assert set(told) == {"version", "profile", "openapi_url"}
    assert told["openapi_url"] == "https://hub.example.org/open-referral/openapi.json"
    described = get(browse, "/openapi.json")
    for path in described["paths"]:
        if "{" not in path:
            get(browse, path)


@pytest.mark.usefixtures("setting_ids")
@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("services", hsds.LISTED_SERVICE),
        ("service_at_locations", hsds.SERVICE_AT_LOCATION),
        ("taxonomies", hsds.TAXONOMY),
        ("taxonomy_terms", hsds.TERM),
    ],
)
def test_lists_and_entries_conform(browse: Browse, path: str, entry: hsds.Json) -> None:
    told = get(browse, f"/{path}")
    check(told, hsds.page_of(entry))
    assert told["contents"]
    full = {"services": hsds.SERVICE}.get(path, entry)
    for each in told["contents"]:
        one = get(browse, f"/{path}/{each['id']}")
        check(one, full)
        assert one["id"] == each["id"]


@pytest.mark.usefixtures("setting_ids")
def test_a_service_tells_what_the_school_told_and_names_nobody(browse: Browse) -> None:
    [first, *_] = get(browse, "/services")["contents"]
    told = browse(None).get(f"/open-referral/services/{first['id']}")
    one: Any = told.json
    assert (one["name"], one["url"], one["status"]) == ("School 0", "https://school.example.org", "active")
    assert (one["minimum_age"], one["maximum_age"], one["assured_date"]) == (5, 16, "2026-11-23")
    assert {each["taxonomy_term"]["term"] for each in one["attributes"]} == {"Communication and interaction", "Autism"}
    location = one["service_at_locations"][0]["location"]
    assert location["latitude"] == pytest.approx(53.45, abs=0.01)
    assert location["addresses"][0]["city"] == "Bootle"
    assert "User 0" not in told.text
    assert "contacts" not in told.text


def test_ids_are_the_same_each_time_and_are_uuids(browse: Browse, setting_ids: list[str]) -> None:
    first, again = (get(browse, "/services")["contents"] for _ in range(2))
    assert [each["id"] for each in first] == [each["id"] for each in again]
    assert len({UUID(each["id"]) for each in first}) == len(setting_ids)
    assert not set(setting_ids) & {each["id"] for each in first}


@pytest.mark.usefixtures("setting_ids")
def test_pages_are_told(browse: Browse) -> None:
    told = get(browse, "/services?page=2&per_page=2")
    assert {name: told[name] for name in told if name != "contents"} == {
        "total_items": 3,
        "total_pages": 2,
        "page_number": 2,
        "size": 1,
        "first_page": False,
        "last_page": True,
        "empty": False,
    }
    past = get(browse, "/services?page=9&per_page=2")
    assert (past["empty"], past["contents"], past["total_items"]) == (True, [], 3)


@pytest.mark.usefixtures("setting_ids")
def test_filters_narrow(browse: Browse) -> None:
    terms = {each["term"]: each["id"] for each in get(browse, "/taxonomy_terms?per_page=100")["contents"]}
    [taxonomy] = get(browse, "/taxonomies")["contents"]
    first = get(browse, "/services")["contents"][0]
    found = {
        f"taxonomy_term_id={terms['Autism']}": 1,
        f"taxonomy_term_id={terms['Hearing impairment']}": 0,
        "taxonomy_term_id=nothing": 0,
        f"taxonomy_id={taxonomy['id']}": 1,
        f"organization_id={first['organization_id']}": 1,
        "organization_id=nothing": 0,
        "search=School": 3,
        "text=School 2": 1,
        "minimum_age=5": 3,
        "minimum_age=6": 0,
        "maximum_age=16": 3,
        "maximum_age=15": 0,
        "postcode=L20&proximity=20000": 1,
        "postcode=L20&proximity=1": 0,
    }
    assert {query: get(browse, f"/services?{query}")["total_items"] for query in found} == found


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=-1", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=101", "per_page"),
        ("per_page=", "per_page"),
        ("minimum_age=%00", "minimum_age"),
        ("postcode=nowhere'", "postcode"),
        ("postcode=ZZ9", "postcode"),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_parameter(browse: Browse, query: str, parameter: str) -> None:
    answer = browse(None).get(f"/open-referral/services?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json is not None
    assert (answer.json["status"], answer.json["parameter"]) == (400, parameter)


@pytest.mark.parametrize("kind", ["services", "service_at_locations", "taxonomies", "taxonomy_terms"])
@pytest.mark.parametrize("wrong", ["nothing", "00000000-0000-0000-0000-000000000000", "%00", "x" * 500])
def test_what_is_not_there_is_a_problem_too(browse: Browse, kind: str, wrong: str) -> None:
    answer = browse(None).get(f"/open-referral/{kind}/{wrong}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_suspended_settings_are_not_told_and_paused_ones_are_closed_for_now(
    ground: Ground, world: World, browse: Browse, setting_ids: list[str]
) -> None:
    gone = get(browse, "/services")["contents"][1]["id"]
    with ground.work() as work:
        world.step(work, setting_ids[0], Status.SELF_PAUSED)
        world.step(work, setting_ids[1], Status.SUSPENDED)
    told = get(browse, "/services")
    assert [each["status"] for each in told["contents"]] == ["temporarily closed", "active"]
    get(browse, f"/services/{gone}", 404)


@pytest.mark.usefixtures("setting_ids")
def test_answers_may_be_kept_and_are_not_sent_twice(browse: Browse) -> None:
    client = browse(None)
    answer = client.get("/open-referral/services")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers
    again = client.get("/open-referral/services", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    chosen = browse(None).get("/open-referral/services?lang=pl")
    assert chosen.headers["Cache-Control"] == "no-store", "an answer with a cookie is nobody else's"


def test_a_page_takes_the_same_number_of_statements_however_long(ground: Ground, world: World, browse: Browse) -> None:
    def statements() -> int:
        told: list[str] = []
        engine = ground.database.engine
        note = lambda *args: told.append(args[2])  # noqa: E731 - listens for a moment
        event.listen(engine, "before_cursor_execute", note)
        get(browse, "/services?per_page=100")
        event.remove(engine, "before_cursor_execute", note)
        return len(told)

    with ground.work() as work:
        world.active_setting(work, 0)
    few = statements()
    with ground.work() as work:
        for number in range(1, 12):
            world.active_setting(work, number)
    assert statements() == few
