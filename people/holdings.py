from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    PrimaryKeyConstraint,
    Select,
    Table,
    UniqueConstraint,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Session

from kernel.work import Work
from people.personal_data import Erased, Erasure, Kept, Moved, Record, Section
from people.record_places import is_not_in, place_of

_BATCH = 500
_OF_THE_MERGE = frozenset(
    {"persons.id", "merges.kept_id", "merges.gone_id", "distinct_persons.first_id", "distinct_persons.second_id"}
)


class Fate(StrEnum):
    """What an erasure does with rows: they go, they stay without their words, or they stay as they are."""

    DELETE = "delete"
    EMPTY = "empty"
    KEEP = "keep"


@dataclass(frozen=True)
class Holding:
    """One kind of thing that a package holds of a person.

    `column` is where the person's id stands; rows that hang on others give `of` instead, which finds them by person.
    `only` narrows it to a part of the table. `shown` names the columns of a subject access export with their labels;
    nothing shown, no section. `emptied` is what an erasure writes over rows that stay. `why` and `until` are told of
    what stays; `names` where it is worthless without the person's name. `identifies` marks what then stays with it:
    name and addresses. `concern` marks records of a safeguarding concern. `place` says whose rows are, where neither
    they nor what they hang on name an organisation (people.record_places).
    """

    kind: str
    title: str
    row: type[DeclarativeBase]
    fate: Fate
    column: str | None = None
    of: Callable[[str], ColumnElement[bool]] | None = None
    only: Callable[[], ColumnElement[bool]] | None = None
    shown: Mapping[str, str] = field(default_factory=dict)
    emptied: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    until: str = ""
    note: str = ""
    names: bool = False
    concern: bool = False
    identifies: bool = False
    place: Callable[[], ColumnElement[str | None]] | None = None

    @property
    def table(self) -> Table:
        """Return the table itself: its columns are read without making objects."""
        found = self.row.__table__
        if not isinstance(found, Table):
            raise TypeError(found)
        return found

    def rows_of(self, person_id: str) -> ColumnElement[bool]:
        """Return the condition that finds the person's rows."""
        own = self.table.c[self.column] == person_id if self.column else None
        found = self.of(person_id) if self.of is not None else own
        if found is None:
            raise ValueError(self.kind)
        return found & self.only() if self.only is not None else found


@dataclass(frozen=True)
class Holdings:
    """A package's holdings as its PersonData; listed so that rows go before what they hang on."""

    name: str
    holdings: tuple[Holding, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Name the columns that refer to persons."""
        return frozenset(f"{held.table.name}.{held.column}" for held in self.holdings if held.column is not None)

    def summarise(self, session: Session, person_id: str) -> dict[str, int]:
        """Count what is held, by kind."""
        counts = {held.kind: _count(session, held, person_id) for held in self.holdings}
        return {kind: count for kind, count in counts.items() if count}

    def export(self, session: Session, person_id: str, elsewhere: Select[str] | None = None) -> Iterator[Section]:
        """Return a section for each kind that shows anything."""
        for held in sorted(self.holdings, key=lambda held: not held.identifies):
            if held.shown:
                source = f"{self.name}.{held.kind}"
                yield Section(held.title, source, _records(session, held, source, person_id, elsewhere), held.note)

    def kept(self, session: Session, person_id: str) -> tuple[Kept, ...]:
        """Say what an erasure would leave of what there is."""
        staying = [held for held in self.holdings if held.fate is not Fate.DELETE and held.why]
        counted = [(held, _count(session, held, person_id)) for held in staying]
        return tuple(Kept(held.title, held.why, held.until, count, held.names) for held, count in counted if count)

    def erase(self, work: Work, person_id: str, erasure: Erasure) -> Erased:
        """Delete and empty, in the order of the list."""
        work.session.flush()
        kept = self.kept(work.session, person_id)
        deleted: dict[str, int] = {}
        for held in self.holdings:
            if held.identifies and erasure.keeps_name:
                continue
            if held.fate is Fate.DELETE:
                deleted[held.kind] = _delete(work.session, held, person_id)
            elif held.fate is Fate.EMPTY:
                _empty(work.session, held, person_id)
        work.session.expire_all()
        return Erased({kind: count for kind, count in deleted.items() if count}, kept)

    def merge(self, work: Work, kept_id: str, gone_id: str) -> Moved:
        """Write the one person's id over the other's, wherever that breaks no rule of uniqueness."""
        work.session.flush()
        rows = {name: _move(work.session, column, kept_id, gone_id) for name, column in self._own_columns().items()}
        work.session.expire_all()
        return {"kept": kept_id, "gone": gone_id, "rows": {name: keys for name, keys in rows.items() if keys}}

    def unmerge(self, work: Work, moved: Moved) -> None:
        """Write the other person's id back, into the rows that were moved."""
        work.session.flush()
        columns = self._own_columns()
        for name, keys in moved["rows"].items():
            if name in columns:
                _move_back(work.session, columns[name], moved["gone"], keys)
        work.session.expire_all()

    def _own_columns(self) -> dict[str, Column[Any]]:
        """Return the columns that a merge may change: never a person's own row, nor what says who was merged."""
        named = [(held.table, held.column) for held in self.holdings if held.column is not None]
        found = {f"{table.name}.{name}": table.c[name] for table, name in named}
        return {name: column for name, column in found.items() if name not in _OF_THE_MERGE}


def _delete(session: Session, held: Holding, person_id: str) -> int:
    gone = session.execute(delete(held.table).where(held.rows_of(person_id)).returning(*held.table.primary_key))
    return len(gone.all())


def _empty(session: Session, held: Holding, person_id: str) -> None:
    session.execute(update(held.table).where(held.rows_of(person_id)).values(dict(held.emptied)))


def _count(session: Session, held: Holding, person_id: str) -> int:
    return session.scalar(select(func.count()).select_from(held.table).where(held.rows_of(person_id))) or 0


def _records(
    session: Session, held: Holding, source: str, person_id: str, elsewhere: Select[str] | None
) -> Iterator[Record]:
    keys = list(held.table.primary_key)
    wanted = select(*keys, *(held.table.c[name] for name in held.shown)).where(held.rows_of(person_id))
    place = held.place() if held.place is not None else place_of(held.table)
    if elsewhere is not None and place is not None:
        wanted = wanted.where(is_not_in(place, elsewhere))
    found = session.execute(wanted.order_by(*keys).execution_options(yield_per=_BATCH))
    for row in found:
        key = ":".join(str(part) for part in row[: len(keys)])
        fields = tuple(zip(held.shown.values(), row[len(keys) :], strict=True))
        yield Record(f"{source}:{key}", fields, held.concern)


def _move(session: Session, column: Column[Any], kept_id: str, gone_id: str) -> list[list[Any]]:
    table = column.table
    keys = list(table.primary_key)
    change = update(table).where(
        column == gone_id, *(_is_free(table, names, column, kept_id) for names in _uniques(table))
    )
    moved = session.execute(change.values({column.name: kept_id}).returning(*keys))
    return [[part.isoformat() if isinstance(part, date) else part for part in row] for row in moved]


def _uniques(table: Table) -> list[list[str]]:
    constraints = [
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
    ]
    return constraints + [[column.name for column in index.columns] for index in table.indexes if index.unique]


def _is_free(table: Table, names: Sequence[str], column: Column[Any], kept_id: str) -> ColumnElement[bool]:
    """Return the condition that the kept person has no row that would then be the same."""
    if column.name not in names:
        return column.is_not(None)
    other = table.alias()
    same = [other.c[name] == table.c[name] for name in names if name != column.name]
    return ~select(other.c[column.name]).where(other.c[column.name] == kept_id, *same).exists()


def _move_back(session: Session, column: Column[Any], gone_id: str, keys: Sequence[Sequence[Any]]) -> None:
    primary = list(column.table.primary_key)
    typed = [[_typed(part, own) for part, own in zip(key, primary, strict=True)] for key in keys]
    for start in range(0, len(typed), _BATCH):
        chosen = tuple_(*primary).in_(typed[start : start + _BATCH])
        session.execute(update(column.table).where(chosen).values({column.name: gone_id}))


def _typed(part: Any, column: Column[Any]) -> Any:  # noqa: ANN401 - a key of whatever kind
    return date.fromisoformat(part) if column.type.python_type is date else part
