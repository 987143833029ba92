from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from fps.model import LotCard, SettingCard, Status
from fps.model.applications import ApplicationState, Outcome
from fps.queries import lots_by_id, settings_by_id
from fps.tables import (
    AdmissionRow,
    ApplicationRow,
    ApplicationSettingRow,
    ContractRow,
    ListedSettingRow,
    ListPublicationRow,
    SettingOnLotRow,
    StatusChangeRow,
)


@dataclass(frozen=True)
class ListedLine:
    """A setting that joined a lot in a round, its contract, and where it stands now."""

    setting: SettingCard
    lot: LotCard
    contract: str
    effective_on: date
    status: Status | None


@dataclass(frozen=True)
class LetterLine:
    """What the letter of an applicant will say: on how many lots its settings are admitted and refused."""

    application_id: str
    provider_id: str
    admitted: int
    refused: int

    @property
    def is_decided(self) -> bool:
        """Whether there is a decision to tell."""
        return self.admitted + self.refused > 0


Signed = tuple[str, str, str, date]
"""A setting and a lot on which it was admitted, with the contract's reference and first day."""


def letters_of(session: Session, round_id: str) -> list[LetterLine]:
    """Return what the letters of a round will say, those of undecided applications first."""
    refused = func.count().filter(AdmissionRow.outcome == Outcome.REFUSE)
    admitted = func.count().filter(AdmissionRow.outcome == Outcome.ADMIT)
    rows = session.execute(
        select(ApplicationRow.id, ApplicationRow.provider_id, admitted, refused)
        .outerjoin(AdmissionRow, AdmissionRow.application_id == ApplicationRow.id)
        .where(ApplicationRow.round_id == round_id, ApplicationRow.state == ApplicationState.SUBMITTED)
        .group_by(ApplicationRow.id, ApplicationRow.provider_id)
    )
    found = [LetterLine(*row) for row in rows]
    return sorted(found, key=lambda line: (line.is_decided, line.application_id))


def signed_settings(session: Session, round_id: str) -> list[Signed]:
    """Return who joined in a round by a contract that is signed. Only its lead authority can read it.

    Who had left the lot before the signature did not join, whatever the letter said.
    """
    rows = session.execute(
        select(ApplicationSettingRow.setting_id, AdmissionRow.lot_id, ContractRow.reference, ContractRow.effective_on)
        .join(AdmissionRow, AdmissionRow.entry_id == ApplicationSettingRow.id)
        .join(ApplicationRow, ApplicationRow.id == AdmissionRow.application_id)
        .join(ContractRow, ContractRow.application_id == ApplicationRow.id)
        .where(ApplicationRow.round_id == round_id, AdmissionRow.outcome == Outcome.ADMIT, _joined_by_contract())
    )
    return [(setting_id, lot_id, reference, begins) for setting_id, lot_id, reference, begins in rows if setting_id]


def _joined_by_contract() -> ColumnElement[bool]:
    return exists().where(
        SettingOnLotRow.setting_id == ApplicationSettingRow.setting_id,
        SettingOnLotRow.lot_id == AdmissionRow.lot_id,
        StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id,
        StatusChangeRow.to_status == Status.ADMITTED,
        StatusChangeRow.recorded_at == ContractRow.recorded_at,
    )


def listed_settings(session: Session, round_id: str) -> list[ListedLine]:
    """Return the list that went out after a round, by lot and name, with where each setting stands now."""
    rows = session.scalars(select(ListedSettingRow).where(ListedSettingRow.round_id == round_id)).all()
    settings = settings_by_id(session, [row.setting_id for row in rows])
    lots = lots_by_id(session, [row.lot_id for row in rows])
    stands = session.execute(
        select(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id, StatusChangeRow.to_status)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(SettingOnLotRow.setting_id.in_(list(settings)), StatusChangeRow.until.is_(None))
    )
    status = {(setting_id, lot_id): Status(at) for setting_id, lot_id, at in stands}
    found = [
        ListedLine(
            settings[row.setting_id],
            lots[row.lot_id],
            row.contract,
            row.effective_on,
            status.get((row.setting_id, row.lot_id)),
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: (line.lot.number, line.setting.name, line.setting.id))


def published_at(session: Session, round_id: str) -> datetime | None:
    """Return when the list of a round went out to all member councils, None before."""
    row = session.get(ListPublicationRow, round_id)
    return row.published_at if row else None


def count_published(session: Session) -> int:
    """Count the lists that have gone out."""
    return session.scalar(select(func.count()).select_from(ListPublicationRow)) or 0


def published_lists(session: Session, *, offset: int = 0, limit: int = 25) -> list[tuple[str, datetime, int]]:
    """Return a page of the lists that have gone out: round, when, how many settings; the latest first."""
    rows = select(ListPublicationRow).order_by(ListPublicationRow.published_at.desc(), ListPublicationRow.round_id)
    return [(row.round_id, row.published_at, row.settings) for row in session.scalars(rows.offset(offset).limit(limit))]
