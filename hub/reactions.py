from __future__ import annotations

from hub.actions.send_way_in import send_way_in
from hub.actions.tell_people import (
    gather_stragglers,
    send_code,
    send_details_link,
    send_invitation,
    tell_old_address,
    tell_other_addresses,
)
from kernel.events import Reaction
from people.events import (
    AddressAdded,
    AddressReplaced,
    CodeAsked,
    DetailsLinkAsked,
    InvitationSent,
    PersonsMerged,
    WayInAsked,
)
from referrals.actions.webhooks.tell_systems import TOLD_OF, tell_systems
from surveys.actions.resume_conversation import resume_conversation
from surveys.events import ConversationInterrupted

REACTIONS: tuple[Reaction, ...] = (
    Reaction(WayInAsked, "hub.send_way_in", send_way_in),
    Reaction(CodeAsked, "hub.send_code", send_code),
    Reaction(AddressReplaced, "hub.tell_old_address", tell_old_address),
    Reaction(AddressAdded, "hub.tell_other_addresses", tell_other_addresses),
    Reaction(InvitationSent, "hub.send_invitation", send_invitation),
    Reaction(DetailsLinkAsked, "hub.send_details_link", send_details_link),
    Reaction(PersonsMerged, "hub.gather_stragglers", gather_stragglers),
    Reaction(ConversationInterrupted, "surveys.resume_conversation", resume_conversation),
    *(Reaction(event, f"referrals.tell_systems.{event.name}", tell_systems) for event in TOLD_OF),
)
"""What a domain does when it hears of a fact: one line each, and nowhere else."""
