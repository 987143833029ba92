"""The directory in a browser: what the public finds, what it never sees, what an address never holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from fps.actions.directory.report_places import OpenBand, open_band
from fps.model import SettingKind, Status
from fps.model.directory import KeyStage, Need, Stay
from fps.rules.vacancies import Told
from fps.tables import JudgementRow, PlaceRow, SchoolRow
from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Actor, Role
from tests.fps.directory.conftest import Browse
from tests.fps.directory.profiles import publish
from tests.fps.world import World, member


@pytest.fixture
def setting_id(ground: Ground, world: World) -> str:
    """An active setting with a page near Bootle."""
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
        publish(work, world.providers[0][1], setting_id)
        work.session.add(PlaceRow(district="L20", easting=334000, northing=395000, schools=3))
        work.session.add(PlaceRow(district="CA1", easting=340000, northing=556000, schools=3))
    return setting_id


@pytest.fixture
def commissioner(ground: Ground, world: World) -> Actor:
    with ground.work() as work:
        return member(work, "Carla Commissioner", Role.COMMISSIONER, world.council_id, ("email", "c@example.org"))


def text(answer: TestResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    return " ".join(answer.text.split())


@pytest.mark.usefixtures("setting_id")
def test_anybody_may_search_without_an_account(browse: Browse) -> None:
    page = text(browse(None).get("/directory"))
    assert "School 0" in page
    assert "A small school where everybody is known by name." in page


@pytest.mark.usefixtures("setting_id")
@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("need=asd", True),
        ("need=hi", False),
        ("age=5", True),
        ("age=17", False),
        ("kind=independent_special", True),
        ("kind=nmss", False),
        ("stay=day", True),
        ("stay=residential", False),
        ("stay=weeks_52", False),
        ("q=school", True),
        ("q=nothing", False),
        ("near=L20&within=5", True),
        ("near=CA1&within=40", False),
        ("near=CA1&within=40&unit=km", False),
        ("near=Sefton", True),
        ("sort=places", True),
    ],
)
def test_filters_narrow_the_search(browse: Browse, query: str, is_found: bool) -> None:
    page = text(browse(None).get(f"/directory?{query}"))
    assert ("A small school" in page) is is_found
    assert ("We found no school that fits all of this." in page) is not is_found


@pytest.mark.usefixtures("setting_id")
def test_a_whole_postcode_never_stands_in_an_address(browse: Browse) -> None:
    answer = browse(None).post("/directory", data={"near": "L20 3AB", "within": "10", "need": "asd"})
    assert answer.status_code == 303
    assert answer.location == "/directory?need=asd&near=L20&within=10"
    typed = browse(None).get("/directory?near=l203ab")
    assert (typed.status_code, typed.location) == (303, "/directory?near=L20")
    assert "L20 3AB" not in text(browse(None).get("/directory?near=L20"))


@pytest.mark.usefixtures("setting_id")
def test_distance_is_shown_in_miles_or_kilometres(browse: Browse) -> None:
    miles = text(browse(None).get("/directory?near=L20"))
    assert "miles from L20" in miles
    assert "km from L20" in text(browse(None).get("/directory?near=L20&unit=km"))


@pytest.mark.parametrize(
    ("field", "entered", "sentence"),
    [
        ("age", "five", "Enter an age in whole years, from 0 to 25."),
        ("age", "99", "Enter an age in whole years, from 0 to 25."),
        ("age", "²", "Enter an age in whole years, from 0 to 25."),
        ("near", "<script>", "Enter a postcode or a town."),
        ("within", "10", "Enter a place too, so that we can measure how far it is."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(browse: Browse, field: str, entered: str, sentence: str) -> None:
    page = text(browse(None).post("/directory", data={field: entered}), 422)
    assert sentence in page
    assert "Error:" in page
    assert "<script>" not in page


def test_an_unknown_place_is_said(browse: Browse) -> None:
    assert "We do not know that place." in text(browse(None).get("/directory?near=ZZ9"))
    assert "We do not know that place." in text(browse(None).get("/directory?near=Atlantis"))


@pytest.mark.parametrize(
    "query",
    [
        "need=%00",
        "age=-1",
        "page=-5",
        "page=99999999999999999999",
        "page=x",
        "lot=nothing",
        "q=%25_%27%22%3Cb%3E",
        "near=" + "x" * 5000,
        "sort=;drop",
        "kind=[]&kind=1",
    ],
)
@pytest.mark.usefixtures("setting_id")
def test_hostile_addresses_are_answered_calmly(browse: Browse, query: str) -> None:
    page = text(browse(None).get(f"/directory?{query}"))
    assert "<b>" not in page


def test_paused_settings_are_marked_and_suspended_ones_not_shown(
    ground: Ground, world: World, browse: Browse, commissioner: Actor, setting_id: str
) -> None:
    with ground.work() as work:
        world.step(work, setting_id, Status.SELF_PAUSED)
    assert "Not taking new learners now" in text(browse(None).get("/directory"))
    with ground.work() as work:
        world.step(work, setting_id, Status.SUSPENDED)
    assert "School 0" not in text(browse(None).get("/directory"))
    assert browse(None).get(f"/directory/{setting_id}").status_code == 404
    assert "Suspended" in text(browse(commissioner).get("/directory"))
    assert "Suspended" in text(browse(commissioner).get(f"/directory/{setting_id}"))


def test_councils_see_lots_and_the_public_does_not(
    world: World, browse: Browse, commissioner: Actor, setting_id: str
) -> None:
    lot = world.lots[0]
    assert lot.title in text(browse(commissioner).get(f"/directory/{setting_id}"))
    assert lot.title not in text(browse(None).get(f"/directory/{setting_id}"))
    assert "School 0" not in text(browse(commissioner).get(f"/directory?lot={world.lots[3].id}"))
    assert "School 0" in text(browse(None).get(f"/directory?lot={world.lots[3].id}")), "no filter of the public"


def test_a_setting_that_never_was_active_is_not_shown(ground: Ground, world: World, browse: Browse) -> None:
    with ground.work() as work:
        silent = world.active_setting(work, 1)
        world.step(work, silent, Status.SUSPENDED, Status.DECOMMISSIONING, Status.EXITED)
    assert browse(None).get(f"/directory/{silent}").status_code == 404


def test_a_page_tells_what_the_school_says_and_how_to_ask(browse: Browse, setting_id: str) -> None:
    page = text(browse(None).get(f"/directory/{setting_id}"))
    for said in ("All rooms are on the ground floor.", "Autism", "Speech and language therapy", "How to ask for this"):
        assert said in page
    assert "This directory does not give places" in page
    assert 'href="https://school.example.org"' in page
    assert "User 0" not in page, "no person's name"


def test_R4_free_places_sort_and_never_leave_anybody_out(ground: Ground, world: World, browse: Browse) -> None:
    with ground.work() as work:
        full, free, silent = (world.active_setting(work, number) for number in (0, 1, 2))
        open_band(work, world.providers[0][1], OpenBand(full, world.lots[0].id, 5, 16, Told(0)))
        open_band(work, world.providers[1][1], OpenBand(free, world.lots[0].id, 5, 16, Told(4)))
    page = text(browse(None).get("/directory?sort=places"))
    assert page.index("School 1") < page.index("School 0") < page.index("School 2")
    assert silent in page


def test_free_places_are_never_shown_as_a_fact_beyond_their_date(
    ground: Ground, clock: FixedClock, world: World, browse: Browse, setting_id: str
) -> None:
    with ground.work() as work:
        open_band(work, world.providers[0][1], OpenBand(setting_id, world.lots[0].id, 5, 16, Told(2)))
    page = text(browse(None).get(f"/directory/{setting_id}"))
    assert "Free places: 2. The school confirmed this on Monday 23 November 2026." in page
    clock.set(clock.now() + timedelta(days=43))
    page = text(browse(None).get(f"/directory/{setting_id}"))
    assert "Not confirmed since Monday 23 November 2026. Free places then: 2." in page
    assert "The school confirmed" not in page


def test_both_inspection_systems_stand_side_by_side(ground: Ground, browse: Browse, setting_id: str) -> None:
    with ground.work() as work:
        for kind, grades in (
            ("oeif", '{"overall effectiveness": "2"}'),
            ("report_card", '{"Inclusion": "Strong"}'),
            ("standards", '{"Overall compliance with ISS": "Met"}'),
        ):
            work.session.add(
                JudgementRow(
                    urn="999000",
                    source="ofsted_independent",
                    kind=kind,
                    part="",
                    inspection="1",
                    inspected_on=None,
                    published_on=None,
                    grades=grades,
                    as_at=None,
                )
            )
    page = text(browse(None).get(f"/directory/{setting_id}"))
    assert "Ofsted report card" in page
    assert "Ofsted inspection with grades" in page
    for shown in (page, text(browse(None).get(f"/directory/compare?id={setting_id}"))):
        assert "Overall effectiveness" in shown
        assert "2, good" in shown
        assert "Overall compliance with ISS" in shown
    assert "Strong" in page
    assert "https://reports.ofsted.gov.uk/provider/27/999000" in page


@pytest.mark.usefixtures("setting_id")
def test_schools_that_have_not_written_yet_can_be_looked_at(ground: Ground, world: World, browse: Browse) -> None:
    with ground.work() as work:
        world.active_setting(work, 1)
    found = text(browse(None).get("/directory?need=asd&near=L20&within=5"))
    assert '&amp;unsaid=yes">Schools that have not written' in found
    assert "may fit too: 1" in found
    assert "School 1" not in found
    silent = text(browse(None).get("/directory?need=asd&near=L20&within=5&unsaid=yes"))
    assert "School 1" in silent, "nobody knows where it is, so it may be near"
    assert "A small school" not in silent
    assert "Go back to the schools that fit" in silent
    assert "may fit too" not in silent


def test_up_to_four_are_compared_side_by_side(ground: Ground, world: World, browse: Browse) -> None:
    with ground.work() as work:
        ids = [world.active_setting(work, number) for number in range(5)]
    query = "&".join(f"id={each}" for each in [*ids, "nothing"])
    page = text(browse(None).get(f"/directory/compare?{query}"))
    assert [f"School {number}" in page for number in range(5)] == [True, True, True, True, False]
    assert "We show the first 4" in page
    assert "Tick two or more schools" in text(browse(None).get("/directory/compare"))
    assert "Tick two or more schools" in text(browse(None).get("/directory/compare?id=nothing"))


def test_alternative_provision_has_a_directory_of_its_own(ground: Ground, world: World, browse: Browse) -> None:
    with ground.work() as work:
        world.active_setting(work, 0)
        new = replace(world.new_setting(1), kind=SettingKind.AP_UNREGISTERED, urn=None, name="The Workshop")
        workshop = world.active_setting(work, 1, lot=6, new=new)
        publish(
            work, world.providers[1][1], workshop, key_stages=(KeyStage.KS4,), needs=(Need.SEMH,), stays=(Stay.DAY,)
        )
    page = text(browse(None).get("/directory/alternative-provision?stage=ks4"))
    assert "The Workshop" in page
    assert "School 0" not in page
    assert "The Workshop" not in text(browse(None).get("/directory/alternative-provision?stage=ks2"))
    assert "not registered as a school" in page


@pytest.mark.usefixtures("setting_id")
@pytest.mark.parametrize("language", ["pl", "ur"])
def test_the_public_pages_are_translated(browse: Browse, language: str) -> None:
    page = text(browse(None).get(f"/directory?lang={language}"))
    assert f'lang="{language}"' in page
    assert "What are you looking for?" not in page
    assert ('dir="rtl"' in page) or language != "ur"


def test_a_school_without_a_page_is_where_the_register_of_schools_says(
    ground: Ground, world: World, browse: Browse
) -> None:
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
        columns = {column.name: "" for column in SchoolRow.__table__.c if not column.nullable}
        found = {**columns, "urn": "999000", "easting": 334500, "northing": 395000, "town": "Bootle"}
        work.session.add(SchoolRow(**found))
        work.session.add(PlaceRow(district="L20", easting=334000, northing=395000, schools=3))
    page = text(browse(None).get("/directory?near=L20&unit=km&within=5"))
    assert setting_id in page
    assert "0.5 km from L20" in page
    assert "0.0 km from bootle" in text(browse(None).get("/directory?near=bootle&unit=km"))
