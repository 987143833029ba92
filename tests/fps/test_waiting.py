from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.model import DocumentKind
from fps.waiting import documents, documents_running_out
from kernel.work import Ground
from people.model import Actor
from people.waiting import Waiting
from tests.fps.world import LAPSES, build_world


def test_documents_wait_for_the_lead_authority_from_two_months_before_they_run_out(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
    kinds = len(world.lots[0].required_documents)

    def read(actor: Actor, days: int) -> Waiting:
        with ground.read() as session:
            return documents(session, actor, datetime.combine(LAPSES + timedelta(days=days), time(12), UTC))

    assert read(world.lead, -61) == Waiting()
    assert (read(world.lead, -60).due.count, read(world.lead, 0).due.count) == (kinds, kinds)
    assert (read(world.lead, 1).late.count, read(world.lead, 1).late.first) == (kinds, LAPSES)
    assert read(world.providers[0][1], 1) == Waiting()
    with ground.work() as work:
        renewed = RecordDocument(setting_id, DocumentKind.INSURANCE, LAPSES + timedelta(days=365))
        record_document(work, world.lead, renewed)
    assert read(world.lead, 1).late.count == kinds - 1, "the newest of a kind counts"
    with ground.read() as session:
        moment = datetime.combine(LAPSES + timedelta(days=1), time(12), UTC)
        found, total = documents_running_out(session, world.lead, moment, limit=1)
    assert (len(found), total) == (1, kinds - 1)
    assert found[0].valid_until == LAPSES
