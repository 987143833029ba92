from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooLateError
from kernel.uploads import CheckedFile, FileKind
from referrals.actions.preparing.attach_file import MOST_BYTES, MOST_FILES, AttachFile, attach_file, remove_file
from referrals.actions.preparing.delete_draft import delete_draft
from referrals.queries.attachments import askeds_file, councils_file
from referrals.tables import AttachmentRow, ConfirmationRow, IssueRow, ReferralRow
from tests.referrals.routes.steps import approve_and_issue, ask, plan
from tests.referrals.world import World

PDF = CheckedFile("A usual week.pdf", FileKind.PDF, b"%PDF-1.4 a usual week")


def _attach(world: World, referral_id: str, file: CheckedFile = PDF, *, is_confirmed: bool = True) -> str:
    with world.ground.work() as work:
        return attach_file(work, world.commissioner, AttachFile(referral_id, file, is_confirmed=is_confirmed))


def test_a_file_goes_out_with_its_hash_in_the_issue(world: World) -> None:
    """R9: the file's hash is under the fingerprint of the issue."""
    referral_id = world.drafted()
    attachment_id = _attach(world, referral_id)
    plan(world, referral_id)
    approve_and_issue(world, referral_id)
    with world.ground.read() as session:
        issue = session.scalars(select(IssueRow)).one()
        row = session.scalars(select(AttachmentRow)).one()
        assert issue.text["files"] == [
            {"id": attachment_id, "name": "A usual week.pdf", "size": len(PDF.content), "sha256": row.sha256}
        ]
        kept = session.execute(text("SELECT name, content FROM referral_attachments")).one()
    assert not any("usual" in part for part in kept)
    with pytest.raises(ConflictError):
        _attach(world, referral_id)
    with pytest.raises(ConflictError), world.ground.work() as work:
        remove_file(work, world.commissioner, referral_id, attachment_id)


def test_only_who_was_asked_gets_the_file_and_only_while_the_page_is_open(world: World, clock: FixedClock) -> None:
    """R9, R32"""
    referral_id = world.drafted()
    attachment_id = _attach(world, referral_id)
    plan(world, referral_id, release_at=datetime(2026, 11, 24, 9, tzinfo=UTC))
    approve_and_issue(world, referral_id)
    with world.ground.read() as session:
        with pytest.raises(NotFoundError):
            askeds_file(session, world.user(0), referral_id, attachment_id, clock.now())
        clock.set(datetime(2026, 11, 24, 9, tzinfo=UTC))
        file = askeds_file(session, world.user(0), referral_id, attachment_id, clock.now())
        assert (file.name, file.content) == (PDF.name, PDF.content)
        for number in (3, 4):
            with pytest.raises(NotFoundError):
                askeds_file(session, world.user(number), referral_id, attachment_id, clock.now())
        with pytest.raises(NotFoundError):
            councils_file(session, world.stranger, referral_id, attachment_id)
        assert councils_file(session, world.colleague, referral_id, attachment_id).content == PDF.content
        with pytest.raises(TooLateError):
            askeds_file(session, world.user(0), referral_id, attachment_id, clock.now() + timedelta(days=40))


def test_nobody_gets_a_file_of_another_referral_by_its_id(world: World) -> None:
    """R32"""
    first, second = world.drafted(), world.drafted()
    of_first = _attach(world, first)
    for referral_id in (first, second):
        plan(world, referral_id)
        approve_and_issue(world, referral_id)
    with world.ground.read() as session, pytest.raises(NotFoundError):
        askeds_file(session, world.user(0), second, of_first, world.ground.clock.now())


def test_a_file_needs_a_person_who_looked_into_it(world: World) -> None:
    """R31: nothing can scan a picture for who the learner is."""
    with pytest.raises(InvalidInputError) as caught:
        _attach(world, world.drafted(), is_confirmed=False)
    assert caught.value.field == "is_confirmed"


def test_files_are_few_small_and_each_one_once(world: World) -> None:
    referral_id = world.drafted()
    with pytest.raises(InvalidInputError, match="larger than 5 MB"):
        _attach(world, referral_id, CheckedFile("a.pdf", FileKind.PDF, b"%PDF-" + b"x" * MOST_BYTES))
    first = _attach(world, referral_id)
    assert _attach(world, referral_id) == first
    for number in range(1, MOST_FILES):
        _attach(world, referral_id, CheckedFile(f"{number}.pdf", FileKind.PDF, b"%PDF-1.4 " + bytes([48 + number])))
    with pytest.raises(ConflictError, match="5 files already"):
        _attach(world, referral_id, CheckedFile("6.pdf", FileKind.PDF, b"%PDF-1.4 six"))
    with world.ground.work() as work:
        remove_file(work, world.commissioner, referral_id, first)
        remove_file(work, world.commissioner, referral_id, first)
    _attach(world, referral_id, CheckedFile("6.pdf", FileKind.PDF, b"%PDF-1.4 six"))


def test_a_draft_is_deleted_with_all_that_belongs_to_it_and_an_issue_never(world: World) -> None:
    """R9, R34"""
    referral_id = world.drafted()
    _attach(world, referral_id)
    plan(world, referral_id)
    ask(world, referral_id)
    with pytest.raises(NotFoundError), world.ground.work() as work:
        delete_draft(work, world.stranger, referral_id)
    with world.ground.work() as work:
        delete_draft(work, world.colleague, referral_id)
    with world.ground.read() as session:
        for table in (ReferralRow, AttachmentRow, ConfirmationRow):
            assert session.scalars(select(table)).all() == []
    issued = world.issued()
    with pytest.raises(ConflictError), world.ground.work() as work:
        delete_draft(work, world.commissioner, issued)
