from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from fps.queries import settings_by_id
from kernel.errors import NotFoundError
from kernel.finding import holds
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model.contracts import ContractCard, ContractKind
from referrals.tables.contracts import ContractRow


def contracts_for(
    session: Session, council_id: str, kind: ContractKind, on: date, lot_id: str | None = None
) -> list[ContractCard]:
    """Return a council's contracts of a kind that hold on a day, the oldest first.

    With a lot, those for that lot and those that name none. One without places left is among them: who asks says why
    it cannot be used.
    """
    rows = select(ContractRow).where(ContractRow.council_id == council_id, ContractRow.kind == kind, *_live(on))
    if lot_id is not None:
        rows = rows.where(or_(ContractRow.lot_id == lot_id, ContractRow.lot_id.is_(None)))
    return cards(session, session.scalars(rows.order_by(ContractRow.since, ContractRow.id)).all())


def contract(session: Session, actor: Actor, contract_id: str) -> tuple[ContractCard, str]:
    """Return a contract of the actor's council, and the council; raises NotFoundError for any other."""
    row = session.get(ContractRow, contract_id)
    if row is None or row.council_id not in _councils(actor):
        raise NotFoundError
    return cards(session, [row])[0], row.council_id


def count_contracts(session: Session, actor: Actor, kind: ContractKind | None = None, words: str = "") -> int:
    """Count the contracts of the actor's councils, or those of a kind and with words in their reference."""
    return session.scalar(select(func.count()).select_from(ContractRow).where(*_found(actor, kind, words))) or 0


def contracts_of(
    session: Session,
    actor: Actor,
    kind: ContractKind | None = None,
    words: str = "",
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[ContractCard]:
    """Return the contracts of the actor's councils, the newest first; all of them or a page."""
    rows = select(ContractRow).where(*_found(actor, kind, words))
    ordered = rows.order_by(ContractRow.since.desc(), ContractRow.id.desc()).offset(offset).limit(limit)
    return cards(session, session.scalars(ordered).all())


def cards(session: Session, rows: Sequence[ContractRow]) -> list[ContractCard]:
    """Return contracts as other rooms read them, in one query however many."""
    names = settings_by_id(session, {row.setting_id for row in rows})
    return [
        ContractCard(
            row.id,
            ContractKind(row.kind),
            row.setting_id,
            names[row.setting_id].name,
            row.lot_id,
            row.reference,
            row.since,
            row.until,
            row.places,
            row.taken,
        )
        for row in rows
    ]


def _live(on: date) -> tuple[ColumnElement[bool], ...]:
    return (ContractRow.since <= on, or_(ContractRow.until.is_(None), ContractRow.until >= on))


def _councils(actor: Actor) -> tuple[str, ...]:
    return organisations_with(actor, Permission.PLACEMENTS_MANAGE)


def _found(actor: Actor, kind: ContractKind | None, words: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ContractRow.council_id.in_(_councils(actor))]
    if kind is not None:
        conditions.append(ContractRow.kind == kind)
    if words.strip():
        conditions.append(holds(ContractRow.reference, words.strip()))
    return conditions
