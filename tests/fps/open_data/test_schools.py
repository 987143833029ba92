"""Extracts of GIAS on both databases: what is taken, what is reported, what is refused."""

from __future__ import annotations

import io
from datetime import date

import pytest
from sqlalchemy import func, select

from fps.actions.open_data.read_file import LostError, Reading, read_file
from fps.model.open_data import Place, Source
from fps.model.open_data_imports import Change, ImportState
from fps.queries.open_data import links, place, school
from fps.queries.open_data_imports import changes_of, import_card, to_deal_with
from fps.tables import OpenDataImportRow, SchoolRow, SettingRow, StagedSchoolRow
from kernel.work import Ground
from tests.fps.open_data import files
from tests.fps.open_data.files import GIAS_NAME, NEWER_NAME, gias, take_in
from tests.fps.world import build_world

A, B, C = "100001", "100002", "999000"


def test_a_school_is_kept_as_gias_has_it(ground: Ground) -> None:
    named = files.school(A, name="Schöol “of” many, words")
    card = take_in(ground, gias({**named, "SEN2 (name)": "SEMH - Social", "HeadLastName": "Secret"}), GIAS_NAME)
    assert (card.state, card.as_at, card.counts) == (ImportState.APPLIED, date(2026, 11, 20), {"new": 1})
    with ground.read() as session:
        found = school(session, A)
    assert found is not None
    assert (found.name, found.ukprn, found.la_gss) == ("Schöol “of” many, words", f"10{A}", "E08000014")
    assert (found.opened_on, found.age_from, found.district, found.sen) == (date(2015, 9, 1), 5, "L20", "ASD,SEMH")
    assert "Secret" not in str(found)


def test_the_same_file_twice_changes_nothing(ground: Ground) -> None:
    content = gias(files.school(A), files.school(B))
    take_in(ground, content, GIAS_NAME)
    again = take_in(ground, content, GIAS_NAME)
    assert (again.state, again.counts) == (ImportState.APPLIED, {"unchanged": 2})
    with ground.read() as session:
        assert session.scalar(select(func.count()).select_from(StagedSchoolRow)) == 0


def test_a_newer_file_is_told_change_by_change(ground: Ground) -> None:
    take_in(ground, gias(*(files.school(urn) for urn in (A, B, "100003", "100004"))), GIAS_NAME)
    closed = files.school(A, status_code="2", status="Closed", closed_on="31-08-2026")
    renamed = files.school(B, name="Another name", age_to="19")
    card = take_in(ground, gias(closed, renamed, files.school("100003"), files.school("100009")), NEWER_NAME)
    assert card.counts == {"closed": 1, "changed": 1, "new": 1, "gone": 1, "unchanged": 1}
    with ground.read() as session:
        lines, total = changes_of(session, card.id)
        gone = school(session, "100004")
        renamed_school = school(session, B)
    told = {line.what: line for line in lines}
    assert total == 4
    assert told[Change.CHANGED].details == (("Name", "School 100002", "Another name"), ("Highest age", "16", "19"))
    assert ("Closed on", "", "31 August 2026") in told[Change.CLOSED].details
    assert gone is not None
    assert gone.left_on == date(2026, 11, 21)
    assert renamed_school is not None
    assert renamed_school.age_to == 19
    back = take_in(ground, gias(*(files.school(urn) for urn in (A, B, "100003", "100004", "100009"))), NEWER_NAME)
    assert back.counts == {"reopened": 1, "changed": 1, "back": 1, "unchanged": 2}


def test_a_setting_on_the_register_comes_first_and_waits_to_be_dealt_with(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        world.active_setting(work, 0)
    take_in(ground, gias(files.school(A), files.school(C, name="School 0")), GIAS_NAME)
    changed = (files.school(A, name="B"), files.school(C, status_code="2", status="Closed"))
    card = take_in(ground, gias(*changed), NEWER_NAME)
    with ground.read() as session:
        lines, _ = changes_of(session, card.id)
        waiting, total = to_deal_with(session)
        name = session.scalar(select(SettingRow.name))
    assert [line.urn for line in lines] == [C, A]
    assert [(line.urn, line.what) for line in waiting] == [(C, Change.CLOSED)]
    assert total == 1
    assert name == "School 0", "the register itself is never changed silently"


def test_the_first_extract_is_held_against_our_own_register(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        for number in range(4):
            world.active_setting(work, number)
    schools = (
        files.school("999000", name="SCHOOL  0"),
        files.school("999001", name="School 1", status_code="2", status="Closed"),
        files.school("999002", name="School 2", age_to="19", gender="Boys"),
    )
    card = take_in(ground, gias(*schools), GIAS_NAME)
    with ground.read() as session:
        waiting, _ = to_deal_with(session)
    assert card.counts == {"new": 3}
    assert [(line.urn, line.what, line.details) for line in waiting] == [
        ("999001", Change.CLOSED, ()),
        ("999003", Change.GONE, ()),
        (
            "999002",
            Change.CHANGED,
            (("Gender, ours and GIAS's", "mixed", "Boys"), ("Highest age, ours and GIAS's", "16", "19")),
        ),
    ]


def test_a_dry_run_reports_and_writes_nothing(ground: Ground) -> None:
    take_in(ground, gias(files.school(A)), GIAS_NAME)
    card = take_in(ground, gias(files.school(A, name="New")), NEWER_NAME, is_dry=True)
    assert (card.state, card.counts) == (ImportState.READY, {"changed": 1, "unchanged": 0})
    with ground.read() as session:
        found = school(session, A)
        assert found is not None
        assert found.name == "School 100001"
        assert to_deal_with(session) == ([], 0)


def test_one_fault_and_nothing_is_written(ground: Ground) -> None:
    wrong = files.school("12345", opened_on="31-02-2020", ukprn="5", age_from="five")
    card = take_in(ground, gias(files.school(A), wrong), GIAS_NAME)
    assert card.state is ImportState.FAILED
    assert card.faults == (
        "Line 3, column “URN”: “12345” is no URN. It has six digits.",
        "Line 3, column “UKPRN”: “5” is no UKPRN. It has eight digits and begins with 1.",
        "Line 3, column “OpenDate”: “31-02-2020” is no date. A date is written as 31-08-2026.",
        "Line 3, column “StatutoryLowAge”: “five” is no whole number.",
    )
    with ground.read() as session:
        assert session.scalar(select(func.count()).select_from(SchoolRow)) == 0
        assert session.scalar(select(func.count()).select_from(StagedSchoolRow)) == 0


def test_a_hundred_faults_are_told_and_the_rest_counted(ground: Ground) -> None:
    card = take_in(ground, gias(*(files.school(f"{100000 + n}", capacity="x") for n in range(150))), GIAS_NAME)
    assert card.fault_count == 150
    assert (len(card.faults), card.faults[-1]) == (101, "And 50 more.")


def test_an_older_file_is_refused_unless_forced(ground: Ground) -> None:
    take_in(ground, gias(files.school(A, name="Newer")), NEWER_NAME)
    card = take_in(ground, gias(files.school(A)), GIAS_NAME)
    assert card.state is ImportState.FAILED
    assert "of 20 November 2026, older than the last one" in card.faults[0]
    forced = take_in(ground, gias(files.school(A)), GIAS_NAME, is_forced=True)
    assert forced.counts["changed"] == 1


def test_a_file_that_lacks_many_schools_is_refused_unless_forced(ground: Ground) -> None:
    take_in(ground, gias(*(files.school(f"{100000 + n}") for n in range(200))), GIAS_NAME)
    few = gias(*(files.school(f"{100000 + n}") for n in range(100)))
    card = take_in(ground, few, NEWER_NAME)
    assert card.state is ImportState.FAILED
    assert "lacks 100 of the 200 schools" in card.faults[0]
    assert take_in(ground, few, NEWER_NAME, is_forced=True).counts["gone"] == 100


def test_links_that_lack_many_are_refused_unless_forced(ground: Ground) -> None:
    told = [(f"{100000 + n}", B, "School", "Successor") for n in range(200)]
    take_in(ground, files.links(*told), "links20261120.csv")
    card = take_in(ground, files.links(*told[:100]), "links20261121.csv")
    assert card.state is ImportState.FAILED
    assert "lacks 100 of the 200 links" in card.faults[0]


def test_a_file_of_a_day_to_come_is_refused_even_by_force(ground: Ground) -> None:
    """Otherwise all that comes after it would count as older."""
    late = "edubasealldata20991231.csv"
    card = take_in(ground, gias(files.school(A)), late, is_forced=True)
    assert card.state is ImportState.FAILED
    assert "of 31 December 2099, a day to come" in card.faults[0]
    unnamed = take_in(ground, gias(files.school(A, changed_on="01-01-2099"), files.school(B)), "schools.csv")
    assert (unnamed.state, unnamed.as_at) == (ImportState.APPLIED, date(2026, 11, 2))
    assert take_in(ground, gias(files.school(A)), GIAS_NAME).state is ImportState.APPLIED


def test_C2_councils_match_by_gss_code_and_other_dfe_codes_are_told(ground: Ground) -> None:
    rows = (
        files.school(A, la_gss="E08000013", la_code="342", la_name="St. Helens"),
        files.school(B, la_code="999", la_name="Seffton"),
    )
    card = take_in(ground, gias(*rows), GIAS_NAME)
    assert card.state is ImportState.APPLIED
    assert card.notes == (
        "Sefton (E08000014) has the DfE code 999 in the file, written there “Seffton”; the hub has 343.",
    )


def test_places_are_the_middle_of_a_districts_schools(ground: Ground) -> None:
    north = files.school(B, easting="334010", northing="395021", postcode="L20 9ZZ")
    take_in(ground, gias(files.school(A), north, files.school("100003", easting="0", northing="0")), GIAS_NAME)
    with ground.read() as session:
        found = place(session, "L20")
        assert place(session, "L99") is None
    assert found in (Place("L20", 334005, 395010), Place("L20", 334005, 395011))


def test_links_tell_what_came_before_and_after(ground: Ground) -> None:
    take_in(ground, gias(files.school(A), files.school(B)), GIAS_NAME)
    first = (A, B, "School 100002", "Predecessor")
    take_in(ground, files.links(first, first), "links20261120.csv")
    card = take_in(ground, files.links(first, (B, A, "School 100001", "Successor - amalgamated")), "links20261121.csv")
    assert card.counts == {"successor": 1, "unchanged": 1}
    with ground.read() as session:
        assert [(link.link_type, link.link_urn) for link in links(session, A)] == [("Predecessor", B)]
        lines, _ = changes_of(session, card.id)
    assert (lines[0].name, lines[0].what) == ("School 100002", Change.SUCCESSOR)


def test_who_lost_the_file_writes_nothing_more(ground: Ground) -> None:
    card = take_in(ground, gias(files.school(A)), GIAS_NAME, is_dry=True)
    with pytest.raises(LostError):
        read_file(ground, Reading(card.id, Source.SCHOOLS, 7), lambda: io.BytesIO(b""), GIAS_NAME)
    with ground.read() as session:
        assert import_card(session, card.id).state is ImportState.READY


def test_a_newer_file_drops_one_that_nobody_took_over(ground: Ground) -> None:
    first = take_in(ground, gias(files.school(A)), GIAS_NAME, is_dry=True)
    second = take_in(ground, gias(files.school(A)), GIAS_NAME, is_dry=True)
    with ground.read() as session:
        states = {row.id: row.state for row in session.scalars(select(OpenDataImportRow))}
        kept = session.scalars(select(StagedSchoolRow.import_id)).all()
    assert states == {first.id: "discarded", second.id: "ready"}
    assert kept == [second.id]
