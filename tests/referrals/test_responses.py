from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from channels.model import Status as MessageStatus
from channels.tables import MessageRow
from kernel.audit import verify
from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, TooLateError
from kernel.tables import AuditRow, EventRow
from people.model import Role
from referrals.actions.close_referral import close_referral
from referrals.actions.record_response import RecordResponse, record_response
from referrals.actions.unseal_responses import unseal_responses
from referrals.model import Costs, DeclineCode, Phase, Response, ResponseKind
from referrals.queries.councils import opened_responses, referral
from referrals.queries.providers import invitation, invitations_of
from referrals.rules.sealing import checksum
from referrals.tables import LateResponseRow, ResponseRow
from tests.fps import world as register
from tests.referrals.world import OFFER, World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)
DECLINE = Response(ResponseKind.DECLINE, DeclineCode.PEER_MIX, "Too many of one age.")


def unseal(world: World, referral_id: str) -> None:
    for actor in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, actor, referral_id)


def test_a_response_in_time_is_kept_with_a_receipt_that_proves_it(world: World, clock: FixedClock) -> None:
    """R16, R23"""
    referral_id = world.issued()
    clock.set(DEADLINE)
    receipt = world.respond(referral_id)
    assert (receipt.received_at, receipt.is_late, receipt.setting_name) == (DEADLINE, False, "School 0")
    with world.ground.read() as session:
        (kept,) = session.scalars(select(ResponseRow)).all()
        assert checksum(kept.sealed) == kept.checksum == receipt.checksum
        message = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.receipt")).one()
        assert message.values == {
            "reference": receipt.reference,
            "setting": "School 0",
            "received": "1 December 2026, 12:00:00",
            "checksum": receipt.checksum,
        }
        assert message.person_id == world.user(0).id
        page = referral(session, world.commissioner, referral_id, clock.now())
        assert (page.counts.answered, page.late) == (1, 0)


def test_one_second_late_is_refused_as_late_and_kept_sealed_and_apart(world: World, clock: FixedClock) -> None:
    """R16, R17"""
    referral_id = world.issued()
    clock.set(DEADLINE + timedelta(seconds=1))
    receipt = world.respond(referral_id)
    assert receipt.is_late
    with world.ground.read() as session:
        assert session.scalars(select(ResponseRow)).all() == []
        (late,) = session.scalars(select(LateResponseRow)).all()
        assert late.received_at == clock.now()
        assert "48000" not in late.sealed
        attempts = select(AuditRow).where(AuditRow.action == "referrals.respond_late")
        assert receipt.checksum in session.scalars(attempts).one().details
        receipts = select(MessageRow).where(MessageRow.key == "referrals.receipt")
        assert session.scalars(receipts).all() == []
        page = referral(session, world.commissioner, referral_id, clock.now())
        assert (page.counts.answered, page.late) == (0, 1)
    unseal(world, referral_id)
    with world.ground.read() as session:
        assert opened_responses(session, world.commissioner, referral_id, world.ground.keys) == []


def test_until_the_deadline_a_provider_changes_its_answer_and_the_last_one_counts(
    world: World, clock: FixedClock
) -> None:
    referral_id = world.issued()
    world.respond(referral_id, 0, DECLINE)
    clock.move(timedelta(hours=1))
    last = world.respond(referral_id, 0, OFFER)
    with world.ground.read() as session:
        assert [row.number for row in session.scalars(select(ResponseRow).order_by(ResponseRow.number))] == [1, 2]
        assert referral(session, world.commissioner, referral_id, clock.now()).counts.answered == 1
        (asked,) = invitation(session, world.user(0), referral_id, clock.now()).settings
        assert asked.receipts[-1] == last
    clock.set(DEADLINE + timedelta(minutes=1))
    unseal(world, referral_id)
    with world.ground.read() as session:
        (opened,) = opened_responses(session, world.colleague, referral_id, world.ground.keys)
    assert (opened.setting_name, opened.number, opened.response, opened.checksum) == (
        "School 0",
        2,
        OFFER,
        last.checksum,
    )


def test_before_the_unsealing_nothing_but_counts_is_to_be_had(world: World, clock: FixedClock) -> None:
    """R21: not on the page, not in any table, event, message or audit line."""
    secret = Response(
        ResponseKind.OFFER_WITH_CONDITIONS,
        starts_on=date(2027, 1, 11),
        costs=Costs(care=48_123),
        conditions="a very rare condition",
    )
    referral_id = world.issued()
    world.respond(referral_id, 0, secret)
    with world.ground.read() as session:
        page = str(asdict(referral(session, world.commissioner, referral_id, clock.now())))
        rows = [
            str(vars(row))
            for table in (ResponseRow, EventRow, MessageRow, AuditRow)
            for row in session.scalars(select(table))
        ]
        with pytest.raises(ForbiddenError):
            opened_responses(session, world.commissioner, referral_id, world.ground.keys)
    assert len(rows) > 10
    for word in ("rare condition", "48123", "offer_with_conditions"):
        assert word not in page
        assert not any(word in row for row in rows)


def test_the_answers_open_to_two_people_of_the_council_after_the_deadline(world: World, clock: FixedClock) -> None:
    """R22"""
    referral_id = world.issued()
    world.respond(referral_id, 1, DECLINE)
    clock.set(DEADLINE)
    with pytest.raises(ForbiddenError):
        unseal(world, referral_id)
    clock.move(timedelta(seconds=1))
    with world.ground.work() as work:
        assert not unseal_responses(work, world.commissioner, referral_id)
    with pytest.raises(ConflictError), world.ground.work() as work:
        unseal_responses(work, world.commissioner, referral_id)
    with world.ground.read() as session, pytest.raises(ForbiddenError):
        opened_responses(session, world.commissioner, referral_id, world.ground.keys)
    with world.ground.work() as work:
        assert unseal_responses(work, world.colleague, referral_id)
    with world.ground.read() as session:
        (opened,) = opened_responses(session, world.commissioner, referral_id, world.ground.keys)
        page = referral(session, world.commissioner, referral_id, clock.now())
        assert session.scalars(select(AuditRow).where(AuditRow.action == "referrals.unseal")).all()
        assert verify(session).broken_at is None
    assert opened.response == DECLINE
    assert [half.name for half in page.halves] == ["Una Umber", "Tom Teal"]
    assert page.phase is Phase.UNSEALED


def test_somebody_with_two_roles_in_the_council_is_still_one_person(world: World, clock: FixedClock) -> None:
    """R22"""
    referral_id = world.issued()
    clock.set(DEADLINE + timedelta(hours=1))
    with world.ground.work() as work:
        newcomer = register.member(work, "Ada Azure", Role.QA_OFFICER, world.register.council_id)
    with pytest.raises(NotFoundError), world.ground.work() as work:
        unseal_responses(work, newcomer, referral_id)


def test_nothing_is_in_time_once_somebody_has_begun_to_unseal(world: World, clock: FixedClock) -> None:
    """R21: an answer that a busy server took in before the deadline and wrote after the unsealing is late."""
    referral_id = world.issued()
    clock.set(DEADLINE + timedelta(seconds=1))
    with world.ground.work() as work:
        unseal_responses(work, world.commissioner, referral_id)
        (asked,) = invitation(work.session, world.user(0), referral_id, clock.now()).settings
    with world.ground.work() as work:
        receipt = record_response(work, world.user(0), RecordResponse(asked.recipient_id, OFFER, DEADLINE))
    assert receipt.is_late


def test_another_council_and_a_provider_reach_neither_answers_nor_unsealing(world: World, clock: FixedClock) -> None:
    """A3, R21"""
    referral_id = world.issued()
    world.respond(referral_id)
    clock.set(DEADLINE + timedelta(hours=1))
    for outsider in (world.stranger, world.user(0), world.user(1), world.register.lead):
        with pytest.raises(NotFoundError), world.ground.work() as work:
            unseal_responses(work, outsider, referral_id)
        with pytest.raises(NotFoundError), world.ground.work() as work:
            close_referral(work, outsider, referral_id, "Because.")
    unseal(world, referral_id)
    with world.ground.read() as session:
        for outsider in (world.stranger, world.user(0), world.user(1), world.register.lead):
            with pytest.raises(NotFoundError):
                opened_responses(session, outsider, referral_id, world.ground.keys)


def test_a_provider_sees_only_what_it_was_asked_and_never_a_rival(world: World, clock: FixedClock) -> None:
    referral_id = world.issued()
    world.respond(referral_id, 0)
    with world.ground.read() as session:
        own = invitation(session, world.user(1), referral_id, clock.now())
        assert [setting.name for setting in own.settings] == ["School 1"]
        assert "School 0" not in str(asdict(own))
        assert [one.referral_id for one in invitations_of(session, world.user(1), clock.now())] == [referral_id]
        for outsider in (world.user(3), world.user(4), world.commissioner, world.register.lead):
            assert invitations_of(session, outsider, clock.now()) == []
            with pytest.raises(NotFoundError):
                invitation(session, outsider, referral_id, clock.now())
        theirs = invitation(session, world.user(0), referral_id, clock.now()).settings[0].recipient_id
    for outsider in (world.user(1), world.user(3), world.commissioner):
        with pytest.raises(NotFoundError), world.ground.work() as work:
            record_response(work, outsider, RecordResponse(theirs, OFFER, clock.now()))


def test_a_provider_can_open_nothing_before_the_release_and_nothing_after_the_days_of_grace(
    world: World, clock: FixedClock
) -> None:
    """R9, R32"""
    release = clock.now() + timedelta(hours=3)
    referral_id = world.issued(release_at=release)
    with world.ground.read() as session:
        assert invitations_of(session, world.user(0), clock.now()) == []
        with pytest.raises(NotFoundError):
            invitation(session, world.user(0), referral_id, clock.now())
        (asked,) = invitation(session, world.user(0), referral_id, release).settings
    with pytest.raises(NotFoundError), world.ground.work() as work:
        record_response(work, world.user(0), RecordResponse(asked.recipient_id, OFFER, clock.now()))
    over = DEADLINE + timedelta(days=14, seconds=1)
    with world.ground.read() as session:
        assert not invitation(session, world.user(0), referral_id, DEADLINE + timedelta(days=14)).is_open
        with pytest.raises(TooLateError):
            invitation(session, world.user(0), referral_id, over)
        assert invitations_of(session, world.user(0), over) == []


def test_a_response_that_lacks_something_is_refused_and_leaves_no_trace(world: World) -> None:
    """R23"""
    referral_id = world.issued()
    with pytest.raises(InvalidInputError):
        world.respond(referral_id, 0, Response(ResponseKind.DECLINE))
    with world.ground.read() as session:
        assert session.scalars(select(ResponseRow)).all() == []


def test_a_referral_is_closed_with_a_reason_after_its_deadline(world: World, clock: FixedClock) -> None:
    """R29"""
    referral_id = world.issued()
    with pytest.raises(ConflictError), world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, "Too early.")
    clock.set(DEADLINE + timedelta(hours=1))
    with pytest.raises(InvalidInputError), world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, " ")
    with world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, "The family moved away.")
    with world.ground.read() as session:
        page = referral(session, world.commissioner, referral_id, clock.now())
    assert (page.phase, page.closed_reason) == (Phase.CLOSED, "The family moved away.")


def test_a_receipt_goes_to_whoever_answered_by_their_own_channel(world: World) -> None:
    world_id = world.issued()
    world.respond(world_id, 1)
    with world.ground.read() as session:
        message = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.receipt")).one()
        assert (message.channel, message.status) == ("sms", MessageStatus.QUEUED)
