from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

import fps.web
from channels.inbox.accept import Inbox
from channels.wording import Registry
from fps.actions.applications.evaluate import declare_interest
from fps.actions.evidence.scan_waiting import scan_waiting
from fps.messages import MESSAGES
from fps.model import DocumentKind
from fps.model.applications import ORGANISATION
from fps.model.evidence import DocumentState
from fps.queries.application_evidence import evidence_held
from fps.queries.applications import application_card, draft_of, last_submission, own_application
from fps.queries.evidence import views_of
from fps.tables import ApplicationFileRow, ApplicationRow, DocumentRow
from hub.web.app import create_app
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.scanning import Clamd
from kernel.work import Ground, Work
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import Evaluated, closed, name_both
from tests.fps.applications.filled import started, told
from tests.fps.evidence.conftest import Browse
from tests.fps.evidence.papers import EICAR, PDF, offer
from tests.fps.rounds_world import open_round
from tests.fps.world import World
from tests.services.clamd import FakeClamd, fake_clamd
from tests.signed_in import let_in

LATER = date(2028, 12, 31)


@pytest.fixture
def scene(ground: Ground, world: World) -> Scene:
    with ground.work() as work:
        return Scene(ground, world, open_round(work, world))


@pytest.fixture
def here(scene: Scene, clock: FixedClock) -> Evaluated:
    return closed(scene, clock)


@pytest.fixture
def clamd() -> Iterator[FakeClamd]:
    with fake_clamd() as server:
        yield server


def insurance(work: Work) -> ApplicationFileRow:
    files = select(ApplicationFileRow).where(ApplicationFileRow.kind == DocumentKind.INSURANCE)
    return work.session.scalars(files).one()


def test_who_evaluates_reads_the_evidence_of_that_application_and_no_other(
    here: Evaluated, browse: Browse, clock: FixedClock
) -> None:
    first, second = here.evaluators
    with here.scene.ground.work() as work:
        other = offer(work, here.scene.world.providers[1][1], here.scene.world.providers[1][0], None)
        name_both(work, here)
        document_id = insurance(work).document_id
    scan_waiting(here.scene.ground, clock.now())
    page, file = f"/register/documents/{document_id}", f"/register/documents/{document_id}/file"
    reader = browse(first)
    assert reader.get(page).status_code == 404, "not before it is clear that there is no conflict of interest"
    with here.scene.ground.work() as work:
        declare_interest(work, first, here.application_id, has_conflict=False)
        declare_interest(work, second, here.application_id, has_conflict=True)
    assert page in reader.get(f"/register/applications/{here.application_id}").text
    shown = reader.get(page)
    assert (shown.status_code, reader.get(file).status_code) == (200, 200)
    assert "Accept the document" not in shown.text
    with here.scene.ground.read() as session:
        (view,) = views_of(session, str(document_id))
    assert (view.person_id, view.organisation_id) == (first.id, here.scene.world.council_id)
    assert reader.get(f"/register/documents/{other}").status_code == 404
    for somebody in (second, here.council_neighbour):
        assert browse(somebody).get(page).status_code == 404
        assert browse(somebody).get(file).status_code == 404


def test_opening_leaves_what_the_provider_has_sent_since(here: Evaluated) -> None:
    provider_id, user = here.scene.world.providers[0]
    with here.scene.ground.work() as work:
        newer = offer(work, user, provider_id, None, until=LATER, content=PDF + b"newer")
    with here.scene.ground.work() as work:
        name_both(work, here)
    with here.scene.ground.work() as work:
        kept = work.session.get_one(DocumentRow, newer)
        assert (kept.state, kept.valid_until) == (DocumentState.OFFERED, LATER)
        file = insurance(work)
        assert file.document_id == newer
        of_kind = select(DocumentRow.id).where(DocumentRow.kind == DocumentKind.INSURANCE)
        assert work.session.scalars(of_kind).all() == [newer]
        row = work.session.get_one(ApplicationRow, here.application_id)
        sent = last_submission(work.session, row.id)
        assert sent is not None
        piece = evidence_held(work.session, application_card(row), sent)[ORGANISATION][DocumentKind.INSURANCE]
        assert (piece.document_id, piece.valid_until) == (newer, LATER)


def test_opening_takes_the_place_of_what_was_sent_before_the_application(scene: Scene, clock: FixedClock) -> None:
    provider_id, user = scene.world.providers[0]
    with scene.ground.work() as work:
        older = offer(work, user, provider_id, None, content=PDF + b"older")
    clock.set(scene.joined.opens_at.replace(day=24))
    here = closed(scene, clock)
    with scene.ground.work() as work:
        name_both(work, here)
        assert work.session.get_one(DocumentRow, older).state == DocumentState.WITHDRAWN
        assert insurance(work).document_id not in (None, older)


def test_an_unscanned_piece_is_handed_back_to_nobody_and_one_with_a_virus_goes(
    scene: Scene, clamd: FakeClamd, clock: FixedClock
) -> None:
    user = scene.world.providers[0][1]
    with scene.ground.work() as work:
        application_id = started(work, scene.joined, scene.world.providers[0])
    down = replace(scene.ground, scanner=Clamd("127.0.0.1", 1, waits_s=0.2))
    app = _app(down)
    client = app.test_client()
    let_in(client, user.id)
    home = f"/my-applications/{application_id}"
    for content in (PDF, PDF + EICAR):
        sent = client.post(
            f"{home}/organisation/evidence/insurance",
            data={
                "file": (io.BytesIO(content), "paper.pdf"),
                "valid_until": ["31", "12", "2027"],
                "valid_from": ["", "", ""],
            },
        )
        assert sent.status_code == 303, "a scanner that is down keeps nobody from a deadline"
    with scene.ground.read() as session:
        clean, bad = session.scalars(select(ApplicationFileRow.id).order_by(ApplicationFileRow.id)).all()
    for piece_id in (clean, bad):
        assert client.get(f"{home}/files/{piece_id}").status_code == 409
    assert "waits for the virus scanner" in client.get(f"{home}/organisation/evidence/insurance").text
    scan_waiting(down, clock.now())
    scan_waiting(replace(scene.ground, scanner=Clamd("127.0.0.1", clamd.port, waits_s=2)), clock.now())
    assert client.get(f"{home}/files/{clean}").data == PDF
    assert client.get(f"{home}/files/{bad}").status_code == 404
    with scene.ground.work() as work:
        gone = work.session.get_one(ApplicationFileRow, bad)
        assert (gone.content, gone.refused_at) == (b"", clock.now())
        draft = draft_of(work.session, own_application(work.session, user, application_id))
        assert draft.files[ORGANISATION, DocumentKind.INSURANCE].id == clean
        (words,) = told(work.session, "fps.file_refused")
        assert words["link"] == home


def _app(ground: Ground) -> Flask:
    app = create_app(ground, Site(messages=Registry(MESSAGES), inbox=Inbox(ground), pages=(fps.web.blueprint(),)))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def test_a_virus_found_in_a_document_also_goes_from_the_application_that_brought_it(
    here: Evaluated, clamd: FakeClamd, clock: FixedClock
) -> None:
    with here.scene.ground.work() as work:
        file = insurance(work)
        file.content, file.sha256 = PDF + EICAR, hashlib.sha256(PDF + EICAR).hexdigest()
        name_both(work, here)
    scan_waiting(replace(here.scene.ground, scanner=Clamd("127.0.0.1", clamd.port, waits_s=2)), clock.now())
    with here.scene.ground.work() as work:
        file = insurance(work)
        assert (file.content, file.refused_at) == (b"", clock.now())
        assert work.session.get_one(DocumentRow, file.document_id).state == DocumentState.REFUSED
        user = here.scene.world.providers[0][1]
        assert told(work.session, "fps.file_refused", user.id)
        assert len(told(work.session, "fps.file_refused")) == 1
        row = work.session.get_one(ApplicationRow, here.application_id)
        sent = last_submission(work.session, row.id)
        assert sent is not None
        held = evidence_held(work.session, application_card(row), sent)
        assert DocumentKind.INSURANCE not in held[ORGANISATION]
