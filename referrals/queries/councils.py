from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.model import Send, Subject
from channels.queries import sends_about
from kernel.errors import ForbiddenError, NotFoundError
from kernel.keys import Keys
from people.model import Actor, OrganisationKind
from people.permissions import Permission, organisations_with
from people.queries import organisations, persons
from referrals.messages import ALERT
from referrals.model import Phase, Response, Terms
from referrals.queries.answers import current_answers
from referrals.queries.conflicts import check_free
from referrals.queries.courses import Standing, standings
from referrals.queries.lists import Counts, counts
from referrals.rules.issuing import Text, issue_hash, thaw
from referrals.rules.opening import open_response
from referrals.rules.standing import can_open
from referrals.tables import (
    ExclusionRow,
    IssueRow,
    LateResponseRow,
    RecipientRow,
    ReferralRow,
    UnsealRow,
)

THE_HUB = "the hub"
"""Who moved a deadline that no person moved (R12)."""


@dataclass(frozen=True)
class RecipientLine:
    """A setting that was asked, and the latest alert to its contact."""

    setting_name: str
    provider_name: str
    contact_name: str
    alert: Send | None


@dataclass(frozen=True)
class ExclusionLine:
    """A setting that was left out, and why."""

    setting_name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Half:
    """One person's half of the unsealing."""

    person_id: str
    name: str
    at: datetime


@dataclass(frozen=True)
class ReferralPage:
    """An issued referral as its council sees it; nothing of what providers answered is in it.

    `is_intact`: text, times and recipients still give the hash that was taken when it was issued (R9).
    """

    id: str
    text: Text
    phase: Phase
    release_at: datetime
    deadline_at: datetime
    issued_at: datetime
    issued_by: str
    version: int
    hash: str
    is_intact: bool
    terms: Terms
    counts: Counts
    late: int
    recipients: tuple[RecipientLine, ...]
    exclusions: tuple[ExclusionLine, ...]
    halves: tuple[Half, ...]
    is_unsealed: bool
    closed_at: datetime | None
    closed_reason: str | None


@dataclass(frozen=True)
class OpenedResponse:
    """A response after the unsealing; `number` tells how often the provider had changed it.

    `is_late`: it came after the deadline and was let in (R17).
    """

    setting_name: str
    received_at: datetime
    number: int
    checksum: str
    response: Response
    recipient_id: str
    is_late: bool = False


def referral_id_by_reference(session: Session, actor: Actor, reference: str) -> str | None:
    """Return the id of the referral of the actor's councils that bears this reference, None where there is none."""
    councils = organisations_with(actor, Permission.REFERRALS_READ)
    found = select(ReferralRow.id).where(ReferralRow.reference == reference, ReferralRow.council_id.in_(councils))
    return session.scalars(found).first()


def referral(session: Session, actor: Actor, referral_id: str, now: datetime) -> ReferralPage:
    """Return an issued referral of the actor's council; raises NotFoundError for any other and for a draft."""
    row, standing = own_referral(session, actor, referral_id)
    issue = standing.issue
    if issue is None:
        raise NotFoundError
    late = select(func.count(LateResponseRow.id)).join(RecipientRow, RecipientRow.id == LateResponseRow.recipient_id)
    return ReferralPage(
        id=row.id,
        text=thaw(issue.text),
        phase=standing.phase(now),
        release_at=issue.release_at,
        deadline_at=issue.deadline_at,
        issued_at=issue.issued_at,
        issued_by=_issuer(session, issue.issued_by),
        version=issue.version,
        hash=issue.hash,
        is_intact=issue.hash == _present_hash(session, issue),
        terms=standing.terms,
        counts=counts(session, [row.id])[row.id],
        late=session.scalar(late.where(RecipientRow.referral_id == row.id)) or 0,
        recipients=_recipients(session, row.id),
        exclusions=_exclusions(session, row.id),
        halves=_halves(session, row.id),
        is_unsealed=can_open(standing.course, standing.terms),
        closed_at=row.closed_at,
        closed_reason=row.closed_reason,
    )


def _issuer(session: Session, person_id: str | None) -> str:
    return persons(session, [person_id])[person_id].name if person_id else THE_HUB


def is_draft(session: Session, actor: Actor, referral_id: str) -> bool:
    """Tell whether a referral of the actor's council is still a draft; raises NotFoundError for any other."""
    return own_referral(session, actor, referral_id)[1].issue is None


def opened_responses(session: Session, actor: Actor, referral_id: str, keys: Keys) -> list[OpenedResponse]:
    """Return the current response of each recipient that answered in time or was let in late (R17), by setting.

    Raises NotFoundError for another council's referral, and ForbiddenError until enough people of the council have
    unsealed (R21, R22) and for whoever has declared a conflict of interest (R25): there is no other way to the content.
    """
    row, standing = own_referral(session, actor, referral_id)
    if not can_open(standing.course, standing.terms):
        raise ForbiddenError("The answers are still sealed.")
    check_free(session, actor, row.id)
    return [
        OpenedResponse(
            one.setting_name,
            one.kept.received_at,
            one.number,
            one.kept.checksum,
            open_response(one.kept, keys),
            one.kept.recipient_id,
            is_late=one.is_late,
        )
        for one in current_answers(session, [row.id])
    ]


def own_referral(session: Session, actor: Actor, referral_id: str) -> tuple[ReferralRow, Standing]:
    """Return a referral of the actor's councils and how it stands; raises NotFoundError for any other."""
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_READ):
        raise NotFoundError
    return row, standings(session, [row])[row.id]


def _recipients(session: Session, referral_id: str) -> tuple[RecipientLine, ...]:
    rows = session.scalars(
        select(RecipientRow)
        .where(RecipientRow.referral_id == referral_id)
        .order_by(RecipientRow.setting_name, RecipientRow.id)
    ).all()
    alerts = _alerts(session, referral_id)
    contacts = persons(session, {row.contact_id for row in rows})
    providers = {card.id: card.name for card in organisations(session, OrganisationKind.PROVIDER)}
    return tuple(
        RecipientLine(
            row.setting_name,
            providers[row.provider_id],
            contacts[row.contact_id].name,
            alerts.get(row.contact_id),
        )
        for row in rows
    )


def _alerts(session: Session, referral_id: str) -> Mapping[str, Send]:
    """Return the latest alert of each contact: a change before the release calls back the one before."""
    found = sends_about(session, Subject("referral", referral_id), (ALERT.key,))
    return {str(send.person_id): send for send in found}


def _present_hash(session: Session, issue: IssueRow) -> str:
    asked = session.scalars(select(RecipientRow.setting_id).where(RecipientRow.referral_id == issue.referral_id))
    return issue_hash(issue.text, issue.release_at, issue.deadline_at, asked)


def _exclusions(session: Session, referral_id: str) -> tuple[ExclusionLine, ...]:
    rows = session.scalars(
        select(ExclusionRow)
        .where(ExclusionRow.referral_id == referral_id)
        .order_by(ExclusionRow.setting_name, ExclusionRow.setting_id)
    )
    return tuple(ExclusionLine(row.setting_name, tuple(words for _, words in row.reasons)) for row in rows)


def _halves(session: Session, referral_id: str) -> tuple[Half, ...]:
    rows = session.scalars(select(UnsealRow).where(UnsealRow.referral_id == referral_id).order_by(UnsealRow.at)).all()
    names = persons(session, {row.person_id for row in rows})
    return tuple(Half(row.person_id, names[row.person_id].name, row.at) for row in rows)
