from __future__ import annotations

from channels.wording import MessageType
from fps.messages.rounds import ROUND_MESSAGES

MESSAGES: tuple[MessageType, ...] = (*ROUND_MESSAGES,)
