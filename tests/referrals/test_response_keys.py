from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from kernel.clock import FixedClock
from kernel.keys import Keys
from referrals.actions.keep_response_keys import keep_response_keys
from referrals.actions.unseal_responses import unseal_responses
from referrals.model import Response
from referrals.queries.councils import opened_responses
from referrals.rules.sealing import PURPOSE, checksum, seal, unseal
from referrals.tables import LateResponseRow, ResponseRow
from tests.referrals.world import OFFER, World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def as_before(world: World) -> None:
    """Let the only response be sealed as it was when each had no key of its own: under the secret itself."""
    with world.ground.work() as work:
        row = work.session.scalars(select(ResponseRow)).one()
        row.key, row.sealed = None, seal(work.keys.derive(PURPOSE), OFFER, row.received_at)
        row.checksum = checksum(row.sealed)


def opened(world: World, referral_id: str, keys: Keys, clock: FixedClock) -> Response:
    clock.set(DEADLINE + timedelta(minutes=1))
    for actor in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, actor, referral_id)
    with world.ground.read() as session:
        (found,) = opened_responses(session, world.commissioner, referral_id, keys)
    return found.response


def test_each_response_has_a_key_of_its_own_that_no_secret_is_needed_for(world: World, clock: FixedClock) -> None:
    referral_id = world.issued()
    world.respond(referral_id, 0)
    world.respond(referral_id, 1)
    with world.ground.read() as session:
        first, second = session.scalars(select(ResponseRow)).all()
        assert first.key != second.key
        assert unseal(bytes.fromhex(first.key or ""), first.sealed) == OFFER
    with world.ground.work() as work:
        work.session.delete(work.session.get_one(ResponseRow, second.id))
    assert opened(world, referral_id, Keys("another secret altogether"), clock) == OFFER


def test_a_response_from_before_opens_under_the_secret_it_was_sealed_under(world: World, clock: FixedClock) -> None:
    referral_id = world.issued()
    world.respond(referral_id)
    as_before(world)
    later = Keys("a newer secret for tests", world.ground.keys.secrets)
    assert opened(world, referral_id, later, clock) == OFFER


def test_once_it_has_its_key_the_secret_can_go_and_its_checksum_stays(world: World, clock: FixedClock) -> None:
    referral_id = world.issued()
    world.respond(referral_id)
    as_before(world)
    with world.ground.read() as session:
        before = session.scalars(select(ResponseRow)).one()
    with world.ground.work() as work:
        assert (keep_response_keys(work), keep_response_keys(work)) == (1, 0)
    with world.ground.read() as session:
        after = session.scalars(select(ResponseRow)).one()
    assert (after.sealed, after.checksum) == (before.sealed, before.checksum)
    assert opened(world, referral_id, Keys("another secret altogether"), clock) == OFFER


def test_what_no_secret_opens_is_left_as_it_is(world: World, clock: FixedClock) -> None:
    referral_id = world.issued()
    clock.set(DEADLINE + timedelta(seconds=1))
    world.respond(referral_id)
    with world.ground.work() as work:
        late = work.session.scalars(select(LateResponseRow)).one()
        late.key, late.sealed = None, seal(b"x" * 32, OFFER, DEADLINE)
    with world.ground.work() as work:
        assert keep_response_keys(work) == 0
