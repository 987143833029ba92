from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from channels.model import Arrival
from channels.tables import InboundRow
from kernel.ids import new_id
from kernel.work import Ground

BELL = "inbox"
_LARGEST_GROUP = 200


@dataclass
class _Waiting:
    arrival: Arrival
    stored: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None


class Inbox:
    """Stores what comes in, durably and once, before its sender is answered.

    Webhooks that arrive together share one transaction: one writer thread takes all that wait and commits them as
    one statement. That is what makes an inbound text cheap on PostgreSQL and keeps SQLite to a single writer.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None
        insert = sqlite.insert if ground.database.is_sqlite else postgresql.insert
        self._insert = insert(InboundRow).on_conflict_do_nothing(index_elements=["channel", "vendor_id"])

    def accept(self, arrival: Arrival) -> None:
        """Store an arrival and return once it is committed; one seen before changes nothing.

        Raises whatever kept the database from storing it: the webhook then answers with an error, so that its
        sender tries again.
        """
        if self._writer is None:
            self._start()
        waiting = _Waiting(arrival)
        self._waiting.put(waiting)
        waiting.stored.wait()
        if waiting.error is not None:
            raise waiting.error

    def close(self) -> None:
        """Store what still waits and stop."""
        with self._starting:
            if self._writer is not None:
                self._waiting.put(None)
                self._writer.join()
                self._writer = None

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="inbox-writer", daemon=True)
                self._writer.start()

    def _write(self) -> None:
        while (first := self._waiting.get()) is not None:
            group = [first]
            stop = self._take_more(group)
            self._store(group)
            if stop:
                return

    def _take_more(self, group: list[_Waiting]) -> bool:
        while len(group) < _LARGEST_GROUP:
            try:
                found = self._waiting.get_nowait()
            except queue.Empty:
                return False
            if found is None:
                return True
            group.append(found)
        return False

    def _store(self, group: Sequence[_Waiting]) -> None:
        try:
            with self._ground.work() as work:
                work.session.execute(self._insert, [self._row(waiting.arrival, work.now) for waiting in group])
                work.ring(BELL)
        except Exception as error:  # noqa: BLE001 - each waiting webhook raises it in its own thread
            for waiting in group:
                waiting.error = error
        for waiting in group:
            waiting.stored.set()

    @staticmethod
    def _row(arrival: Arrival, now: datetime) -> dict[str, Any]:
        return {
            "id": new_id(),
            "channel": arrival.channel,
            "vendor_id": arrival.vendor_id,
            "sender": arrival.sender,
            "recipient": arrival.recipient,
            "body": arrival.body,
            "action": arrival.action,
            "values": dict(arrival.values),
            "thread": arrival.thread,
            "automatic": arrival.automatic,
            "received_at": now,
            "state": "waiting",
            "due_at": now,
            "attempts": 0,
        }
