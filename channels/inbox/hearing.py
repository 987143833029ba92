from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Channel, Subject, Urgency
from channels.wording import MessageType
from kernel.work import Work
from people.model import PersonCard


@dataclass(frozen=True)
class Heard:
    """Something that a person said or pressed, as the rooms of the house hear it.

    `about` is what the message that they answer was about, where the channel knows it. A pressed button or sent
    form has `action` and `values` (the button's own under "value"). A stranger is somebody whom we did not know.
    """

    inbound_id: str
    channel: Channel
    person: PersonCard
    contact_point_id: str
    text: str
    action: str | None
    values: Mapping[str, str]
    received_at: datetime
    about: Subject | None
    is_stranger: bool


class Ending(StrEnum):
    """How an inbound text ended: exactly one of these, and nothing is dropped."""

    ANSWERED = "answered"
    RECORDED = "recorded"
    PASSED_ON = "passed_on"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Disposition:
    """What became of an inbound text; `detail` names the queue, what was recorded, or why it was ignored.

    `kept_as` takes the place of what was said, where nobody may read that in the inbox.
    """

    ending: Ending
    detail: str
    kept_as: str | None = None


Hearer = Callable[[Work, Heard], Disposition | None]
"""Says what became of a text, or None when it is not for this room."""


def reply(work: Work, heard: Heard, message_type: MessageType, values: Mapping[str, object]) -> str | None:
    """Answer on the contact point from which the person wrote, after all earlier answers to them.

    Idempotent by the inbound text and the message key.
    """
    queued = queue_messages(
        work,
        [
            NewMessage(
                person_id=heard.person.id,
                type=message_type,
                values=values,
                contact_point_id=heard.contact_point_id,
                dedupe_key=f"reply:{heard.inbound_id}:{message_type.key}",
                urgency=Urgency.URGENT,
                about=heard.about,
                ordered=True,
            )
        ],
    )
    return queued[0] if queued else None
