from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.model import Send, Subject
from channels.queries import sends_about
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import persons
from referrals.messages.asking import REMINDER
from referrals.messages.outcomes import WITHDRAWN
from referrals.model import Phase
from referrals.queries.courses import standings
from referrals.queries.openings import Opened, openings_of
from referrals.queries.providers import hearers_of
from referrals.queries.reaching import TELLING, AlarmLine, alarms_of
from referrals.rules.fairness import Round, rounds
from referrals.rules.reaching import repair_by
from referrals.tables import RecipientRow, ReferralRow

TO_ALL = (*TELLING, REMINDER.key, WITHDRAWN.key)


@dataclass(frozen=True)
class HandOver:
    """One message of a round: to whom, for which settings, by which channel, and what became of it."""

    settings: tuple[str, ...]
    person_name: str
    send: Send


@dataclass(frozen=True)
class FairnessPage:
    """How evenly everything about a referral went out, and whom it has not reached.

    The rounds of reminders hold no message of their own until the answers may be read: only who has no final answer
    is reminded (R18, R21).
    """

    reference: str
    phase: Phase
    release_at: datetime
    deadline_at: datetime
    rounds: tuple[Round, ...]
    alarms: tuple[AlarmLine, ...]
    repair_by: datetime | None
    opened: Opened


def fairness(session: Session, actor: Actor, referral_id: str, now: datetime) -> FairnessPage:
    """Return how evenly a referral of the actor's council went out (R9, R12).

    Raises NotFoundError for any other and for a draft.
    """
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_READ):
        raise NotFoundError
    standing = standings(session, [row])[row.id]
    issue = standing.issue
    if issue is None:
        raise NotFoundError
    sends = sends_about(session, Subject("referral", row.id), TO_ALL)
    alarms = alarms_of(session, row.id)
    waiting = [one.found_at for one in alarms if one.repaired_at is None and one.extended_at is None]
    return FairnessPage(
        row.reference,
        standing.phase(now),
        issue.release_at,
        issue.deadline_at,
        tuple(one if standing.is_opened else _counted(one) for one in rounds(sends, issue.release_at)),
        tuple(alarms),
        repair_by(min(waiting), issue.deadline_at, standing.terms) if waiting else None,
        openings_of(session, row.id),
    )


def _counted(one: Round) -> Round:
    return replace(one, sends=()) if one.key == REMINDER.key else one


def hand_overs(session: Session, referral_id: str, sends: tuple[Send, ...]) -> list[HandOver]:
    """Return for some messages of a round to whom they went and for which settings, in four statements."""
    people = {str(send.person_id) for send in sends}
    names = persons(session, people)
    asked = select(RecipientRow.id, RecipientRow.setting_name).where(RecipientRow.referral_id == referral_id)
    setting_names = dict(session.execute(asked.order_by(RecipientRow.setting_name)).all())
    settings: dict[str, list[str]] = defaultdict(list)
    for recipient_id, heard in hearers_of(session, referral_id).items():
        for person_id in heard:
            settings[person_id].append(setting_names[recipient_id])
    return [
        HandOver(
            tuple(sorted(settings[str(send.person_id)])),
            names[str(send.person_id)].name if str(send.person_id) in names else "Somebody who has left",
            send,
        )
        for send in sends
    ]
