from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from channels.model import Attachment, Reason, Status, Subject, Urgency
from channels.reach import reaches
from channels.rules.choose import WITHOUT_A_WAY, Wish, choose
from channels.tables import MessageRow
from channels.wording import MessageType
from kernel import scope
from kernel.ids import new_id
from kernel.work import Work
from people.model import ContactPoint
from people.queries.delegation import delegates_of

_BATCH = 500


@dataclass(frozen=True)
class NewMessage:
    """A message to queue, to a person or to one contact point (an organisation's Slack channel, say).

    `dedupe_key`: a second message with the same key is not queued. `not_before`: held until then. `urgency`: the
    type's own unless given. `channel`: only this channel; else the person's preference decides at the moment of
    sending. `contact_point_id`: only there. `ordered`: after all earlier ordered messages to the same contact point, or
    to the same person where none is given, except those that are held until a later hour.
    """

    type: MessageType
    values: Mapping[str, object]
    person_id: str | None = None
    dedupe_key: str | None = None
    not_before: datetime | None = None
    urgency: Urgency | None = None
    about: Subject | None = None
    channel: str | None = None
    contact_point_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    ordered: bool = False


def queue_messages(work: Work, messages: Sequence[NewMessage]) -> list[str]:
    """Put messages into the outbox in the transaction of `work`; return the ids of those newly queued.

    One whose dedupe key is there already is left out. One that can reach nobody is written all the same, as failed
    or cancelled with its reason, so that there is evidence of it. Raises ValueError if the values are not those
    that the message type names. What needs somebody to act goes also to whoever acts for an absent person at this
    moment.
    """
    queued: list[str] = []
    messages = [*messages, *_to_delegates(work, messages)]
    for start in range(0, len(messages), _BATCH):
        batch = messages[start : start + _BATCH]
        known = reaches(work.session, batch)
        rows = [_row(work.now, message, choose(_wish(message), known.of(message))) for message in batch]
        insert = postgresql.insert if known.is_postgresql else sqlite.insert
        statement = insert(MessageRow).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(MessageRow.id)
        with scope.system("an action writes to whom it concerns, wherever they are", work.session):
            queued += work.session.scalars(statement, rows)
        for channel in {row["channel"] for row in rows if row["status"] is Status.QUEUED}:
            work.ring(channel)
    return queued


def _to_delegates(work: Work, messages: Sequence[NewMessage]) -> list[NewMessage]:
    """Return the same messages again for whoever acts for their readers; a reply pinned to one phone stays there."""
    concerned = [
        message
        for message in messages
        if message.person_id is not None and message.contact_point_id is None and message.type.goes_to_delegates
    ]
    if not concerned:
        return []
    delegates = delegates_of(work.session, {message.person_id or "" for message in concerned}, work.now)
    return [
        replace(
            message,
            person_id=delegate_id,
            dedupe_key=f"{message.dedupe_key}:for:{delegate_id}" if message.dedupe_key else None,
        )
        for message in concerned
        for delegate_id in delegates.get(message.person_id or "", ())
    ]


def _wish(message: NewMessage) -> Wish:
    return Wish(message.type.policy.solicited, message.channel, message.contact_point_id)


def _row(now: datetime, message: NewMessage, chosen: ContactPoint | Reason) -> dict[str, Any]:
    kind = message.type
    if set(message.values) != set(kind.values):
        wrong = sorted(set(message.values) ^ set(kind.values))
        raise ValueError(f"{kind.key} needs exactly its own values; check {', '.join(wrong)}")
    due = max(message.not_before or now, now)
    status, reason = (Status.QUEUED, None) if due == now else (Status.HELD, Reason.SCHEDULED)
    if isinstance(chosen, Reason):
        status, reason = WITHOUT_A_WAY[chosen], chosen
    expires_after = kind.policy.expires_after
    return {
        "id": new_id(),
        "person_id": message.person_id,
        "contact_point_id": None if isinstance(chosen, Reason) else chosen.id,
        "channel": message.channel or "none" if isinstance(chosen, Reason) else chosen.channel,
        "pin": "point" if message.contact_point_id else "channel" if message.channel else None,
        "key": kind.key,
        "values": dict(message.values),
        "attachments": [vars(attachment) for attachment in message.attachments] or None,
        "about_kind": message.about.kind if message.about else None,
        "about_id": message.about.id if message.about else None,
        "dedupe_key": message.dedupe_key,
        "order_key": (message.contact_point_id or message.person_id) if message.ordered else None,
        "urgency": kind.policy.urgency if message.urgency is None else message.urgency,
        "status": status,
        "reason": reason,
        "due_at": due if status in (Status.QUEUED, Status.HELD) else None,
        "expires_at": due + expires_after if expires_after else None,
        "is_solicited": kind.policy.solicited,
        "attempts": 0,
        "attempts_elsewhere": 0,
        "queued_at": now,
    }
