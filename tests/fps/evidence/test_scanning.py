from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from fps.actions.evidence.note_view import note_view
from fps.actions.evidence.offer_document import OfferDocument, offer_document
from fps.actions.evidence.receive_file import receive_clean_file
from fps.actions.evidence.scan_waiting import scan_waiting
from fps.actions.evidence.withdraw_document import withdraw_document
from fps.model import DocumentKind
from fps.model.evidence import DocumentState
from fps.queries.evidence import own_document, waiting_documents
from fps.queries.unscanned import unjudged_files
from fps.tables import DocumentFileRow
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError
from kernel.scanning import Clamd, NoScanner, Scan, Verdict
from kernel.uploads import CheckedFile, FileKind
from kernel.work import Ground
from tests.fps.evidence.papers import NEXT_YEAR, PDF
from tests.fps.world import World
from tests.services.clamd import fake_clamd

HEAVY = PDF + b" heavy"


class Picky(NoScanner):
    """Answers, and judges every file but heavy ones; keeps what it was asked."""

    is_set_up = True

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.is_up = True

    def scan(self, content: bytes) -> Scan:
        self.seen.append(content)
        if not self.is_up or b"heavy" in content:
            return Scan(Verdict.UNKNOWN, "INSTREAM size limit exceeded. ERROR")
        return Scan(Verdict.CLEAN)

    def ping(self) -> bool:
        return self.is_up


@pytest.fixture
def picky() -> Picky:
    return Picky()


@pytest.fixture
def scanned(ground: Ground, picky: Picky) -> Ground:
    return replace(ground, scanner=picky)


def send(ground: Ground, world: World, number: int, content: bytes, kind: DocumentKind = DocumentKind.INSURANCE) -> str:
    provider_id, user = world.providers[number]
    file = CheckedFile("certificate.pdf", FileKind.PDF, content)
    with ground.work() as work:
        return offer_document(work, user, OfferDocument(provider_id, None, kind, file, None, NEXT_YEAR))


def to_check(ground: Ground, world: World) -> list[str]:
    with ground.read() as session:
        return [card.id for card in waiting_documents(session, world.lead)]


def test_a_file_that_cannot_be_judged_stops_no_other_and_is_asked_less_often(
    scanned: Ground, world: World, picky: Picky, clock: FixedClock
) -> None:
    send(scanned, world, 0, HEAVY)
    fine = send(scanned, world, 1, PDF)
    scan_waiting(scanned, clock.now())
    assert to_check(scanned, world) == [fine]
    scan_waiting(scanned, clock.now())
    assert picky.seen.count(HEAVY) == 1, "it waits before it is asked again"
    clock.move(timedelta(minutes=2))
    scan_waiting(scanned, clock.now())
    clock.move(timedelta(minutes=2))
    scan_waiting(scanned, clock.now())
    assert picky.seen.count(HEAVY) == 2, "and longer each time"
    with scanned.read() as session:
        assert unjudged_files(session) == (1, ["INSTREAM size limit exceeded. ERROR"])


def test_what_failed_least_is_asked_first_and_many_failures_end_the_turn(
    scanned: Ground, world: World, picky: Picky, clock: FixedClock
) -> None:
    kinds = list(DocumentKind)[:7]
    for kind in kinds:
        send(scanned, world, 0, HEAVY, kind)
    fine = send(scanned, world, 1, PDF)
    scan_waiting(scanned, clock.now())
    assert to_check(scanned, world) == []
    assert len(picky.seen) < len(kinds)
    scan_waiting(scanned, clock.now())
    assert to_check(scanned, world) == [fine]


def test_a_scanner_that_does_not_answer_is_no_failure_of_a_file(
    scanned: Ground, world: World, picky: Picky, clock: FixedClock
) -> None:
    picky.is_up = False
    sent = send(scanned, world, 0, PDF)
    scan_waiting(scanned, clock.now())
    with scanned.read() as session:
        assert unjudged_files(session) == (0, [])
    picky.is_up = True
    scan_waiting(scanned, clock.now())
    assert to_check(scanned, world) == [sent]


def test_an_unscanned_file_is_read_by_nobody_after_it_was_withdrawn(
    scanned: Ground, world: World, clock: FixedClock
) -> None:
    user = world.providers[0][1]
    sent = send(scanned, world, 0, PDF)
    with scanned.work() as work:
        withdraw_document(work, user, sent)
        with pytest.raises(ConflictError, match="not been scanned"):
            note_view(work, user, own_document(work.session, user, sent))
    scan_waiting(scanned, clock.now())
    with scanned.work() as work:
        card = own_document(work.session, user, sent)
        assert card.state is DocumentState.WITHDRAWN, "what is clean stays withdrawn"
        note_view(work, user, card)


def test_what_is_read_at_once_is_taken_only_when_the_scanner_has_found_it_clean(
    scanned: Ground, world: World, picky: Picky
) -> None:
    assert receive_clean_file(scanned, world.lead, "a.pdf", PDF).content == PDF
    picky.is_up = False
    with pytest.raises(InvalidInputError, match="could not look at this file") as refused:
        receive_clean_file(scanned, world.lead, "a.pdf", PDF)
    assert refused.value.field == "file"


def test_a_scanner_that_hangs_up_has_its_reason_kept(ground: Ground, world: World, clock: FixedClock) -> None:
    with fake_clamd() as clamd:
        clamd.says = b"INSTREAM size limit exceeded. ERROR"
        here = replace(ground, scanner=Clamd("127.0.0.1", clamd.port, waits_s=2))
        send(here, world, 0, PDF)
        scan_waiting(here, clock.now())
    with here.read() as session:
        row = session.scalars(select(DocumentFileRow)).one()
    assert (row.scans, row.scan_said, row.scanned_at) == (1, "INSTREAM size limit exceeded. ERROR", None)
