"""Files of answers: sealed like the answer, bound by its checksum, given out only once answers are open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select, text

from fps.actions.evidence.receive_file import ReceivedFile
from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.scanning import Scan, Verdict
from kernel.tables import AuditRow
from kernel.uploads import CheckedFile, FileKind
from referrals.actions.answers.open_file import OpenFile, open_file
from referrals.actions.answers.receive_files import receive_files
from referrals.actions.record_response import RecordResponse, record_response
from referrals.actions.unseal_responses import unseal_responses
from referrals.queries.councils import opened_responses
from referrals.queries.providers import invitation
from referrals.tables import AnswerFileRow
from tests.referrals.browsing import OFFERED, browser, recipient_id
from tests.referrals.world import OFFER, World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)
PDF = b"%PDF-1.7 an invented offer"


class _Silent:
    """A scanner that does not answer, and then does."""

    is_set_up = True

    def __init__(self, *verdicts: Verdict) -> None:
        self._verdicts = list(verdicts)

    def scan(self, _content: bytes) -> Scan:
        return Scan(self._verdicts.pop(0), "")

    def ping(self) -> bool:
        return True


def _answer(world: World, referral_id: str, *names: str, keep: bool = False, is_scanned: bool = True) -> None:
    now = world.ground.clock.now()
    files = tuple(ReceivedFile(CheckedFile(name, FileKind.PDF, PDF + name.encode()), is_scanned) for name in names)
    with world.ground.work() as work:
        (asked,) = invitation(work.session, world.user(0), referral_id, now).settings
        command = RecordResponse(asked.recipient_id, OFFER, now, files, keep_files=keep)
        record_response(work, world.user(0), command)


def _unseal(world: World, clock: FixedClock, referral_id: str) -> None:
    clock.set(DEADLINE + timedelta(minutes=1))
    for actor in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, actor, referral_id)


def _opened(world: World, referral_id: str) -> list[str]:
    with world.ground.read() as session:
        (one,) = opened_responses(session, world.commissioner, referral_id, world.ground.keys)
    return [file.name for file in one.response.files]


def test_a_file_is_ciphertext_at_rest_and_its_name_stands_nowhere_in_the_clear(world: World) -> None:
    """R21"""
    referral_id = world.issued()
    _answer(world, referral_id, "Our offer.pdf")
    with world.ground.database.begin() as session:
        rows = [str(row) for row in session.execute(text("SELECT * FROM referral_answer_files"))]
        audited = [str(vars(row)) for row in session.scalars(select(AuditRow))]
    assert len(rows) == 1
    for row in (*rows, *audited):
        assert "Our offer" not in row
        assert "invented offer" not in row


def test_files_are_given_out_once_the_answers_are_open_and_the_log_says_to_whom(
    world: World, clock: FixedClock
) -> None:
    """R21, R22"""
    referral_id = world.issued()
    _answer(world, referral_id, "Our offer.pdf")
    recipient = recipient_id(world, 0)
    with world.ground.read() as session:
        file_id = session.scalars(select(AnswerFileRow.id)).one()
    wanted = OpenFile(referral_id, recipient, file_id)
    with pytest.raises(ForbiddenError):
        open_file(world.ground, world.commissioner, wanted)
    _unseal(world, clock, referral_id)
    assert open_file(world.ground, world.commissioner, wanted).content == PDF + b"Our offer.pdf"
    for outsider in (world.stranger, world.user(0), world.user(1)):
        with pytest.raises(NotFoundError):
            open_file(world.ground, outsider, wanted)
    with pytest.raises(NotFoundError):
        open_file(world.ground, world.commissioner, replace(wanted, recipient_id=recipient_id(world, 1)))
    with world.ground.read() as session:
        logged = session.scalars(select(AuditRow).where(AuditRow.action == "referrals.open_answer_file")).one()
    assert logged.actor == world.commissioner.id


def test_a_new_answer_keeps_the_files_of_the_last_only_if_the_provider_wants(world: World, clock: FixedClock) -> None:
    """R23"""
    referral_id = world.issued()
    _answer(world, referral_id, "One.pdf", "Two.pdf")
    _answer(world, referral_id, "Three.pdf", keep=True)
    _answer(world, referral_id, "Four.pdf")
    _unseal(world, clock, referral_id)
    assert _opened(world, referral_id) == ["Four.pdf"]


def test_kept_files_come_first(world: World, clock: FixedClock) -> None:
    """R23"""
    referral_id = world.issued()
    _answer(world, referral_id, "One.pdf", "Two.pdf")
    _answer(world, referral_id, "Three.pdf", keep=True)
    _unseal(world, clock, referral_id)
    assert _opened(world, referral_id) == ["One.pdf", "Two.pdf", "Three.pdf"]


def test_no_more_than_five_files_also_with_those_that_are_kept(world: World) -> None:
    """R23"""
    referral_id = world.issued()
    _answer(world, referral_id, "One.pdf", "Two.pdf", "Three.pdf")
    with pytest.raises(InvalidInputError) as refused:
        _answer(world, referral_id, "Four.pdf", "Five.pdf", "Six.pdf", keep=True)
    assert refused.value.field == "files"
    with world.ground.read() as session:
        assert len(session.scalars(select(AnswerFileRow.id)).all()) == 3


def test_a_changed_file_is_not_given_out(world: World, clock: FixedClock) -> None:
    """R34: the receipt's checksum covers the digest of each file."""
    referral_id = world.issued()
    _answer(world, referral_id, "Our offer.pdf")
    _unseal(world, clock, referral_id)
    with world.ground.work() as work:
        row = work.session.scalars(select(AnswerFileRow)).one()
        row.content = b"%PDF-1.7 something else"
        file_id = row.id
    with pytest.raises(ConflictError):
        open_file(world.ground, world.commissioner, OpenFile(referral_id, recipient_id(world, 0), file_id))


def test_a_silent_scanner_makes_nobody_late_but_nothing_unscanned_is_given_out(world: World, clock: FixedClock) -> None:
    """R16"""
    ground = replace(world.ground, scanner=_Silent(Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.CLEAN))
    referral_id = world.issued()
    received = receive_files(ground, world.user(0), [("Our offer.pdf", PDF)])
    assert not received[0].is_scanned
    _answer(world, referral_id, "Our offer.pdf", is_scanned=False)
    _unseal(world, clock, referral_id)
    with world.ground.read() as session:
        file_id = session.scalars(select(AnswerFileRow.id)).one()
    wanted = OpenFile(referral_id, recipient_id(world, 0), file_id)
    with pytest.raises(ConflictError):
        open_file(ground, world.commissioner, wanted)
    assert open_file(ground, world.commissioner, wanted).name == "Our offer.pdf"


def test_the_page_takes_files_and_says_which_one_it_does_not_take(world: World, app: Flask, clock: FixedClock) -> None:
    """R23"""
    referral_id = world.issued()
    client = browser(app, world.user(0))
    target = f"/referrals/{referral_id}/answers/{recipient_id(world, 0)}"
    refused = client.post(target, data={**OFFERED, "files": [(BytesIO(b"MZ not taken"), "offer.exe")]})
    assert refused.status_code == 422
    assert "offer.exe" in refused.text
    taken = client.post(
        target, data={**OFFERED, "files": [(BytesIO(PDF), "one.pdf"), (BytesIO(PDF + b"2"), "two.pdf")]}
    )
    assert taken.status_code == 303
    _unseal(world, clock, referral_id)
    assert _opened(world, referral_id) == ["one.pdf", "two.pdf"]
    council = browser(app, world.commissioner)
    page = council.get(f"/commissioning/referrals/{referral_id}")
    assert "Education: £40,000" in page.text
    assert "Total: £48,000" in page.text
    link = page.text.split(f"/answers/{recipient_id(world, 0)}/files/")[1].split('"')[0]
    sent = council.get(f"/commissioning/referrals/{referral_id}/answers/{recipient_id(world, 0)}/files/{link}")
    assert (sent.status_code, sent.data) == (200, PDF)
    assert sent.headers["Content-Disposition"].startswith("attachment")
