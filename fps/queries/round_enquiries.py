from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from fps.model.rounds import Enquiry, EnquiryKind, RoundCard, RoundState
from fps.tables.rounds import RoundContactRow, RoundEnquiryRow, RoundReplyRow


@dataclass(frozen=True)
class Reply:
    """What one organisation answered to one question; for the lead authority alone."""

    enquiry_id: str
    organisation_name: str
    words: str
    at: datetime


def takes_replies(card: RoundCard, now: datetime) -> bool:
    """Tell whether the questionnaire of a round is open: from publication until the round opens."""
    return card.state_at(now) is RoundState.PUBLISHED


def enquiries_of(session: Session, round_id: str) -> list[Enquiry]:
    """Return the questions of a round's questionnaire in their order."""
    rows = select(RoundEnquiryRow).where(RoundEnquiryRow.round_id == round_id).order_by(RoundEnquiryRow.number)
    return [
        Enquiry(row.id, row.round_id, row.number, row.text, EnquiryKind(row.kind), tuple(row.choices))
        for row in session.scalars(rows)
    ]


def replies_by(session: Session, contact_id: str) -> dict[str, str]:
    """Return what somebody has answered themselves, by the question's id."""
    rows = select(RoundReplyRow.enquiry_id, RoundReplyRow.words).where(RoundReplyRow.contact_id == contact_id)
    return {row.enquiry_id: row.words for row in session.execute(rows)}


def count_repliers(session: Session, round_id: str) -> int:
    """Count who answered anything of the questionnaire."""
    found = (
        select(func.count(distinct(RoundReplyRow.contact_id)))
        .join(RoundEnquiryRow, RoundEnquiryRow.id == RoundReplyRow.enquiry_id)
        .where(RoundEnquiryRow.round_id == round_id)
    )
    return session.scalar(found) or 0


def replies(session: Session, round_id: str, *, offset: int = 0, limit: int | None = None) -> Iterator[Reply]:
    """Return the answers of a page of organisations, by the question's number, then in the order of coming."""
    contact, enquiry, row = RoundContactRow, RoundEnquiryRow, RoundReplyRow
    answered = (
        select(contact.id)
        .where(
            contact.id.in_(
                select(row.contact_id).join(enquiry, enquiry.id == row.enquiry_id).where(enquiry.round_id == round_id)
            )
        )
        .order_by(contact.met_at, contact.id)
        .offset(offset)
    )
    chosen = answered.limit(limit) if limit is not None else answered
    found = (
        select(row.enquiry_id, contact.organisation_name, row.words, row.at)
        .join(contact, contact.id == row.contact_id)
        .join(enquiry, enquiry.id == row.enquiry_id)
        .where(enquiry.round_id == round_id, contact.id.in_(chosen))
        .order_by(enquiry.number, contact.met_at, contact.id)
    )
    for enquiry_id, name, words, at in session.execute(found):
        yield Reply(enquiry_id, name, words, at)
