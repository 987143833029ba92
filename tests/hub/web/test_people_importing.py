from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import people.web
from hub.web.app import create_app
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.errors import ConflictError
from kernel.sheets import read_sheet
from kernel.work import Ground
from people.actions.import_people import write_import
from people.model import PersonCard, Role
from people.queries import contact_points, person, persons_with_role
from tests.hub.web.village import PARENT_PHONE, Village, client_of, token_on

HEAD = "Name,Role,Organisation,Email,Mobile,Language"
FORUM = "Seaborough Parent Carer Forum"
NEW = f"Hina Malik,Parent or carer,{FORUM},,07700 900108,Urdu"
SHARED = f"Omar Hart,Parent or carer,{FORUM},,07700 900101,"
KNOWN = f"amelia  HART,Parent or carer,{FORUM},,07700 900101,"


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    return create_app(ground, replace(site, pages=(people.web.blueprint(),)))


@pytest.fixture
def client(app: Flask, village: Village) -> FlaskClient:
    return client_of(app, village.administrator)


def _send(client: FlaskClient, content: str | bytes, name: str = "people.csv") -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    data = {"csrf_token": token_on(client, "/people/import"), "file": (io.BytesIO(raw), name)}
    return client.post("/people/import", data=data, content_type="multipart/form-data")


def _press(client: FlaskClient, path: str, do: str = "write") -> TestResponse:
    return client.post(path, data={"csrf_token": token_on(client, "/people/import"), "do": do}, follow_redirects=True)


def _families(ground: Ground, village: Village) -> dict[str, PersonCard]:
    with ground.read() as session:
        return {card.name: card for card in persons_with_role(session, Role.FAMILY, village.forum)}


def test_a_good_sheet_is_shown_and_then_written_once(client: FlaskClient, ground: Ground, village: Village) -> None:
    answer = _send(client, f"{HEAD}\n{NEW}\n{SHARED}\n{KNOWN}")
    page = client.get(answer.location).get_data(as_text=True)
    assert "Will be added: 1" in page
    assert "Will be added; shares an address with somebody: 1" in page
    assert "Is known and has the role: 1" in page
    assert set(_families(ground, village)) == {"Amelia Hart"}, "nothing is written before somebody says so"

    said = _press(client, answer.location).get_data(as_text=True)
    assert "2 people added. 0 people given a role. 1 person already there." in said
    found = _families(ground, village)
    assert set(found) == {"Amelia Hart", "Hina Malik", "Omar Hart"}
    assert found["Hina Malik"].language == "ur"
    with ground.read() as session:
        assert [point.address for point in contact_points(session, found["Omar Hart"].id)] == [PARENT_PHONE]

    assert "dealt with already" in _press(client, answer.location).get_data(as_text=True)
    assert len(_families(ground, village)) == 3
    assert "dealt with already" in client.get(answer.location).get_data(as_text=True)


def test_somebody_known_by_name_and_address_gets_the_role(
    client: FlaskClient, ground: Ground, village: Village
) -> None:
    row = "Quentin Abbott,Auditor,Seaborough,quentin.abbott@example.org,,"
    first = _send(client, f"{HEAD}\n{row}")
    _press(client, first.location)
    again = _send(client, "\n".join((HEAD, row.replace("Auditor", "Commissioner"))))
    assert "Is known and gets the role: 1" in client.get(again.location).get_data(as_text=True)
    assert "0 people added. 1 person given a role." in _press(client, again.location).get_data(as_text=True)
    with ground.read() as session:
        (auditor,) = persons_with_role(session, Role.AUDITOR, village.council)
        assert person(session, auditor.id).has(Role.COMMISSIONER, village.council)


def test_faults_are_shown_row_by_row_and_nothing_is_written(
    client: FlaskClient, ground: Ground, village: Village
) -> None:
    answer = _send(
        client, "\n".join((HEAD, NEW, f"Ben,Wizard,{FORUM},,07700 900102,", "Ada,Auditor,Hillborough,a@b,,"))
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "<title>Error: " in page
    assert "The file has 2 faults." in page
    assert "There is no organisation of this name that you look after." in page
    assert set(_families(ground, village)) == {"Amelia Hart"}


@pytest.mark.parametrize("content", [b"", b"%PDF\0", b"PK\x03\x04", b"Name\nA", b"\xd0\xcf\x11\xe0"])
def test_a_file_that_is_no_sheet_is_told_at_the_field(client: FlaskClient, content: bytes) -> None:
    answer = _send(client, content)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.get_data(as_text=True)


def test_no_file_at_all_is_told(client: FlaskClient) -> None:
    answer = client.post("/people/import", data={"csrf_token": token_on(client, "/people/import")})
    assert answer.status_code == 422
    assert "Choose a file" in answer.get_data(as_text=True)


def test_a_sheet_can_be_given_up(client: FlaskClient, ground: Ground, village: Village) -> None:
    path = _send(client, f"{HEAD}\n{NEW}").location
    assert "Nothing from the file was written." in _press(client, path, "give_up").get_data(as_text=True)
    assert set(_families(ground, village)) == {"Amelia Hart"}


def test_a_sheet_of_yesterday_must_be_read_again(
    client: FlaskClient, ground: Ground, village: Village, clock: FixedClock
) -> None:
    import_id = _send(client, f"{HEAD}\n{NEW}").location.rpartition("/")[2]
    clock.move(timedelta(hours=25))
    with ground.read() as session:
        actor = person(session, village.administrator)
    with pytest.raises(ConflictError, match="more than a day ago"), ground.work() as work:
        write_import(work, actor, import_id)


def test_two_who_press_at_once_write_once(client: FlaskClient, ground: Ground, village: Village) -> None:
    import_id = _send(client, f"{HEAD}\n{NEW}").location.rpartition("/")[2]
    with ground.read() as session:
        actor = person(session, village.administrator)

    def press(_turn: int) -> bool:
        try:
            with ground.work() as work:
                write_import(work, actor, import_id)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [False, False, False, True]
    assert len(_families(ground, village)) == 2


def test_nobody_sees_or_writes_an_import_of_somebody_else(app: Flask, client: FlaskClient, village: Village) -> None:
    path = _send(client, f"{HEAD}\n{NEW}").location
    other = client_of(app, village.other_administrator)
    assert other.get(path).status_code == 404
    assert _press(other, path).status_code == 404
    assert client_of(app, village.coordinator).get("/people/import").status_code == 403


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_can_be_sent_back(client: FlaskClient, kind: str) -> None:
    example = client.get(f"/people/import/example.{kind}")
    assert read_sheet(example.data)[0] == HEAD.split(",")
    answer = _send(client, example.data, f"people.{kind}")
    assert "Enter the organisation" in answer.get_data(as_text=True)
    assert client.get("/people/import/example.exe").status_code == 404


def _send_raw(client: FlaskClient, sheet: str) -> TestResponse:
    """Send a large file; werkzeug's own way would leave a file of its own open."""
    token = token_on(client, "/people/import")
    part = '--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
    fields = ("csrf_token", "", token), ("file", '; filename="people.csv"', sheet)
    body = "".join(part.format(name=name, more=more, value=value) for name, more, value in fields) + "--edge--\r\n"
    return client.post("/people/import", data=body.encode(), content_type="multipart/form-data; boundary=edge")


def test_a_file_larger_than_a_form_is_taken_up_to_the_sheets_own_limit(client: FlaskClient) -> None:
    assert _send_raw(client, f"{HEAD}\n{NEW}\n" + f"{' ' * 40},,,,,\n" * 50_000).status_code == 303
    assert "larger than 5 MB" in _send_raw(client, "x" * 5_050_000).get_data(as_text=True)
    assert _send_raw(client, "x" * 5_200_000).status_code == 413


def test_a_file_that_is_not_what_its_name_says_is_refused(client: FlaskClient) -> None:
    page = _send(client, "<!DOCTYPE html><script>alert(1)</script>").get_data(as_text=True)
    assert "This kind of file is not taken here. Choose one of: CSV, XLSX." in page
