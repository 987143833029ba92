from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, Table, case, column, func, or_, select, table, tuple_, update

from kernel.database import Base, Database
from kernel.sealing import VERSION, KeyRing, Sealed, SealedBytes, digest_source

PLAIN = "plain"
"""What status calls values from before columns were sealed."""
_BATCH = 200
_BATCH_OF_FILES = 8


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns; `digests` says for a digest column of which sealed column it is.

    One that `has_files` is sealed anew few rows at a time: a row may hold megabytes.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    digests: Mapping[str, str]
    has_files: bool = False

    @property
    def raw(self) -> Any:  # noqa: ANN401 - SQLAlchemy's table of untyped columns
        """The table as the database has it, seals unopened."""
        return table(self.name, *map(column, (*self.key, *self.columns, *self.digests)))


def sealed_tables() -> list[SealedTable]:
    """Return every mapped table that has sealed columns, by name."""
    found = [_sealed_table(each) for each in Base.metadata.sorted_tables]
    return sorted((each for each in found if each.columns), key=lambda each: each.name)


def _sealed_table(found: Table) -> SealedTable:
    columns = tuple(each.name for each in found.columns if isinstance(each.type, Sealed))
    digests = {each.name: source for each in found.columns if (source := digest_source(each)) in columns}
    has_files = any(isinstance(each.type, SealedBytes) for each in found.columns)
    return SealedTable(found.name, tuple(each.name for each in found.primary_key.columns), columns, digests, has_files)


def count_by_key(database: Database) -> dict[str, Counter[str]]:
    """Count sealed values by the key that they are under, for each table.column; PLAIN for those not sealed yet."""
    found: dict[str, Counter[str]] = {}
    with database.read() as session:
        for each in sealed_tables():
            for name in each.columns:
                value = each.raw.c[name]
                key = case((value.like(f"{VERSION}:%"), func.substr(value, 4, 8)), else_=PLAIN)
                rows = session.execute(select(key, func.count()).where(value.is_not(None)).group_by(key))
                found[f"{each.name}.{name}"] = Counter({name: count for name, count in rows})  # noqa: C416 - rows, not pairs
    return found


def reseal(database: Database, place: SealedTable, *, batch: int | None = None) -> Iterator[int]:
    """Seal a table's values anew that are not under the newest key, and yield how many rows each batch changed.

    A row that somebody else is writing is passed over and never waited for: what they write is under the newest key
    anyway. Each batch is a transaction of its own, so that this can be stopped and begun again at any time.
    """
    ring, after, batch = database.ring, None, batch or (_BATCH_OF_FILES if place.has_files else _BATCH)
    while last := _end_of_batch(database, place, ring, after, batch):
        with database.begin() as session:
            rows = session.execute(_stale(place, ring, after, last).with_for_update(skip_locked=True)).all()
            for row in rows:
                session.execute(_change(place, ring, row))
        yield len(rows)
        after = last


def _end_of_batch(
    database: Database, place: SealedTable, ring: KeyRing, after: tuple[Any, ...] | None, batch: int
) -> tuple[Any, ...] | None:
    """Return the key of the last row of the next batch, None where nothing is stale any more."""
    with database.read() as session:
        rows = session.execute(_stale(place, ring, after, None).limit(batch)).all()
    return tuple(getattr(rows[-1], name) for name in place.key) if rows else None


def _stale(
    place: SealedTable, ring: KeyRing, after: tuple[Any, ...] | None, last: tuple[Any, ...] | None
) -> Select[Any]:
    raw = place.raw
    keys = [raw.c[name] for name in place.key]
    found = select(raw).where(or_(*(raw.c[name].not_like(ring.head + "%") for name in place.columns))).order_by(*keys)
    if after is not None:
        found = found.where(tuple_(*keys) > after)
    return found if last is None else found.where(tuple_(*keys) <= last)


def _change(place: SealedTable, ring: KeyRing, row: Row[Any]) -> Any:  # noqa: ANN401 - SQLAlchemy's update
    raw, kept = place.raw, row._mapping  # noqa: SLF001 - the documented way to read a row by name
    held = [name for name in place.columns if kept[name] is not None]
    opened = {name: ring.open_bytes(f"{place.name}.{name}", kept[name]) for name in held}
    sealed = {name: ring.seal_bytes(f"{place.name}.{name}", content) for name, content in opened.items()}
    # What was emptied is not to be found: what stands in place of its digest tells the rows apart, and stays.
    sources = place.digests.items()
    digests = {name: ring.digest(content.decode()) for name, source in sources if (content := opened.get(source))}
    is_same = [raw.c[name] == kept[name] for name in (*place.key, *opened)]
    return update(raw).where(*is_same).values({**sealed, **digests})
