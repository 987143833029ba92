from __future__ import annotations

from channels.wording import MessageType

MESSAGES: tuple[MessageType, ...] = ()
