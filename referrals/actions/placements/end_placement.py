from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from referrals.actions.placements.find_placement import find_running, lock_placement
from referrals.actions.placements.sign_agreement import call_off_reviews
from referrals.actions.placements.take_block_place import give_back_place
from referrals.events import PlacementEnded
from referrals.messages.placements import ENDED
from referrals.model.placements import EndReason
from referrals.queries.placement_people import hearers_of
from referrals.rules.placements import check_words
from referrals.tables.placements import PlacementPartRow, PlacementRow


@dataclass(frozen=True)
class EndPlacement:
    """End a placement with a last day and a reason; the words are the council's own."""

    placement_id: str
    ended_on: date
    reason: EndReason
    words: str
    is_confirmed: bool


def end_placement(work: Work, actor: Actor, command: EndPlacement) -> None:
    """End a placement: its places under contracts are free again, and its reviews are called off.

    Raises NotFoundError for another council's, ConflictError where it has ended, InvalidInputError.
    """
    row = find_running(work, actor, command.placement_id)
    _check(row, command, london_date(work.now))
    row.end_words, row.ended_by = command.words.strip() or None, actor.id
    _end(work, row, command.ended_on, command.reason, actor.id)


def end_by_itself(work: Work, placement_id: str) -> bool:
    """End a placement whose last day is over: with the learner's phase, or on the agreed day (R28).

    Tells whether it ended now; doing it twice ends nothing twice.
    """
    row = lock_placement(work, placement_id)
    if row.ended_on is not None or row.ends_on is None or row.ends_on >= london_date(work.now):
        return False
    if row.signed_on is None:
        return False
    reason = EndReason.PHASE if row.ends_on == row.phase_ends_on else EndReason.LAST_DAY
    _end(work, row, row.ends_on, reason, audit.SYSTEM)
    return True


def _check(row: PlacementRow, command: EndPlacement, today: date) -> None:
    if command.reason.is_by_itself:
        raise InvalidInputError("reason", "Choose why the placement ends.")
    if command.ended_on > today:
        raise InvalidInputError(
            "ended_on", "The last day must not be in the future. To end it later, change the last day of the agreement."
        )
    if command.reason is not EndReason.NOT_BEGUN and row.starts_on and command.ended_on < row.starts_on:
        raise InvalidInputError("ended_on", "The last day must not be before the first.")
    check_words("words", command.words, is_confirmed=command.is_confirmed)


def _end(work: Work, row: PlacementRow, ended_on: date, reason: EndReason, by: str) -> None:
    row.ended_at, row.ended_on, row.end_reason = work.now, ended_on, reason
    row.edition += 1
    parts = work.session.scalars(
        select(PlacementPartRow)
        .where(PlacementPartRow.placement_id == row.id, PlacementPartRow.ended_on.is_(None))
        .order_by(PlacementPartRow.contract_id)
    ).all()
    for part in parts:
        part.ended_on = ended_on
        if part.contract_id is not None:
            give_back_place(work, part.contract_id)
    call_off_reviews(work, row.id)
    work.session.flush()
    audit.record(
        work,
        actor=by,
        action="placements.end",
        subject=("placement", row.id),
        details={"ended_on": ended_on.isoformat(), "reason": reason},
    )
    publish(work, PlacementEnded(row.id, row.council_id, ended_on.isoformat(), reason))
    _tell(work, row, ended_on)


def _tell(work: Work, row: PlacementRow, ended_on: date) -> None:
    queue_messages(
        work,
        [
            NewMessage(
                type=ENDED,
                values={"reference": row.reference, "day": ended_on.isoformat(), "link": link},
                person_id=person_id,
                dedupe_key=f"referrals.placement_ended:{row.id}:{person_id}",
                about=Subject("placement", row.id),
            )
            for person_id, link in hearers_of(work.session, row.id)
        ],
    )
