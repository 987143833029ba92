"""R23, R30: a provider declines by a reply or a button, with a coded reason and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from channels.model import Status
from channels.tables import InboundRow, MessageRow
from kernel.clock import FixedClock
from referrals.model.answers import DeclineCode, Response, ResponseKind
from referrals.rules.opening import open_response
from referrals.rules.replies import NoSaid, read_no
from referrals.tables import LateResponseRow
from tests.referrals.answers.world import reference, responses, write
from tests.referrals.world import World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _declined(world: World) -> list[Response]:
    return [open_response(each, world.ground.keys) for each in responses(world)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("NO {0} 2", DeclineCode.PEER_MIX),
        ("no {0} 1", DeclineCode.NO_PLACE),
        ("No, {0}: too far", DeclineCode.DISTANCE),
        ("NO {0} 4\n> On Monday Placeborough wrote:", DeclineCode.STAFFING),
    ],
)
def test_a_reply_declines_with_a_coded_reason(world: World, said: str, code: DeclineCode) -> None:
    """R23"""
    referral_id = world.issued()
    kept = write(world, world.user(1), said.format(reference(world, referral_id)))
    assert _declined(world) == [Response(ResponseKind.DECLINE, code)]
    assert kept.told == ["referrals.receipt"]
    assert kept.state == "recorded"


def test_the_reference_may_be_written_without_its_first_letter(world: World) -> None:
    """R23"""
    referral_id = world.issued()
    write(world, world.user(1), f"no {reference(world, referral_id).removeprefix('R-').lower()} 3")
    assert _declined(world) == [Response(ResponseKind.DECLINE, DeclineCode.NEED_NOT_MET)]


def test_the_button_declines_with_the_reason_that_was_chosen(world: World) -> None:
    """R23"""
    referral_id = world.issued()
    kept = write(world, world.user(1), "", "referrals.decline", value=reference(world, referral_id), reason="no_place")
    assert _declined(world) == [Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE)]
    assert kept.values == {}


def test_what_was_said_is_kept_nowhere_in_the_clear(world: World) -> None:
    """R21: a decline by text is as sealed as one by the page, also for whoever looks after the messages."""
    referral_id = world.issued()
    kept = write(world, world.user(1), f"NO {reference(world, referral_id)} 2")
    assert kept.body == "An answer to a referral. It is sealed."
    pressed = write(
        world, world.user(1), "", "referrals.decline", value=reference(world, referral_id), reason="staffing"
    )
    assert (pressed.body, pressed.values) == ("An answer to a referral. It is sealed.", {})
    with world.ground.read() as session:
        rows = [str(vars(row)) for row in session.scalars(select(InboundRow))]
    assert not any("staffing" in row or " 2'" in row for row in rows)


@pytest.mark.parametrize("said", ["NO {0}", "NO {0} 6", "NO {0} 2 3", "NO {0} we are full and she is lovely"])
def test_without_one_clear_reason_nothing_is_recorded_and_we_say_how(world: World, said: str) -> None:
    """R23"""
    referral_id = world.issued()
    kept = write(world, world.user(1), said.format(reference(world, referral_id)))
    assert responses(world) == []
    assert kept.told == ["referrals.how_to_decline"]


def test_somebody_who_was_not_asked_learns_nothing(world: World) -> None:
    """R2: whoever guesses a reference is told the same as for one that does not exist."""
    referral_id = world.issued()
    guessed = write(world, world.user(3), f"NO {reference(world, referral_id)} 1")
    unknown = write(world, world.user(3), "NO R-222222 1")
    assert guessed.told == unknown.told == ["referrals.not_found"]
    assert responses(world) == []


def test_a_reply_counts_from_when_the_hub_had_it(world: World, clock: FixedClock) -> None:
    """R16, R17: one second late is late, also by text, and what it said stays sealed."""
    referral_id = world.issued()
    clock.set(DEADLINE + timedelta(seconds=1))
    kept = write(world, world.user(1), f"NO {reference(world, referral_id)} 1")
    assert kept.told == ["referrals.too_late"]
    assert responses(world) == []
    with world.ground.read() as session:
        assert len(session.scalars(select(LateResponseRow)).all()) == 1


def test_a_later_reply_takes_the_place_of_an_offer_until_the_deadline(world: World) -> None:
    """R23"""
    referral_id = world.issued()
    world.respond(referral_id, 1)
    kept = write(world, world.user(1), f"NO {reference(world, referral_id)} 1")
    assert kept.state == "recorded", kept
    assert [each.kind for each in _declined(world)] == [ResponseKind.OFFER, ResponseKind.DECLINE]


def test_a_text_that_only_begins_like_a_no_is_left_to_others(world: World) -> None:
    world.issued()
    kept = write(world, world.user(1), "Nobody answers the phone. When are you open?")
    assert responses(world) == []
    assert kept.body == "Nobody answers the phone. When are you open?"


def _sent(world: World, key: str) -> None:
    with world.ground.work() as work:
        for row in work.session.scalars(select(MessageRow).where(MessageRow.key == key)):
            row.status = Status.SENT


def test_a_bare_no_answers_the_request_that_was_sent_last(world: World) -> None:
    """R23: NO brings the list of reasons with the reference, and NO 2 after that declines."""
    world.issued()
    assert write(world, world.user(1), "NO").state != "recorded"  # nothing has been sent yet
    _sent(world, "referrals.alert")
    assert write(world, world.user(1), "No").told == ["referrals.how_to_decline"]
    _sent(world, "referrals.how_to_decline")
    write(world, world.user(1), "No 2")
    assert _declined(world) == [Response(ResponseKind.DECLINE, DeclineCode.PEER_MIX)]


def test_a_no_after_a_receipt_is_no_new_answer(world: World) -> None:
    world.issued()
    _sent(world, "referrals.alert")
    write(world, world.user(1), "NO 1")
    _sent(world, "referrals.receipt")
    assert "referrals.receipt" not in write(world, world.user(1), "NO 2").told
    assert len(responses(world)) == 1


@pytest.mark.parametrize("letters", ["BCDFGH", "2B3C4D", "234567"])
def test_any_reference_is_known_without_its_first_letter(letters: str) -> None:
    assert read_no(f"No {letters} 2") == NoSaid(f"R-{letters}", DeclineCode.PEER_MIX)
