"""The pages of a draft by its route; tests/browser/test_slice_routes.py looks at them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fps.model import Regime
from fps.tables import FrameworkRow
from kernel.tables import AuditRow
from referrals.model.approvals import ApprovalKind
from referrals.model.contracts import ContractKind
from referrals.model.criteria import Criterion
from referrals.tables import ApprovalRow, AttachmentRow, ReferralRow
from tests.referrals.browsing import browser, words
from tests.referrals.routes.steps import DIRECT, REASONS, approve_and_issue, ask, choose, contract, plan
from tests.referrals.world import World

GIVEN = {"reason_code": "continuity", "reasons": REASONS, "evidence": "https://records.example.org/panel/12"}


def test_a_direct_award_is_chosen_by_setting_and_reasons(world: World, app: Flask) -> None:
    """R5"""
    client = browser(app, world.commissioner)
    base = f"/commissioning/referrals/{world.drafted()}"
    assert client.post(f"{base}/route", data={"route": "nothing"}).status_code == 422
    assert client.post(f"{base}/route", data={"route": "direct_award"}).location == f"{base}/route/direct_award"
    page = words(client.get(f"{base}/route/direct_award"))
    assert "School 3 Sefton It cannot be asked. It is suspended." in page
    assert "School 1" in page
    narrowed = words(client.get(f"{base}/route/direct_award?name=school+1"))
    assert "School 1" in narrowed
    assert "School 0" not in narrowed
    assert "No setting on the lot has this in its name." in words(client.get(f"{base}/route/direct_award?name=zzz"))
    chosen = f"{base}/route/direct_award/{world.settings[1]}"
    assert client.get(f"{base}/route/direct_award/none").status_code == 404
    short = client.post(chosen, data={**GIVEN, "reasons": "Short."})
    assert (short.status_code, "Write at least 100 characters." in words(short)) == (422, True)
    assert client.post(chosen, data=GIVEN).location == f"{base}/times"
    assert "One setting is asked." in words(client.get(f"{base}/times"))


def test_a_contract_is_chosen_among_those_that_cover_the_lot(world: World, app: Flask) -> None:
    """R6, R8"""
    client = browser(app, world.commissioner)
    base = f"/commissioning/referrals/{world.drafted()}"
    for route in ("block_calldown", "existing_contract"):
        assert "Your council has no contract of this kind" in words(client.get(f"{base}/route/{route}"))
    contract_id = contract(world, ContractKind.BLOCK, world.settings[0], places=2)
    assert "School 0, block-1, 2 of 2 places left" in words(client.get(f"{base}/route/block_calldown"))
    assert client.post(f"{base}/route/block_calldown", data={}).status_code == 422
    page = client.post(f"{base}/route/block_calldown", data={"contract_id": contract_id})
    assert page.location == f"{base}/times"


def test_a_spot_purchase_skips_the_times(world: World, app: Flask) -> None:
    """R7"""
    client = browser(app, world.commissioner)
    base = f"/commissioning/referrals/{world.drafted()}"
    given = {"supplier": "Harbour Tutors", "supplier_number": "", "rule_reference": "CPR 14.2"}
    assert client.post(f"{base}/route/off_framework_spot", data={**given, "supplier_number": "7"}).status_code == 422
    page = words(client.post(f"{base}/route/off_framework_spot", data=given, follow_redirects=True))
    assert "Harbour Tutors" in page
    assert "Nobody is asked through the hub." in page


def test_criteria_that_do_not_add_up_are_shown_again(world: World, app: Flask) -> None:
    """R24"""
    client, referral_id = browser(app, world.commissioner), world.drafted()
    base = f"/commissioning/referrals/{referral_id}"
    assert 'value="50"' in client.get(f"{base}/criteria").text
    empty = {f"weight-{criterion}": "" for criterion in Criterion}
    page = client.post(f"{base}/criteria", data={**empty, "weight-specific_needs": "60"})
    assert (page.status_code, "They now add up to 60." in words(page)) == (422, True)
    assert client.post(f"{base}/criteria", data={**empty, "weight-specific_needs": "many"}).status_code == 422
    page = client.post(f"{base}/criteria", data={**empty, "weight-specific_needs": "60", "weight-quality": "40"})
    assert page.location == f"{base}/check"
    with world.ground.read() as session:
        assert session.get_one(ReferralRow, referral_id).weights == {"specific_needs": 60, "quality": 40}


def _upload(content: bytes = b"%PDF-1.4 a week", name: str = "week.pdf", **more: str) -> dict[str, Any]:
    return {"file": (io.BytesIO(content), name), **more}


def test_a_file_is_added_sent_and_removed(world: World, app: Flask) -> None:
    """R9, R31"""
    client, referral_id = browser(app, world.commissioner), world.drafted()
    base = f"/commissioning/referrals/{referral_id}"
    assert "No file goes out with this referral." in words(client.get(f"{base}/files"))
    for data, said in (
        (_upload(), "Look into the file, then confirm"),
        ({"is_confirmed": "y"}, "Choose a file"),
        (_upload(b"GIF89a\x00\x01", "week.pdf", is_confirmed="y"), "This kind of file is not taken here."),
        (_upload(b"", "week.pdf", is_confirmed="y"), "The file is empty."),
    ):
        page = client.post(f"{base}/files", data=data)
        assert (page.status_code, said in words(page)) == (422, True), said
    assert client.post(f"{base}/files", data=_upload(is_confirmed="y")).status_code == 303
    with world.ground.read() as session:
        attachment_id = session.scalars(select(AttachmentRow.id)).one()
    sent = client.get(f"{base}/files/{attachment_id}")
    assert (sent.data, sent.mimetype) == (b"%PDF-1.4 a week", "application/pdf")
    assert sent.headers["Content-Disposition"] == "attachment; filename=week.pdf"
    assert browser(app, world.stranger).get(f"{base}/files/{attachment_id}").status_code == 404
    plan(world, referral_id)
    approve_and_issue(world, referral_id)
    provider = browser(app, world.user(0))
    asked = provider.get(f"/referrals/{referral_id}")
    assert f"/referrals/{referral_id}/files/{attachment_id}" in asked.text
    assert "Meets the need and the outcomes" in words(asked)
    assert provider.get(f"/referrals/{referral_id}/files/{attachment_id}").data == b"%PDF-1.4 a week"
    assert browser(app, world.user(4)).get(f"/referrals/{referral_id}/files/{attachment_id}").status_code == 404
    assert client.post(f"{base}/files/{attachment_id}/remove").status_code == 409


def test_agreements_are_recorded_for_those_who_would_be_asked(world: World, app: Flask) -> None:
    """R15"""
    with world.ground.work() as work:
        work.session.get_one(FrameworkRow, world.register.framework_id).regime = Regime.PCR_DPS
    client = browser(app, world.commissioner)
    base = f"/commissioning/referrals/{world.drafted()}"
    assert "Record agreements" in words(client.get(f"{base}/times"))
    assert "School 3" not in words(client.get(f"{base}/agreements"))
    agreed = {"deadline": ["27", "11", "2026"], "settings": list(world.settings[:3]), "evidence": "Case folder 1204"}
    assert client.post(f"{base}/agreements", data={**agreed, "settings": []}).status_code == 422
    assert client.post(f"{base}/agreements", data=agreed).location == f"{base}/times"
    assert "3 of 3 have agreed to 27 November 2026." in words(client.get(f"{base}/agreements"))


def test_a_draft_is_deleted_by_a_press(world: World, app: Flask) -> None:
    client, referral_id = browser(app, world.commissioner), world.drafted()
    base = f"/commissioning/referrals/{referral_id}"
    assert "This cannot be undone." in words(client.get(f"{base}/delete"))
    page = client.post(f"{base}/delete", follow_redirects=True)
    assert "The draft is deleted." in words(page)
    assert client.get(f"{base}/delete").status_code == 404


def test_what_waits_is_listed_for_the_second_person_and_for_nobody_else(world: World, app: Flask) -> None:
    referral_id = world.drafted()
    plan(world, referral_id)
    ask(world, referral_id)
    listed = words(browser(app, world.colleague).get("/commissioning/approvals"))
    assert "Issue of the referral Una Umber" in listed
    for actor in (world.commissioner, world.stranger):
        assert "Nothing waits for you." in words(browser(app, actor).get("/commissioning/approvals"))
    with world.ground.read() as session:
        approval_id = session.scalars(select(ApprovalRow.id)).one()
    second = browser(app, world.colleague)
    assert second.get(f"/commissioning/approvals/{approval_id}").location.endswith(f"{referral_id}/check")
    assert browser(app, world.stranger).get(f"/commissioning/approvals/{approval_id}").status_code == 404
    check = second.get(f"/commissioning/referrals/{referral_id}/check")
    seen = re.search(r'name="previewed" type="hidden" value="(\w{64})"', check.text)
    assert seen
    data = {"previewed": seen[1], "outcome": "refused", "words": ""}
    page = second.post(f"/commissioning/referrals/{referral_id}/decision", data=data)
    assert (page.status_code, "Say what has to change." in words(page)) == (422, True)
    own = browser(app, world.commissioner).post(f"/commissioning/referrals/{referral_id}/decision", data=data)
    assert own.status_code == 403


def test_an_award_is_decided_on_a_page_of_its_own(world: World, app: Flask) -> None:
    referral_id = world.issued()
    with world.ground.work() as work:
        work.session.add(
            ApprovalRow(
                id="a" * 26,
                referral_id=referral_id,
                council_id=world.register.council_id,
                kind=ApprovalKind.AWARD,
                asked_by=world.commissioner.id,
                asked_at=work.now,
                reasons="It meets the need best.",
                fingerprint="0" * 64,
            )
        )
    page = f"/commissioning/approvals/{'a' * 26}"
    assert "A colleague must decide this" in words(browser(app, world.commissioner).get(page))
    second = browser(app, world.colleague)
    assert "It meets the need best." in words(second.get(page))
    assert second.post(page, data={}).status_code == 422
    assert second.post(page, data={"outcome": "refused", "words": ""}).status_code == 422
    assert second.post(page, data={"outcome": "approved", "words": ""}).status_code == 303
    assert "Approved on" in words(second.get(page))


def test_who_reads_an_answer_without_competition_is_on_record(world: World, app: Flask) -> None:
    """R21, R34"""
    referral_id = world.drafted()
    choose(world, referral_id, replace(DIRECT, setting_id=world.settings[0]))
    plan(world, referral_id)
    approve_and_issue(world, referral_id)
    page = f"/commissioning/referrals/{referral_id}"
    assert "No answer is in yet." in words(browser(app, world.commissioner).get(page))
    world.respond(referral_id, 0)
    assert "Offer a place" in words(browser(app, world.colleague).get(page))
    with world.ground.read() as session:
        (line,) = session.scalars(select(AuditRow).where(AuditRow.action == "referrals.open_answers")).all()
        assert line.actor == world.colleague.id


@pytest.mark.parametrize(
    "page",
    ["route", "route/direct_award", "route/block_calldown", "criteria", "files", "override", "agreements", "delete"],
)
def test_a_draft_is_its_councils_alone(world: World, app: Flask, page: str) -> None:
    """A3"""
    path = f"/commissioning/referrals/{world.drafted()}/{page}"
    assert browser(app, world.stranger).get(path).status_code == 404
    assert browser(app, world.user(0)).get(path).status_code == 403
