from __future__ import annotations

from dataclasses import dataclass

from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject, Urgency
from kernel import audit
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.answers.find_asked import Asked, find_asked
from referrals.messages import REMINDER, asked_values
from referrals.messages.answering import HANDED
from referrals.queries.colleagues import users_of
from referrals.queries.providers import contacts_of, everybody_asked
from referrals.tables import HandoverRow


@dataclass(frozen=True)
class HandOver:
    """Give the request for one setting to a colleague of the same provider."""

    recipient_id: str
    to_id: str


def hand_over(work: Work, actor: Actor, command: HandOver) -> None:
    """Let a colleague hear for a setting from now on: later versions, answers to questions, reminders.

    Whoever gives it away may still answer: the request stays the provider's. Raises NotFoundError for another
    provider's, ConflictError after the deadline or where the colleague has it already, InvalidInputError for somebody
    who is no user of the provider.
    """
    asked = find_asked(work, actor, command.recipient_id)
    recipient = asked.recipient
    if not asked.is_open(work.now):
        raise ConflictError("The deadline has passed. There is nothing left to hand over.")
    if command.to_id not in {each.id for each in users_of(work.session, recipient.provider_id)}:
        raise InvalidInputError("colleague", "Choose a colleague of your organisation.")
    before = contacts_of(work.session, recipient.id)
    if list(before) == [command.to_id]:
        raise ConflictError("They see to this request already.")
    row = HandoverRow(id=new_id(), recipient_id=recipient.id, to_id=command.to_id, by_id=actor.id, at=work.now)
    work.session.add(row)
    work.session.flush()
    details = {"recipient_id": recipient.id, "setting_id": recipient.setting_id, "to": command.to_id}
    audit.record(
        work, actor=actor.id, action="referrals.hand_over", subject=("referral", recipient.referral_id), details=details
    )
    _tell(work, actor, asked, row)
    left = set(before) - set(everybody_asked(work.session, recipient.referral_id))
    for person_id in sorted(left):
        about = Subject("referral", recipient.referral_id)
        cancel_messages(work, about=about, keys=(REMINDER.key,), person_id=person_id, detail="handed over")


def _tell(work: Work, actor: Actor, asked: Asked, row: HandoverRow) -> None:
    issue = asked.standing.issue
    if issue is None:
        raise ForbiddenError
    if row.to_id == actor.id:
        return
    values = asked_values(issue.text, issue.deadline_at.isoformat(), issue.referral_id)
    message = NewMessage(
        type=HANDED,
        values={**{name: values[name] for name in HANDED.values if name in values}, "name": actor.name},
        person_id=row.to_id,
        dedupe_key=f"referrals.handed:{row.id}",
        urgency=Urgency.URGENT,
        about=Subject("referral", issue.referral_id),
    )
    queue_messages(work, [message])
