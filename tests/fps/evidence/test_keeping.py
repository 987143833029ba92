from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import false, func, select

from fps.actions.evidence.judge_document import accept_document
from fps.evidence_retention import SWEEPERS
from fps.queries.evidence import content_of
from fps.tables import DocumentChunkRow, DocumentRow
from kernel.clock import FixedClock
from kernel.resealing import count_by_key, reseal, sealed_tables
from kernel.sealing import BrokenSealError, KeyRing, give_ring
from kernel.work import Ground
from people.retention import Cut
from tests.fps.evidence.papers import PDF, offer
from tests.fps.world import World

PLACE = "fps_document_chunks.content"


def test_a_replaced_document_goes_after_its_time_and_what_counts_stays(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        old = offer(work, user, provider_id, None)
        accept_document(work, world.lead, old)
    clock.move(timedelta(days=1))
    with ground.work() as work:
        new = offer(work, user, provider_id, None, content=b"%PDF-1.7 new")
        accept_document(work, world.lead, new)
    sweeper = SWEEPERS["fps.documents"]
    nobody = select(DocumentRow.recorded_by).where(false())
    early, due = (Cut(clock.now() + timedelta(hours=hours), nobody) for hours in (-1, 1))
    with ground.work() as work:
        assert work.session.scalars(sweeper.find(early)).all() == []
        ids = work.session.scalars(sweeper.find(due)).all()
        assert ids == [old]
        sweeper.remove(work.session, ids)
    with ground.read() as session:
        assert session.scalars(select(DocumentRow.id)).all() == [new]
        assert session.scalar(select(func.count()).select_from(DocumentChunkRow)) == 1


def test_rotation_of_keys_covers_files_and_leaves_every_byte(ground: Ground, world: World) -> None:
    provider_id, user = world.providers[0]
    content = PDF + bytes(range(256)) * 600
    with ground.work() as work:
        document_id = offer(work, user, provider_id, None, content=content)
    old = ground.database.ring
    secrets = ("the newest secret for tests", "a secret for tests")
    give_ring(ground.database.engine.dialect, KeyRing(secrets))
    newest = ground.database.ring.names[0]
    [place] = [each for each in sealed_tables() if each.name == "fps_document_chunks"]
    assert place.has_files
    assert sum(reseal(ground.database, place)) == 3
    assert set(count_by_key(ground.database)[PLACE]) == {newest}
    with ground.read() as session:
        assert b"".join(content_of(session, document_id)) == content
    assert newest not in old.names


def test_a_piece_opens_in_no_other_column(ground: Ground) -> None:
    ring = ground.database.ring
    sealed = ring.seal_bytes(PLACE, b"\x00\xff\xfe")
    assert ring.open_bytes(PLACE, sealed) == b"\x00\xff\xfe"
    with pytest.raises(BrokenSealError):
        ring.open_bytes("fps_document_files.name", sealed)
