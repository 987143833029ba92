"""Every column that refers to a person is somebody's business."""

from __future__ import annotations

import re

from sqlalchemy import String, Table

from hub.personal_data import PERSON_DATA
from hub.wiring import MESSAGES
from kernel.database import Base

_ELSEWHERE = {
    "audit.actor": "the log is append-only and holds numbers, no names (R34)",
}
_ID = 26
_LIKE_A_PERSON = re.compile(r"(^|_)(person|actor|officer|owner|author|contact|handler)(_id)?$|_by$")


def _refers(table: Table) -> set[str]:
    """Return the columns of a table that hold a person's id, by foreign key or by their name."""
    by_key = {
        f"{table.name}.{column.name}"
        for column in table.columns
        if any(key.target_fullname == "persons.id" for key in column.foreign_keys)
    }
    plain = {
        f"{table.name}.{column.name}"
        for column in table.columns
        if isinstance(column.type, String)
        and column.type.length == _ID
        and not column.foreign_keys
        and _LIKE_A_PERSON.search(column.name)
    }
    return by_key | plain


def test_every_column_that_refers_to_a_person_is_covered() -> None:
    assert MESSAGES, "the wiring, and with it every table, is loaded"
    refers = set().union(*(_refers(table) for table in Base.metadata.tables.values()))
    covered = set().union(*(package.columns for package in PERSON_DATA))
    assert len(refers) > 40
    assert refers - covered - set(_ELSEWHERE) == set()
    known = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}
    assert (covered | set(_ELSEWHERE)) - known == set()


def test_every_package_is_listed_once_and_people_goes_last() -> None:
    names = [package.name for package in PERSON_DATA]
    assert len(set(names)) == len(names)
    assert names[-2:] == ["channels", "people"], "rows go before the addresses and persons that they refer to"
