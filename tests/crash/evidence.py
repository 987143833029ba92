"""What a trial leaves behind, as plain values: what was promised, what the database says, what the vendor saw."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import audit
from kernel.database import Database
from kernel.parked import count_parked
from tests.opened import opened
from tests.services.vendor import Taken, VendorStub


@dataclass(frozen=True)
class Written:
    """A message in the outbox. Messages of one `likeness` have the same text to the same number.

    `answers` is the id of the inbound text that it answers, None for any other message.
    """

    id: str
    likeness: str
    status: str
    reason: str | None
    answers: str | None


@dataclass(frozen=True)
class Stored:
    """An inbound text as the inbox holds it, in the order of `seq`."""

    id: str
    vendor_id: str
    sender: str
    state: str


@dataclass(frozen=True)
class Promised:
    """What the product took upon itself: ids of messages that it queued; texts that it answered with 200.

    `texts` holds the vendor's ids of each sender's texts in the order in which they were accepted.
    """

    messages: Sequence[str]
    texts: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Evidence:
    """Everything that the judge looks at.

    `seen_sent` says when (epoch seconds) a message was first seen recorded as sent; `unheard_events` counts facts that
    not every reaction has heard, `parked` the events and jobs that failed for good. `audit_fault` says where the
    audit log breaks, "" if it holds.
    """

    promised: Promised
    messages: Sequence[Written]
    inbound: Sequence[Stored]
    taken: Sequence[Taken]
    seen_sent: Mapping[str, float]
    unheard_events: int
    parked: int
    audit_fault: str


_MESSAGES = ("id", "person_id", "contact_point_id", "key", "values", "status", "reason", "dedupe_key")
_INBOUND = ("id", "vendor_id", "sender", "state")
_EVENTS = text(
    """
    SELECT (SELECT count(*) FROM events WHERE NOT is_spread)
         + (SELECT count(*) FROM event_handlings WHERE state = 'waiting')
    """
)
_REPLY = "reply:"


def gather(database: Database, vendor: VendorStub, promised: Promised, seen_sent: Mapping[str, float]) -> Evidence:
    """Read all of it, once nothing moves any more."""
    with database.read() as session:
        verdict = audit.verify(session)
        return Evidence(
            promised=promised,
            messages=_messages(session),
            inbound=[Stored(*row) for row in opened(session, "inbound", *_INBOUND)],
            taken=all_taken(vendor),
            seen_sent=seen_sent,
            unheard_events=session.scalar(_EVENTS) or 0,
            parked=count_parked(session)[0],
            audit_fault="" if verdict.broken_at is None else f"line {verdict.broken_at}: {verdict.reason}",
        )


def _messages(session: Session) -> list[Written]:
    return [
        Written(
            row.id,
            f"{row.person_id}/{row.contact_point_id}/{row.key}/{row[4]}",
            row.status,
            row.reason,
            _answers(row.dedupe_key),
        )
        for row in opened(session, "messages", *_MESSAGES)
    ]


def _answers(dedupe_key: str | None) -> str | None:
    if dedupe_key is None or not dedupe_key.startswith(_REPLY):
        return None
    return dedupe_key.removeprefix(_REPLY).partition(":")[0]


def all_taken(vendor: VendorStub) -> list[Taken]:
    """Return everything that the vendor took."""
    taken: list[Taken] = []
    while more := vendor.taken(taken[-1].number if taken else 0):
        taken += more
    if taken and taken[0].number != 1:
        message = "the vendor took more messages than it remembers: make the trial shorter"
        raise RuntimeError(message)
    return taken


def keep(folder: Path, database: Database, evidence: Evidence) -> None:
    """Write the evidence and the rows behind it down as JSON, for whoever looks for the cause of a finding."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = ("messages", "message_history", "inbound", "events", "event_handlings", "timetable")
    with database.read() as session:
        for table in tables:
            _write(folder / f"{table}.json", [row._asdict() for row in opened(session, table)])
    _write(folder / "taken.json", [each._asdict() for each in evidence.taken])
    _write(folder / "promised.json", vars(evidence.promised))
    _write(folder / "seen_sent.json", dict(evidence.seen_sent))


def _write(path: Path, content: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    path.write_text(json.dumps(content, default=str, indent=1), encoding="utf-8")
