from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from channels.model import Attachment, ButtonShown, Channel
from channels.rules.segments import segments
from channels.tables import InboundRow, SandboxPostRow
from kernel.sealing import digests
from people.model import PersonCard, Role
from people.queries import (
    contact_facts,
    organisation_contact_points,
    organisations,
    persons_by_address,
    persons_with_role,
)


@dataclass(frozen=True)
class Shown:
    """One line of what a phone, a mailbox or a Slack user shows, in the order of time.

    `is_inbound`: the person wrote, pressed or sent it; else the hub did. `id` is the message's id or the inbound
    text's; an answer to a message goes with its id as thread. `segments` is what an SMS costs, None elsewhere.
    `action` and `values` are those of a pressed button or a sent form. Times are UTC.
    """

    id: str
    at: datetime
    is_inbound: bool
    sender: str
    title: str
    body: str
    segments: int | None = None
    buttons: tuple[ButtonShown, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    action: str | None = None
    values: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Owner:
    """Whose an address is; `name` is empty for somebody whom the hub does not know."""

    name: str
    language: str | None


@dataclass(frozen=True)
class Address:
    """A phone, a mailbox, a Slack user or channel; a shared phone has several owners."""

    channel: Channel
    address: str
    owners: tuple[Owner, ...]


def conversation(session: Session, channel: Channel, address: str, *, limit: int = 100) -> list[Shown]:
    """Return the latest `limit` lines between the hub and an address, the oldest first.

    A Slack channel also shows what people wrote in it.
    """
    kept = digests(session, address)
    posts = select(SandboxPostRow).where(SandboxPostRow.channel == channel, SandboxPostRow.address_digest.in_(kept))
    texts = select(InboundRow).where(
        InboundRow.channel == channel, or_(InboundRow.sender_digest.in_(kept), InboundRow.recipient == address)
    )
    shown = [_text(row) for row in session.scalars(texts.order_by(InboundRow.seq.desc()).limit(limit))]
    shown += [_post(row) for row in session.scalars(posts.order_by(SandboxPostRow.seq.desc()).limit(limit))]
    # Both come the newest first and the sort keeps lines of one moment as they came: turned round, all is in order.
    shown.sort(key=lambda line: line.at, reverse=True)
    return shown[:limit][::-1]


def form_of(session: Session, message_id: str, action: str) -> Mapping[str, object] | None:
    """Return the neutral form that a button of a shown message opens, None if it opens none."""
    rows = select(SandboxPostRow).where(SandboxPostRow.message_id == message_id).order_by(SandboxPostRow.seq)
    buttons = (button for row in session.scalars(rows) for button in row.buttons)
    return next((button["form"] for button in buttons if button["action"] == action), None)


def latest(session: Session) -> str:
    """Return a mark that changes whenever something was sent or came in."""
    sent = session.scalar(select(func.max(SandboxPostRow.seq))) or 0
    came = session.scalar(select(func.max(InboundRow.seq))) or 0
    return f"{sent}-{came}"


def recent_addresses(session: Session, channel: Channel, *, limit: int = 20) -> list[Address]:
    """Return the addresses with which something was exchanged of late, the latest first."""
    last: dict[str, datetime] = {}
    for address, at in [*_last_sent(session, channel, limit), *_last_came(session, channel, limit)]:
        last[address] = max(at, last.get(address, at))
    order = sorted(last, key=lambda address: last[address], reverse=True)[:limit]
    return [
        Address(channel, address, tuple(_owner(card) for card in persons_by_address(session, channel, address)))
        for address in order
    ]


def addresses(session: Session, channel: Channel, *, like: str = "", limit: int = 50) -> list[Address]:
    """Return whose addresses the hub knows on a channel, by name: those with `like` in their name or address."""
    known: dict[str, list[Owner]] = {}
    cards = {card.id: card for role in Role for card in persons_with_role(session, role)}
    for point in contact_facts(session, list(cards), []).points:
        if point.channel == channel and point.person_id is not None:
            known.setdefault(point.address, []).append(_owner(cards[point.person_id]))
    for organisation in organisations(session):
        for point in organisation_contact_points(session, organisation.id):
            if point.channel == channel:
                known.setdefault(point.address, []).append(Owner(organisation.name, None))
    found = [Address(channel, address, tuple(owners)) for address, owners in known.items()]
    wanted = [each for each in found if _is_like(each, like.casefold())]
    return sorted(wanted, key=lambda each: (each.owners[0].name.casefold(), each.address))[:limit]


def _is_like(each: Address, like: str) -> bool:
    return like in each.address.casefold() or any(like in owner.name.casefold() for owner in each.owners)


def _last_sent(session: Session, channel: Channel, limit: int) -> Sequence[Row[str, datetime]]:
    seq = func.max(SandboxPostRow.seq)
    newest = select(seq).where(SandboxPostRow.channel == channel).group_by(SandboxPostRow.address_digest)
    found = select(SandboxPostRow.address, SandboxPostRow.at)
    return session.execute(found.where(SandboxPostRow.seq.in_(newest.order_by(seq.desc()).limit(limit)))).all()


def _last_came(session: Session, channel: Channel, limit: int) -> Sequence[Row[str, datetime]]:
    seq = func.max(InboundRow.seq)
    newest = select(seq).where(InboundRow.channel == channel).group_by(InboundRow.sender_digest)
    found = select(InboundRow.sender, InboundRow.received_at)
    return session.execute(found.where(InboundRow.seq.in_(newest.order_by(seq.desc()).limit(limit)))).all()


def _owner(card: PersonCard) -> Owner:
    return Owner(card.name, card.language)


def _post(row: SandboxPostRow) -> Shown:
    return Shown(
        id=row.message_id,
        at=row.at,
        is_inbound=False,
        sender="",
        title=row.title,
        body=row.body,
        segments=_segments(row.channel, row.body),
        buttons=tuple(ButtonShown(**button) for button in row.buttons),
        attachments=tuple(Attachment(**attachment) for attachment in row.attachments),
    )


def _text(row: InboundRow) -> Shown:
    return Shown(
        id=row.id,
        at=row.received_at,
        is_inbound=True,
        sender=row.sender,
        title="",
        body=row.body,
        segments=_segments(row.channel, row.body),
        action=row.action,
        values=row.values,
    )


def _segments(channel: str, body: str) -> int | None:
    return segments(body).count if channel == Channel.SMS else None
