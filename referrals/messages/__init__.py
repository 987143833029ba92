from __future__ import annotations

from channels.wording import MessageType
from referrals.messages import answering, approvals, asking, clocks, equal, outcomes, placements
from referrals.messages.asking import ALERT, RECEIPT, REMINDER, asked_values

__all__ = ["ALERT", "MESSAGES", "RECEIPT", "REMINDER", "asked_values"]

MESSAGES: tuple[MessageType, ...] = (
    *answering.MESSAGES,
    *approvals.MESSAGES,
    *asking.MESSAGES,
    *clocks.MESSAGES,
    *equal.MESSAGES,
    *outcomes.MESSAGES,
    *placements.MESSAGES,
)
"""What this package sends, topic by topic."""
