"""Free places of settings, as their providers last told, and the questions about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fps.model.directory import AskedLine, VacancyCard, VacancyReport
from fps.queries.directory_standing import PUBLIC, standing_on
from fps.rules.vacancies import band_title, letter_of
from fps.tables import (
    FrameworkRow,
    LotRow,
    SettingOnLotRow,
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


def vacancies_of(
    session: Session, setting_ids: Iterable[str], *, shown_on: date | None = None
) -> dict[str, list[VacancyCard]]:
    """Return the age bands of these settings with their free places, by setting; one query.

    With `shown_on` only those on lots on which everybody may see the setting on that day.
    """
    rows = select(VacancyRow, LotRow.number, LotRow.name).join(LotRow, LotRow.id == VacancyRow.lot_id)
    offered = VacancyRow.closed_at.is_(None) if shown_on is None else is_shown(shown_on)
    chosen = rows.where(VacancyRow.setting_id.in_(list(setting_ids)), offered)
    found: dict[str, list[VacancyCard]] = defaultdict(list)
    for row, number, name in session.execute(chosen.order_by(LotRow.number, LotRow.id, VacancyRow.age_from)):
        found[row.setting_id].append(_card(row, f"Lot {number}: {name}"))
    return found


def is_shown(on: date) -> ColumnElement[bool]:
    """Say that a band is offered, on a lot on which everybody may see its setting on that day."""
    stands = standing_on(on).where(
        SettingOnLotRow.setting_id == VacancyRow.setting_id,
        SettingOnLotRow.lot_id == VacancyRow.lot_id,
        StatusChangeRow.to_status.in_(PUBLIC),
    )
    return VacancyRow.closed_at.is_(None) & stands.correlate(VacancyRow).exists()


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
            VacancyRow,
            SettingRow.name,
            LotRow,
            FrameworkRow.name,
            VacancyAskLineRow.places,
            VacancyAskLineRow.answered_at,
        )
        .join(VacancyRow, VacancyRow.id == VacancyAskLineRow.vacancy_id)
        .join(SettingRow, SettingRow.id == VacancyRow.setting_id)
        .join(LotRow, LotRow.id == VacancyRow.lot_id)
        .join(FrameworkRow, FrameworkRow.id == LotRow.framework_id)
        .where(VacancyAskLineRow.ask_id == ask_id)
        .order_by(VacancyAskLineRow.number)
    )
    found = session.execute(rows).all()
    lots, frameworks = _spread(session, {band.setting_id for _, band, *_ in found})
    return [
        AskedLine(
            letter_of(number),
            band.id,
            band_title(
                (name, band.age_from, band.age_to),
                f"Lot {on_lot.number}: {on_lot.name}" if len(lots[band.setting_id] | {on_lot.id}) > 1 else "",
                framework if len(frameworks[band.setting_id] | {on_lot.framework_id}) > 1 else "",
            ),
            places,
            answered_at is not None,
        )
        for number, band, name, on_lot, framework, places, answered_at in found
    ]


def _spread(session: Session, setting_ids: Iterable[str]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the lots and the frameworks on which these settings offer bands, by setting."""
    rows = select(VacancyRow.setting_id, LotRow.id, LotRow.framework_id).join(LotRow, LotRow.id == VacancyRow.lot_id)
    offered = rows.where(VacancyRow.setting_id.in_(list(setting_ids)), VacancyRow.closed_at.is_(None))
    lots: dict[str, set[str]] = defaultdict(set)
    frameworks: dict[str, set[str]] = defaultdict(set)
    for setting_id, lot_id, framework_id in session.execute(offered):
        lots[setting_id].add(lot_id)
        frameworks[setting_id].add(framework_id)
    return lots, frameworks


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
