from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.messages.places import ASK_FIRST, ASK_MANY, ASK_ONE, REMINDER, line_in_words, own_places_path
from fps.model import Status
from fps.model.directory import AskedLine
from fps.queries.directory_standing import standing_on
from fps.queries.hearing import hearers, who_hears
from fps.queries.vacancies import asked_lines
from fps.rules.vacancies import MOST_LINES, is_reminder_due, is_told_in
from fps.tables import (
    SettingOnLotRow,
    SettingRow,
    StatusChangeRow,
    VacancyAskLineRow,
    VacancyAskRow,
    VacancyRow,
)
from kernel import audit
from kernel.audit import SYSTEM
from kernel.calendar import london_date
from kernel.ids import new_id
from kernel.work import Work
from people.queries import person

ASK = "places_ask"
"""What a question is called as the subject of messages."""


def ask_about_places(work: Work, month: date, *, limit: int = 50) -> int:
    """Ask whoever hears for active settings and was not asked in that month; return how many were.

    One question a person, whatever the number of their settings; nothing is asked of what was confirmed in that
    month already. Idempotent: a person has one question a month.
    """
    today, heard_by = london_date(work.now), hearers()
    asked = exists().where(VacancyAskRow.person_id == heard_by.c.person_id, VacancyAskRow.month == month)
    active = standing_on(today).where(StatusChangeRow.to_status == Status.ACTIVE).subquery()
    people = (
        select(heard_by.c.person_id)
        .where(heard_by.c.setting_id.in_(select(active.c.setting_id)), ~asked)
        .distinct()
        .order_by(heard_by.c.person_id)
        .limit(limit)
    )
    found = work.session.scalars(people).all()
    for person_id in found:
        _ask(work, person_id, month, today)
    return len(found)


def _ask(work: Work, person_id: str, month: date, today: date) -> None:
    bands = [band for band in _bands(work, person_id, today) if not is_told_in(band.confirmed_at, month)]
    _close_older(work, person_id)
    closed_at = None if bands else work.now
    ask = VacancyAskRow(id=new_id(), person_id=person_id, month=month, asked_at=work.now, closed_at=closed_at)
    work.session.add(ask)
    work.session.flush()
    work.session.add_all(
        VacancyAskLineRow(ask_id=ask.id, number=number, vacancy_id=band.id, places=band.places)
        for number, band in enumerate(bands)
    )
    work.session.flush()
    if bands:
        queue_messages(work, [_question(work, ask, asked_lines(work.session, ask.id))])
    audit.record(
        work, actor=SYSTEM, action="fps.ask_about_places", subject=("places_ask", ask.id), details={"lines": len(bands)}
    )


def _bands(work: Work, person_id: str, today: date) -> list[VacancyRow]:
    """Return the bands of the active settings for which somebody hears; if too many, those longest unconfirmed.

    A setting on a lot of which nothing was told yet gets a band with all its ages.
    """
    active = standing_on(today).where(StatusChangeRow.to_status == Status.ACTIVE)
    heard_by = hearers()
    theirs = active.join(heard_by, heard_by.c.setting_id == SettingOnLotRow.setting_id).where(
        heard_by.c.person_id == person_id
    )
    pairs = [(setting_id, lot_id) for setting_id, lot_id, _ in work.session.execute(theirs)]
    ids = {setting_id for setting_id, _ in pairs}
    rows = work.session.scalars(
        select(VacancyRow).where(VacancyRow.setting_id.in_(ids), VacancyRow.closed_at.is_(None))
    ).all()
    told = {(row.setting_id, row.lot_id) for row in rows}
    missing = [_new_band(work, *pair) for pair in pairs if pair not in told]
    kept = [row for row in rows if (row.setting_id, row.lot_id) in set(pairs)] + missing
    kept.sort(key=lambda row: row.confirmed_at.timestamp() if row.confirmed_at else 0)
    named = work.session.execute(select(SettingRow.id, SettingRow.name).where(SettingRow.id.in_(ids)))
    names = {row.id: row.name for row in named}
    return sorted(kept[:MOST_LINES], key=lambda row: (names[row.setting_id], row.lot_id, row.age_from))


def _new_band(work: Work, setting_id: str, lot_id: str) -> VacancyRow:
    """Begin a band for all ages of a setting; one that was taken away by hand is open again, still untold."""
    card = work.session.get_one(SettingRow, setting_id)
    whole = select(VacancyRow).where(
        VacancyRow.setting_id == setting_id,
        VacancyRow.lot_id == lot_id,
        VacancyRow.age_from == card.age_from,
        VacancyRow.age_to == card.age_to,
    )
    row = work.session.scalars(whole).first()
    if row is None:
        row = VacancyRow(
            id=new_id(), setting_id=setting_id, lot_id=lot_id, age_from=card.age_from, age_to=card.age_to, note=""
        )
        work.session.add(row)
    row.closed_at = None
    work.session.flush()
    return row


def _close_older(work: Work, person_id: str) -> None:
    older = select(VacancyAskRow).where(VacancyAskRow.person_id == person_id, VacancyAskRow.closed_at.is_(None))
    for row in work.session.scalars(older.with_for_update()):
        row.closed_at = work.now


def _question(work: Work, ask: VacancyAskRow, lines: Sequence[AskedLine], *, is_reminder: bool = False) -> NewMessage:
    one = lines[0] if len(lines) == 1 else None
    common: dict[str, object] = {"ask": ask.id, "link": own_places_path()}
    key = "remind" if is_reminder else "ask"
    if is_reminder or one is None:
        language = person(work.session, ask.person_id).language
        message_type = REMINDER if is_reminder else ASK_MANY
        values = {**common, "lines": [line_in_words(work, line, language) for line in lines]}
    elif one.places is None:
        message_type, values = ASK_FIRST, {**common, "setting": one.title}
    else:
        message_type, values = ASK_ONE, {**common, "setting": one.title, "number": one.places}
    return NewMessage(
        message_type,
        values,
        person_id=ask.person_id,
        dedupe_key=f"places:{key}:{ask.id}",
        about=Subject(ASK, ask.id),
    )


def _hears_all(work: Work, person_id: str, lines: Sequence[AskedLine]) -> bool:
    """Tell whether somebody who was asked hears for all the settings still; whoever does now is asked of their own."""
    setting_ids = select(VacancyRow.setting_id).where(VacancyRow.id.in_([line.vacancy_id for line in lines]))
    heard_by = who_hears(work.session, work.session.scalars(setting_ids.distinct()).all())
    return bool(heard_by) and all(person_id in people for people in heard_by.values())


def remind_about_places(work: Work, today: date, *, limit: int = 50) -> int:
    """Remind of questions that have stood open for five working days, once each; return how many."""
    waiting = select(VacancyAskRow).where(VacancyAskRow.closed_at.is_(None), VacancyAskRow.reminded_at.is_(None))
    rows = work.session.scalars(waiting.order_by(VacancyAskRow.asked_at).limit(limit).with_for_update(skip_locked=True))
    due = [row for row in rows if is_reminder_due(row.asked_at, today)]
    messages = []
    for row in due:  # the oldest come first, so that a page with none due is the last
        row.reminded_at = work.now
        lines = [line for line in asked_lines(work.session, row.id) if not line.is_answered]
        if lines and _hears_all(work, row.person_id, lines):
            messages.append(_question(work, row, lines, is_reminder=True))
    if messages:
        queue_messages(work, messages)
    return len(due)
