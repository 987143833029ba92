from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Result, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from channels.actions.follow_up import follow_up, split_attempt
from channels.actions.record_receipt import record_receipt
from channels.crew import Done
from channels.delivery.pacing import pause
from channels.model import Outcome, OutcomeKind, Post, Receipt, Status
from channels.rules.status import IN_HAND as IN_A_HAND
from channels.rules.status import WAITING
from channels.tables import IN_HAND, MessageRow
from kernel.database import sqlite_time
from kernel.work import Ground, Work
from people.actions.mark_opt_out import close_contact_point

log = logging.getLogger(__name__)

_RESTS_S = (0.1, 0.5, 2.0, 5.0, 10.0)
"""How long to rest before an outcome is written again that the database did not take: it may be restarting."""
_PASSING = (OperationalError, NoConnectionError, TimeoutError)

_SENT_POSTGRESQL = text(
    """
    UPDATE messages AS m
    SET status = 'sent', vendor_id = o.vendor_id, sent_at = :at, lease_until = NULL, due_at = NULL
    FROM unnest(CAST(:ids AS text[]), CAST(:attempts AS smallint[]), CAST(:vendor_ids AS text[]))
        AS o(id, attempt, vendor_id)
    WHERE m.id = o.id AND m.attempts = o.attempt AND m.attempts_elsewhere < o.attempt
    AND m.status = 'handing_over' AND m.lease_until >= :at
    """
)
_SENT_SQLITE = text(
    """
    UPDATE messages
    SET status = 'sent', vendor_id = :vendor_id, sent_at = :at, lease_until = NULL, due_at = NULL
    WHERE id = :id AND attempts = :attempt AND attempts_elsewhere < :attempt
    AND status = 'handing_over' AND lease_until >= :at
    """
)


@dataclass(frozen=True)
class Recorder:
    """Writes the outcomes of a batch together. A receipt that came first is not undone: status moves forward only."""

    ground: Ground
    channel: str
    provider: str

    def record(self, done: Sequence[Done]) -> None:
        """Record what came of these posts, in one transaction.

        What the vendor has must not be forgotten over a deadlock or a restart of the database: it is written again
        for a while before the error is raised.
        """
        for rest_s in _RESTS_S:
            try:
                self._record(done)
            except _PASSING:
                log.warning("outcomes not recorded yet", extra={"channel": self.channel, "outcomes": len(done)})
                time.sleep(rest_s)
            else:
                return
        self._record(done)

    def _record(self, done: Sequence[Done]) -> None:
        sent = [(post, outcome) for post, outcome in done if outcome.kind is OutcomeKind.SENT]
        late: Sequence[Done] = ()
        with self.ground.work() as work:
            if sent:
                late = self._record_sent(work, sent)
                work.measure("outcome", OutcomeKind.SENT, len(sent))
                for post, _ in sent:
                    work.measure("send_latency", self.channel, _age_s(post, work.now))
            for post, outcome in done:
                if outcome.kind is not OutcomeKind.SENT:
                    self._record_other(work, post, outcome)
        for post, outcome in late:
            with self.ground.work() as work:
                record_receipt(work, Receipt(post.attempt_id, Status.SENT, outcome.vendor_id, "", work.now))

    def _record_sent(self, work: Work, sent: Sequence[Done]) -> Sequence[Done]:
        """Record what went out; return what lost its lease meanwhile, of which somebody may have settled a twin."""
        changed = self._mark_sent(work, sent)
        if changed == len(sent):
            return ()
        wanted = [split_attempt(post.attempt_id)[0] for post, _ in sent]
        open_still = MessageRow.status.in_([*IN_A_HAND, *WAITING])
        left = set(work.session.scalars(select(MessageRow.id).where(MessageRow.id.in_(wanted), open_still)))
        return [(post, outcome) for post, outcome in sent if post.message_id in left]

    def _mark_sent(self, work: Work, sent: Iterable[Done]) -> int:
        rows = [(*split_attempt(post.attempt_id), outcome.vendor_id) for post, outcome in sent]
        if self.ground.database.is_sqlite:
            at = sqlite_time(work.now)
            values = [{"id": row_id, "attempt": attempt, "vendor_id": sid, "at": at} for row_id, attempt, sid in rows]
            return _count(work.session.execute(_SENT_SQLITE, values))
        ids, attempts, vendor_ids = (list(column) for column in zip(*rows, strict=True))
        of_all = {"ids": ids, "attempts": attempts, "vendor_ids": vendor_ids, "at": work.now}
        return _count(work.session.execute(_SENT_POSTGRESQL, of_all))

    def _record_other(self, work: Work, post: Post, outcome: Outcome) -> None:
        message_id, attempt = split_attempt(post.attempt_id)
        found = select(MessageRow).where(MessageRow.id == message_id, MessageRow.attempts == attempt, IN_HAND)
        row = work.session.scalars(found.with_for_update()).first()
        if row is None:
            return
        work.measure("outcome", outcome.kind, 1)
        if outcome.pause_s:
            pause(work, self.provider, outcome.pause_s)
        if outcome.opted_out and row.contact_point_id:
            close_contact_point(work, row.contact_point_id)
        follow_up(work, row, outcome)


def _count(changed: Result[Any]) -> int:
    return cast("CursorResult[Any]", changed).rowcount


def _age_s(post: Post, now: datetime) -> float:
    return (now - post.due_at).total_seconds() if post.due_at else 0.0
