"""Two at once at contracts and placements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import pytest
from sqlalchemy import select

from people.tables import GrantRow
from referrals.actions.contracts.record_contract import (
    RecordContract,
    WrittenContract,
    change_contract,
    record_contract,
)
from referrals.actions.placements import keep_calendar
from referrals.actions.placements.begin_package import BeginPackage, begin_package
from referrals.actions.placements.end_placement import EndPlacement, end_by_itself, end_placement
from referrals.actions.placements.keep_placements import remind_of_reviews, tell_if_outlasting
from referrals.actions.placements.review_placement import (
    HoldReview,
    call_off_review,
    hold_review,
    move_review,
    plan_review,
)
from referrals.actions.placements.sign_agreement import reopen_agreement, sign_agreement
from referrals.actions.placements.write_agreement import WriteAgreement, write_agreement
from referrals.actions.placements.write_parts import Supply, add_part, remove_part, write_part
from referrals.model.contracts import ContractKind
from referrals.model.placement_reviews import ReviewKind, ReviewOutcome
from referrals.model.placements import EndReason, PlacementCard
from referrals.tables import PlacementRow
from tests.referrals.at_once.pressing import Act, Button, Hall, Holds, both_leave, check
from tests.referrals.placements.world import (
    PART,
    SIGNED_ON,
    TERMS,
    begun,
    card,
    contract,
    package,
    signed,
    write,
)

NUMBERS = count(1)
LATER = date(2027, 3, 1)
OUTCOME = HoldReview("", "", LATER, ReviewOutcome.ON_TRACK, "Came every day.", None, None, is_confirmed=False)
Press = Callable[[PlacementCard], Act]


def _begun(press: Press) -> Callable[[Hall], Act]:
    return lambda hall: press(card(hall.world, begun(hall.world)))


def _written(press: Press) -> Callable[[Hall], Act]:
    def prepare(hall: Hall) -> Act:
        placement_id = begun(hall.world)
        write(hall.world, placement_id)
        return press(card(hall.world, placement_id))

    return prepare


def _signed(press: Press, at: datetime | None = None) -> Callable[[Hall], Act]:
    def prepare(hall: Hall) -> Act:
        placement_id = signed(hall.world)
        if at is not None:
            hall.clock.set(at)
        return press(card(hall.world, placement_id))

    return prepare


def _of_a_package(press: Press) -> Callable[[Hall], Act]:
    """Return a preparation that ends with a package that has a second part under a contract."""

    def prepare(hall: Hall) -> Act:
        placement_id, supply = package(hall.world), Supply(_contract(hall))
        edition = card(hall.world, placement_id).edition
        with hall.ground.work() as work:
            add_part(work, hall.world.commissioner, placement_id, edition, supply, PART)
        return press(card(hall.world, placement_id))

    return prepare


def _contract(hall: Hall) -> str:
    return contract(hall.world, reference=f"BLOCK-{next(NUMBERS)}")


def _adding(hall: Hall) -> Act:
    supply, found = Supply(_contract(hall)), card(hall.world, package(hall.world))
    return lambda work, actor: add_part(work, actor, found.id, found.edition, supply, PART)


def _recording(hall: Hall) -> Act:
    command = RecordContract(
        hall.world.register.council_id,
        ContractKind.BLOCK,
        hall.world.settings[0],
        None,
        date(2026, 9, 1),
        WrittenContract(f"BLOCK-{next(NUMBERS)}", None, 2),
    )
    return lambda work, actor: record_contract(work, actor, command)


def _changing(hall: Hall) -> Act:
    contract_id = _contract(hall)
    written = WrittenContract(f"BLOCK-{next(NUMBERS)}", None, 5)
    return lambda work, actor: change_contract(work, actor, contract_id, written)


def _packing(hall: Hall) -> Act:
    supply = Supply(_contract(hall))
    command = BeginPackage(hall.world.register.council_id, "Year 8", supply, "Tutoring in maths", is_confirmed=False)
    return lambda work, actor: begin_package(work, actor, command)


def _ending(found: PlacementCard) -> Act:
    command = EndPlacement(found.id, SIGNED_ON, EndReason.NOT_BEGUN, "", is_confirmed=False)
    return lambda work, actor: end_placement(work, actor, command)


def _first(found: PlacementCard) -> str:
    return next(review.id for review in found.reviews if review.is_open)


def _holding(found: PlacementCard) -> Act:
    command = replace(OUTCOME, placement_id=found.id, review_id=_first(found))
    return lambda work, actor: hold_review(work, actor, command)


def _outlasting(hall: Hall) -> Act:
    placement_id = signed(hall.world)
    with hall.ground.work() as work:
        work.session.get_one(PlacementRow, placement_id).ends_on = date(2035, 8, 31)
    return lambda work, _actor: tell_if_outlasting(work, placement_id)


def _writing(found: PlacementCard) -> Act:
    command = WriteAgreement(found.id, found.edition, TERMS, is_confirmed=False)
    return lambda work, actor: write_agreement(work, actor, command)


def _without_calendar(hall: Hall) -> Act:
    with hall.ground.work() as work:
        keep_calendar.close_calendar(work, hall.world.commissioner)
    return keep_calendar.open_calendar


def _with_calendar(hall: Hall) -> Act:
    with hall.ground.work() as work:
        keep_calendar.open_calendar(work, hall.world.commissioner)
    return keep_calendar.close_calendar


BEFORE_REVIEW = datetime(2027, 2, 20, 9, tzinfo=UTC)
AFTER_REVIEW = datetime(2027, 3, 2, 9, tzinfo=UTC)
AFTER_PHASE = datetime(2028, 9, 1, 9, tzinfo=UTC)
BUTTONS = (
    Button("record_contract", _recording),
    Button("change_contract", _changing, Holds.LATEST),
    Button("begin_package", _packing, Holds.EACH),
    Button("write_agreement", _begun(_writing)),
    Button(
        "write_part",
        _begun(lambda it: lambda work, actor: write_part(work, actor, it.id, it.edition, it.parts[0].id, PART)),
    ),
    Button("add_part", _adding),
    Button(
        "remove_part",
        _of_a_package(lambda it: lambda work, actor: remove_part(work, actor, it.id, it.edition, it.parts[1].id)),
    ),
    Button(
        "sign_agreement",
        _written(lambda it: lambda work, actor: sign_agreement(work, actor, it.id, it.edition, SIGNED_ON)),
    ),
    Button(
        "reopen_agreement", _signed(lambda it: lambda work, actor: reopen_agreement(work, actor, it.id, it.edition))
    ),
    Button(
        "plan_review",
        _signed(lambda it: lambda work, actor: plan_review(work, actor, it.id, ReviewKind.TERMLY, LATER)),
    ),
    Button(
        "move_review",
        _signed(lambda it: lambda work, actor: move_review(work, actor, it.id, _first(it), LATER)),
        Holds.SAME,
    ),
    Button("call_off_review", _signed(lambda it: lambda work, actor: call_off_review(work, actor, it.id, _first(it)))),
    Button("hold_review", _signed(_holding, AFTER_REVIEW)),
    Button("end_placement", _begun(_ending)),
    Button(
        "end_by_itself", _signed(lambda it: lambda work, _actor: end_by_itself(work, it.id), AFTER_PHASE), Holds.SAME
    ),
    Button(
        "remind_of_reviews",
        _signed(lambda it: lambda work, _actor: remind_of_reviews(work, it.id), AFTER_REVIEW),
        Holds.SAME,
    ),
    Button("tell_if_outlasting", _outlasting, Holds.SAME),
    Button("close_calendar", _with_calendar, Holds.SAME, lambda hall: hall.author_twice),
)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.action)
def test_two_at_once_at_contracts_and_placements(hall: Hall, button: Button) -> None:
    """R6, R8, R28"""
    check(hall, button)


def test_two_calendar_links_at_once_leave_one_that_holds(hall: Hall) -> None:
    """There is one a person, so that taking it back takes all back."""
    both_leave(hall, Button("open_calendar", _without_calendar, who=lambda hall: hall.author_twice))
    with hall.ground.read() as session:
        open_ = select(GrantRow.id).where(GrantRow.purpose == keep_calendar.PURPOSE, GrantRow.spent_at.is_(None))
        assert len(session.scalars(open_).all()) == 1
