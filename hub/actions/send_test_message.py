from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from hub.messages import TEST
from kernel import audit
from kernel.errors import InvalidInputError
from kernel.work import Work
from people.model import Actor
from people.queries import contact_points


def send_test_message(work: Work, actor: Actor, contact_point_id: str) -> str:
    """Send the actor a message to one of their own contact points, and return its id.

    Raises InvalidInputError for a contact point that is not theirs: a test reaches nobody else.
    """
    points = {point.id: point for point in contact_points(work.session, actor.id)}
    if contact_point_id not in points:
        raise InvalidInputError("to", "Choose one of your own addresses.")
    values = {"at": work.now.isoformat()}
    point = points[contact_point_id]
    (message_id,) = queue_messages(
        work,
        [NewMessage(TEST, values, person_id=actor.id, contact_point_id=contact_point_id, channel=point.channel)],
    )
    audit.record(work, actor=actor.id, action="hub.send_test_message", subject=("message", message_id))
    return message_id
