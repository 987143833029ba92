from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

import fps.web
from channels.inbox.accept import Inbox
from channels.wording import Registry
from fps.actions.open_data.bulk import insert_rows, table_of
from fps.actions.open_data.hand_in import NewFile, hand_in_file
from fps.actions.open_data.work_on_files import ATTEMPTS, work_on_files
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportState
from fps.queries.open_data import school
from fps.queries.open_data_imports import import_card, imports, to_deal_with
from fps.tables import OpenDataImportRow, OpenDataPieceRow, SchoolRow, StagedSchoolRow
from hub.engine.hands import never
from hub.messages import MESSAGES
from hub.web.app import create_app
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Actor, Role
from tests.fps.open_data import files
from tests.fps.open_data.files import GIAS_NAME, NEWER_NAME, OFSTED_NAME, OLD, REPORT_CARD, gias, independent, take_in
from tests.fps.world import World, build_world, member
from tests.signed_in import let_in

LIST = "/register/open-data"
A, C = "100001", "999000"
Browse = Callable[[Actor], FlaskClient]


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


@pytest.fixture
def browse(ground: Ground) -> Browse:
    app = create_app(ground, Site(messages=Registry(MESSAGES), inbox=Inbox(ground), pages=(fps.web.blueprint(),)))
    app.config["WTF_CSRF_ENABLED"] = False

    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        let_in(client, actor.id)
        return client

    return sign_in


@pytest.fixture
def lead(browse: Browse, world: World) -> FlaskClient:
    return browse(world.lead)


def hand_in(client: FlaskClient, content: bytes, name: str = GIAS_NAME, **more: str) -> TestResponse:
    return client.post(f"{LIST}/new", data={"file": (io.BytesIO(content), name), **more})


def test_a_file_is_read_by_the_worker_shown_and_taken_over_when_said_so(lead: FlaskClient, ground: Ground) -> None:
    answer = hand_in(lead, gias(files.school(A), files.school(C)))
    assert answer.status_code == 303
    page = answer.location
    assert '<meta http-equiv="refresh"' in lead.get(page).text
    assert "Look again" in lead.get(f"{page}?follow=no").text
    assert "refresh" not in lead.get(f"{page}?follow=no").text
    assert work_on_files(ground, never) == 1
    shown = lead.get(page).text
    assert "Take it over" in shown
    assert "refresh" not in shown
    with ground.read() as session:
        assert school(session, A) is None
    for _ in range(2):
        assert lead.post(page, data={"do": "take"}).status_code == 303
    assert "being taken over" in lead.get(page).text
    assert work_on_files(ground, never) == 1
    assert "Taken over" in lead.get(page).text
    with ground.read() as session:
        assert school(session, A) is not None
        assert session.scalar(select(func.count()).select_from(OpenDataPieceRow)) == 0


def test_a_file_that_is_no_such_file_is_told_at_once_and_not_kept(lead: FlaskClient, ground: Ground) -> None:
    assert "Choose a file" in hand_in(lead, b"", "").text
    for content, said in (
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is an Excel or zip file."),
        (b"a,b\r\n1,2\r\n", "This is none of the files"),
        (gias().replace(b"UKPRN", b"UKPNR"), "The nearest that was found is “UKPNR”"),
    ):
        answer = hand_in(lead, content)
        assert (answer.status_code, said in answer.text) == (422, True)
        assert "<title>Error: " in answer.text
    with ground.read() as session:
        assert imports(session) == ([], 0)


def test_faults_in_rows_are_listed_on_the_files_page(lead: FlaskClient, ground: Ground) -> None:
    page = hand_in(lead, gias(files.school(A, capacity="many"))).location
    work_on_files(ground, never)
    shown = lead.get(page).text
    assert "Line 2, column “SchoolCapacity”: “many” is no whole number." in shown
    assert "Nothing was written" in shown
    lead.post(page, data={"do": "take"})
    assert "was dealt with already" in lead.get(page).text


def test_a_dropped_file_leaves_nothing(lead: FlaskClient, ground: Ground) -> None:
    page = hand_in(lead, gias(files.school(A))).location
    work_on_files(ground, never)
    lead.post(page, data={"do": "drop"})
    lead.post(page, data={"do": "drop"})
    assert "This file was dropped" in lead.get(page).text
    with ground.read() as session:
        assert session.scalar(select(func.count()).select_from(StagedSchoolRow)) == 0


def test_a_file_dropped_while_it_is_read_is_not_taken_over(lead: FlaskClient, ground: Ground) -> None:
    page = hand_in(lead, gias(files.school(A))).location
    lead.post(page, data={"do": "drop"})
    assert work_on_files(ground, never) == 0
    assert "This file was dropped" in lead.get(page).text


def test_changes_of_our_settings_wait_until_dealt_with(lead: FlaskClient, ground: Ground, world: World) -> None:
    with ground.work() as work:
        world.active_setting(work, 0)
    take_in(ground, gias(files.school(A), files.school(C, name="School 0")), GIAS_NAME)
    card = take_in(ground, gias(files.school(A), files.school(C, name="=cmd", section41="Approved")), NEWER_NAME)
    shown = lead.get(LIST).text
    assert "Section 41: Not approved → Approved" in shown
    sheet = lead.get(f"{LIST}/{card.id}/changes.csv").text
    assert "'=cmd" in sheet
    assert "Section 41,Not approved,Approved" in sheet
    for _ in range(2):
        assert lead.post(f"{LIST}/{card.id}/changes/1").status_code == 303
    assert "Nothing waits." in lead.get(LIST).text
    assert lead.post(f"{LIST}/{card.id}/changes/9").status_code == 404
    with ground.read() as session:
        assert to_deal_with(session) == ([], 0)


def test_a_schools_page_shows_both_grade_systems(lead: FlaskClient, ground: Ground, world: World) -> None:
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
    empty = lead.get(f"/register/settings/{setting_id}/public-registers").text
    assert "GIAS and Ofsted say nothing of a school with the URN 999000" in empty
    assert lead.get(f"/register/schools/{C}").status_code == 404
    take_in(ground, gias(files.school(C, website="example.org")), GIAS_NAME)
    take_in(ground, independent({"URN": C, **REPORT_CARD, **OLD}), OFSTED_NAME)
    for page in (f"/register/schools/{C}", f"/register/settings/{setting_id}/public-registers"):
        shown = lead.get(page).text
        assert "Report card" in shown
        assert "Old grades (before report cards)" in shown
        assert "Expected standard" in shown
        assert "2, good" in shown
        assert f"https://reports.ofsted.gov.uk/provider/27/{C}" in shown
        assert 'href="https://example.org"' in shown


def test_only_a_lead_authority_hands_files_in(browse: Browse, ground: Ground, world: World) -> None:
    with ground.work() as work:
        officer = member(work, "Quinn Officer", Role.QA_OFFICER, world.council_id, ("email", "q@example.org"))
    take_in(ground, gias(files.school(A)), GIAS_NAME)
    client = browse(officer)
    assert client.get(LIST).status_code == 403
    assert hand_in(client, gias(files.school(A))).status_code == 403
    assert client.get(f"/register/schools/{A}").status_code == 200
    assert browse(world.providers[0][1]).get(f"/register/schools/{A}").status_code == 403


def test_a_worker_that_was_killed_is_followed_by_another(lead: FlaskClient, ground: Ground, clock: FixedClock) -> None:
    page = hand_in(lead, gias(files.school(A))).location
    import_id = page.rpartition("/")[2]
    with ground.work() as work:
        half = {"attempts": 1, "due_at": clock.now(), "read_rows": 7}
        work.session.execute(update(OpenDataImportRow).values(**half))
        clock.move(timedelta(minutes=1))
        row = files.gias_row(A)
        insert_rows(work.session, table_of(StagedSchoolRow), ("import_id", *row), [(import_id, *row.values())])
    assert work_on_files(ground, never) == 1
    with ground.read() as session:
        card = import_card(session, import_id)
        assert (card.state, card.read_rows, card.counts) == (ImportState.READY, 1, {"new": 1})


def test_a_file_that_stops_each_worker_is_given_up(lead: FlaskClient, ground: Ground) -> None:
    page = hand_in(lead, gias(files.school(A))).location
    with ground.work() as work:
        work.session.execute(update(OpenDataImportRow).values(attempts=ATTEMPTS))
    assert work_on_files(ground, never) == 0
    assert "The worker stopped each time" in lead.get(page).text
    with ground.read() as session:
        assert session.scalar(select(func.count()).select_from(SchoolRow)) == 0


def test_a_command_that_was_stopped_is_said_and_the_next_file_is_read(
    lead: FlaskClient, ground: Ground, clock: FixedClock
) -> None:
    with ground.work() as work:
        new = NewFile(Source.INDEPENDENT, OFSTED_NAME, 16_000_000)
        stopped = hand_in_file(work, None, new, is_read_here=True)
    clock.move(timedelta(minutes=5))
    page = hand_in(lead, gias(files.school(A))).location
    assert work_on_files(ground, never) == 1
    with ground.read() as session:
        card = import_card(session, stopped)
        assert (card.state, card.faults) == (
            ImportState.FAILED,
            ("The command that read the file was stopped. Run it again.",),
        )
        assert import_card(session, page.rpartition("/")[2]).state is ImportState.READY


def test_a_file_of_a_day_to_come_is_told_at_once(lead: FlaskClient) -> None:
    answer = hand_in(lead, gias(files.school(A)), "edubasealldata20991231.csv")
    assert answer.status_code == 422
    assert "of 31 December 2099, a day to come" in answer.text


def test_a_first_inspection_is_called_new(lead: FlaskClient, ground: Ground, world: World) -> None:
    with ground.work() as work:
        world.active_setting(work, 0)
    take_in(ground, independent({"URN": A, **REPORT_CARD}), "as at 30 September 2026.csv")
    take_in(ground, independent({"URN": A, **REPORT_CARD}, {"URN": C, **REPORT_CARD}), OFSTED_NAME)
    assert "New report card, inspection 10400001 of 3 February 2026" in lead.get(LIST).text


def test_lists_of_files_have_an_empty_state_and_pages(lead: FlaskClient, ground: Ground) -> None:
    assert "No file was handed in yet." in lead.get(f"{LIST}/files").text
    for _ in range(27):
        take_in(ground, gias(files.school(A)), GIAS_NAME)
    assert "Showing 26 to 27 of 27 files" in lead.get(f"{LIST}/files?page=2").text
    assert lead.get(f"{LIST}/01HZZZZZZZZZZZZZZZZZZZZZZZ").status_code == 404
