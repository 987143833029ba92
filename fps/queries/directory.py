"""The directory that anybody may search: settings that stand on a lot of a framework that runs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Float, Row, Select, Subquery, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from fps.model import SettingKind, Status
from fps.model.directory import ALTERNATIVE_PROVISION, RESIDENTIAL
from fps.model.directory_search import Listing, Point, Sort, Wanted
from fps.queries.directory_standing import PUBLIC, standing_on
from fps.queries.profiles import published_profiles
from fps.queries.vacancies import is_shown, vacancies_of
from fps.tables import (
    LotRow,
    ProfileRow,
    ProfileTermRow,
    SchoolRow,
    SettingOnLotRow,
    SettingRow,
    StatusChangeRow,
    VacancyRow,
)
from kernel.errors import NotFoundError
from kernel.finding import holds

_FOR_COUNCILS = (*PUBLIC, Status.SUSPENDED)
_RANKS = {status: rank for rank, status in enumerate(_FOR_COUNCILS)}
_EASTING = func.coalesce(ProfileRow.easting, SchoolRow.easting)
_NORTHING = func.coalesce(ProfileRow.northing, SchoolRow.northing)
_SETTING = (
    SettingRow.id,
    SettingRow.name,
    SettingRow.provider_id,
    SettingRow.urn,
    SettingRow.kind,
    SettingRow.age_from,
    SettingRow.age_to,
    SettingRow.intake,
    SettingRow.district,
)


def find_settings(
    session: Session, wanted: Wanted, today: date, *, offset: int = 0, limit: int = 25
) -> tuple[list[Listing], int]:
    """Return a page of the settings that are wanted, and how many there are; as many queries for 10,000 as for ten.

    Free places sort, they never leave anybody out (R4).
    """
    stands = _stands(wanted, today)
    total = session.scalar(_chosen(select(func.count()), stands, wanted)) or 0
    rows = _chosen(select(*_SETTING, stands.c.rank, _squared(wanted.near)), stands, wanted)
    found = session.execute(rows.order_by(*_order(wanted, today)).offset(offset).limit(limit)).all()
    return _listings(session, found, today), total


def count_unsaid(session: Session, wanted: Wanted, today: date) -> int:
    """Count the settings that fit all else, but have published nothing from which their needs or stays are known."""
    counted = _chosen(select(func.count()), _stands(wanted, today), replace(wanted, is_unsaid=True))
    return session.scalar(counted) or 0


def listings(
    session: Session, setting_ids: Sequence[str], today: date, *, near: Point | None = None, sees_status: bool = False
) -> list[Listing]:
    """Return these settings in this order; those that the directory does not show are left out."""
    wanted = Wanted(near=near, sees_status=sees_status)
    stands = _stands(wanted, today)
    rows = _chosen(select(*_SETTING, stands.c.rank, _squared(near)), stands, wanted)
    found = session.execute(rows.where(SettingRow.id.in_(list(setting_ids)))).all()
    by_id = {listing.id: listing for listing in _listings(session, found, today)}
    return [by_id[setting_id] for setting_id in dict.fromkeys(setting_ids) if setting_id in by_id]


def listing(
    session: Session, setting_id: str, today: date, *, near: Point | None = None, sees_status: bool = False
) -> Listing:
    """Return a setting of the directory; raises NotFoundError for one that the directory does not show."""
    found = listings(session, [setting_id], today, near=near, sees_status=sees_status)
    if not found:
        raise NotFoundError
    return found[0]


def public_ids(session: Session, today: date) -> list[tuple[str, str]]:
    """Return setting and provider of all that the public sees, by id; one query of two columns."""
    stands = _stands(Wanted(), today)
    rows = select(SettingRow.id, SettingRow.provider_id).join(stands, stands.c.setting_id == SettingRow.id)
    return [(row.id, row.provider_id) for row in session.execute(rows.order_by(SettingRow.id))]


def points_of(session: Session, setting_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return easting and northing of these settings in metres; those of which nobody has said are left out."""
    rows = select(SettingRow.id, _EASTING, _NORTHING).outerjoin(ProfileRow, ProfileRow.setting_id == SettingRow.id)
    rows = rows.outerjoin(SchoolRow, SchoolRow.urn == SettingRow.urn).where(SettingRow.id.in_(list(setting_ids)))
    return {row[0]: (row[1], row[2]) for row in session.execute(rows) if row[1] is not None and row[2] is not None}


def middle_of_town(session: Session, town: str) -> Point | None:
    """Return the middle of the schools of a town, or of the settings of a council's area; None for an unknown name."""
    named = town.strip().lower()
    by_school = select(func.avg(SchoolRow.easting), func.avg(SchoolRow.northing)).where(
        func.lower(SchoolRow.town) == named, SchoolRow.easting.is_not(None)
    )
    by_area = (
        select(func.avg(_EASTING), func.avg(_NORTHING))
        .select_from(SettingRow)
        .outerjoin(ProfileRow, ProfileRow.setting_id == SettingRow.id)
        .outerjoin(SchoolRow, SchoolRow.urn == SettingRow.urn)
        .where(func.lower(SettingRow.district) == named)
    )
    for rows in (by_school, by_area):
        easting, northing = session.execute(rows).one()
        if easting is not None and northing is not None:
            return Point(town.strip(), round(easting), round(northing))
    return None


def _stands(wanted: Wanted, today: date) -> Subquery:
    """Select each setting that may be shown, with the rank of the best status that it has."""
    shown = _FOR_COUNCILS if wanted.sees_status else PUBLIC
    standing = standing_on(today).where(StatusChangeRow.to_status.in_(shown))
    if wanted.lot_id is not None:
        standing = standing.where(SettingOnLotRow.lot_id == wanted.lot_id)
    each = standing.subquery()
    rank = case({status.value: rank for status, rank in _RANKS.items()}, value=each.c.to_status)
    return select(each.c.setting_id, func.min(rank).label("rank")).group_by(each.c.setting_id).subquery()


def _chosen(rows: Select[Any], stands: Subquery, wanted: Wanted) -> Select[Any]:
    chosen = (
        rows.select_from(SettingRow)
        .join(stands, stands.c.setting_id == SettingRow.id)
        .outerjoin(ProfileRow, ProfileRow.setting_id == SettingRow.id)
        .outerjoin(SchoolRow, SchoolRow.urn == SettingRow.urn)
    )
    return chosen.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = _said(wanted)
    if wanted.words.strip():
        found.append(holds(SettingRow.name, wanted.words))
    if wanted.age is not None:
        found.append(and_(SettingRow.age_from <= wanted.age, SettingRow.age_to >= wanted.age))
    if wanted.kind is not None:
        found.append(SettingRow.kind == wanted.kind)
    if wanted.is_ap_only:
        found.append(SettingRow.kind.in_(ALTERNATIVE_PROVISION))
    if wanted.near is not None and wanted.within_km is not None:
        squared = _squared(wanted.near)
        is_near = squared <= (wanted.within_km * 1000) ** 2
        found.append(or_(is_near, squared.is_(None)) if wanted.is_unsaid else is_near)
    return found + _of_programs(wanted)


def _said(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions that only a setting's own page can meet, or that there is none yet."""
    if wanted.is_unsaid:
        return [ProfileRow.setting_id.is_(None)]
    found = [_has_term(term) for term in _terms(wanted)]
    if wanted.is_residential:
        found.append(or_(*(_has_term(f"stay:{stay}") for stay in RESIDENTIAL)))
    return found


def _of_programs(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions that only the open interface for programs knows."""
    found: list[ColumnElement[bool]] = []
    if wanted.least_age is not None:
        found.append(SettingRow.age_from >= wanted.least_age)
    if wanted.most_age is not None:
        found.append(SettingRow.age_to <= wanted.most_age)
    if wanted.provider_id is not None:
        found.append(SettingRow.provider_id == wanted.provider_id)
    if wanted.says_needs:
        found.append(exists().where(ProfileTermRow.setting_id == SettingRow.id, ProfileTermRow.term.like("need:%")))
    return found


def _terms(wanted: Wanted) -> list[str]:
    named = {
        "need": wanted.need,
        "stay": wanted.stay,
        "stage": wanted.key_stage,
        "attendance": wanted.attendance,
    }
    return [f"{name}:{value}" for name, value in named.items() if value is not None]


def _has_term(term: str) -> ColumnElement[bool]:
    return exists().where(ProfileTermRow.setting_id == SettingRow.id, ProfileTermRow.term == term)


def _squared(near: Point | None) -> ColumnElement[float | None]:
    """The distance squared, in square metres: no engine needs a root to compare."""
    if near is None:
        return cast(None, Float)
    east, north = cast(_EASTING, Float) - near.easting, cast(_NORTHING, Float) - near.northing
    return east * east + north * north


def _order(wanted: Wanted, today: date) -> tuple[ColumnElement[Any], ...]:
    by_name = (SettingRow.name.asc(), SettingRow.id.asc())
    if wanted.sort is Sort.PLACES:
        told = select(func.sum(VacancyRow.places)).where(VacancyRow.setting_id == SettingRow.id, is_shown(today))
        return (func.coalesce(told.scalar_subquery(), -1).desc(), *by_name)
    if wanted.sort is Sort.NEAREST and wanted.near is not None:
        squared = _squared(wanted.near)
        return (squared.is_(None).asc(), squared.asc(), *by_name)
    return by_name


def _listings(session: Session, rows: Iterable[Row[*tuple[Any, ...]]], today: date) -> list[Listing]:
    found = list(rows)
    ids = [row.id for row in found]
    profiles, vacancies = published_profiles(session, ids), vacancies_of(session, ids, shown_on=today)
    standings = _standings(session, ids, today)
    return [
        Listing(
            id=row.id,
            name=row.name,
            provider_id=row.provider_id,
            urn=row.urn,
            kind=SettingKind(row.kind),
            age_from=row.age_from,
            age_to=row.age_to,
            intake=row.intake,
            district=row.district,
            status=_FOR_COUNCILS[row.rank],
            km=math.sqrt(row[-1]) / 1000 if row[-1] is not None else None,
            profile=profiles.get(row.id),
            vacancies=tuple(vacancies.get(row.id, ())),
            standings=tuple(standings.get(row.id, ())),
        )
        for row in found
    ]


def _standings(session: Session, setting_ids: Sequence[str], today: date) -> dict[str, list[tuple[str, Status]]]:
    found: dict[str, list[tuple[str, Status]]] = defaultdict(list)
    rows = standing_on(today).where(SettingOnLotRow.setting_id.in_(setting_ids))
    for setting_id, lot_id, status in session.execute(rows.order_by(LotRow.framework_id, LotRow.number)):
        found[setting_id].append((lot_id, Status(status)))
    return found
