from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, or_

from referrals.tables.placements import PlacementPartRow, PlacementRow


def supplied_by(provider_ids: Collection[str], *narrowed: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say in SQL that providers supply something of a placement, or something narrower, until its end.

    Whoever was taken out of a package before has no more to do with the learner, and reads no more of the placement.
    """
    mine = PlacementPartRow.provider_id.in_(provider_ids)
    return exists().where(PlacementPartRow.placement_id == PlacementRow.id, mine, until_the_end(), *narrowed)


def until_the_end() -> ColumnElement[bool]:
    """Say in SQL of a part that its supplier has not been taken out of the placement."""
    return or_(PlacementPartRow.ended_on.is_(None), PlacementPartRow.ended_on == PlacementRow.ended_on)
