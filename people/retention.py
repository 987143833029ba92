from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, true, update
from sqlalchemy.orm import DeclarativeBase, Session

from kernel.database import Base
from people import tables
from people.actions.suppress_address import suppress_contact_points
from people.rules.importing import READY, RUN_OUT


@dataclass(frozen=True)
class Cut:
    """What a sweep takes: what is older than `before`, but nothing of the persons whom `held` finds (legal hold)."""

    before: datetime
    held: Select[Any]


@dataclass(frozen=True)
class Sweeper:
    """How one rule of the retention schedule is carried out: which rows are due, by key, and what becomes of them."""

    find: Callable[[Cut], Select[Any]]
    remove: Callable[[Session, Sequence[Any]], object]

    def count(self, session: Session, cut: Cut) -> int:
        """Count what is due."""
        return session.scalar(select(func.count()).select_from(self.find(cut).subquery())) or 0

    def sweep(self, session: Session, cut: Cut, limit: int) -> int:
        """Take at most `limit` of what is due; return how many it was."""
        due = list(session.scalars(self.find(cut).limit(limit)))
        if due:
            self.remove(session, due)
        return len(due)


def unreferenced(row: type[DeclarativeBase]) -> ColumnElement[bool]:
    """Return the condition that no row anywhere refers to this one."""
    own = row.__table__
    referring = [
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table is own for key in column.foreign_keys)
    ]
    return and_(true(), *(~exists().where(column == own.c.id) for column in referring))


def deleter(row: type[DeclarativeBase], key: str = "id") -> Callable[[Session, Sequence[Any]], object]:
    """Return what deletes rows by their key."""

    def remove(session: Session, keys: Sequence[Any]) -> object:
        return session.execute(delete(row).where(row.__table__.c[key].in_(keys)))

    return remove


def _sessions(cut: Cut) -> Select[Any]:
    row = tables.SessionRow
    return select(row.id).where(
        or_(row.ends_at < cut.before, row.ended_at < cut.before), row.person_id.not_in(cut.held)
    )


def _asks(cut: Cut) -> Select[Any]:
    return select(tables.AskRow.id).where(tables.AskRow.expires_at < cut.before)


def _remove_asks(session: Session, ids: Sequence[Any]) -> None:
    session.execute(delete(tables.CodeRow).where(tables.CodeRow.ask_id.in_(ids)))
    session.execute(delete(tables.AskRow).where(tables.AskRow.id.in_(ids)))


def _grants(cut: Cut) -> Select[Any]:
    row = tables.GrantRow
    over = or_(row.expires_at < cut.before, row.spent_at < cut.before)
    free = or_(row.person_id.is_(None), row.person_id.not_in(cut.held))
    return select(row.id).where(over, free, unreferenced(row))


def _checks(cut: Cut) -> Select[Any]:
    return select(tables.ContactCheckRow.id).where(tables.ContactCheckRow.expires_at < cut.before)


def _ceremonies(cut: Cut) -> Select[Any]:
    return select(tables.CeremonyRow.digest).where(tables.CeremonyRow.ends_at < cut.before)


def _contacts(cut: Cut) -> Select[Any]:
    point, person = tables.ContactPointRow, tables.PersonRow
    left = select(person.id).where(person.left_at < cut.before)
    over = or_(point.person_id.in_(left), point.removed_at < cut.before)
    free = and_(point.person_id.is_not(None), point.person_id.not_in(cut.held))
    return select(point.id).where(over, free, ~point.address_digest.startswith(_GONE))


_GONE = "gone:"


def _forget_contacts(session: Session, ids: Sequence[Any]) -> None:
    """Write over addresses; the row stays, because what was sent refers to it. A STOP said there holds on (V12)."""
    suppress_contact_points(session, ids)
    point = tables.ContactPointRow
    session.execute(
        update(point)
        .where(point.id.in_(ids))
        .values(
            address="", address_digest=_GONE + point.id, removed_at=func.coalesce(point.removed_at, point.verified_at)
        )
    )
    session.expire_all()


def _requests(cut: Cut) -> Select[Any]:
    return select(tables.RightsRequestRow.id).where(tables.RightsRequestRow.ended_at < cut.before)


def _remove_requests(session: Session, ids: Sequence[Any]) -> None:
    for row in (tables.RightsStepRow, tables.RightsPauseRow, tables.RightsDecisionRow):
        session.execute(delete(row).where(row.__table__.c.request_id.in_(ids)))
    restriction = tables.RestrictionRow
    session.execute(update(restriction).where(restriction.request_id.in_(ids)).values(request_id=None))
    session.execute(delete(tables.RightsRequestRow).where(tables.RightsRequestRow.id.in_(ids)))


def _imports(cut: Cut) -> Select[Any]:
    row = tables.ImportRow
    return select(row.id).where(row.state == READY, row.created_at < cut.before)


def _empty_imports(session: Session, ids: Sequence[Any]) -> None:
    """Forget whom the sheets held; that one was read, and what came of it, stays."""
    row = tables.ImportRow
    session.execute(update(row).where(row.id.in_(ids)).values(state=RUN_OUT, people=[]))


def _purposes(cut: Cut) -> Select[Any]:
    return select(tables.PurposeRow.id).where(tables.PurposeRow.ends_at < cut.before)


SWEEPERS: Mapping[str, Sweeper] = {
    "people.contacts": Sweeper(_contacts, _forget_contacts),
    "people.sessions": Sweeper(_sessions, deleter(tables.SessionRow)),
    "people.sign_ins": Sweeper(_asks, _remove_asks),
    "people.ceremonies": Sweeper(_ceremonies, deleter(tables.CeremonyRow, "digest")),
    "people.codes": Sweeper(_checks, deleter(tables.ContactCheckRow)),
    "people.imports": Sweeper(_imports, _empty_imports),
    "people.links": Sweeper(_grants, deleter(tables.GrantRow)),
    "people.requests": Sweeper(_requests, _remove_requests),
    "people.purposes": Sweeper(_purposes, deleter(tables.PurposeRow)),
}
