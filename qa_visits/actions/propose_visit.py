from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.queries import setting as find_setting
from kernel.audit import record
from kernel.errors import ForbiddenError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role
from people.permissions import Permission, organisations_with
from people.queries import person
from qa_visits.actions.take_day import check_day, other_days, take_day
from qa_visits.actions.write_step import write_step
from qa_visits.messages.to_officers import proposal
from qa_visits.model import DEFAULT_END, DEFAULT_START, VisitState, VisitType
from qa_visits.queries import visit_card
from qa_visits.rules.wording import day_label
from qa_visits.tables import VisitRow


@dataclass(frozen=True)
class ProposeVisit:
    """A visit to propose. `starts_at` and `ends_at` are London clock times on `day`."""

    council_id: str
    setting_id: str
    visit_type: VisitType
    officer_id: str
    day: date
    starts_at: time = DEFAULT_START
    ends_at: time = DEFAULT_END
    is_unannounced: bool = False


def propose_visit(work: Work, actor: Actor, command: ProposeVisit) -> str:
    """Propose a visit to an officer of the council, who is asked at once; return the visit's id.

    The officer's day is taken from now on. Raises ForbiddenError for a council that the actor does not plan for,
    InvalidInputError for a day, time or officer that does not fit, ConflictError where the officer has a visit.
    """
    if command.council_id not in organisations_with(actor, Permission.VISITS_PLAN):
        raise ForbiddenError
    _check_command(work, command)
    row = _new_row(work, actor, command)
    check_day(work, row, command.day)
    work.session.add(row)
    work.session.flush()
    take_day(work, row, command.day)
    write_step(work, row.id, actor.id, "Proposed", f"For {day_label(row.day)}.")
    record(
        work,
        actor=actor.id,
        action="qa_visits.propose",
        subject=("visit", row.id),
        details={"setting": row.setting_id, "officer": row.officer_id, "day": row.day.isoformat()},
    )
    _ask_officer(work, row)
    return row.id


def _check_command(work: Work, command: ProposeVisit) -> None:
    if command.ends_at <= command.starts_at:
        raise InvalidInputError("ends_at", "The visit must end after it starts.")
    if not person(work.session, command.officer_id).has(Role.QA_OFFICER, command.council_id):
        raise InvalidInputError("officer", "Choose a quality officer of this council.")


def _new_row(work: Work, actor: Actor, command: ProposeVisit) -> VisitRow:
    setting = find_setting(work.session, command.setting_id)
    return VisitRow(
        id=new_id(),
        council_id=command.council_id,
        setting_id=setting.id,
        provider_id=setting.provider_id,
        visit_type=command.visit_type,
        state=VisitState.PROPOSED,
        officer_id=command.officer_id,
        proposed_by=actor.id,
        day=command.day,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        is_unannounced=command.is_unannounced,
        sequence=0,
        summary="",
    )


def _ask_officer(work: Work, row: VisitRow) -> None:
    message_type, values = proposal(visit_card(work.session, row.id), other_days(work, row))
    queue_messages(
        work,
        [NewMessage(person_id=row.officer_id, type=message_type, values=values, about=Subject("visit", row.id))],
    )
