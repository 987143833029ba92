from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from kernel import audit
from kernel.errors import ConflictError, ForbiddenError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.approvals.ask_approval import AskApproval, ask_approval
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.evaluation.reopen_scores import reopen_scores
from referrals.actions.find_referral import find_referral, standing_of
from referrals.messages import asked_values
from referrals.messages.answering import LET_IN
from referrals.model.approvals import ApprovalCard, ApprovalKind, ApprovalOutcome
from referrals.model.late import LateGround
from referrals.model.records import Record
from referrals.queries.answers import fault_card, timely
from referrals.queries.approvals import approval
from referrals.queries.awards import award_of
from referrals.queries.conflicts import check_free
from referrals.queries.providers import everybody_asked
from referrals.queries.records import vouched
from referrals.rules.admitting import Case, check_case, check_ground, check_shown, fingerprint
from referrals.rules.records import KEPT
from referrals.tables import FaultRow, LateAdmissionRow, LateNoteRow, LateResponseRow, RecipientRow, ReferralRow


@dataclass(frozen=True)
class AskAdmission:
    """Let a late answer in on a ground; `shown` is what all who were asked read of the reason."""

    late_id: str
    ground: LateGround
    fault_id: str | None
    shown: str


@dataclass(frozen=True)
class DecideAdmission:
    """A second person's decision about a late answer; `words` say why where it is refused."""

    late_id: str
    outcome: ApprovalOutcome
    words: str


@dataclass(frozen=True)
class _Late:
    row: LateResponseRow
    recipient: RecipientRow
    referral: ReferralRow
    case: Case


def ask_admission(work: Work, actor: Actor, command: AskAdmission) -> str:
    """Ask a second person of the council to let a late answer in (R17); return the id of the approval.

    Raises NotFoundError for another council's, ForbiddenError for whoever has a conflict of interest (R25),
    ConflictError where the referral is decided, where the setting has an answer in time or the late one is in already,
    InvalidInputError for a ground that does not hold.
    """
    late = _find(work, actor, command.late_id)
    check_case(late.case)
    fault = work.session.get(FaultRow, command.fault_id) if command.fault_id else None
    check_ground(late.case, command.ground, fault_card(fault) if fault else None)
    check_shown(command.shown)
    row = work.session.get(LateAdmissionRow, late.row.id)
    if row is None:
        row = LateAdmissionRow(late_id=late.row.id, referral_id=late.referral.id)
    elif row.admitted_at is not None:
        raise ConflictError("This answer is let in already.")
    row.ground, row.shown = command.ground, command.shown.strip()
    row.fault_id = command.fault_id if command.ground is LateGround.HUB_FAULT else None
    kind, exactly = ApprovalKind.LATE_ADMISSION, _fingerprint(late.row, row)
    before = approval(work.session, late.referral.id, kind, exactly)
    if before is None or not before.is_open:  # who asked the same first stays whoever asked
        row.asked_by, row.asked_at = actor.id, work.now
    work.session.add(row)
    work.session.flush()
    return ask_approval(work, actor, AskApproval(late.referral.id, kind, row.shown, exactly))


def decide_admission(work: Work, actor: Actor, command: DecideAdmission) -> None:
    """Let a late answer in, or not, as the second person; all who were asked are told that one was, and why.

    What it says stays sealed like every answer until two people unseal. Raises NotFoundError where nobody asked,
    ForbiddenError for whoever asked, wrote the referral or has a conflict of interest, ConflictError where it is
    decided.
    """
    late = _find(work, actor, command.late_id)
    row, asked = _asked(work, late)
    if asked.is_open:
        decide_approval(work, actor, DecideApproval(asked.id, command.outcome, command.words))
    elif not (asked.is_approved and command.outcome is ApprovalOutcome.APPROVED) or row.admitted_at is not None:
        raise ConflictError("This is decided already.")
    if command.outcome is ApprovalOutcome.APPROVED:
        _let_in(work, actor, late, row)


def _find(work: Work, actor: Actor, late_id: str) -> _Late:
    row = work.session.get(LateResponseRow, late_id)
    recipient = work.session.get(RecipientRow, row.recipient_id) if row else None
    if row is None or recipient is None:
        raise NotFoundError
    referral = find_referral(work, actor, recipient.referral_id)
    check_free(work.session, actor, referral.id)
    standing, counted = standing_of(work, referral), timely(work.session, referral.id, recipient.id)
    if standing.course.deadline_at is None:
        raise NotFoundError
    if award_of(work.session, referral.id) is not None:
        raise ConflictError("This referral is decided already.")
    phase, deadline_at = standing.phase(work.now), standing.course.deadline_at
    case = Case(referral.council_id, actor.id, phase, deadline_at, counted.all, counted.setting)
    return _Late(row, recipient, referral, case)


def _asked(work: Work, late: _Late) -> tuple[LateAdmissionRow, ApprovalCard]:
    row = work.session.get(LateAdmissionRow, late.row.id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError
    kind = ApprovalKind.LATE_ADMISSION
    found = approval(work.session, late.referral.id, kind, _fingerprint(late.row, row))
    if found is None:
        raise NotFoundError
    return row, found


def _let_in(work: Work, actor: Actor, late: _Late, row: LateAdmissionRow) -> None:
    check_case(late.case)
    _check_first(work, late)
    _check_recorder(work, actor, row)
    row.admitted_by, row.admitted_at = actor.id, work.now
    note = LateNoteRow(id=new_id(), referral_id=late.referral.id, ground=row.ground, shown=row.shown, at=work.now)
    work.session.add(note)
    work.session.flush()
    reopened = reopen_scores(work, late.referral.id)
    let_in = vouched(work.session, late.referral.id, Record.LATE, key=late.row.id)
    details = {
        "late_id": late.row.id,
        "recipient_id": late.recipient.id,
        "checksum": late.row.checksum,
        "ground": row.ground,
        "fault_id": row.fault_id,
        "phase": late.case.phase,
        "reopened": reopened,
        KEPT: [*let_in, *_reopened(work, late.referral.id, reopened)],
    }
    audit.record(
        work, actor=actor.id, action="referrals.admit_late", subject=("referral", late.referral.id), details=details
    )
    _tell_all(work, late, note)


def _reopened(work: Work, referral_id: str, people: list[str]) -> list[dict[str, Any]]:
    return [one for each in people for one in vouched(work.session, referral_id, Record.EVALUATOR, owner=each)]


def _check_first(work: Work, late: _Late) -> None:
    """Raise ConflictError where another late answer of the same setting is in already."""
    others = (
        select(LateAdmissionRow.late_id)
        .join(LateResponseRow, LateResponseRow.id == LateAdmissionRow.late_id)
        .where(LateResponseRow.recipient_id == late.recipient.id, LateAdmissionRow.admitted_at.is_not(None))
    )
    if work.session.scalars(others).first() is not None:
        raise ConflictError("A late answer of this setting is let in already.")


def _check_recorder(work: Work, actor: Actor, row: LateAdmissionRow) -> None:
    fault = work.session.get(FaultRow, row.fault_id) if row.fault_id else None
    if fault is not None and fault.recorded_by == actor.id:
        raise ForbiddenError("You recorded this fault. Somebody else must decide.")


def _tell_all(work: Work, late: _Late, note: LateNoteRow) -> None:
    issue = standing_of(work, late.referral).issue
    if issue is None:
        raise ForbiddenError
    asked = asked_values(issue.text, issue.deadline_at.isoformat(), late.referral.id)
    values = {name: asked[name] for name in LET_IN.values}
    about = Subject("referral", late.referral.id)
    queue_messages(
        work,
        [
            NewMessage(
                type=LET_IN,
                values=values,
                person_id=person_id,
                dedupe_key=f"referrals.late_let_in:{note.id}:{person_id}",
                about=about,
            )
            for person_id in everybody_asked(work.session, late.referral.id)
        ],
    )


def _fingerprint(late: LateResponseRow, row: LateAdmissionRow) -> str:
    return fingerprint(late.id, late.checksum, LateGround(row.ground), row.fault_id, row.shown)
