from __future__ import annotations

from channels.actions.cancel_messages import cancel_messages
from channels.model import Subject
from kernel.work import Work
from qa_visits.messages.to_officers import PROPOSAL, PROPOSAL_OF_THE_ONLY_DAY


def withdraw_proposal(work: Work, visit_id: str) -> None:
    """Withdraw the question to the officer where it still waits to be sent: it has been answered elsewhere."""
    keys = (PROPOSAL.key, PROPOSAL_OF_THE_ONLY_DAY.key)
    cancel_messages(work, about=Subject("visit", visit_id), keys=keys, detail="the officer has answered")
