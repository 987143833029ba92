from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import exists, func, select

from fps.actions.rounds.find_contact import Door, find_contact
from fps.actions.rounds.find_round import find_published_round, find_round
from fps.model.rounds import EnquiryKind, RoundState
from fps.queries.round_enquiries import enquiries_of, takes_replies
from fps.queries.rounds import round_card
from fps.rules.round_enquiries import check_enquiry, read_reply
from fps.tables.rounds import RoundEnquiryRow, RoundReplyRow, RoundRow
from kernel import audit
from kernel.errors import ConflictError, NotFoundError, TooLateError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor

_MOST = 40


def add_enquiry(
    work: Work, actor: Actor, round_id: str, text: str, kind: EnquiryKind, choices: Sequence[str] = ()
) -> str:
    """Add a question to the market-testing questionnaire of a round that has not opened; return its id.

    Raises NotFoundError for another authority's round, InvalidInputError at a field, ConflictError once it is open.
    """
    over = _not_open(work, actor, round_id)
    tidy = " ".join(text.split())
    kept = check_enquiry(tidy, kind, choices)
    count, last = work.session.execute(
        select(func.count(), func.max(RoundEnquiryRow.number)).where(RoundEnquiryRow.round_id == over.id)
    ).one()
    if count >= _MOST:
        raise ConflictError("The questionnaire has {most} questions. Take one out first.", most=_MOST)
    row = RoundEnquiryRow(
        id=new_id(), round_id=over.id, number=(last or 0) + 1, text=tidy, kind=kind, choices=list(kept)
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, actor=actor.id, action="fps.add_enquiry", subject=("round", over.id))
    return row.id


def remove_enquiry(work: Work, actor: Actor, enquiry_id: str) -> str:
    """Take a question out that nobody has answered; return its round's id.

    Raises ConflictError once somebody answered it or the round is open, NotFoundError for another authority's.
    """
    row = work.session.get(RoundEnquiryRow, enquiry_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    _not_open(work, actor, row.round_id)
    if work.session.scalar(select(exists().where(RoundReplyRow.enquiry_id == row.id))):
        raise ConflictError("Providers have answered this question. It stays.")
    round_id = row.round_id
    work.session.delete(row)
    audit.record(work, actor=actor.id, action="fps.remove_enquiry", subject=("round", round_id))
    return round_id


def reply(work: Work, door: Door, written: Mapping[str, str]) -> int:
    """Take what somebody answers to the questionnaire, by the question's id; return how many answers they gave.

    What they left empty is taken back. Raises InvalidInputError at a question's id, TooLateError once the round is
    open, NotFoundError for a round without a questionnaire.
    """
    over = find_published_round(work, door.round_id)
    if not takes_replies(round_card(over), work.now):
        raise TooLateError("The questionnaire is closed. It was open until the round opened.")
    asked = enquiries_of(work.session, over.id)
    if not asked:
        raise NotFoundError
    read = {enquiry.id: read_reply(enquiry, written.get(enquiry.id, "")) for enquiry in asked}
    contact = find_contact(work, door)
    contact.interested_at = contact.interested_at or work.now
    contact.left_at = None
    before = select(RoundReplyRow).where(
        RoundReplyRow.contact_id == contact.id, RoundReplyRow.enquiry_id.in_(list(read))
    )
    kept = {row.enquiry_id: row for row in work.session.scalars(before)}
    for enquiry_id, words in read.items():
        _write(work, contact.id, enquiry_id, kept.get(enquiry_id), words)
    audit.record(work, actor=contact.person_id, action="fps.reply_to_questionnaire", subject=("round", over.id))
    return sum(words is not None for words in read.values())


def _write(work: Work, contact_id: str, enquiry_id: str, row: RoundReplyRow | None, words: str | None) -> None:
    if words is None:
        if row is not None:
            work.session.delete(row)
        return
    if row is None:
        row = RoundReplyRow(enquiry_id=enquiry_id, contact_id=contact_id)
        work.session.add(row)
    row.words, row.at = words, work.now


def _not_open(work: Work, actor: Actor, round_id: str) -> RoundRow:
    over = find_round(work, actor, round_id)
    if round_card(over).state_at(work.now) not in (RoundState.DRAFT, RoundState.PUBLISHED):
        raise ConflictError("The round has opened. Its questionnaire cannot change any more.")
    return over
