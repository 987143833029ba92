"""Which applications hold a setting on a lot: until they are decided, and then until their contract is signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fps.model import Status
from fps.model.applications import ApplicationState, Outcome
from fps.model.rounds import RoundState
from fps.queries.applications import decisions_of, last_submission
from fps.tables import (
    ApplicationRow,
    ApplicationSettingRow,
    ContractRow,
    RoundRow,
    SettingOnLotRow,
    StatusChangeRow,
)

Pair = tuple[str, str]
"""A setting and a lot."""


@dataclass(frozen=True)
class Hold:
    """An application that holds a setting on a lot; decided, it was admitted and its contract is still to be signed."""

    application_id: str
    round_id: str
    is_opened: bool
    is_decided: bool


def holds(session: Session, setting_ids: Iterable[str]) -> dict[Pair, list[Hold]]:
    """Return the applications that hold settings on lots, as far as the reader may see them."""
    found: dict[Pair, list[Hold]] = {}
    for row in session.scalars(_open_with(setting_ids)):
        is_decided = row.state == ApplicationState.DECIDED
        hold = Hold(row.id, row.round_id, row.opened_at is not None, is_decided)
        for pair in unsigned(session, row) if is_decided else _asked(session, row.id):
            found.setdefault(pair, []).append(hold)
    return found


def binding(held: Iterable[Hold], before: Status | None, after: Status) -> Hold | None:
    """Return the application that keeps a person from taking a step by hand, None where nothing does.

    Who joins by a round joins by two evaluations, a letter and a contract. Who was admitted and never signs may leave.
    """
    if before not in (Status.APPLIED, Status.ADMITTED):
        return None
    may_leave = after is Status.EXITED
    return next((hold for hold in held if hold.is_opened and not (hold.is_decided and may_leave)), None)


def _open_with(setting_ids: Iterable[str]) -> Select[ApplicationRow]:
    naming = select(ApplicationSettingRow.application_id).where(ApplicationSettingRow.setting_id.in_(list(setting_ids)))
    return (
        select(ApplicationRow)
        .join(RoundRow, RoundRow.id == ApplicationRow.round_id)
        .where(
            ApplicationRow.id.in_(naming),
            ApplicationRow.state.in_((ApplicationState.SUBMITTED, ApplicationState.DECIDED)),
            RoundRow.state != RoundState.CANCELLED,
        )
        .order_by(ApplicationRow.id)
    )


def _asked(session: Session, application_id: str) -> list[Pair]:
    """Return for what an application asks, as it was last sent."""
    sent, settings = last_submission(session, application_id), _settings_of(session, application_id)
    content = sent.content["settings"] if sent else ()
    return [(settings[one["entry"]], lot_id) for one in content if settings[one["entry"]] for lot_id in one["lots"]]


def unsigned(session: Session, row: ApplicationRow) -> list[Pair]:
    """Return what a decided application has won and what is still to be signed, in one order always.

    Who has left the lot since the letters, because nothing is signed, is not held by them any more; nor is who has
    applied there again after that.
    """
    if row.told_at is None or session.get(ContractRow, row.id) is not None:
        return []
    settings, since = _settings_of(session, row.id), _applied_since(session, row.id)
    won = [
        (settings[one.entry_id], one.lot_id) for one in decisions_of(session, row.id) if one.outcome is Outcome.ADMIT
    ]
    return sorted(pair for pair in won if pair in since and since[pair] <= row.told_at)


def _settings_of(session: Session, application_id: str) -> dict[str, str]:
    rows = select(ApplicationSettingRow.id, ApplicationSettingRow.setting_id)
    found = session.execute(rows.where(ApplicationSettingRow.application_id == application_id))
    return {entry_id: setting_id or "" for entry_id, setting_id in found}


def _applied_since(session: Session, application_id: str) -> dict[Pair, datetime]:
    """Return since when the settings of an application that stand as applicants do so."""
    rows = (
        select(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id, StatusChangeRow.recorded_at)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .join(ApplicationSettingRow, ApplicationSettingRow.setting_id == SettingOnLotRow.setting_id)
        .where(
            ApplicationSettingRow.application_id == application_id,
            StatusChangeRow.until.is_(None),
            StatusChangeRow.to_status == Status.APPLIED,
        )
    )
    return {(setting_id, lot_id): at for setting_id, lot_id, at in session.execute(rows)}


def awaits_contract(session: Session, round_id: str) -> bool:
    """Tell whether somebody who was admitted in a round still waits for its contract."""
    rows = select(ApplicationRow).where(
        ApplicationRow.round_id == round_id, ApplicationRow.state == ApplicationState.DECIDED
    )
    return any(unsigned(session, row) for row in session.scalars(rows))
