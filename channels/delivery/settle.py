from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from channels.actions.follow_up import follow_up
from channels.actions.write_history import write_history
from channels.adapter import Adapter
from channels.holding import holder_of, take_turn
from channels.model import Outcome, OutcomeKind, PastAttempt, Reason, Settled, Settlement, Status
from channels.rules.after import ATTEMPTS
from channels.tables import IN_HAND, MessageRow
from channels.wording import IfUnproven, Registry
from kernel.work import Ground, Work
from people.queries import contact_facts

log = logging.getLogger(__name__)

_BATCH = 100
ASK_FOR = timedelta(minutes=15)
"""How long a vendor that can be asked but does not answer clearly is asked again before the policy decides."""


@dataclass(frozen=True)
class Settler:
    """Finds out what became of attempts whose outcome a crash has lost, before anything is sent again."""

    ground: Ground
    registry: Registry
    adapter: Adapter
    lease: timedelta

    def settle(self) -> int:
        """Settle what lost its lease on this channel; return how many attempts were looked into."""
        total = 0
        while lost := self._take():
            found = self.adapter.settle(lost)
            with self.ground.work() as work:
                take_turn(work, self.adapter.channel, [attempt.address for attempt in lost])
                for attempt in lost:
                    self._apply(work, attempt, found.get(attempt.attempt_id))
            total += len(lost)
        return total

    def _take(self) -> list[PastAttempt]:
        """Mark what lost its lease as unknown, under a lease of its own, so that only one settler asks."""
        with self.ground.work() as work:
            lost = (
                select(MessageRow.seq, MessageRow.id, MessageRow.status)
                .where(IN_HAND, MessageRow.channel == self.adapter.channel, MessageRow.lease_until < work.now)
                .order_by(MessageRow.lease_until)
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            )
            found = work.session.execute(lost).all()
            rows = work.session.execute(
                update(MessageRow)
                .where(MessageRow.seq.in_([row.seq for row in found]))
                .values(status=Status.UNKNOWN, lease_until=work.now + self.lease)
                .returning(MessageRow.id, MessageRow.attempts, MessageRow.contact_point_id, MessageRow.handed_at)
                .execution_options(synchronize_session=False)
            ).all()
            write_history(work, [row.id for row in found if row.status != Status.UNKNOWN], "unknown")
            points = {row.contact_point_id for row in rows if row.contact_point_id}
            facts = contact_facts(work.session, [], sorted(points))
            addresses = {point.id: point.address for point in facts.points}
            return [
                PastAttempt(f"{row.id}-{row.attempts}", row.id, addresses.get(row.contact_point_id, ""), row.handed_at)
                for row in rows
            ]

    def _apply(self, work: Work, attempt: PastAttempt, settled: Settled | None) -> None:
        found = select(MessageRow).where(MessageRow.id == attempt.message_id, MessageRow.status == Status.UNKNOWN)
        row = work.session.scalars(found.with_for_update()).first()
        if row is None or f"{row.id}-{row.attempts}" != attempt.attempt_id:
            return
        if settled is None or settled.settlement is Settlement.UNPROVEN:
            self._follow_policy(work, row, can_be_asked=settled is not None)
        elif settled.settlement is Settlement.PROVEN_UNSENT:
            _send_again(work, row, "settled_unsent")
        elif not self._is_anothers(work, attempt, settled.vendor_id):
            row.status, row.vendor_id, row.sent_at = Status.SENT, settled.vendor_id, row.sent_at or work.now
            row.lease_until = None
            write_history(work, [row.id], "settled_sent")

    def _is_anothers(self, work: Work, attempt: PastAttempt, vendor_id: str | None) -> bool:
        """Tell whether the vendor's message was meanwhile recorded as another of ours: then it is asked again later."""
        if vendor_id is None:
            return False
        channel, own = self.adapter.channel, attempt.message_id
        return holder_of(work.session, channel, attempt.address, vendor_id, but=own) is not None

    def _follow_policy(self, work: Work, row: MessageRow, *, can_be_asked: bool) -> None:
        if can_be_asked and row.handed_at is not None and work.now - row.handed_at < ASK_FOR:
            return
        if self._is_worth_a_second(row) or row.reason == Reason.WITHDRAWN:
            _send_again(work, row, "unproven_again")
        else:
            row.status, row.reason, row.due_at, row.lease_until = Status.HELD, Reason.ASK_A_PERSON, None, None
            write_history(work, [row.id], "unproven_held", reason=Reason.ASK_A_PERSON)

    def _is_worth_a_second(self, row: MessageRow) -> bool:
        """Tell whether it had better come twice than not at all; of a message that no domain knows, a person says."""
        return row.key in self.registry and self.registry[row.key].policy.if_unproven is IfUnproven.SEND_AGAIN


def _send_again(work: Work, row: MessageRow, what: str) -> None:
    """Let it wait for another attempt, unless it was withdrawn meanwhile or has had all its attempts."""
    if row.reason == Reason.WITHDRAWN or row.attempts - row.attempts_elsewhere >= ATTEMPTS:
        follow_up(work, row, Outcome(OutcomeKind.RETRY, detail="its outcome was lost"))
        return
    row.status, row.reason, row.due_at, row.lease_until = Status.HELD, Reason.RETRY, work.now, None
    write_history(work, [row.id], what, reason=Reason.RETRY)
    work.ring(row.channel)
