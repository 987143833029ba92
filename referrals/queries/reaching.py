from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.model import Send, Subject
from channels.queries import sends_about
from referrals.messages.asking import ALERT
from referrals.messages.equal import ANSWERED, CHANGED, MOVED
from referrals.queries.providers import hearers_of
from referrals.rules.reaching import told, unreached
from referrals.tables import AcknowledgementRow, AlarmRow, HandoverRow, IssueRow, RecipientRow, ResponseRow

TELLING = (ALERT.key, CHANGED.key, MOVED.key, ANSWERED.key)
"""The messages that tell all who were asked of a version."""


@dataclass(frozen=True)
class AlarmLine:
    """A setting that could not be reached, since when, and what has come of it (R12)."""

    recipient_id: str
    setting_name: str
    found_at: datetime
    repaired_at: datetime | None
    extended_at: datetime | None


def sends_of_version(session: Session, issue: IssueRow) -> list[Send]:
    """Return the messages that told of a version and of what came after it."""
    found = sends_about(session, Subject("referral", issue.referral_id), TELLING)
    return [send for send in found if send.queued_at >= issue.issued_at]


@dataclass(frozen=True)
class Missing:
    """The recipients whom the latest version has not reached; `hopeless` are those whom it will not reach by itself."""

    all: frozenset[str]
    hopeless: frozenset[str]


def missing_of(session: Session, issue: IssueRow, now: datetime) -> Missing:
    """Return whom the latest version has not reached (R12)."""
    sends = sends_of_version(session, issue)
    known = told(sends, issue.release_at, now)
    since = max([issue.issued_at, *(send.queued_at for send in sends if send.key != ALERT.key)])
    heard_by, has_come = hearers_of(session, issue.referral_id), _have_come(session, issue, since)
    return Missing(
        unreached(heard_by, known.reached, has_come), unreached(heard_by, known.reached | known.waiting, has_come)
    )


def alarms_of(session: Session, referral_id: str) -> list[AlarmLine]:
    """Return every alarm about a referral, those not put right first."""
    rows = session.execute(
        select(AlarmRow, RecipientRow.setting_name)
        .join(RecipientRow, RecipientRow.id == AlarmRow.recipient_id)
        .where(AlarmRow.referral_id == referral_id)
        .order_by(AlarmRow.repaired_at.is_not(None), RecipientRow.setting_name, AlarmRow.found_at)
    )
    return [
        AlarmLine(row.recipient_id, name, row.found_at, row.repaired_at, row.extended_at) for row, name in rows.all()
    ]


def _have_come(session: Session, issue: IssueRow, since: datetime) -> Sequence[str]:
    """Return the recipients that have answered, confirmed the version or handed the request on since a moment."""
    answered = (
        select(ResponseRow.recipient_id)
        .join(RecipientRow, RecipientRow.id == ResponseRow.recipient_id)
        .where(RecipientRow.referral_id == issue.referral_id, ResponseRow.received_at >= since)
    )
    confirmed = select(AcknowledgementRow.recipient_id).where(
        AcknowledgementRow.issue_id == issue.id, AcknowledgementRow.at >= since
    )
    handed = (
        select(HandoverRow.recipient_id)
        .join(RecipientRow, RecipientRow.id == HandoverRow.recipient_id)
        .where(RecipientRow.referral_id == issue.referral_id, HandoverRow.at >= since)
    )
    return session.scalars(answered.union(confirmed, handed)).all()
