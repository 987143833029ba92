from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.wording import MessageType
from hub.messages import SECOND_FACTOR_CHANGED, SECOND_FACTOR_RESET
from kernel.work import Work
from people.actions import remove_second_factor
from people.model import Actor
from people.queries import person
from people.queries.accounts import proved_points


def tell_of_change(work: Work, person_id: str) -> None:
    """Tell a person that their second factor has changed: if it was not they, they must hear of it."""
    _tell(work, person_id, SECOND_FACTOR_CHANGED)


def reset_second_factor(work: Work, actor: Actor, person_id: str) -> None:
    """Take the second factors of somebody who lost them out of use, and tell them who can have done that.

    Raises NotFoundError for somebody whom the actor does not manage, ForbiddenError for one's own.
    """
    remove_second_factor.reset_second_factor(work, actor, person_id)
    _tell(work, person_id, SECOND_FACTOR_RESET)


def reset_by_operator(work: Work, person_id: str) -> None:
    """Do the same on the machine of the hub, for the one administrator whom nobody else can help."""
    remove_second_factor.reset_by_operator(work, person_id)
    _tell(work, person_id, SECOND_FACTOR_RESET)


def _tell(work: Work, person_id: str, message: MessageType) -> None:
    """Tell it to every address that is proved: whoever took one of them over must not be the only one to hear."""
    values = {"name": person(work.session, person_id).name}
    points: list[str | None] = [point.id for point in proved_points(work.session, person_id)]
    told = [NewMessage(message, values, person_id=person_id, contact_point_id=at) for at in points or [None]]
    queue_messages(work, told)
