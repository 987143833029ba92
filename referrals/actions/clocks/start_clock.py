from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from kernel import audit
from kernel.calendar import london_date
from kernel.errors import InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model.clocks import ClockKind, SchoolType
from referrals.queries.clocks import known_school
from referrals.rules.clocks import LONGEST_SCHOOL, basis_of, check_start, dues, law_on
from referrals.tables import ClockRow, ClockStepRow, ReferralRow


@dataclass(frozen=True)
class StartClock:
    """Start a clock for a learner, whom only the council's own code names.

    A consultation names its school: by `urn`, where the hub knows it, or by name and type. `reference` is that of a
    referral beside which the clock runs; an anonymised referral is itself no consultation (R19).
    """

    council_id: str
    kind: ClockKind
    learner_code: str
    started_on: date
    urn: str = ""
    school: str = ""
    school_type: SchoolType | None = None
    reference: str = ""


def start_clock(work: Work, actor: Actor, command: StartClock) -> str:
    """Start a statutory clock; each step gets its last day by the law of that day (R19, R20). Returns its id.

    Raises NotFoundError for another council, InvalidInputError for a day, code, school or reference.
    """
    if command.council_id not in organisations_with(actor, Permission.PLACEMENTS_MANAGE):
        raise NotFoundError
    check_start(command.kind, command.started_on, command.learner_code, london_date(work.now))
    school, kind_of_school = _school(work, command)
    row = ClockRow(
        id=new_id(),
        council_id=command.council_id,
        kind=command.kind,
        learner_code=command.learner_code.strip(),
        started_on=command.started_on,
        law=law_on(command.started_on).version,
        owner_id=actor.id,
        created_at=work.now,
        school=school,
        school_type=kind_of_school,
        basis=basis_of(kind_of_school) if kind_of_school else None,
        referral_id=_referral_id(work, command),
    )
    work.session.add(row)
    work.session.flush()
    steps = dues(command.kind, command.started_on)
    work.session.add_all(
        ClockStepRow(clock_id=row.id, step=due.step, due_on=due.due_on, done_on=None, done_by=None, reminded=0)
        for due in steps
    )
    details = {"kind": row.kind, "law": row.law, "due": {due.step: due.due_on.isoformat() for due in steps}}
    audit.record(work, actor=actor.id, action="referrals.start_clock", subject=("clock", row.id), details=details)
    work.session.flush()
    return row.id


def _school(work: Work, command: StartClock) -> tuple[str | None, SchoolType | None]:
    """Return name and type of the school of a consultation; what GIAS says of a URN goes before what was entered."""
    if command.kind is not ClockKind.CONSULTATION:
        return None, None
    urn, name, kind = command.urn.strip(), command.school.strip(), command.school_type
    if urn:
        found = known_school(work.session, urn)
        if found is None:
            raise InvalidInputError("urn", "The hub knows no school with this URN. Leave it empty and name the school.")
        name, kind = found[0], found[1] or kind
    if not name:
        raise InvalidInputError("school", "Enter the URN or the name of the school.")
    if len(name) > LONGEST_SCHOOL:
        raise InvalidInputError("school", "Use at most {most} characters.", most=LONGEST_SCHOOL)
    if kind is None:
        raise InvalidInputError("school_type", "Choose the type of the school: it decides on what footing it is asked.")
    return name, kind


def _referral_id(work: Work, command: StartClock) -> str | None:
    reference = command.reference.strip().upper()
    if not reference:
        return None
    own = select(ReferralRow.id).where(ReferralRow.reference == reference, ReferralRow.council_id == command.council_id)
    found = work.session.scalars(own).first()
    if found is None:
        raise InvalidInputError("reference", "Your council has no referral with this reference.")
    return found
