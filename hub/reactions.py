from __future__ import annotations

from kernel.events import Reaction
from surveys.actions.resume_conversation import resume_conversation
from surveys.events import ConversationInterrupted

REACTIONS: tuple[Reaction, ...] = (
    Reaction(ConversationInterrupted, "surveys.resume_conversation", resume_conversation),
)
"""What a domain does when it hears of a fact: one line each, and nowhere else."""
