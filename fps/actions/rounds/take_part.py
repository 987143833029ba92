from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.rounds.book_place import book_for
from fps.actions.rounds.find_contact import (
    Door,
    by_link,
    find_contact,
    find_open_round,
    give_link,
    known_user,
    meet_user,
)
from fps.messages.rounds import CONFIRM, CONFIRM_WITHIN
from fps.model.rounds import RoundState
from fps.tables.rounds import RoundContactRow, RoundRow, RoundSessionRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooLateError
from kernel.ids import new_id
from kernel.sealing import digests
from kernel.work import Work
from people.actions.meet_contact import meet_contact, prove_contact
from people.queries import contact_point
from people.rules import normalise_address

_AGAIN_AFTER = timedelta(minutes=10)
_LONGEST_ORGANISATION = 200


@dataclass(frozen=True)
class Newcomer:
    """Who wants to take part without an account; `session_id` is the session in which they want a place."""

    organisation_name: str
    name: str
    email: str
    session_id: str | None = None


def ask_to_take_part(work: Work, round_id: str, who: Newcomer) -> None:
    """Take the name and address of somebody who wants to take part, and send a link to confirm it.

    The outcome looks the same whether or not the address is known here. An address that said STOP gets nothing. Raises
    InvalidInputError at a field, TooLateError for a round that has closed, NotFoundError for one that there is not.
    """
    over = find_open_round(work, round_id)
    organisation_name = " ".join(who.organisation_name.split())
    if not organisation_name:
        raise InvalidInputError("organisation", "Enter the name of your organisation.")
    if len(organisation_name) > _LONGEST_ORGANISATION:
        raise InvalidInputError("organisation", "Use at most {most} characters.", most=_LONGEST_ORGANISATION)
    if who.session_id is not None:
        _check_session(work, round_id, who.session_id)
    row = _known(work, round_id, who.email)
    if row is None:
        row = _meet(work, over, who, organisation_name)
    elif row.asked_at > work.now - _AGAIN_AFTER:
        return
    row.asked_at = work.now
    if who.session_id is not None:
        row.wish = who.session_id
    _send_link(work, row, over)


def confirm(work: Work, token: str) -> str | None:
    """Confirm the address of whoever holds the link: from now on they take part, and are told what all are told.

    Returns why they got no place in the session that they asked for, None where they did or asked for none. Pressed
    twice it does no harm. Raises NotFoundError, and TooLateError after 7 days.
    """
    row = by_link(work, token)
    if row.confirmed_at is None:
        if row.asked_at < work.now - CONFIRM_WITHIN:
            raise TooLateError("This link has run out. Ask to take part again.")
        row.confirmed_at = row.interested_at = work.now
        if row.contact_point_id is not None:
            prove_contact(work, row.contact_point_id)
        audit.record(work, actor=row.person_id, action="fps.join_round", subject=("round", row.round_id))
    wish, row.wish = row.wish, None
    if wish is None:
        return None
    try:
        book_for(work, row, wish)
    except (ConflictError, TooLateError, NotFoundError) as error:
        return str(error)
    return None


def register_interest(work: Work, door: Door) -> None:
    """Let somebody be told of the round, and the lead authority know that they want to apply; twice does no harm."""
    find_open_round(work, door.round_id)
    row = find_contact(work, door)
    row.left_at = None
    if row.interested_at is None:
        row.interested_at = work.now
        audit.record(work, actor=row.person_id, action="fps.join_round", subject=("round", row.round_id))


def withdraw_interest(work: Work, door: Door) -> None:
    """Tell somebody no more of the round, unless their application is under way; twice does no harm."""
    row = find_contact(work, door)
    if row.left_at is None:
        row.interested_at, row.left_at = None, work.now
        audit.record(work, actor=row.person_id, action="fps.leave_round", subject=("round", row.round_id))


def note_application(work: Work, round_id: str, person_id: str, provider_id: str) -> None:
    """Note that a provider's user began an application or sent it in, so that they are told what all are told.

    For the actions on applications, at their end: whoever writes an application waits for the round last. Raises
    ConflictError where the round was cancelled meanwhile.
    """
    # a new application holds the key of its round already; two who apply at once would wait for each other's for ever
    lock = {"key_share": True}
    over = work.session.get(RoundRow, round_id, with_for_update=lock, populate_existing=True)
    if over is None:
        raise NotFoundError
    if over.state == RoundState.CANCELLED:
        raise ConflictError("This round was cancelled.")
    row = known_user(work, over.id, person_id, [provider_id]) or meet_user(work, over, person_id, provider_id)
    row.started_at = row.started_at or work.now
    row.left_at = None


def _known(work: Work, round_id: str, email: str) -> RoundContactRow | None:
    kept = digests(work.session, normalise_address("email", email))
    found = select(RoundContactRow).where(
        RoundContactRow.round_id == round_id, RoundContactRow.address_digest.in_(kept)
    )
    return work.session.scalars(found.with_for_update()).first()


def _meet(work: Work, over: RoundRow, who: Newcomer, organisation_name: str) -> RoundContactRow:
    met = meet_contact(work, who.name, who.email)
    row = RoundContactRow(
        id=new_id(),
        round_id=over.id,
        person_id=met.person_id,
        contact_point_id=met.contact_point_id,
        organisation_name=organisation_name,
        address_digest=met.address_digest,
        met_at=work.now,
        asked_at=work.now,
    )
    give_link(work, row, over)
    work.session.add(row)
    work.session.flush()
    return row


def _check_session(work: Work, round_id: str, session_id: str) -> None:
    session = work.session.get(RoundSessionRow, session_id)
    if session is None or session.round_id != round_id:
        raise NotFoundError


def _send_link(work: Work, row: RoundContactRow, over: RoundRow) -> None:
    if row.contact_point_id is None or contact_point(work.session, row.contact_point_id).opted_out_at is not None:
        return
    message = NewMessage(
        type=CONFIRM,
        values={"round": over.title, "link": row.grant_id},
        person_id=row.person_id,
        contact_point_id=row.contact_point_id,
        about=Subject("round", over.id),
    )
    queue_messages(work, [message])
