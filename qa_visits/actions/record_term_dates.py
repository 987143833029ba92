from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import delete

from fps.queries import setting as find_setting
from kernel.audit import record
from kernel.errors import ForbiddenError, InvalidInputError
from kernel.work import Work
from people.model import Actor, Role
from qa_visits.model import SettingCalendar, Span
from qa_visits.queries import CLOSURE, HALF_TERM
from qa_visits.tables import SettingSpanRow


@dataclass(frozen=True)
class RecordTermDates:
    """All that a setting has told of when it is open; it replaces what was told before."""

    setting_id: str
    calendar: SettingCalendar


def record_term_dates(work: Work, actor: Actor, command: RecordTermDates) -> None:
    """Record a setting's half-terms and closures (Q3).

    A quality officer may, and the provider for its own settings. Raises ForbiddenError for others and
    InvalidInputError for spans that end before they begin or half-terms that overlap.
    """
    setting = find_setting(work.session, command.setting_id)
    if not (actor.has(Role.QA_OFFICER) or actor.has(Role.PROVIDER_USER, setting.provider_id)):
        raise ForbiddenError
    _check_spans(command.calendar)
    work.session.execute(delete(SettingSpanRow).where(SettingSpanRow.setting_id == setting.id))
    for kind, spans in ((HALF_TERM, command.calendar.half_terms), (CLOSURE, command.calendar.closures)):
        work.session.add_all(
            SettingSpanRow(setting_id=setting.id, kind=kind, first_on=span.first, last_on=span.last) for span in spans
        )
    record(work, actor=actor.id, action="qa_visits.record_term_dates", subject=("setting", setting.id))


def _check_spans(calendar: SettingCalendar) -> None:
    for span in (*calendar.half_terms, *calendar.closures):
        if span.last < span.first:
            raise InvalidInputError("calendar", "A term or closure must not end before it begins.")
    if _overlap(calendar.half_terms) or _overlap(calendar.closures):
        raise InvalidInputError("calendar", "Two terms or two closures overlap.")


def _overlap(spans: tuple[Span, ...]) -> bool:
    in_order = sorted(spans, key=lambda span: span.first)
    return any(before.last >= after.first for before, after in pairwise(in_order))
