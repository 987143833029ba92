from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from fps.actions.evidence.judge_document import accept_document, refuse_document
from fps.actions.evidence.withdraw_document import withdraw_document
from fps.model import DocumentKind
from fps.model.evidence import DocumentState
from fps.queries import held_by
from fps.queries.evidence import (
    content_of,
    count_waiting_documents,
    document,
    documents_of,
    own_document,
    waiting_documents,
)
from fps.tables import DocumentChunkRow, DocumentRow
from fps.waiting import documents_to_check, own_documents
from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.work import Ground
from people.model import Role
from tests.fps.evidence.papers import NEXT_YEAR, offer, told
from tests.fps.world import LAPSES, World, member

INSURANCE = DocumentKind.INSURANCE


@pytest.fixture
def setting_id(ground: Ground, world: World) -> str:
    with ground.work() as work:
        return world.active_setting(work, 0)


def state(ground: Ground, document_id: str) -> tuple[str, bool]:
    with ground.read() as session:
        row = session.get_one(DocumentRow, document_id)
        return row.state, row.is_current


def test_an_accepted_document_counts_in_place_of_the_one_before_which_is_kept(
    ground: Ground, world: World, setting_id: str
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        offered = offer(work, user, provider_id, setting_id)
    with ground.read() as session:
        assert held_by(session, setting_id)[INSURANCE] == LAPSES, "offered is not accepted"
        assert [card.id for card in waiting_documents(session, world.lead)] == [offered]
        assert documents_to_check(session, world.lead, ground.clock.now()).count == 1
    with ground.work() as work:
        accept_document(work, world.lead, offered)
    with ground.read() as session:
        assert held_by(session, setting_id)[INSURANCE] == NEXT_YEAR
        held = [card for card in documents_of(session, provider_id, setting_id) if card.kind is INSURANCE]
        assert count_waiting_documents(session, world.lead) == 0
    assert [(card.is_current, card.replaced_at is not None) for card in held] == [(True, False), (False, True)]
    assert told(ground, "fps.document_accepted") == [user.id]


def test_a_refused_document_says_why_and_leaves_what_counted(ground: Ground, world: World, setting_id: str) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        offered = offer(work, user, provider_id, setting_id)
    with ground.work() as work, pytest.raises(InvalidInputError):
        refuse_document(work, world.lead, offered, "  ")
    with ground.work() as work:
        refuse_document(work, world.lead, offered, " The page with the cover is missing. ")
    with ground.read() as session:
        assert held_by(session, setting_id)[INSURANCE] == LAPSES
        card = own_document(session, user, offered)
    assert (card.state, card.refusal) == (DocumentState.REFUSED, "The page with the cover is missing.")
    assert told(ground, "fps.document_refused") == [user.id]
    with ground.work() as work, pytest.raises(ConflictError):
        accept_document(work, world.lead, offered)


def test_a_document_of_the_whole_provider_counts_for_each_of_its_settings(ground: Ground, world: World) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        settings = [world.active_setting(work, number) for number in (0, 3)]
        offered = offer(work, user, provider_id, None)
        accept_document(work, world.lead, offered)
    with ground.read() as session:
        assert [held_by(session, each)[INSURANCE] for each in settings] == [NEXT_YEAR, NEXT_YEAR]
        assert documents_of(session, provider_id, None)[0].setting_id is None


def test_only_the_lead_authority_decides_and_rivals_see_nothing(ground: Ground, world: World, setting_id: str) -> None:
    provider_id, user = world.providers[0]
    rival = world.providers[1][1]
    with ground.work() as work:
        offered = offer(work, user, provider_id, setting_id)
        commissioner = member(work, "Cam Commissioner", Role.COMMISSIONER, world.council_id)
        other_lead = member(work, "Lou Lead", Role.LEAD_AUTHORITY, world.other_council_id)
    for stranger in (user, rival, commissioner, other_lead):
        with ground.work() as work, pytest.raises(NotFoundError):
            accept_document(work, stranger, offered)
    for stranger in (rival, commissioner):
        with ground.read() as session, pytest.raises(NotFoundError):
            document(session, stranger, offered)
    with ground.work() as work, pytest.raises(NotFoundError):
        withdraw_document(work, rival, offered)
    with ground.work() as work, pytest.raises(ForbiddenError):
        offer(work, rival, provider_id, setting_id)
    with ground.work() as work, pytest.raises(NotFoundError):
        offer(work, rival, world.providers[1][0], setting_id)
    with ground.work() as work:
        accept_document(work, world.lead, offered)
    with ground.read() as session:
        assert document(session, commissioner, offered).id == offered, "councils read what was accepted"
        with pytest.raises(NotFoundError):
            document(session, rival, offered)


def test_the_same_press_twice_is_one_document_and_another_file_takes_its_place(
    ground: Ground, world: World, setting_id: str
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        first = offer(work, user, provider_id, setting_id)
    with ground.work() as work:
        assert offer(work, user, provider_id, setting_id) == first
    with ground.work() as work:
        second = offer(work, user, provider_id, setting_id, content=b"%PDF-1.7 another")
    assert state(ground, first) == (DocumentState.WITHDRAWN, False)
    with ground.work() as work:
        withdraw_document(work, user, second)
        withdraw_document(work, user, second)
    assert state(ground, second) == (DocumentState.WITHDRAWN, False)
    with ground.work() as work, pytest.raises(ConflictError):
        accept_document(work, world.lead, second)


def test_the_file_comes_back_as_it_went_in_and_the_database_sees_it_only_sealed(
    ground: Ground, world: World, setting_id: str
) -> None:
    provider_id, user = world.providers[0]
    content = b"%PDF-" + bytes(range(256)) * 1500
    with ground.work() as work:
        offered = offer(work, user, provider_id, setting_id, content=content)
    with ground.read() as session:
        assert b"".join(content_of(session, offered)) == content
        assert session.scalar(select(func.count()).select_from(DocumentChunkRow)) == 6
        raw = session.connection().exec_driver_sql("SELECT content FROM fps_document_chunks").scalars().all()
    assert all(piece.startswith("s1:") for piece in raw)


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (None, None, "valid_until"),
        (date(2027, 1, 2), date(2027, 1, 1), "valid_until"),
        (None, date(2026, 11, 22), "valid_until"),
        (None, date(2099, 1, 1), "valid_until"),
    ],
)
def test_days_that_cannot_be_are_refused(
    ground: Ground, world: World, setting_id: str, since: date | None, until: date | None, field: str
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work, pytest.raises(InvalidInputError) as refused:
        offer(work, user, provider_id, setting_id, since=since, until=until)
    assert refused.value.field == field


def test_a_document_that_begins_later_is_accepted_only_where_it_follows_on(
    ground: Ground, world: World, setting_id: str
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        gap = offer(work, user, provider_id, setting_id, since=LAPSES + timedelta(days=2))
    with ground.work() as work, pytest.raises(ConflictError, match="nothing would hold"):
        accept_document(work, world.lead, gap)
    with ground.work() as work:
        joined = offer(work, user, provider_id, setting_id, since=LAPSES + timedelta(days=1))
        accept_document(work, world.lead, joined)
    assert state(ground, joined) == (DocumentState.ACCEPTED, True)


def test_a_settings_next_document_may_follow_on_from_its_providers(
    ground: Ground, world: World, setting_id: str
) -> None:
    provider_id, user = world.providers[0]
    later = LAPSES + timedelta(days=60)
    with ground.work() as work:
        accept_document(work, world.lead, offer(work, user, provider_id, None, until=later))
        beyond = offer(work, user, provider_id, setting_id, since=later + timedelta(days=2))
    with ground.work() as work, pytest.raises(ConflictError, match="nothing would hold"):
        accept_document(work, world.lead, beyond)
    with ground.work() as work:
        joined = offer(work, user, provider_id, setting_id, since=later + timedelta(days=1))
        accept_document(work, world.lead, joined)
    assert state(ground, joined) == (DocumentState.ACCEPTED, True)


def test_a_document_that_ended_while_it_waited_is_not_accepted(
    ground: Ground, world: World, setting_id: str, clock: FixedClock
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        offered = offer(work, user, provider_id, setting_id, until=date(2026, 12, 1))
    clock.set(datetime(2026, 12, 2, tzinfo=UTC))
    with ground.work() as work, pytest.raises(InvalidInputError):
        accept_document(work, world.lead, offered)


def test_two_acceptances_at_once_leave_exactly_one_that_counts(ground: Ground, world: World, setting_id: str) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        ids = [offer(work, user, provider_id, setting_id, kind) for kind in (INSURANCE, DocumentKind.POLICIES)]
    with ground.work() as work:
        row = work.session.get_one(DocumentRow, ids[1])
        row.kind = INSURANCE  # two that were offered by two ways in
    together = threading.Barrier(2)
    failed: list[BaseException] = []

    def press(document_id: str) -> None:
        together.wait()
        try:
            with ground.work() as work:
                accept_document(work, world.lead, document_id)
        except ConflictError as error:
            failed.append(error)

    threads = [threading.Thread(target=press, args=(each,)) for each in (*ids,)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(state(ground, each) for each in ids) == [("accepted", False), ("accepted", True)]


def test_the_same_document_accepted_twice_at_once_is_accepted_once(
    ground: Ground, world: World, setting_id: str
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        offered = offer(work, user, provider_id, setting_id)
    together = threading.Barrier(2)
    failed: list[str] = []

    def press() -> None:
        together.wait()
        try:
            with ground.work() as work:
                accept_document(work, world.lead, offered)
        except ConflictError as error:
            failed.append(str(error))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1
    assert "accepted" in failed[0]
    assert told(ground, "fps.document_accepted") == [user.id]


def test_a_provider_sees_what_it_should_renew_until_a_new_one_is_offered(
    ground: Ground, world: World, setting_id: str, clock: FixedClock
) -> None:
    provider_id, user = world.providers[0]
    clock.set(datetime(2027, 3, 1, 12, tzinfo=UTC))

    def owed() -> int:
        with ground.read() as session:
            return own_documents(session, user, clock.now()).count

    before = owed()
    assert before == len(world.lots[0].required_documents)
    with ground.work() as work:
        offer(work, user, provider_id, setting_id)
    assert owed() == before - 1
