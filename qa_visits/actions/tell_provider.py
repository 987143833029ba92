from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Attachment, Channel, Subject
from channels.wording import MessageType
from fps.queries.hearing import who_hears
from kernel.errors import ConflictError
from kernel.work import Work
from people.model import ContactPoint
from people.queries import contact_points, organisation, organisation_contact_points
from qa_visits.messages.to_providers import (
    CANCELLED,
    INVITATION,
    INVITATION_MOVED,
    cancellation_values,
    invitation_values,
)
from qa_visits.model import VisitCard, VisitType
from qa_visits.queries import visit_card
from qa_visits.rules.days import is_provider_told
from qa_visits.rules.invitations import Method, invitation_to, mime_of, next_sequence, write_invitation
from qa_visits.tables import VisitRow


def tell_provider(work: Work, row: VisitRow, message_type: MessageType) -> None:
    """Tell the setting's contact that the visit is booked, has moved or is cancelled, with a calendar message.

    Where the contact has left the provider, all its users. By email where somebody has an address, for there the
    calendar message can travel along. Nobody is told of an unannounced visit or a desktop review, nor of the end of a
    visit that they never heard of. What still waits to be sent about the visit is withdrawn.
    """
    if not is_provider_told(VisitType(row.visit_type), is_unannounced=row.is_unannounced):
        return
    is_sent = row.invited_at is not None
    if message_type is CANCELLED and not is_sent:
        return
    row.sequence = next_sequence(row.sequence, is_sent=is_sent)
    row.invited_at = work.now
    about = Subject("visit", row.id)
    cancel_messages(
        work, about=about, keys=(INVITATION.key, INVITATION_MOVED.key), detail="the visit has changed since"
    )
    visit = visit_card(work.session, row.id)
    told = who_hears(work.session, [visit.setting_id]).get(visit.setting_id, [])
    queue_messages(work, [_message(work, visit, message_type, person_id) for person_id in told])


def _message(work: Work, visit: VisitCard, message_type: MessageType, person_id: str) -> NewMessage:
    council = organisation(work.session, visit.council_id).name
    is_cancelled = message_type is CANCELLED
    email = _email_among(contact_points(work.session, person_id))
    values = cancellation_values(visit, council) if is_cancelled else invitation_values(visit, council)
    method = Method.CANCEL if is_cancelled else Method.REQUEST
    attachment = _attachment(work, visit, council, method, email) if email else None
    return NewMessage(
        person_id=person_id,
        type=message_type,
        values=values,
        about=Subject("visit", visit.id),
        channel=Channel.EMAIL if email else None,
        attachments=(attachment,) if attachment else (),
    )


def _attachment(work: Work, visit: VisitCard, council: str, method: Method, email: str) -> Attachment:
    entry = invitation_to(visit, council, work.now)
    invitation = replace(entry, method=method, organiser=_organiser(work, visit), attendee=email)
    return Attachment(name="invitation.ics", mime=mime_of(method), content=write_invitation(invitation))


def _organiser(work: Work, visit: VisitCard) -> str:
    """Calendar answers go to the council's own mailbox, or to the officer's where the council has none."""
    address = _email_among(organisation_contact_points(work.session, visit.council_id))
    address = address or _email_among(contact_points(work.session, visit.officer_id))
    if address is None:
        raise ConflictError(
            "The invitation needs an email address to come from. Add one to the council or to the officer."
        )
    return address


def _email_among(points: Iterable[ContactPoint]) -> str | None:
    """Return the preferred email address that works and whose owner has not said STOP there."""
    usable = (point for point in points if point.failed_at is None and point.opted_out_at is None)
    return next((point.address for point in usable if point.channel == Channel.EMAIL), None)
