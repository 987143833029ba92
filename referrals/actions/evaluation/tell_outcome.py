from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject, Urgency
from fps.queries.hearing import who_hears
from kernel import audit
from kernel.events import publish
from kernel.work import Work
from referrals.events import OutcomeTold
from referrals.messages import REMINDER
from referrals.messages.outcomes import OUTCOME
from referrals.queries.courses import Standing
from referrals.tables import AwardRow, RecipientRow


def tell_outcome(work: Work, by: str, award: AwardRow, standing: Standing) -> datetime:
    """Tell everybody who was asked of the outcome at once, in the same words, and return when (R27).

    Also those who declined or never answered. Who stands for two settings is told once.
    """
    about = Subject("referral", award.referral_id)
    asked = select(RecipientRow.setting_id, RecipientRow.contact_id).where(
        RecipientRow.referral_id == award.referral_id
    )
    contacts = {row.setting_id: row.contact_id for row in work.session.execute(asked)}
    heard_by = who_hears(work.session, contacts)
    people = [
        person for setting_id, contact_id in contacts.items() for person in heard_by.get(setting_id, [contact_id])
    ]
    cancel_messages(work, about=about, keys=(REMINDER.key,), detail="decided")
    if standing.issue is not None:
        values = _values(standing.issue.text, award.referral_id)
        queue_messages(
            work,
            [
                NewMessage(
                    type=OUTCOME,
                    values=values,
                    person_id=person_id,
                    dedupe_key=f"referrals.outcome:{award.id}:{person_id}",
                    not_before=work.now,
                    urgency=Urgency.URGENT,
                    about=about,
                )
                for person_id in dict.fromkeys(people)
            ],
        )
    award.told_at = work.now
    work.session.flush()
    details = {"award_id": award.id, "recipients": len(contacts), "people": len(set(people))}
    audit.record(
        work, actor=by, action="referrals.tell_outcome", subject=("referral", award.referral_id), details=details
    )
    publish(work, OutcomeTold(award.referral_id, award.council_id, award.id))
    return work.now


def _values(text: dict[str, object], referral_id: str) -> dict[str, object]:
    named = {name: text[name] for name in ("reference", "council", "lot", "lot_number")}
    return {**named, "link": f"/referrals/{referral_id}/outcome"}
