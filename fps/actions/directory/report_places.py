from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from fps.actions.directory.find_own_setting import find_own_setting
from fps.queries.directory_standing import standing_on
from fps.rules.vacancies import Told, check_band, check_told
from fps.tables import SettingOnLotRow, VacancyAskLineRow, VacancyAskRow, VacancyReportRow, VacancyRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor

WEB = "web"


@dataclass(frozen=True)
class OpenBand:
    """An age band of a setting on a lot for which its provider tells of free places; both ages included."""

    setting_id: str
    lot_id: str
    age_from: int
    age_to: int
    told: Told


def open_band(work: Work, actor: Actor, command: OpenBand) -> str:
    """Begin to tell of free places for an age band; return the band's id.

    Raises NotFoundError for a setting that is not the actor's own, InvalidInputError for a lot or ages that are not
    the setting's, ConflictError where the band is there already.
    """
    card = find_own_setting(work, actor, command.setting_id)
    today = london_date(work.now)
    check_band(command.age_from, command.age_to, (card.age_from, card.age_to))
    check_told(command.told, today)
    on_lot = standing_on(today).where(SettingOnLotRow.setting_id == card.id, SettingOnLotRow.lot_id == command.lot_id)
    if work.session.execute(on_lot).first() is None:
        raise InvalidInputError("lot", "Choose a lot that the school is on.")
    row = VacancyRow(
        id=new_id(),
        setting_id=card.id,
        lot_id=command.lot_id,
        age_from=command.age_from,
        age_to=command.age_to,
    )
    try:
        with work.session.begin_nested():
            row = _closed_one(work, command) or row
            work.session.add(row)
    except IntegrityError as error:
        raise ConflictError("These ages are on the list already. Change their places there.") from error
    write_down(work, actor, row, command.told, WEB)
    return row.id


def _closed_one(work: Work, command: OpenBand) -> VacancyRow | None:
    """Return the same band where it was taken away before, open again."""
    found = select(VacancyRow).where(
        VacancyRow.setting_id == command.setting_id,
        VacancyRow.lot_id == command.lot_id,
        VacancyRow.age_from == command.age_from,
        VacancyRow.age_to == command.age_to,
        VacancyRow.closed_at.is_not(None),
    )
    row = work.session.scalars(found).first()
    if row is not None:
        row.closed_at = None
    return row


def report_places(work: Work, actor: Actor, vacancy_id: str, told: Told) -> None:
    """Tell of the free places of an age band, or confirm that they are as they were.

    Raises NotFoundError for a band of somebody else's setting, InvalidInputError for what cannot be.
    """
    row = _own_band(work, actor, vacancy_id)
    check_told(told, london_date(work.now))
    write_down(work, actor, row, told, WEB)


def close_band(work: Work, actor: Actor, vacancy_id: str) -> None:
    """Take an age band off the list; what was told of it stays in the history. A second press does nothing."""
    row = _own_band(work, actor, vacancy_id)
    if row.closed_at is None:
        row.closed_at = work.now
        _settle_lines(work, row)
        subject = ("setting", row.setting_id)
        audit.record(work, actor=actor.id, action="fps.close_vacancy", subject=subject, details={"vacancy_id": row.id})


def _own_band(work: Work, actor: Actor, vacancy_id: str) -> VacancyRow:
    setting_id = work.session.scalar(select(VacancyRow.setting_id).where(VacancyRow.id == vacancy_id))
    if setting_id is None:
        raise NotFoundError
    find_own_setting(work, actor, setting_id)
    return work.session.scalars(select(VacancyRow).where(VacancyRow.id == vacancy_id).with_for_update()).one()


def write_down(work: Work, actor: Actor, row: VacancyRow, told: Told, channel: str) -> None:
    """Write what was told of a band, by somebody whose right to do so was checked, and settle open questions of it."""
    before = (row.places, row.expected_places, row.expected_on, row.note)
    after = (told.places, told.expected_places, told.expected_on, told.note)
    row.places, row.expected_places, row.expected_on, row.note = after
    row.confirmed_at = work.now
    work.session.flush()
    work.session.add(
        VacancyReportRow(
            id=new_id(),
            setting_id=row.setting_id,
            vacancy_id=row.id,
            at=work.now,
            reported_by=actor.id,
            channel=channel,
            is_same=before == after,
            places=told.places,
            expected_places=told.expected_places,
            expected_on=told.expected_on,
            note=told.note,
        )
    )
    _settle_lines(work, row)
    audit.record(
        work,
        actor=actor.id,
        action="fps.report_places",
        subject=("setting", row.setting_id),
        details={"vacancy_id": row.id, "places": told.places, "was": before[0], "channel": channel},
    )


def _settle_lines(work: Work, row: VacancyRow) -> None:
    """Take the band off open questions; a question with nothing left to answer is over."""
    work.session.flush()
    line, ask = VacancyAskLineRow, VacancyAskRow
    asked = select(ask.id).where(ask.closed_at.is_(None), ask.id.in_(select(line.ask_id).where(_is_open(row.id))))
    ask_ids = list(work.session.scalars(asked))
    if not ask_ids:
        return
    work.session.execute(update(line).where(line.ask_id.in_(ask_ids), _is_open(row.id)).values(answered_at=work.now))
    left = select(line.ask_id).where(line.ask_id.in_(ask_ids), line.answered_at.is_(None))
    work.session.execute(update(ask).where(ask.id.in_(ask_ids), ask.id.not_in(left)).values(closed_at=work.now))
    work.session.expire_all()


def _is_open(vacancy_id: str) -> ColumnElement[bool]:
    return (VacancyAskLineRow.vacancy_id == vacancy_id) & VacancyAskLineRow.answered_at.is_(None)
