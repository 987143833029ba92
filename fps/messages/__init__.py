from __future__ import annotations

from channels.wording import MessageType
from fps.messages import applications, evidence, places, standing
from fps.messages.rounds import ROUND_MESSAGES

MESSAGES: tuple[MessageType, ...] = (
    *applications.MESSAGES,
    *evidence.MESSAGES,
    *places.MESSAGES,
    *ROUND_MESSAGES,
    *standing.MESSAGES,
)
