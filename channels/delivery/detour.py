from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from channels.actions.write_history import write_history
from channels.model import Reason, Status
from channels.reach import Reaches, reaches
from channels.rules.choose import Wish, choose
from channels.tables import OPEN, MessageRow
from kernel.work import Ground, Work

_BATCH = 100
_LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Detour:
    """Sends elsewhere what waits for a channel that is not set up here.

    Somebody who prefers such a channel is written to on their next one. What can go nowhere else is held in sight,
    and goes out when the channel is set up.
    """

    ground: Ground
    channels_on: frozenset[str]

    def run(self) -> int:
        """Send everything elsewhere that is due on a channel which is off; return how many were looked at."""
        total = 0
        while looked_at := self._batch():
            total += looked_at
        return total

    def _batch(self) -> int:
        with self.ground.work() as work:
            stranded = (
                select(MessageRow)
                .where(OPEN, MessageRow.channel.not_in(sorted(self.channels_on)), MessageRow.due_at <= work.now)
                .order_by(MessageRow.seq)
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            )
            rows = list(work.session.scalars(stranded))
            known = reaches(work.session, rows)
            for row in rows:
                self._send_elsewhere(work, row, known)
            return len(rows)

    def _send_elsewhere(self, work: Work, row: MessageRow, known: Reaches) -> None:
        if row.expires_at is not None and row.expires_at <= work.now:
            row.status, row.reason, row.due_at = Status.EXPIRED, Reason.TOO_LATE, None
            write_history(work, [row.id], "expired", reason=Reason.TOO_LATE)
            return
        reach = known.of(row)
        off = {point.id for point in reach.points if point.channel not in self.channels_on}
        tried = off.union(row.tried or ())
        wish = Wish(
            solicited=row.is_solicited,
            channel=row.channel if row.pin == "channel" else None,
            contact_point_id=row.contact_point_id if row.pin == "point" else None,
            tried=frozenset(tried),
        )
        chosen = choose(wish, reach)
        if isinstance(chosen, Reason):
            _hold(work, row)
            return
        row.tried, row.contact_point_id, row.channel = sorted(tried), chosen.id, chosen.channel
        row.status, row.reason, row.due_at = Status.QUEUED, Reason.FALLBACK, work.now
        work.ring(chosen.channel)
        write_history(work, [row.id], "moved", reason=Reason.CHANNEL_OFF)


def _hold(work: Work, row: MessageRow) -> None:
    if row.reason != Reason.CHANNEL_OFF:
        write_history(work, [row.id], "held", reason=Reason.CHANNEL_OFF)
    row.status, row.reason, row.due_at = Status.HELD, Reason.CHANNEL_OFF, work.now + _LOOK_AGAIN
