from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Channel
from hub.messages import SIGN_IN, SIGN_IN_LASTS
from kernel import audit
from kernel.work import Work
from people.actions.issue_grant import issue_grant
from people.model import PersonCard
from people.queries import contact_points, persons_by_address
from people.rules import normalise_address

PURPOSE = "hub.sign_in"


def send_sign_in_link(work: Work, email: str) -> None:
    """Send a one-time link to everybody with an account at the email address.

    Where there is nobody the log alone says that somebody asked, and the asker learns nothing of it. A shared
    mailbox gets a link for each of its people. Raises InvalidInputError if it is not an email address.
    """
    address = normalise_address(Channel.EMAIL, email)
    owners = [card for card in persons_by_address(work.session, Channel.EMAIL, address) if card.roles]
    for card in owners:
        _send(work, card, address)
    if not owners:
        asked = work.keys.token("hub.sign_in.asked", address)
        audit.record(work, actor=audit.SYSTEM, action="hub.sign_in_unknown", subject=("address", asked))


def _send(work: Work, card: PersonCard, address: str) -> None:
    grant_id = issue_grant(
        work, purpose=PURPOSE, target=card.id, person_id=card.id, expires_at=work.now + SIGN_IN_LASTS
    )
    points = contact_points(work.session, card.id)
    point = next(point for point in points if point.channel == Channel.EMAIL and point.address == address)
    values = {"name": card.name, "link": grant_id}
    queue_messages(work, [NewMessage(type=SIGN_IN, values=values, person_id=card.id, contact_point_id=point.id)])
    audit.record(work, actor=audit.SYSTEM, action="hub.sign_in_link", subject=("person", card.id))
