from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.inbox.hearing import Heard
from channels.model import Channel, Status, Subject
from channels.rules.status import IN_HAND
from channels.tables import InboundRow, MessageRow
from kernel.work import Work
from people.actions.mark_unreachable import mark_working
from people.actions.meet_stranger import meet_stranger
from people.model import ContactPoint, PersonCard
from people.queries import contact_points, person, persons_by_address
from people.queries.delegation import acting


def recognise(work: Work, row: InboundRow) -> Heard:
    """Say who wrote and what they answer. Somebody unknown becomes a stranger, so that they can be answered."""
    answered = _answered_message(work.session, row)
    known = persons_by_address(work.session, row.channel, row.sender)
    if known:
        who = _whose_turn(work.session, known, answered, row)
    else:
        who = person(work.session, meet_stranger(work, row.channel, row.sender))
    point = _point(work.session, who, row)
    mark_working(work, point.id)
    is_theirs = answered is not None and answered.person_id in (None, who.id)
    return Heard(
        inbound_id=row.id,
        channel=Channel(row.channel),
        person=acting(work.session, who, work.now),
        contact_point_id=point.id,
        text=row.body,
        action=row.action,
        values=row.values,
        received_at=row.received_at,
        about=_subject(answered) if is_theirs and answered else None,
        is_stranger=not known,
    )


def _answered_message(session: Session, row: InboundRow) -> MessageRow | None:
    if row.thread is None:
        return None
    return session.scalars(select(MessageRow).where(MessageRow.id == row.thread)).first()


def _whose_turn(session: Session, known: list[PersonCard], answered: MessageRow | None, row: InboundRow) -> PersonCard:
    """On a shared phone: whose message is answered, else to whom we last wrote there, for what is planned is unread."""
    by_id = {who.id: who for who in known}
    if answered is not None and answered.person_id in by_id:
        return by_id[answered.person_id]
    if len(known) == 1:
        return known[0]
    latest = (
        select(MessageRow.person_id)
        .where(
            MessageRow.person_id.in_(list(by_id)),
            MessageRow.contact_point_id.in_([_point(session, who, row).id for who in known]),
            MessageRow.status.in_([*IN_HAND, Status.SENT, Status.DELIVERED]),
        )
        .order_by(MessageRow.handed_at.desc(), MessageRow.seq.desc())
        .limit(1)
    )
    return by_id.get(session.scalar(latest) or "", known[0])


def _point(session: Session, who: PersonCard, row: InboundRow) -> ContactPoint:
    points = contact_points(session, who.id)
    return next(point for point in points if (point.channel, point.address) == (row.channel, row.sender))


def _subject(message: MessageRow) -> Subject | None:
    if message.about_kind is None or message.about_id is None:
        return None
    return Subject(message.about_kind, message.about_id)
