from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.sealing import digests
from kernel.translation import say
from kernel.work import Work
from people.actions.ask_code import ask_code
from people.actions.suppress_address import stopped_since, suppress
from people.model import Actor
from people.rules import normalise_address
from people.tables import ContactPointRow, InvitationRow, PersonRow

CHANNELS = ("sms", "email", "slack")
MOST = 10
_THERE = say("people.address_there", "This is there already.")
_FULL = say("people.address_full", "There are 10 ways already. Remove one first.")
_UNPROVED = say("people.address_unproved", "Write the 6 numbers that we sent there first.")
_LAST = say("people.address_last", "This is the only way to reach this person. Add another one first.")


def add_contact_point(
    work: Work, actor: Actor, person_id: str, channel: str, address: str, *, replaces_id: str | None = None
) -> str:
    """Add a contact point that is not proved yet, send a code there, and return its id.

    Whatever is not proved gets nothing but its code. A phone that said STOP is still closed here (V12). Raises
    InvalidInputError for an address that its channel cannot reach or that is there, TooManyError for too many codes.
    """
    if channel not in CHANNELS:
        raise InvalidInputError("channel", "Choose how to reach them")
    if work.session.get(PersonRow, person_id, with_for_update=True) is None:
        raise NotFoundError
    written = normalise_address(channel, address)
    kept = digests(work.session, written)
    same = (ContactPointRow.channel == channel) & ContactPointRow.address_digest.in_(kept)
    row = work.session.scalars(select(ContactPointRow).where(ContactPointRow.person_id == person_id, same)).first()
    if row is not None and row.removed_at is None and row.verified_at is not None:
        raise InvalidInputError("address", _THERE)
    if row is None:
        row = _new_row(work, person_id, channel, written)
    row.opted_out_at = _stopped_at(work, actor, row)
    row.removed_at = row.verified_at = row.failed_at = None
    work.session.flush()
    ask_code(work, actor.id, row.id, replaces_id=_own(work, person_id, replaces_id))
    _record(work, actor, "people.contact_added", row)
    return row.id


def _new_row(work: Work, person_id: str, channel: str, address: str) -> ContactPointRow:
    theirs = _theirs(work, person_id)
    if len(theirs) >= MOST:
        raise InvalidInputError("address", _FULL)
    rank = max((point.rank for point in theirs), default=-1) + 1
    row = ContactPointRow(id=new_id(), person_id=person_id, channel=channel, address=address, rank=rank)
    work.session.add(row)
    return row


def _stopped_at(work: Work, actor: Actor, row: ContactPointRow) -> datetime | None:
    """Return since when the new one is closed: its address said STOP, or its owner did everywhere (V12).

    Who said STOP everywhere and adds a number themselves wants to be reached there; nobody else opens it for them.
    """
    said = stopped_since(work, row.channel, row.address)
    if said is not None:
        suppress(work.session, row.channel, row.address, said)  # from here on, nobody has proved this contact point
    theirs = [point for point in _theirs(work, row.person_id or "") if point.id != row.id]
    if said is not None or actor.id == row.person_id or not theirs:
        return said
    stops = [point.opted_out_at for point in theirs]
    return None if None in stops else max(stop for stop in stops if stop is not None)


def _own(work: Work, person_id: str, contact_point_id: str | None) -> str | None:
    """Return the id if that contact point is the person's own."""
    return _row(work, person_id, contact_point_id).id if contact_point_id else None


def remove_contact_point(work: Work, actor: Actor, person_id: str, contact_point_id: str) -> None:
    """Take a contact point away; what went there stays in the history. Twice does no harm.

    Raises ConflictError for the only one that is proved, NotFoundError for one that is not the person's.
    """
    theirs = _theirs(work, person_id)
    row = _row(work, person_id, contact_point_id)
    if row.removed_at is not None:
        return
    others = [point for point in theirs if point.id != row.id and point.verified_at is not None]
    if row.verified_at is not None and not others:
        raise ConflictError(_LAST)
    invited = select(InvitationRow.id).where(InvitationRow.contact_point_id == row.id, InvitationRow.ended_at.is_(None))
    if work.session.scalars(invited).first() is not None:
        raise ConflictError("An invitation is on its way there. Withdraw it first.")
    row.removed_at = work.now
    _record(work, actor, "people.contact_removed", row)


def prefer_contact_point(work: Work, actor: Actor, person_id: str, contact_point_id: str) -> None:
    """Put a contact point first: messages go there before anywhere else.

    Raises ConflictError for one that is not proved.
    """
    chosen = _row(work, person_id, contact_point_id)
    if chosen.verified_at is None:
        raise ConflictError(_UNPROVED)
    theirs = sorted(_theirs(work, person_id), key=lambda point: (point.id != chosen.id, point.rank, point.id))
    if theirs and theirs[0].rank == 0 and [point.rank for point in theirs] == list(range(len(theirs))):
        return
    for rank, point in enumerate(theirs):
        point.rank = rank
    _record(work, actor, "people.contact_ordered", chosen)


def _theirs(work: Work, person_id: str) -> list[ContactPointRow]:
    rows = select(ContactPointRow).where(ContactPointRow.person_id == person_id, ContactPointRow.removed_at.is_(None))
    return list(work.session.scalars(rows.order_by(ContactPointRow.rank, ContactPointRow.id).with_for_update()))


def _row(work: Work, person_id: str, contact_point_id: str) -> ContactPointRow:
    row = work.session.get(ContactPointRow, contact_point_id)
    if row is None or row.person_id != person_id:
        raise NotFoundError
    return row


def _record(work: Work, actor: Actor, action: str, row: ContactPointRow) -> None:
    details = {"contact_point": row.id, "channel": row.channel}
    audit.record(work, actor=actor.id, action=action, subject=("person", row.person_id or ""), details=details)
