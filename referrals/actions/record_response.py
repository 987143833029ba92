from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select

from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from fps.actions.evidence.receive_file import ReceivedFile
from kernel import audit
from kernel.errors import NotFoundError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.actions.answers.receive_files import keep_files
from referrals.actions.find_referral import lock_referral, standing_of
from referrals.events import ResponseReceived
from referrals.messages.asking import RECEIPT, RECEIPT_READ, REMINDER
from referrals.model.answers import AnswerFile, Receipt, Response
from referrals.model.routes import Route
from referrals.queries.providers import contacts_of, waiting_contacts
from referrals.rules.deadlines import is_late
from referrals.rules.opening import open_response
from referrals.rules.responding import check_response
from referrals.rules.sealing import checksum, seal
from referrals.rules.standing import Course, check_not_ended, check_readable
from referrals.rules.wording import to_the_second
from referrals.tables import LateResponseRow, RecipientRow, ReferralRow, ResponseRow


@dataclass(frozen=True)
class RecordResponse:
    """A provider's response for one recipient.

    `received_at` is when the server had it (R16), taken at the door: a busy database must not make it late. `files`
    come with it; with `keep_files` those of the provider's last answer stay too. `receipt_to` is the contact point from
    which the provider wrote, where they did not use the page.
    """

    recipient_id: str
    response: Response
    received_at: datetime
    files: tuple[ReceivedFile, ...] = ()
    keep_files: bool = False
    receipt_to: str | None = None


@dataclass(frozen=True)
class _Kept:
    """A sealed response and the key that opens it alone."""

    sealed: str
    key: str = field(repr=False)


def record_response(work: Work, actor: Actor, command: RecordResponse) -> Receipt:
    """Record a response, sealed (R21); until the deadline each new one replaces the one before.

    One that comes after the deadline is not accepted: its receipt says `is_late`, and the attempt is kept sealed,
    apart and on record (R16, R17). So the caller must commit in both cases and then tell the provider. Raises
    NotFoundError for what is no invitation of the actor's provider, TooLateError when its page has closed or
    where the council ended it before the deadline, InvalidInputError for what the response lacks.
    """
    recipient = work.session.get(RecipientRow, command.recipient_id)
    if recipient is None or recipient.provider_id not in organisations_with(actor, Permission.REFERRALS_ANSWER):
        raise NotFoundError
    row = lock_referral(work, recipient.referral_id)
    standing = standing_of(work, row)
    course, terms = standing.course, standing.terms
    check_readable(course, terms, command.received_at)
    check_not_ended(course, command.received_at)
    check_response(command.response)
    response = replace(command.response, files=_files(work, actor, recipient, command))
    check_response(response)
    key = secrets.token_bytes(32)
    kept = _Kept(seal(key, response, command.received_at), key.hex())
    if not _is_in_time(course, command.received_at):
        return _refuse(work, actor, row, recipient, command, kept)
    return _accept(work, actor, row, recipient, command, kept)


def _files(work: Work, actor: Actor, recipient: RecipientRow, command: RecordResponse) -> tuple[AnswerFile, ...]:
    """Keep what came with the answer; what the last one carried stays in the record, and in the answer if wanted."""
    new = keep_files(work, actor, recipient.id, command.files)
    if not command.keep_files:
        return new
    last = select(ResponseRow).where(ResponseRow.recipient_id == recipient.id).order_by(ResponseRow.number.desc())
    kept = work.session.scalars(last.limit(1)).first()
    return (*open_response(kept, work.keys).files, *new) if kept is not None else new


def _is_in_time(course: Course, received_at: datetime) -> bool:
    """Whatever the clock of the door says, nothing is in time any more once somebody has begun to unseal."""
    return (
        course.deadline_at is not None
        and not is_late(received_at, course.deadline_at)
        and not course.unsealers
        and course.closed_at is None
    )


def _accept(
    work: Work, actor: Actor, row: ReferralRow, recipient: RecipientRow, command: RecordResponse, kept: _Kept
) -> Receipt:
    number = 1 + (
        work.session.scalar(select(func.max(ResponseRow.number)).where(ResponseRow.recipient_id == recipient.id)) or 0
    )
    receipt = Receipt(row.reference, recipient.setting_name, command.received_at, checksum(kept.sealed), is_late=False)
    work.session.add(
        ResponseRow(
            id=new_id(),
            recipient_id=recipient.id,
            number=number,
            received_at=command.received_at,
            responded_by=actor.id,
            sealed=kept.sealed,
            key=kept.key,
            checksum=receipt.checksum,
            is_final=command.response.kind.is_final,
        )
    )
    work.session.flush()
    _note(work, actor, recipient, receipt, "referrals.respond", number)
    publish(work, ResponseReceived(row.id, recipient.id, number))
    message = RECEIPT if Route(row.route).is_competitive else RECEIPT_READ
    _send_receipt(work, actor, recipient, message, receipt, (number, command.receipt_to))
    _drop_reminder(work, row, recipient)
    return receipt


def _refuse(
    work: Work, actor: Actor, row: ReferralRow, recipient: RecipientRow, command: RecordResponse, kept: _Kept
) -> Receipt:
    receipt = Receipt(row.reference, recipient.setting_name, command.received_at, checksum(kept.sealed), is_late=True)
    work.session.add(
        LateResponseRow(
            id=new_id(),
            recipient_id=recipient.id,
            received_at=command.received_at,
            responded_by=actor.id,
            sealed=kept.sealed,
            key=kept.key,
            checksum=receipt.checksum,
        )
    )
    work.session.flush()
    _note(work, actor, recipient, receipt, "referrals.respond_late", None)
    return receipt


def _note(work: Work, actor: Actor, recipient: RecipientRow, receipt: Receipt, action: str, number: int | None) -> None:
    details = {
        "recipient_id": recipient.id,
        "setting_id": recipient.setting_id,
        "received_at": receipt.received_at.isoformat(),
        "checksum": receipt.checksum,
        "number": number,
    }
    audit.record(work, actor=actor.id, action=action, subject=("referral", recipient.referral_id), details=details)


def _send_receipt(
    work: Work,
    actor: Actor,
    recipient: RecipientRow,
    message: MessageType,
    receipt: Receipt,
    answer: tuple[int, str | None],
) -> None:
    number, contact_point_id = answer
    values = {
        "reference": receipt.reference,
        "setting": receipt.setting_name,
        "received": to_the_second(receipt.received_at),
        "checksum": receipt.checksum,
    }
    queue_messages(
        work,
        [
            NewMessage(
                type=message,
                values=values,
                person_id=actor.id,
                contact_point_id=contact_point_id,
                dedupe_key=f"referrals.receipt:{recipient.id}:{number}",
                about=Subject("referral", recipient.referral_id),
            )
        ],
    )


def _drop_reminder(work: Work, row: ReferralRow, recipient: RecipientRow) -> None:
    """Cancel a reminder that waits, unless its reader still has another setting to answer for (R18)."""
    waiting, about = waiting_contacts(work.session, row.id), Subject("referral", row.id)
    for contact_id in contacts_of(work.session, recipient.id):
        if contact_id not in waiting:
            cancel_messages(work, about=about, keys=(REMINDER.key,), person_id=contact_id, detail="answered")
