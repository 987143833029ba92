from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fps.model.rounds import Contact
from fps.tables.rounds import RoundContactRow, RoundSignUpRow
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import open_grant, persons

_TAKES_PART = (RoundContactRow.confirmed_at.is_not(None), RoundContactRow.interested_at.is_not(None))


@dataclass(frozen=True)
class Interested:
    """Somebody who takes part, as the lead authority sees them; `name` is empty once they were erased."""

    contact: Contact
    name: str


def contact_of(row: RoundContactRow) -> Contact:
    """Return somebody who takes part as other rooms know them."""
    return Contact(
        row.id,
        row.round_id,
        row.person_id,
        row.provider_id,
        row.organisation_name,
        row.confirmed_at is not None,
        row.interested_at,
        row.started_at,
        row.left_at,
    )


def contact_by_link(session: Session, token: str, purpose: str, now: datetime) -> Contact:
    """Return whose link it is; raises NotFoundError or TooLateError."""
    row = session.get(RoundContactRow, open_grant(session, token, purpose, now).target)
    if row is None:
        raise NotFoundError
    return contact_of(row)


def unconfirmed_link(session: Session, round_id: str) -> str:
    """Return the grant of the latest to come to a round who has not confirmed their address; raises NotFoundError."""
    rows = select(RoundContactRow.grant_id).where(
        RoundContactRow.round_id == round_id, RoundContactRow.confirmed_at.is_(None)
    )
    grant_id = session.scalars(rows.order_by(RoundContactRow.met_at.desc(), RoundContactRow.id.desc())).first()
    if grant_id is None:
        raise NotFoundError
    return grant_id


def own_contact(session: Session, round_id: str, actor: Actor) -> Contact | None:
    """Return how a provider's user takes part in a round; None while they do not."""
    provider_ids = organisations_with(actor, Permission.SETTINGS_OWN)
    row = session.scalars(own_rows(round_id, actor.id, provider_ids)).first()
    return contact_of(row) if row is not None else None


def own_rows(round_id: str, person_id: str, provider_ids: Sequence[str]) -> Select[RoundContactRow]:
    """Find how somebody takes part in a round for these providers; at the end, how they came before they had one."""
    contact = RoundContactRow
    return (
        select(contact)
        .where(
            contact.round_id == round_id,
            contact.person_id == person_id,
            contact.provider_id.in_(provider_ids) | contact.provider_id.is_(None),
        )
        .order_by(contact.provider_id.is_(None), contact.id)
    )


def interested(session: Session, round_id: str, *, offset: int, limit: int) -> tuple[list[Interested], int]:
    """Return a page of those who registered interest in a round, the first to come at the top, and how many."""
    wanted = (RoundContactRow.round_id == round_id, *_TAKES_PART)
    total = session.scalar(select(func.count()).select_from(RoundContactRow).where(*wanted)) or 0
    rows = select(RoundContactRow).where(*wanted).order_by(RoundContactRow.interested_at, RoundContactRow.id)
    return _named(session, rows.offset(offset).limit(limit)), total


def one_interested(session: Session, round_id: str, contact_id: str) -> Interested:
    """Return one who registered interest; raises NotFoundError."""
    rows = select(RoundContactRow).where(
        RoundContactRow.id == contact_id, RoundContactRow.round_id == round_id, *_TAKES_PART
    )
    found = _named(session, rows)
    if not found:
        raise NotFoundError
    return found[0]


def guests(session: Session, session_id: str) -> list[Interested]:
    """Return who has a place in a session, in the order of booking."""
    seat = RoundSignUpRow
    rows = (
        select(RoundContactRow)
        .join(seat, seat.contact_id == RoundContactRow.id)
        .where(seat.session_id == session_id, seat.cancelled_at.is_(None))
        .order_by(seat.at, RoundContactRow.id)
    )
    return _named(session, rows)


def _named(session: Session, rows: Select[RoundContactRow]) -> list[Interested]:
    found = [contact_of(row) for row in session.scalars(rows)]
    names = {card_id: card.name for card_id, card in persons(session, {each.person_id for each in found}).items()}
    return [Interested(each, names.get(each.person_id, "")) for each in found]
