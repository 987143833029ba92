from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from channels.inbox.hearing import Disposition, Ending, Heard, Hearer
from channels.inbox.recognise import recognise
from channels.tables import WAITING, InboundRow
from kernel.backoff import backoff
from kernel.work import Ground, Work

log = logging.getLogger(__name__)

ATTEMPTS_BEFORE_PARKING = 6
_LEASE = timedelta(seconds=10)
"""How long a claimed text may take until its row is locked: from then on the lock keeps others away, however long it
is heard, and a crash gives it back after seconds."""


class UnheardError(Exception):
    """No room took the text: the wiring lacks the last hearer, which takes everything."""


@dataclass(frozen=True)
class Processor:
    """Hears what came in: one text at a time a person, in order of arrival, each in one transaction.

    What the text changes, the answers to it and the note of how it ended are committed together, so that a crash
    leaves it either wholly heard or waiting.
    """

    ground: Ground
    hearers: Sequence[Hearer]

    def drain(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Hear all that waits; return how many texts were taken up."""
        count = 0
        while not stop() and self._hear_next():
            count += 1
        return count

    def _hear_next(self) -> bool:
        claimed = self._claim()
        if claimed is None:
            return False
        row_id, attempt = claimed
        try:
            with self.ground.work() as work:
                row = work.session.scalars(_still_claimed(row_id, attempt)).first()
                if row is not None:
                    self._hear(work, row)
        except Exception:  # noqa: BLE001 - whatever a room raises is recorded, retried and parked in sight
            self._record_failure(row_id, attempt, traceback.format_exc(limit=-5))
        return True

    def _claim(self) -> tuple[str, int] | None:
        """Count the attempt before it is made: a text that kills its process each time is parked like any other."""
        with self.ground.work() as work:
            row = self._next(work)
            if row is None:
                return None
            row.attempts += 1
            row.due_at = work.now + _LEASE
            if row.attempts > ATTEMPTS_BEFORE_PARKING:
                row.state, row.error = "parked", row.error or "The process stopped each time while it was heard."
                log.error("inbound not heard", extra={"inbound_id": row.id, "attempts": row.attempts})
            return row.id, row.attempts

    @staticmethod
    def _next(work: Work) -> InboundRow | None:
        """Lock the first text of a sender who has nothing earlier waiting."""
        earlier = aliased(InboundRow)
        has_earlier = exists().where(
            earlier.channel == InboundRow.channel,
            earlier.sender_digest == InboundRow.sender_digest,
            earlier.state == "waiting",
            earlier.seq < InboundRow.seq,
        )
        head = (
            select(InboundRow)
            .where(WAITING, InboundRow.due_at <= work.now, ~has_earlier)
            .order_by(InboundRow.seq)
            .limit(1)
        )
        return work.session.scalars(head.with_for_update(skip_locked=True)).first()

    def _hear(self, work: Work, row: InboundRow) -> None:
        if row.automatic is not None:
            _end(work, row, Disposition(Ending.IGNORED, f"automatic: {row.automatic}"))
            return
        _one_at_a_time(work, f"{row.channel} {row.sender}")  # two first texts of a stranger must not make two persons
        heard = recognise(work, row)
        _one_at_a_time(work, heard.person.id)  # a person's texts from two channels are kept apart
        row.person_id = heard.person.id
        _end(work, row, self._first_to_take(work, heard))

    def _first_to_take(self, work: Work, heard: Heard) -> Disposition:
        for hear in self.hearers:
            disposition = hear(work, heard)
            if disposition is not None:
                return disposition
        raise UnheardError

    def _record_failure(self, row_id: str, attempt: int, error: str) -> None:
        log.error("inbound not heard", extra={"inbound_id": row_id, "attempts": attempt})
        with self.ground.work() as work:
            row = work.session.scalars(_still_claimed(row_id, attempt)).first()
            if row is None:
                return
            row.error = error
            row.due_at = work.now + backoff(row.attempts, base_s=2, cap_s=300)
            if row.attempts >= ATTEMPTS_BEFORE_PARKING:
                row.state = "parked"


def _still_claimed(row_id: str, attempt: int) -> Select[InboundRow]:
    """Return what locks a text that nobody else has taken up since."""
    found = select(InboundRow).where(InboundRow.id == row_id, WAITING, InboundRow.attempts == attempt)
    return found.with_for_update()


def _one_at_a_time(work: Work, whose: str) -> None:
    """Wait until nobody else hears a text of theirs; on SQLite there is one writer anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(whose, 0))))


def _end(work: Work, row: InboundRow, disposition: Disposition) -> None:
    row.state = disposition.ending
    row.detail = disposition.detail
    row.error = None
    if disposition.kept_as is not None:
        row.body, row.values = disposition.kept_as, {}
    row.ended_at = work.now
