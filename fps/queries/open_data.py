"""What public registers say of schools, as the newest files had it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from fps.model.open_data import Judgement, JudgementKind, Link, Place, School, Source
from fps.tables import JudgementRow, PlaceRow, SchoolLinkRow, SchoolRow

_SCHOOL = tuple(SchoolRow.__table__.c[field.name] for field in fields(School))
_LINK = tuple(SchoolLinkRow.__table__.c[field.name] for field in fields(Link))
_JUDGEMENT = JudgementRow.__table__.c
_OF_A_JUDGEMENT = (
    _JUDGEMENT.urn,
    _JUDGEMENT.source,
    _JUDGEMENT.kind,
    _JUDGEMENT.inspection,
    _JUDGEMENT.inspected_on,
    _JUDGEMENT.published_on,
    _JUDGEMENT.grades,
    _JUDGEMENT.as_at,
)
_LONG_AGO = date.min


def school(session: Session, urn: str) -> School | None:
    """Return a school as GIAS has it; None where no extract had that URN."""
    row = session.execute(select(*_SCHOOL).where(SchoolRow.urn == urn)).first()
    return School(*row) if row else None


def schools(session: Session, urns: Iterable[str]) -> dict[str, School]:
    """Return the schools of these URNs, by URN; those that no extract had are left out."""
    rows = session.execute(select(*_SCHOOL).where(SchoolRow.urn.in_(list(urns))))
    return {row.urn: School(*row) for row in rows}


def links(session: Session, urn: str) -> list[Link]:
    """Return a school's predecessors, successors and other relations, the newest first."""
    rows = session.execute(select(*_LINK).where(SchoolLinkRow.urn == urn).order_by(SchoolLinkRow.link_urn))
    return sorted((Link(*row) for row in rows), key=lambda each: each.established_on or _LONG_AGO, reverse=True)


def judgements(session: Session, urn: str) -> list[Judgement]:
    """Return what Ofsted's files say of a school, the newest inspection first, each system in its own words."""
    rows = session.execute(select(*_OF_A_JUDGEMENT).where(JudgementRow.urn == urn).order_by(JudgementRow.kind))
    found = [_judgement(row) for row in rows]
    return sorted(found, key=lambda each: each.inspected_on or _LONG_AGO, reverse=True)


def _judgement(row: Row[*tuple[Any, ...]]) -> Judgement:
    urn, source, kind, inspection, inspected_on, published_on, grades, as_at = row
    return Judgement(
        urn, Source(source), JudgementKind(kind), inspection, inspected_on, published_on, json.loads(grades), as_at
    )


def place(session: Session, district: str) -> Place | None:
    """Return the middle of a postcode district, written as `fps.rules.places.postcode_district` returns it."""
    row = session.get(PlaceRow, district)
    return Place(row.district, row.easting, row.northing) if row else None


def places(session: Session, districts: Iterable[str]) -> dict[str, Place]:
    """Return the middles of postcode districts, by district; unknown ones are left out."""
    rows = session.scalars(select(PlaceRow).where(PlaceRow.district.in_(list(districts))))
    return {row.district: Place(row.district, row.easting, row.northing) for row in rows}
