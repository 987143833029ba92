from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from channels.tables import MessageRow, QueueItemRow
from hub.jobs import remind_of_requests
from kernel.audit_lines import Wanted, lines
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role
from people.rights.queries import is_restricted
from people.tables import PersonRow, RightsRequestRow, RoleRow
from tests.hub.planting import EMAIL, NAME, PHONE, WORDS, Place, plant, say
from tests.hub.web.village import client_of, token_on


@pytest.fixture
def place(ground: Ground) -> Place:
    with ground.work() as work:
        return plant(work)


@pytest.fixture
def officer(app: Flask, place: Place) -> FlaskClient:
    return client_of(app, place.officer)


def _post(client: FlaskClient, path: str, form_on: str | None = None, **fields: Any) -> str:  # noqa: ANN401 - a form's
    answer = client.post(path, data={"csrf_token": token_on(client, form_on or path), **fields}, follow_redirects=True)
    return answer.get_data(as_text=True)


def _log(client: FlaskClient, place: Place, kind: str) -> str:
    day: dict[str, Any] = {"received_on": ["23", "11", "2026"]}
    told = {
        "council": place.council,
        "kind": kind,
        "came_by": "letter",
        "requester": NAME,
        "reach": EMAIL,
        "words": "x",
    }
    page = _post(client, "/rights/new", **told, **day)
    assert "The request is logged" in page
    found = re.search(r"/rights/([0-9a-z]{26})/", page)
    assert found is not None
    return found[1]


def _ready(client: FlaskClient, place: Place, kind: str) -> str:
    """Log a request, say whom it is about and how that was made sure."""
    request_id = _log(client, place, kind)
    assert NAME in _post(client, f"/rights/{request_id}/person", who="07700 900311")
    assert "linked" in _post(client, f"/rights/{request_id}/person", person_id=place.person)
    assert "Recorded" in _post(client, f"/rights/{request_id}/identity", how="known")
    return request_id


def _open(client: FlaskClient, request_id: str) -> str:
    asked = client.get(f"/rights/{request_id}/records")
    assert asked.headers["Location"].startswith(f"/rights/{request_id}/purpose")
    return _post(client, f"/rights/{request_id}/purpose", purpose="request")


def test_the_copy_is_read_by_a_person_before_it_is_given_out(
    officer: FlaskClient, place: Place, ground: Ground
) -> None:
    with ground.work() as work:
        say(work, place.person, "marker-concern", "safeguarding")
    request_id = _ready(officer, place, "access")
    page = _open(officer, request_id)
    assert NAME in page
    assert "nobody has decided" in page
    records, copy = f"/rights/{request_id}/records", f"/rights/{request_id}/copy"
    assert officer.post(copy, data={"csrf_token": token_on(officer, records)}).status_code == 409
    remark = re.search(r'value="(surveys\.remarks:[0-9a-z]{26})"', page)
    assert remark is not None
    assert "Decided about 1 record" in _post(officer, records, record=remark[1], reason="other_person")
    assert "can be downloaded" in _post(officer, f"/rights/{request_id}/read", records)
    answer = officer.post(copy, data={"csrf_token": token_on(officer, records)})
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        told = json.loads(archive.read("data.json"))
        page = archive.read("data.html").decode()
    assert told["schema"] == "co-production-hub/subject-access/1"
    text = json.dumps(told)
    for words in (NAME, PHONE, EMAIL, WORDS["answer"], WORDS["question"], WORDS["message"]):
        assert words in text
        assert words in page
    for words in (WORDS["remark"], "marker-concern"):
        assert words not in text
        assert words not in page
    assert "it is about somebody else" in text


def test_what_comes_in_after_reading_must_be_read_too(officer: FlaskClient, place: Place, ground: Ground) -> None:
    request_id = _ready(officer, place, "access")
    _open(officer, request_id)
    records = f"/rights/{request_id}/records"
    _post(officer, f"/rights/{request_id}/read", records)
    with ground.work() as work:
        say(work, place.person, "marker-later", "questions")
    assert "Read it again" in officer.get(records).get_data(as_text=True)
    form = {"csrf_token": token_on(officer, records)}
    assert officer.post(f"/rights/{request_id}/copy", data=form).status_code == 409


def test_an_erasure_shows_what_stays_asks_twice_and_is_logged_by_number(
    officer: FlaskClient, place: Place, ground: Ground
) -> None:
    request_id = _ready(officer, place, "erasure")
    _open(officer, request_id)
    path = f"/rights/{request_id}/erase"
    page = officer.get(path).get_data(as_text=True)
    assert "R36" in page
    assert officer.post(path, data={"csrf_token": token_on(officer, path)}).status_code == 422
    assert "Erased." in _post(officer, path, is_sure="y")
    assert "Recorded" in _post(officer, f"/rights/{request_id}/close", outcome="done")
    with ground.read() as session:
        assert session.get_one(PersonRow, place.person).name == ""
        logged = lines(session, Wanted(action="people.erase"), limit=5)
    assert [(line.actor, line.subject_id) for line in logged] == [(place.officer, place.person)]
    assert NAME not in logged[0].details


def test_an_objection_ends_what_nobody_asked_for(officer: FlaskClient, place: Place, ground: Ground) -> None:
    request_id = _ready(officer, place, "objection")
    _post(officer, f"/rights/{request_id}/press", f"/rights/{request_id}/close", do="stop")
    with ground.read() as session:
        assert is_restricted(session, place.person)


def test_a_correction_is_logged_as_a_fact_without_values(officer: FlaskClient, place: Place, ground: Ground) -> None:
    request_id = _ready(officer, place, "rectification")
    assert "Corrected." in _post(officer, f"/rights/{request_id}/correct", name="Right Name", language="pl")
    with ground.read() as session:
        assert session.get_one(PersonRow, place.person).name == "Right Name"
        (line,) = lines(session, Wanted(action="people.rectify"), limit=5)
    assert json.loads(line.details) == {"fields": ["name", "language"]}


def test_V11_the_clock_can_stop_and_be_extended_once_they_were_told(officer: FlaskClient, place: Place) -> None:
    request_id = _log(officer, place, "access")
    assert "Clock stopped" in _post(officer, f"/rights/{request_id}/pause", why="clarification")
    _post(officer, f"/rights/{request_id}/press", f"/rights/{request_id}/close", do="resume")
    assert "Tell them first" in _post(officer, f"/rights/{request_id}/extend", reason="complex")
    assert "23 February 2027" in _post(officer, f"/rights/{request_id}/extend", reason="complex", has_told="y")


def test_late_requests_come_first_and_their_handler_is_reminded(
    officer: FlaskClient, place: Place, ground: Ground, clock: FixedClock
) -> None:
    _log(officer, place, "complaint")
    _log(officer, place, "access")
    for days in (9, 7, 14, 2, 1):
        clock.move(timedelta(days=days))
        remind_of_requests(ground, clock.now())
        remind_of_requests(ground, clock.now())
    with ground.read() as session:
        sent = session.scalars(
            select(MessageRow).where(MessageRow.key.startswith("hub.rights")).order_by(MessageRow.seq)
        )
        keys = [(row.key, row.person_id) for row in sent]
    assert keys.count(("hub.rights_due", place.officer)) == 4
    assert keys.count(("hub.rights_late", place.officer)) == 4
    with ground.read() as session:
        assert len(session.scalars(select(RightsRequestRow)).all()) == 2


def test_another_council_finds_neither_request_nor_person(
    app: Flask, officer: FlaskClient, place: Place, ground: Ground
) -> None:
    request_id = _ready(officer, place, "erasure")
    with ground.work() as work:
        other = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Hillborough", code="E99000013"))
        second = register_person(work, NewPerson("Second Officer", "en", ((Role.AUDITOR, other),)))
    client = client_of(app, second)
    for path in ("", "/records", "/erase", "/person", "/close", "/purpose"):
        assert client.get(f"/rights/{request_id}{path}").status_code == 404
    theirs = _log(client, Place(other, "", second, ""), "access")
    assert "Nobody is found" in _post(client, f"/rights/{theirs}/person", who=NAME)
    form = {"csrf_token": token_on(client, f"/rights/{theirs}/person"), "person_id": place.person}
    assert client.post(f"/rights/{theirs}/person", data=form).status_code == 404


def test_an_officer_of_another_council_reads_nothing_of_this_councils_records(
    app: Flask, place: Place, ground: Ground
) -> None:
    with ground.work() as work:
        say(work, place.person, "marker-concern", "safeguarding")
        work.session.execute(update(QueueItemRow).values(organisation_id=place.forum))
        council = register_organisation(
            work, NewOrganisation(OrganisationKind.COUNCIL, "Hillborough", code="E99000012")
        )
        forum = register_organisation(
            work, NewOrganisation(OrganisationKind.FORUM, "Hillborough Forum", council_id=council)
        )
        olaf = register_person(work, NewPerson("Olaf Berg", "en", ((Role.AUDITOR, council),)))
        work.session.add(RoleRow(person_id=place.person, role=Role.FAMILY, organisation_id=forum))
    client, far = client_of(app, olaf), Place(council, forum, olaf, place.person)
    request_id = _ready(client, far, "access")
    page = _open(client, request_id)
    assert NAME in page
    assert [words for words in (WORDS["remark"], WORDS["question"], "marker-concern") if words in page] == []
    assert "can be downloaded" in _post(client, f"/rights/{request_id}/read", f"/rights/{request_id}/records")
    copy = client.post(
        f"/rights/{request_id}/copy", data={"csrf_token": token_on(client, f"/rights/{request_id}/records")}
    )
    with zipfile.ZipFile(io.BytesIO(copy.get_data())) as archive:
        told = archive.read("data.json").decode()
    assert NAME in told
    assert [words for words in (WORDS["remark"], WORDS["question"], "marker-concern") if words in told] == []


def test_a_family_asks_without_an_account_and_the_officer_is_told(
    client: FlaskClient, officer: FlaskClient, place: Place, ground: Ground
) -> None:
    path = "/your-rights"
    assert "Enter your name" in _post(client, path, kind="access", council=place.council, reach=PHONE)
    told = {"kind": "access", "council": place.council, "requester": NAME, "reach": PHONE, "words": ""}
    assert "We have your request" in _post(client, path, **told)
    assert "Nobody yet" in officer.get("/rights").get_data(as_text=True)
    with ground.read() as session:
        (message,) = session.scalars(select(MessageRow).where(MessageRow.key == "hub.rights_received"))
    assert message.person_id == place.officer
    assert NAME not in repr(message.values)
