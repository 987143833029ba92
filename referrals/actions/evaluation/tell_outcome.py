from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject, Urgency
from channels.wording import MessageType
from kernel import audit
from kernel.events import publish
from kernel.work import Work
from referrals.events import OutcomeTold
from referrals.messages import REMINDER, asked_values
from referrals.messages.outcomes import OUTCOME
from referrals.model.records import Record
from referrals.queries.courses import Standing
from referrals.queries.providers import everybody_asked
from referrals.queries.records import vouched
from referrals.rules.records import KEPT
from referrals.tables import AwardRow, IssueRow, RecipientRow


def tell_outcome(work: Work, by: str, award: AwardRow, standing: Standing, message: MessageType = OUTCOME) -> datetime:
    """Tell everybody who was asked of the outcome at once, in the same words, and return when (R27).

    Also those who declined or never answered, and those who took a request over; whatever has become of a setting
    since, it is the provider that was asked. Who stands for two settings is told once.
    """
    about = Subject("referral", award.referral_id)
    people = everybody_asked(work.session, award.referral_id)
    cancel_messages(work, about=about, keys=(REMINDER.key,), detail="decided")
    if standing.issue is not None:
        values = _values(standing.issue)
        queue_messages(
            work,
            [
                NewMessage(
                    type=message,
                    values=values,
                    person_id=person_id,
                    dedupe_key=f"referrals.outcome:{award.id}:{person_id}",
                    not_before=work.now,
                    urgency=Urgency.URGENT,
                    about=about,
                )
                for person_id in people
            ],
        )
    award.told_at = work.now
    work.session.flush()
    asked = select(func.count(RecipientRow.id)).where(RecipientRow.referral_id == award.referral_id)
    details = {
        "award_id": award.id,
        "recipients": work.session.scalar(asked),
        "people": len(people),
        KEPT: vouched(work.session, award.referral_id, Record.TOLD),
    }
    audit.record(
        work, actor=by, action="referrals.tell_outcome", subject=("referral", award.referral_id), details=details
    )
    publish(work, OutcomeTold(award.referral_id, award.council_id, award.id))
    return work.now


def _values(issue: IssueRow) -> dict[str, object]:
    """Return the values as the alert had them: the outcome narrows nobody down either (R33)."""
    asked = asked_values(issue.text, issue.deadline_at.isoformat(), issue.referral_id)
    return {name: asked[name] for name in OUTCOME.values if name != "link"} | {
        "link": f"/referrals/{issue.referral_id}/outcome"
    }
