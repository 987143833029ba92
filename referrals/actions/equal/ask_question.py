from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from kernel import audit
from kernel.errors import NotFoundError, TooLateError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import organisation
from referrals.actions.find_referral import lock_referral, standing_of
from referrals.messages.equal import QUESTION_ASKED
from referrals.queries.owners import owners_of
from referrals.rules.changing import answer_by, questions_close_at
from referrals.rules.questions import check_question
from referrals.rules.standing import check_readable
from referrals.tables import IssueRow, QuestionAskerRow, QuestionRow, RecipientRow, ReferralRow


@dataclass(frozen=True)
class AskQuestion:
    """A provider's question about a referral; `confirmed` are the keys of findings that they let stand."""

    referral_id: str
    words: str
    confirmed: Collection[str] = ()


def ask_question(work: Work, actor: Actor, command: AskQuestion) -> str:
    """Put a question to the council, which does not learn who asks (R11); return its id.

    The same words twice, while they wait, are one question. Raises NotFoundError for a referral about which none of
    the actor's providers was asked, TooLateError once questions have closed, InvalidInputError as check_question does.
    """
    row = lock_referral(work, command.referral_id)
    recipients = _own(work, actor, row)
    standing = standing_of(work, row)
    issue = standing.issue
    if not recipients or issue is None:
        raise NotFoundError
    check_readable(standing.course, standing.terms, work.now)
    if work.now > questions_close_at(issue.deadline_at, standing.terms) or row.closed_at is not None:
        raise TooLateError("Questions have closed, so that everybody has time to read the answers.")
    provider_id = recipients[0].provider_id
    own_names = [one.setting_name for one in recipients] + [organisation(work.session, provider_id).name]
    words, findings = check_question(command.words, own_names, command.confirmed)
    known = _waiting(work, row.id, provider_id).get(words)
    if known is not None:
        return known
    question = QuestionRow(id=new_id(), referral_id=row.id, council_id=row.council_id, asked_at=work.now, words=words)
    work.session.add(question)
    work.session.flush()
    work.session.add(QuestionAskerRow(question_id=question.id, provider_id=provider_id, person_id=actor.id))
    work.session.flush()
    details = {"question_id": question.id, "let_stand": [one.mark.name for one in findings]}
    audit.record(work, actor=actor.id, action="referrals.ask", subject=("referral", row.id), details=details)
    _tell(work, row, issue, question.id)
    return question.id


def _own(work: Work, actor: Actor, row: ReferralRow) -> Sequence[RecipientRow]:
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    asked = select(RecipientRow).where(RecipientRow.referral_id == row.id, RecipientRow.provider_id.in_(providers))
    return work.session.scalars(asked.order_by(RecipientRow.setting_name)).all()


def _waiting(work: Work, referral_id: str, provider_id: str) -> dict[str, str]:
    """Return what a provider has asked and nobody has answered yet, by its words."""
    rows = (
        select(QuestionRow)
        .join(QuestionAskerRow, QuestionAskerRow.question_id == QuestionRow.id)
        .where(QuestionRow.referral_id == referral_id, QuestionRow.answered_at.is_(None))
        .where(QuestionAskerRow.provider_id == provider_id)
    )
    return {row.words: row.id for row in work.session.scalars(rows)}


def _tell(work: Work, row: ReferralRow, issue: IssueRow, question_id: str) -> None:
    values = {
        "reference": row.reference,
        "closes": answer_by(issue.deadline_at).isoformat(),
        "link": f"/commissioning/referrals/{row.id}/questions",
    }
    messages = [
        NewMessage(
            type=QUESTION_ASKED,
            values=values,
            person_id=person_id,
            dedupe_key=f"{QUESTION_ASKED.key}:{question_id}:{person_id}",
            about=Subject("referral", row.id),
        )
        for person_id in owners_of(work.session, row.id)
    ]
    queue_messages(work, messages)
