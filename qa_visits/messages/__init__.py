from __future__ import annotations

from channels.wording import MessageType
from qa_visits.messages import on_actions, to_officers, to_providers

MESSAGES: tuple[MessageType, ...] = (
    to_officers.PROPOSAL,
    to_officers.PROPOSAL_OF_THE_ONLY_DAY,
    to_officers.BOOKED_OFFICER,
    to_officers.BOOKED_QUIETLY,
    to_officers.DAY_REFUSED,
    to_officers.DECLINED,
    to_officers.STALE,
    to_officers.PLANNER_BOOKED,
    to_officers.PLANNER_DECLINED,
    to_officers.CANCELLED_OFFICER,
    to_providers.INVITATION,
    to_providers.INVITATION_MOVED,
    to_providers.CANCELLED,
    on_actions.ACTION_NEW,
    on_actions.ACTION_REMINDER,
    on_actions.ACTION_DUE_TODAY,
    on_actions.ACTION_OVERDUE,
    on_actions.EVIDENCE_IN,
    on_actions.EVIDENCE_REJECTED,
    on_actions.ACTION_VERIFIED,
)
"""All that this domain tells people."""
