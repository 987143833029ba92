from __future__ import annotations

from hub.actions.send_way_in import send_way_in
from kernel.events import Reaction
from people.events import WayInAsked
from surveys.actions.resume_conversation import resume_conversation
from surveys.events import ConversationInterrupted

REACTIONS: tuple[Reaction, ...] = (
    Reaction(WayInAsked, "hub.send_way_in", send_way_in),
    Reaction(ConversationInterrupted, "surveys.resume_conversation", resume_conversation),
)
"""What a domain does when it hears of a fact: one line each, and nowhere else."""
