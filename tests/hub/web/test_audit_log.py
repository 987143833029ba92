from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import select, text

from channels.tables import MessageRow
from hub.jobs import verify_log
from kernel import audit
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from people.rights.queries import last_audit_check
from tests.hub.web.village import Village, client_of, token_on


@pytest.fixture
def auditor(ground: Ground, village: Village) -> str:
    with ground.work() as work:
        person = register_person(
            work, NewPerson("Dora Pryce", "en", ((Role.AUDITOR, village.council),), (("email", "dora@example.org"),))
        )
        audit.record(work, actor=village.coordinator, action="=cmd()", subject=("thing", "one"))
        audit.record(work, actor=village.other_coordinator, action="tests.theirs", subject=("thing", "three"))
        audit.record(work, actor=village.other_coordinator, action="tests.of_ours", subject=("person", village.parent))
        audit.record(work, actor=village.administrator, action="tests.ours", subject=("thing", "two"))
        return person


def test_an_auditor_sees_what_was_done_by_and_to_people_of_their_council(app: Flask, auditor: str) -> None:
    """A3: nothing that another council did among its own."""
    page = client_of(app, auditor).get("/audit").get_data(as_text=True)
    for action in ("tests.ours", "=cmd()", "tests.of_ours"):
        assert action in page
    assert "tests.theirs" not in page
    assert "Nadia Forster" in page
    assert "Olga Barnes" not in page


def test_an_auditors_reading_is_written_down(app: Flask, auditor: str, ground: Ground) -> None:
    client = client_of(app, auditor)
    page = client.get("/audit?subject_kind=thing").get_data(as_text=True)
    assert "tests.ours" in page
    assert "=cmd()" in page
    assert "people.register" not in page
    with ground.read() as session:
        last = list(audit._entries(session))[-1]  # noqa: SLF001 - the newest line, whatever it is
    assert (last.action, last.actor, last.details) == ("hub.read_audit", auditor, '{"filters":["subject_kind"]}')


def test_an_administrator_sees_what_their_own_people_did(app: Flask, auditor: str, village: Village) -> None:
    assert auditor
    page = client_of(app, village.administrator).get("/audit").get_data(as_text=True)
    assert "tests.ours" in page
    assert "=cmd()" not in page


def test_no_cell_of_the_export_is_a_formula(app: Flask, auditor: str) -> None:
    told = client_of(app, auditor).get("/audit.csv?subject_kind=thing").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [row["action"] for row in rows] == ["'=cmd()", "tests.ours"]


def test_R34_a_log_that_was_cut_raises_an_alarm(
    app: Flask, auditor: str, village: Village, ground: Ground, clock: FixedClock
) -> None:
    client = client_of(app, auditor)
    form = {"csrf_token": token_on(client, "/audit")}
    assert "The log holds" in client.post("/audit/verify", data=form, follow_redirects=True).get_data(as_text=True)
    with ground.work() as work:
        drop = "DROP TRIGGER audit_no_delete" if ground.database.is_sqlite else "DROP TRIGGER audit_no_change ON audit"
        work.session.execute(text(drop))
        work.session.execute(text("DELETE FROM audit WHERE seq > 3"))
    verify_log(ground, clock.now())
    with ground.read() as session:
        found = last_audit_check(session)
        told = set(session.scalars(select(MessageRow.person_id).where(MessageRow.key == "hub.log_broken")))
    assert found is not None
    assert found.broken_at == 4
    assert told >= {auditor, village.administrator}
    assert "Broken" in client.get("/audit").get_data(as_text=True)


def test_pages_go_by_line_number(app: Flask, auditor: str, ground: Ground) -> None:
    with ground.work() as work:
        for number in range(60):
            audit.record(work, actor=auditor, action="tests.many", subject=("many", str(number)))
    client = client_of(app, auditor)
    page = client.get("/audit?action=tests.many").get_data(as_text=True)
    assert "below=" in page
    assert client.get("/audit?since=yesterday").status_code == 422


def test_retention_page_counts_and_runs(app: Flask, auditor: str) -> None:
    client = client_of(app, auditor)
    page = client.get("/retention").get_data(as_text=True)
    assert "Raw survey answers" in page
    form = {"csrf_token": token_on(client, "/retention")}
    again = client.post("/retention", data={**form, "do": "dry"}, follow_redirects=True).get_data(as_text=True)
    assert "records would go" in again
    assert "Counted only" in again
    assert "records went" in client.post("/retention", data={**form, "do": "run"}, follow_redirects=True).get_data(
        as_text=True
    )
