"""Free places of settings, as their providers last told, and the questions about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from fps.model.directory import AskedLine, VacancyCard, VacancyReport
from fps.queries.directory_standing import PUBLIC, standing_on
from fps.rules.vacancies import letter_of
from fps.tables import (
    LotRow,
    SettingRow,
    StatusChangeRow,
    VacancyAskLineRow,
    VacancyAskRow,
    VacancyReportRow,
    VacancyRow,
)
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting


def vacancies_of(session: Session, setting_ids: Iterable[str]) -> dict[str, list[VacancyCard]]:
    """Return the age bands of these settings with their free places, by setting; one query."""
    rows = select(VacancyRow, LotRow.number, LotRow.name).join(LotRow, LotRow.id == VacancyRow.lot_id)
    chosen = rows.where(VacancyRow.setting_id.in_(list(setting_ids)), VacancyRow.closed_at.is_(None))
    found: dict[str, list[VacancyCard]] = defaultdict(list)
    for row, number, name in session.execute(chosen.order_by(LotRow.number, LotRow.id, VacancyRow.age_from)):
        found[row.setting_id].append(_card(row, f"Lot {number}: {name}"))
    return found


def _card(row: VacancyRow, lot_title: str) -> VacancyCard:
    return VacancyCard(
        row.id,
        row.setting_id,
        row.lot_id,
        lot_title,
        row.age_from,
        row.age_to,
        row.places,
        row.expected_places,
        row.expected_on,
        row.note,
        row.confirmed_at,
    )


def vacancy_reports(
    session: Session, setting_id: str, *, offset: int = 0, limit: int = 25
) -> list[tuple[VacancyReport, int, int]]:
    """Return what was told of a setting's free places, the newest first, each with the ages of its band."""
    rows = (
        select(VacancyReportRow, VacancyRow.age_from, VacancyRow.age_to)
        .join(VacancyRow, VacancyRow.id == VacancyReportRow.vacancy_id)
        .where(VacancyReportRow.setting_id == setting_id)
        .order_by(VacancyReportRow.at.desc(), VacancyReportRow.id.desc())
    )
    return [(_report(row), first, last) for row, first, last in session.execute(rows.offset(offset).limit(limit))]


def _report(row: VacancyReportRow) -> VacancyReport:
    return VacancyReport(
        row.vacancy_id,
        row.at,
        row.reported_by,
        row.channel,
        row.is_same,
        row.places,
        row.expected_places,
        row.expected_on,
        row.note,
    )


def asked_lines(session: Session, ask_id: str) -> list[AskedLine]:
    """Return the lines of a question, in their order."""
    rows = (
        select(
            VacancyAskLineRow.number,
            VacancyRow.id,
            SettingRow.name,
            VacancyRow.age_from,
            VacancyRow.age_to,
            VacancyAskLineRow.places,
            VacancyAskLineRow.answered_at,
        )
        .join(VacancyRow, VacancyRow.id == VacancyAskLineRow.vacancy_id)
        .join(SettingRow, SettingRow.id == VacancyRow.setting_id)
        .where(VacancyAskLineRow.ask_id == ask_id)
        .order_by(VacancyAskLineRow.number)
    )
    return [_line(row) for row in session.execute(rows)]


def _line(row: Row[int, str, str, int, int, int | None, datetime | None]) -> AskedLine:
    number, vacancy_id, name, age_from, age_to, places, answered_at = row
    title = f"{name}, ages {age_from} to {age_to}"
    return AskedLine(letter_of(number), vacancy_id, title, places, answered_at is not None)


def newest_ask(session: Session, person_id: str) -> str | None:
    """Return the id of the newest question to a person, answered or not; None where there is none."""
    rows = select(VacancyAskRow.id).where(VacancyAskRow.person_id == person_id)
    return session.scalars(rows.order_by(VacancyAskRow.month.desc()).limit(1)).first()


def ask_closed_at(session: Session, ask_id: str) -> datetime | None:
    """Return when a question was answered or replaced by the next one; None while it is open."""
    return session.scalar(select(VacancyAskRow.closed_at).where(VacancyAskRow.id == ask_id))


def count_reports(session: Session, setting_id: str) -> int:
    """Count what was ever told of a setting's free places."""
    rows = select(func.count()).select_from(VacancyReportRow).where(VacancyReportRow.setting_id == setting_id)
    return session.scalar(rows) or 0


def settings_with_places(
    session: Session, provider_ids: Iterable[str], today: date, *, offset: int = 0, limit: int = 25
) -> tuple[list[tuple[str, str]], int]:
    """Return a page of providers' settings that stand on a lot, as id and name, and how many there are."""
    standing = standing_on(today).where(StatusChangeRow.to_status.in_(PUBLIC)).subquery()
    wanted = (
        SettingRow.provider_id.in_(list(provider_ids)),
        SettingRow.id.in_(select(standing.c.setting_id)),
    )
    total = session.scalar(select(func.count()).select_from(SettingRow).where(*wanted)) or 0
    rows = select(SettingRow.id, SettingRow.name).where(*wanted).order_by(SettingRow.name, SettingRow.id)
    return [(row.id, row.name) for row in session.execute(rows.offset(offset).limit(limit))], total


def places_to_confirm(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count the lines of open questions about the free places of the actor's own settings."""
    own = organisations_with(actor, Permission.SETTINGS_OWN)
    theirs = select(VacancyRow.id).join(SettingRow, SettingRow.id == VacancyRow.setting_id)
    return count_waiting(
        session,
        VacancyAskRow.asked_at,
        VacancyAskRow.id == VacancyAskLineRow.ask_id,
        VacancyAskRow.closed_at.is_(None),
        VacancyAskLineRow.answered_at.is_(None),
        VacancyAskLineRow.vacancy_id.in_(theirs.where(SettingRow.provider_id.in_(own))),
    )
