from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from fps.actions.evidence.judge_document import accept_document
from fps.actions.evidence.note_view import note_view
from fps.actions.evidence.offer_document import OfferDocument, offer_document
from fps.actions.evidence.receive_file import receive_file
from fps.actions.evidence.scan_waiting import scan_waiting
from fps.model import DocumentKind
from fps.model.evidence import DocumentState
from fps.queries.evidence import own_document, waiting_documents
from fps.tables import DocumentChunkRow
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.scanning import Clamd
from kernel.work import Ground
from people.model import Actor
from tests.fps.evidence.papers import EICAR, JPEG, NEXT_YEAR, PDF, PNG, docx, told
from tests.fps.world import World
from tests.opened import opened
from tests.services.clamd import FakeClamd, fake_clamd


@pytest.fixture
def clamd() -> Iterator[FakeClamd]:
    with fake_clamd() as server:
        yield server


@pytest.fixture
def scanned(ground: Ground, clamd: FakeClamd) -> Ground:
    return replace(ground, scanner=Clamd("127.0.0.1", clamd.port, waits_s=2))


def unreachable(ground: Ground) -> Ground:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return replace(ground, scanner=Clamd("127.0.0.1", port, waits_s=0.2))


def upload(ground: Ground, user: Actor, provider_id: str, content: bytes = PDF) -> str:
    received = receive_file(ground, user, "insurance.pdf", content)
    with ground.work() as work:
        return offer_document(
            work,
            user,
            OfferDocument(
                provider_id, None, DocumentKind.INSURANCE, received.file, None, NEXT_YEAR, received.is_scanned
            ),
        )


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", PDF), ("a.docx", docx()), ("a.png", PNG), ("a.jpeg", JPEG), ("../../etc/a.pdf", PDF)],
)
def test_pdf_word_and_images_are_taken(ground: Ground, world: World, name: str, content: bytes) -> None:
    received = receive_file(ground, world.lead, name, content)
    assert "/" not in received.file.name
    assert received.is_scanned, "where no scanner is set up, nothing waits for one"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"<html><script>alert(1)</script></html>", "kind of file"),
        ("a.exe", b"MZ\x90\0\3", "kind of file"),
        ("a.pdf", PNG, "not what its name says"),
        ("a.pdf.exe", PDF, "not what its name says"),
        ("a.csv", b"a,b\n1,2\n", "kind of file"),
        ("a.docx", docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        ("a.docx", docx(**{"../../evil.xml": b"x"}), "macros or links"),
        ("a.docx", docx(**{"word/media.bin": b"\0" * 61_000_000}), "unpacks to more"),
        ("a.docx", b"PK\x03\x04 broken", "cannot be read"),
    ],
    ids=["empty", "page", "program", "wrong type", "two endings", "csv", "macros", "leads out", "bomb", "broken"],
)
def test_what_is_no_document_is_refused_with_a_sentence(
    ground: Ground, world: World, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said) as refused:
        receive_file(ground, world.lead, name, content)
    assert refused.value.field == "file"


def test_a_file_above_the_limit_is_refused_and_one_at_it_is_taken(ground: Ground, world: World) -> None:
    small = replace(ground, most_upload_bytes=1_000_000)
    at_limit = PDF + b" " * (1_000_000 - len(PDF))
    assert receive_file(small, world.lead, "a.pdf", at_limit).file.content == at_limit
    with pytest.raises(InvalidInputError, match="larger than 1 MB"):
        receive_file(small, world.lead, "a.pdf", at_limit + b" ")


def test_a_virus_is_refused_at_once_with_a_sentence_and_a_line_in_the_log(
    scanned: Ground, world: World, clamd: FakeClamd
) -> None:
    _provider_id, user = world.providers[0]
    with pytest.raises(InvalidInputError, match="Eicar-Test-Signature"):
        receive_file(scanned, user, "insurance.pdf", PDF + EICAR)
    assert len(clamd.seen) == 1
    with scanned.read() as session:
        assert session.scalar(select(func.count()).select_from(DocumentChunkRow)) == 0
        lines = [line for line in opened(session, "audit", "action", "actor") if line.action == "fps.refuse_file"]
    assert [line.actor for line in lines] == [user.id]


def test_while_the_scanner_is_down_a_file_waits_and_nobody_can_read_or_accept_it(
    ground: Ground, world: World, scanned: Ground
) -> None:
    provider_id, user = world.providers[0]
    down = unreachable(ground)
    document_id = upload(down, user, provider_id)
    scan_waiting(down, down.clock.now())
    with ground.read() as session:
        card = own_document(session, user, document_id)
        assert waiting_documents(session, world.lead) == []
    assert card.state is DocumentState.UNSCANNED
    with ground.work() as work, pytest.raises(ConflictError, match="not been scanned"):
        accept_document(work, world.lead, document_id)
    with ground.work() as work, pytest.raises(ConflictError, match="not been scanned"):
        note_view(work, user, card)
    scan_waiting(scanned, ground.clock.now())
    with ground.read() as session:
        assert [each.id for each in waiting_documents(session, world.lead)] == [document_id]


def test_a_virus_that_is_found_later_goes_with_its_file_and_the_provider_is_told(
    ground: Ground, world: World, scanned: Ground
) -> None:
    provider_id, user = world.providers[0]
    document_id = upload(unreachable(ground), user, provider_id, PDF + EICAR)
    scan_waiting(scanned, ground.clock.now())
    scan_waiting(scanned, ground.clock.now())
    with ground.read() as session:
        card = own_document(session, user, document_id)
        assert session.scalar(select(func.count()).select_from(DocumentChunkRow)) == 0
    assert card.state is DocumentState.REFUSED
    assert "virus" in str(card.refusal)
    assert told(ground, "fps.file_refused") == [user.id]
    with ground.work() as work, pytest.raises(NotFoundError):
        note_view(work, user, card)
