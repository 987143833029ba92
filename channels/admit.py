from __future__ import annotations

from collections.abc import Mapping

from channels.actions.pass_to_person import QUESTIONS, pass_to_person
from channels.inbox.hearing import Disposition, Ending, Heard, Hearer, reply
from channels.messages import NOT_ALLOWED
from kernel import audit
from kernel.work import Work
from people.permissions import Permission, may
from people.rules.delegation import acting_for


def admit(actions: Mapping[str, Permission]) -> Hearer:
    """Return what stands before every room that takes pressed buttons and sent forms, on every channel.

    Whoever lacks the permission that `actions` names for a press, because it never was theirs or because they have
    left, is refused and told so, and the log keeps it. A press that `actions` does not name reaches no room: a person
    reads it.
    """

    def refuse_press(work: Work, heard: Heard) -> Disposition | None:
        """Hear a press only to refuse it."""
        if heard.action is None:
            return None
        asks = actions.get(heard.action)
        if asks is None:
            return pass_to_person(work, heard, QUESTIONS, reason="not understood")
        if not may(heard.person, asks):
            return _refuse(work, heard, asks)
        work.acting_for = acting_for(heard.person.roles, asks)
        return None

    return refuse_press


def _refuse(work: Work, heard: Heard, asks: Permission) -> Disposition:
    reply(work, heard, NOT_ALLOWED, {})
    details = {"action": heard.action, "asks": asks, "channel": heard.channel}
    subject = ("inbound", heard.inbound_id)
    audit.record(work, actor=heard.person.id, action="channels.refuse_press", subject=subject, details=details)
    return Disposition(Ending.ANSWERED, f"not allowed: {asks}")
