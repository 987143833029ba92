from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from fps.actions.evidence.judge_document import accept_document
from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.actions.evidence.start_recheck import StartRecheck, start_recheck
from fps.model import DocumentKind
from fps.model.evidence import DocumentState
from fps.queries.evidence import documents_of, own_document, views_of
from fps.queries.rechecks import items_of_provider
from kernel.clock import FixedClock
from kernel.errors import NotFoundError
from kernel.work import Ground
from people.model import OrganisationKind, Role
from tests.fps.evidence.conftest import Browse
from tests.fps.evidence.papers import PDF, PNG, offer
from tests.fps.world import World, member, organisation

DUE = date(2027, 1, 15)


@pytest.fixture
def setting_id(ground: Ground, world: World) -> str:
    with ground.work() as work:
        return world.active_setting(work, 0)


def form(name: str = "insurance.pdf", content: bytes = PDF, **others: object) -> dict[str, object]:
    return {
        "kind": "insurance",
        "file": (io.BytesIO(content), name),
        "valid_until": ["30", "11", "2027"],
        **others,
    }


def test_a_document_goes_from_the_provider_to_the_lead_and_counts(
    ground: Ground, world: World, setting_id: str, browse: Browse
) -> None:
    provider_id, user = world.providers[0]
    own, lead = browse(user), browse(world.lead)
    assert own.get(f"/my-settings/{setting_id}/documents/new?kind=insurance").status_code == 200
    sent = own.post(f"/my-settings/{setting_id}/documents/new", data=form())
    assert sent.status_code == 303
    shown = own.get(sent.location)
    assert "To be checked" in shown.text
    document_id = sent.location.rsplit("/", 1)[1]
    listed = lead.get("/register/documents")
    assert f"/register/documents/{document_id}" in listed.text
    assert "To check (1)" in listed.text
    assert "Accept the document" in lead.get(f"/register/documents/{document_id}").text
    assert lead.post(f"/register/documents/{document_id}/accept").status_code == 303
    again = lead.post(f"/register/documents/{document_id}/accept")
    assert again.status_code == 409
    assert "Nothing more is to be decided" in again.text
    assert "No document waits to be checked" in lead.get("/register/documents").text
    assert "In date" in own.get(sent.location).text
    with ground.read() as session:
        assert own_document(session, user, document_id).is_current
        assert len([card for card in documents_of(session, provider_id, setting_id) if card.kind == "insurance"]) == 2
    history = own.get(f"/my-settings/{setting_id}/documents?kind=insurance").text
    assert "Replaced" in history
    assert "In date" in history


def test_a_refusal_needs_a_reason_and_the_provider_reads_it(
    ground: Ground, world: World, setting_id: str, browse: Browse
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        document_id = offer(work, user, provider_id, setting_id)
    lead = browse(world.lead)
    empty = lead.post(f"/register/documents/{document_id}/refuse", data={"reason": ""})
    assert empty.status_code == 422
    assert "Say what is wrong with the document" in empty.text
    assert "<title>Error: " in empty.text
    said = "It is for <another> address."
    assert lead.post(f"/register/documents/{document_id}/refuse", data={"reason": said}).status_code == 303
    assert "It is for &lt;another&gt; address." in browse(user).get(f"/my-settings/documents/{document_id}").text


def test_a_file_is_only_ever_saved_and_each_taking_is_noted(
    ground: Ground, world: World, setting_id: str, browse: Browse
) -> None:
    provider_id, user = world.providers[0]
    content = PDF + bytes(range(256)) * 3000
    with ground.work() as work:
        document_id = offer(work, user, provider_id, setting_id, content=content)
        commissioner = member(work, "Cam Commissioner", Role.COMMISSIONER, world.council_id)
        accept_document(work, world.lead, document_id)
    answer = browse(commissioner).get(f"/register/documents/{document_id}/file")
    assert answer.data == content
    assert answer.headers["Content-Disposition"] == "attachment; filename=certificate.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Length"] == str(len(content))
    browse(user).get(f"/my-settings/documents/{document_id}/file")
    with ground.read() as session:
        views = views_of(session, document_id)
    assert [(view.person_id, view.organisation_id) for view in views] == [
        (user.id, provider_id),
        (commissioner.id, world.council_id),
    ]
    lead = browse(world.lead).get(f"/register/documents/{document_id}").text
    assert "Cam Commissioner" in lead
    own = browse(user).get(f"/my-settings/documents/{document_id}").text
    assert "Placeborough: once" in own
    assert "Cam Commissioner" not in own, "a provider reads which organisations looked, not who"


def test_rivals_and_strangers_find_nothing(ground: Ground, world: World, setting_id: str, browse: Browse) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        document_id = offer(work, user, provider_id, setting_id)
        commissioner = member(work, "Cam Commissioner", Role.COMMISSIONER, world.council_id)
    rival = browse(world.providers[1][1])
    for path in (
        f"/my-settings/documents/{document_id}",
        f"/my-settings/documents/{document_id}/file",
        f"/my-settings/{setting_id}/documents",
        f"/my-settings/{setting_id}/documents/new",
        f"/my-settings/organisation/{provider_id}/documents",
        f"/my-settings/organisation/{provider_id}/documents/new",
        "/my-settings/documents/nothing",
    ):
        assert rival.get(path).status_code == 404, path
    assert rival.post(f"/my-settings/documents/{document_id}/withdraw").status_code == 404
    assert rival.post(f"/my-settings/{setting_id}/documents/new", data=form()).status_code == 404
    assert rival.get(f"/register/documents/{document_id}").status_code == 403
    council = browse(commissioner)
    assert council.get(f"/register/documents/{document_id}").status_code == 404, "it is not accepted"
    page = council.get(f"/register/settings/{setting_id}/documents")
    assert page.status_code == 200
    assert document_id not in page.text
    assert council.post(f"/register/documents/{document_id}/accept").status_code == 403


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"content": PNG}, "not what its name says"),
        ({"name": "a.html", "content": b"<html>"}, "This kind of file is not taken here"),
        ({"name": "", "content": b""}, "Choose a file"),
        ({"valid_until": ["31", "2", "2027"]}, "Enter a real date"),
        ({"valid_until": ["", "", ""]}, "Enter the last day of the certificate"),
        ({"valid_until": ["1", "1", "2026"]}, "has ended already"),
        ({"kind": "nonsense"}, "Not a valid choice"),
    ],
    ids=["type", "page", "no file", "no date", "no end", "ended", "kind"],
)
def test_what_is_wrong_is_said_at_its_field(
    world: World, setting_id: str, browse: Browse, told: dict[str, Any], said: str
) -> None:
    answer = browse(world.providers[0][1]).post(f"/my-settings/{setting_id}/documents/new", data=form(**told))
    assert answer.status_code == 422
    assert said in answer.text
    assert "<title>Error: " in answer.text


def test_a_huge_file_is_refused_before_it_is_read(world: World, setting_id: str, browse: Browse) -> None:
    user = browse(world.providers[0][1])
    path = f"/my-settings/{setting_id}/documents/new"
    above_setting = _send(user, path, PDF + b" " * 10_000_000)
    assert above_setting.status_code == 422
    assert "larger than 10 MB" in above_setting.text
    assert _send(user, path, PDF + b" " * 26_000_000).status_code == 413


def _send(browser: FlaskClient, path: str, content: bytes) -> TestResponse:
    """Post a form by hand: the client's own way leaves a file open where the body is large."""
    head = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    fields = [("kind", "insurance"), *(("valid_until", part) for part in ("30", "11", "2027"))]
    body = "".join(head.format(name, "") + value + "\r\n" for name, value in fields)
    body += head.format("file", '; filename="insurance.pdf"')
    whole = body.encode() + content + b"\r\n--x--\r\n"
    return browser.post(path, data=whole, content_type="multipart/form-data; boundary=x")


def test_a_document_is_withdrawn_while_it_waits_and_no_longer_after(
    ground: Ground, world: World, setting_id: str, browse: Browse
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        document_id = offer(work, user, provider_id, setting_id)
    own = browse(user)
    assert own.post(f"/my-settings/documents/{document_id}/withdraw").status_code == 303
    assert own.post(f"/my-settings/documents/{document_id}/withdraw").status_code == 303
    with ground.read() as session:
        assert own_document(session, user, document_id).state is DocumentState.WITHDRAWN
    with ground.work() as work:
        accepted = offer(work, user, provider_id, setting_id)
        accept_document(work, world.lead, accepted)
    assert own.post(f"/my-settings/documents/{accepted}/withdraw").status_code == 409


def test_documents_for_all_settings_have_their_own_pages(ground: Ground, world: World, browse: Browse) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
    own, lead = browse(user), browse(world.lead)
    sent = own.post(f"/my-settings/organisation/{provider_id}/documents/new", data=form(kind="policies"))
    assert sent.status_code == 303
    assert "Policies and procedures" in own.get(f"/my-settings/organisation/{provider_id}/documents").text
    assert "Policies and procedures" in lead.get(f"/register/providers/{provider_id}/documents").text
    assert lead.get(f"/register/providers/{world.council_id}/documents").status_code == 404
    kept = lead.post(f"/register/settings/{setting_id}/documents/new", data=form())
    assert kept.status_code == 303
    assert "Accept the document" in lead.get(kept.location).text


@pytest.mark.usefixtures("setting_id")
def test_the_lists_say_what_runs_out_on_both_sides(world: World, browse: Browse, clock: FixedClock) -> None:
    own, lead = browse(world.providers[0][1]), browse(world.lead)
    assert "none will within 60 days" in own.get("/my-settings/documents").text
    assert "none will within 60 days" in lead.get("/register/documents?show=ending").text
    clock.set(datetime(2027, 3, 1, 12, tzinfo=UTC))
    own, lead = browse(world.providers[0][1]), browse(world.lead)
    assert "Runs out soon" in own.get("/my-settings/documents").text
    assert "Runs out soon" in lead.get("/register/documents?show=ending").text
    clock.set(datetime(2027, 4, 1, 12, tzinfo=UTC))
    lead = browse(world.lead)
    assert "Run out" in lead.get("/register/documents?show=ending&page=9").text
    assert "Insurance certificate<span" in lead.get("/register/documents?show=ending&kind=insurance").text
    assert "of this kind has run out" in lead.get("/register/documents?show=ending&kind=policies").text
    assert "of this kind waits" in lead.get("/register/documents?kind=policies").text


@pytest.mark.usefixtures("setting_id")
def test_a_yearly_check_runs_from_its_start_to_its_report(world: World, browse: Browse) -> None:
    own, lead = browse(world.providers[0][1]), browse(world.lead)
    assert "no yearly check yet" in lead.get("/register/documents/yearly-checks").text
    wrong = lead.post(
        "/register/documents/yearly-checks",
        data={"framework": world.framework_id, "due_on": ["1", "1", "2026"]},
    )
    assert wrong.status_code == 422
    assert "Enter a day to come" in wrong.text
    started = lead.post(
        "/register/documents/yearly-checks",
        data={"framework": world.framework_id, "due_on": ["15", "1", "2027"]},
    )
    assert started.status_code == 303
    page = lead.get(started.location).text
    assert re.search(r'<progress id="answered" value="0" max="3">', page)
    assert "Provider 0" in page
    asked = own.get("/my-settings/yearly-check").text
    assert "Confirm all 3 that still hold" in asked
    assert own.post("/my-settings/yearly-check", data={"item": "all"}).status_code == 303
    assert "You have answered for everything" in own.get("/my-settings/yearly-check").text
    assert "Everybody has answered" in lead.get(started.location).text
    report = lead.get(f"{started.location}/report.csv")
    assert report.mimetype == "text/csv"
    assert report.text.count("Confirmed") == 3
    assert lead.post(f"{started.location}/close").status_code == 303
    assert lead.post(f"{started.location}/close").status_code == 409
    assert "No yearly check is open" in own.get("/my-settings/yearly-check").text
    again = lead.post(
        "/register/documents/yearly-checks",
        data={"framework": "nonsense", "due_on": ["15", "1", "2027"]},
    )
    assert again.status_code == 422


@pytest.mark.usefixtures("setting_id")
def test_one_document_is_confirmed_alone_and_another_providers_never(
    ground: Ground, world: World, browse: Browse
) -> None:
    with ground.work() as work:
        start_recheck(work, world.lead, StartRecheck(world.framework_id, DUE))
    user, rival = world.providers[0][1], world.providers[1][1]
    with ground.read() as session:
        first = items_of_provider(session, user)[0]
    browse(rival).post("/my-settings/yearly-check", data={"item": first.id})
    browse(user).post("/my-settings/yearly-check", data={"item": first.id})
    with ground.read() as session:
        answered = [item for item in items_of_provider(session, user) if item.answer]
    assert [item.id for item in answered] == [first.id]
    assert answered[0].kind in set(DocumentKind)


def test_the_number_of_queries_of_a_list_does_not_grow_with_its_rows(
    ground: Ground, world: World, browse: Browse
) -> None:
    lead = browse(world.lead)
    asked: list[str] = []
    event.listen(ground.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for number in range(2):
        with ground.work() as work:
            for at in range(1 + 9 * number):
                provider_id, user = world.providers[at % 3]
                offer(work, user, provider_id, world.active_setting(work, 99 * (number + 1) + at))
        asked.clear()
        assert lead.get("/register/documents").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_lead_authority_of_other_frameworks_touches_no_document(
    ground: Ground, world: World, setting_id: str, browse: Browse
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        far = organisation(work, OrganisationKind.COUNCIL, "Farborough", "E06000997")
        other = member(work, "Fay Far", Role.LEAD_AUTHORITY, far)
        offered = offer(work, user, provider_id, setting_id)
        of_all = offer(work, user, provider_id, None)
        with pytest.raises(NotFoundError):
            offer(work, other, provider_id, setting_id, content=b"%PDF-1.7 of another")
        with pytest.raises(NotFoundError):
            record_document(work, other, RecordDocument(setting_id, DocumentKind.INSURANCE, date(2030, 1, 1)))
    stranger, lead = browse(other), browse(world.lead)
    for home, waiting in (
        (f"/register/settings/{setting_id}/documents", offered),
        (f"/register/providers/{provider_id}/documents", of_all),
    ):
        shown = stranger.get(f"{home}?kind=insurance")
        assert shown.status_code == 200
        assert waiting not in shown.text
        assert "Add a document" not in shown.text
        assert stranger.get(f"{home}/new").status_code == 404
        assert stranger.post(f"{home}/new", data=form()).status_code == 404
        assert waiting in lead.get(f"{home}?kind=insurance").text
        assert lead.get(f"{home}/new").status_code == 200
    with ground.read() as session:
        assert own_document(session, user, offered).state is DocumentState.OFFERED
