from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.actions.equal.post_version import Change, post_version, tell_all
from referrals.actions.find_referral import find_referral, standing_of
from referrals.events import QuestionAnswered
from referrals.messages.equal import ANSWERED
from referrals.queries.questions import names_asked
from referrals.rules.changing import answer_by, check_changeable, earliest_after_change
from referrals.rules.questions import answer_hash, check_answer
from referrals.tables import IssueRow, QuestionRow, ReferralRow

_REASON = "A question was answered shortly before the deadline. Everybody who was asked has the same time to read it."


@dataclass(frozen=True)
class AnswerQuestion:
    """A question as all will read it, and its answer; `confirmed` are the keys of findings that were let stand."""

    question_id: str
    shown: str
    answer: str
    confirmed: Collection[str] = ()


def answer_question(work: Work, actor: Actor, command: AnswerQuestion) -> datetime:
    """Answer a question to everybody who was asked at once, those who declined among them (R11).

    Where that leaves less than a working day, the deadline moves for all. Returns the deadline that holds now. Raises
    NotFoundError for another council's, ConflictError once it is answered or the deadline has passed,
    InvalidInputError as check_answer does.
    """
    question = work.session.get(QuestionRow, command.question_id)
    if question is None or question.council_id not in organisations_with(actor, Permission.REFERRALS_ISSUE):
        raise NotFoundError
    row = find_referral(work, actor, question.referral_id)
    work.session.refresh(question, with_for_update=True)
    if question.answered_at is not None:
        raise ConflictError("A colleague has answered this question already.")
    standing = standing_of(work, row)
    check_changeable(standing.course, standing.terms, work.now)
    names = names_asked(work.session, row.id)
    (shown, answer), findings = check_answer(command.shown, command.answer, names, command.confirmed)
    number = 1 + (
        work.session.scalar(select(func.max(QuestionRow.number)).where(QuestionRow.referral_id == row.id)) or 0
    )
    question.number, question.shown, question.answer = number, shown, answer
    question.hash = answer_hash(number, shown, answer)
    question.answered_at, question.answered_by = work.now, actor.id
    work.session.flush()
    issue = _with_time(work, actor, row)
    tell_all(work, row, issue, ANSWERED, f"{ANSWERED.key}:{question.id}")
    details = {
        "question_id": question.id,
        "number": number,
        "hash": question.hash,
        "version": issue.version,
        "let_stand": [one.mark.name for one in findings],
    }
    audit.record(
        work, actor=actor.id, action="referrals.answer_question", subject=("referral", row.id), details=details
    )
    publish(work, QuestionAnswered(row.id, row.council_id, number))
    return issue.deadline_at


def _with_time(work: Work, actor: Actor, row: ReferralRow) -> IssueRow:
    """Return the version that holds: the present one, or a new one with a later deadline where time is short."""
    standing = standing_of(work, row)
    issue = standing.issue
    if issue is None:
        raise NotFoundError
    if work.now <= answer_by(issue.deadline_at):
        return issue
    later = earliest_after_change(work.now, standing.terms)
    return post_version(work, actor.id, row, Change(issue.text, later, _REASON, None))
