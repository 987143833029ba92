from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from hub.web.site import Finder, Reader
from kernel.calendar import london_date
from people.model import Actor
from people.permissions import Permission, organisations_with
from qa_visits.queries import action, visit
from referrals.messages.answering import HOW_TO_DECLINE, NOT_FOUND, TOO_LATE, WHICH_SETTING
from referrals.messages.asking import RECEIPT, REMINDER
from referrals.queries.councils import referral, referral_id_by_reference
from referrals.queries.courses import is_opened
from surveys.queries import survey


def _referral(session: Session, actor: Actor, referral_id: str, now: datetime) -> object:
    return referral(session, actor, referral_id, now)


def _visit(session: Session, actor: Actor, visit_id: str, _now: datetime) -> object:
    return visit(session, visit_id, organisations_with(actor, Permission.VISITS_READ))


def _action(session: Session, actor: Actor, action_id: str, now: datetime) -> object:
    councils = organisations_with(actor, Permission.VISITS_READ)
    return action(session, action_id, today=london_date(now), council_ids=councils)


def _survey(session: Session, actor: Actor, survey_id: str, _now: datetime) -> object:
    return survey(session, survey_id, organisations_with(actor, Permission.SURVEYS_READ))


READERS: Mapping[str, Reader] = {
    "referral": _referral,
    "visit": _visit,
    "improvement_action": _action,
    "survey": _survey,
}
"""Who may read the messages about a thing: whoever may read the thing itself (DOMAIN.md 1.3)."""


def _answers(session: Session, _actor: Actor, referral_id: str, _now: datetime) -> object:
    return is_opened(session, referral_id)


GATES: Mapping[str, Reader] = dict.fromkeys(
    (one.key for one in (RECEIPT, REMINDER, HOW_TO_DECLINE, WHICH_SETTING, NOT_FOUND, TOO_LATE)), _answers
)
"""Messages that tell who has answered, or how: nobody but their readers sees them before the answers (R21)."""


def _referral_by_reference(session: Session, actor: Actor, words: str, _now: datetime) -> str | None:
    return referral_id_by_reference(session, actor, words.upper())


FINDERS: Mapping[str, Finder] = {"referral": _referral_by_reference}
"""What people have a reference for, to be found by it."""
