"""Whose a record is: the organisation that its row names, or that the row names on which it hangs."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, Table, case, or_, select

from people.model import OrganisationKind
from people.tables import OrganisationRow

_NAMES = ("organisation_id", "forum_id", "council_id")
_LEADS_NOWHERE = frozenset({"persons", "organisations"})


def place_of(table: Table) -> ColumnElement[str | None] | None:
    """Return the organisation of a table's rows, through foreign keys where need be; None where nothing names one."""
    for name in _NAMES:
        if name in table.c:
            return table.c[name]
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        parent = key.column.table
        if parent is table or parent.name in _LEADS_NOWHERE:
            continue
        found = place_of(parent)
        if found is not None:
            return place_through(table, parent, key.column == key.parent, found)
    return None


def place_through(
    table: Table, parent: Table, joined: ColumnElement[bool], place: ColumnElement[str | None]
) -> ColumnElement[str | None]:
    """Return the organisation of rows as that of another table's row, which is the same for each that is `joined`."""
    found = select(place).select_from(parent).where(joined).limit(1)
    return found.correlate(table).scalar_subquery()


def elsewhere(council_id: str) -> Select[str]:
    """Return the query for the organisations of the areas of all other councils; providers are in none."""
    row = OrganisationRow
    area = case((row.kind == OrganisationKind.COUNCIL, row.id), else_=row.council_id)
    return select(row.id).where(area != council_id)


def is_not_in(place: ColumnElement[str | None], organisation_ids: Select[str]) -> ColumnElement[bool]:
    """Return the condition that a row is of none of these organisations; what nothing names is of none."""
    return or_(place.is_(None), place.not_in(organisation_ids))
