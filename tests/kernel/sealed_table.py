from __future__ import annotations

from typing import Any

from sqlalchemy import String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.database import Database
from kernel.sealing import KeyRing, SealedJson, SealedText, digest_of, give_ring, keep_digest


class Apart(DeclarativeBase):
    """Tables of these tests alone."""


class SealedThing(Apart):
    """A row with one column of each sealed type."""

    __tablename__ = "sealed_things"

    id: Mapped[int] = mapped_column(primary_key=True)
    note: Mapped[str] = mapped_column(SealedText("sealed_things.note"))
    note_digest: Mapped[str | None] = mapped_column(String(64), default=digest_of("note"))
    values: Mapped[Any] = mapped_column(SealedJson("sealed_things.values"), nullable=True)


keep_digest(SealedThing, "note", "note_digest")


def make_table(database: Database, ring: KeyRing | None) -> None:
    if ring is not None:
        give_ring(database.engine.dialect, ring)
    Apart.metadata.create_all(database.engine)


def keep(database: Database, *, note: str, values: object) -> None:
    with database.begin() as session:
        session.add(SealedThing(note=note, values=values))


def kept(database: Database) -> tuple[str, str | None]:
    """Return what the database itself holds of the only row."""
    with database.read() as session:
        row = session.execute(text('SELECT note, "values" FROM sealed_things')).one()
        return row[0], row[1]
