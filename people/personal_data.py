from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

from sqlalchemy import Select
from sqlalchemy.orm import Session

from kernel.work import Work

Value = str | int | float | bool | datetime | date | time | list[Any] | dict[str, Any] | None
Moved = dict[str, Any]
"""What a merge moved, as JSON: {"kept": id, "gone": id, "rows": {"table.column": [[key, ...], ...]}}."""


@dataclass(frozen=True)
class Record:
    """One thing that is held about a person, as (label, value) pairs.

    `key` names it for good ("channels.questions:01jd..."). `concern` marks a record of a safeguarding concern, which
    is withheld until a person has decided (the serious harm test).
    """

    key: str
    fields: tuple[tuple[str, Value], ...]
    concern: bool = False


@dataclass(frozen=True)
class Section:
    """Everything of one kind. `source` says where it is held, `note` what a reader must know, such as what is missing.

    `records` are read from the database while one goes through them, so that a long history fits into little memory.
    """

    title: str
    source: str
    records: Iterator[Record]
    note: str = ""


@dataclass(frozen=True)
class Kept:
    """What an erasure leaves, why and until when. `names` tells that it is worthless without the person's name."""

    what: str
    why: str
    until: str
    count: int = 0
    names: bool = False


@dataclass(frozen=True)
class Erasure:
    """How a person is erased: `keeps_name` where something must stay that needs name and address (V9 f)."""

    now: datetime
    keeps_name: bool = False


@dataclass(frozen=True)
class Erased:
    """How much went, by kind, and what was kept."""

    deleted: Mapping[str, int]
    kept: tuple[Kept, ...]


class PersonData(Protocol):
    """What each package knows to do with what it holds of a person. hub/personal_data.py lists them all.

    `columns` names every column ("table.column") by which the package refers to a person; a test compares it with
    the tables.
    """

    @property
    def name(self) -> str:
        """Name the package."""
        ...

    @property
    def columns(self) -> frozenset[str]:
        """Name the columns that refer to persons."""
        ...

    def summarise(self, session: Session, person_id: str) -> dict[str, int]:
        """Count what is held, by kind; kinds of which there is nothing are left out."""
        ...

    def export(self, session: Session, person_id: str, elsewhere: Select[str] | None = None) -> Iterator[Section]:
        """Return everything that the person may read of what is held about them (subject access).

        Nothing that is of the organisations which `elsewhere` finds: another council answers for it.
        """
        ...

    def kept(self, session: Session, person_id: str) -> tuple[Kept, ...]:
        """Say what an erasure would leave."""
        ...

    def erase(self, work: Work, person_id: str, erasure: Erasure) -> Erased:
        """Take away what need not stay. Rows that must stay keep the person's id, which then leads to an empty name."""
        ...

    def merge(self, work: Work, kept_id: str, gone_id: str) -> Moved:
        """Let what belongs to one person belong to another; what both have stays where it is."""
        ...

    def unmerge(self, work: Work, moved: Moved) -> None:
        """Take a merge back, row by row."""
        ...
