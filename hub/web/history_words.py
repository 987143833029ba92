from __future__ import annotations

from datetime import datetime

from channels.model import Reason, Status
from hub.web.dates import moment

REASONS: dict[Reason, str] = {
    Reason.SCHEDULED: "It is planned for later.",
    Reason.QUIET_HOURS: "It would have arrived in quiet hours.",
    Reason.RETRY: "The last try did not get through.",
    Reason.FALLBACK: "The last channel failed for good, so it goes by the next one.",
    Reason.VENDOR_BUSY: "The sending service asked us to slow down.",
    Reason.ASK_A_PERSON: "We cannot find out whether it went out.",
    Reason.CHANNEL_OFF: "This channel is switched off.",
    Reason.NO_CONTACT_POINT: "We have no address at which to reach this person.",
    Reason.OPTED_OUT: "The person asked us to stop.",
    Reason.NO_CONSENT: "The person has not agreed to messages on this channel.",
    Reason.REFUSED: "The sending service refused it for good.",
    Reason.GAVE_UP: "It failed too often.",
    Reason.WITHDRAWN: "It was no longer needed.",
    Reason.TOO_LATE: "It could not be sent while it was still of use.",
    Reason.NOT_RENDERED: "It could not be written: a word or a value is missing.",
}

_NEXT: dict[Status, str] = {
    Status.QUEUED: "It goes out as soon as the channel is free.",
    Status.HANDING_OVER: "The sending service is being asked to take it.",
    Status.UNKNOWN: "We stopped while sending it. We are asking the sending service what became of it, before anything "
    "is sent again.",
    Status.SENT: "The sending service has it. We wait for word that it has arrived.",
    Status.DELIVERED: "Nothing. It has arrived.",
    Status.FAILED: "Nothing. Try another way to reach the person.",
    Status.CANCELLED: "Nothing. It will not be sent.",
    Status.EXPIRED: "Nothing. It will not be sent any more.",
}


def what_next(status: Status, reason: Reason | None, due_at: datetime | None) -> str:
    """Say in a sentence what happens next with a message that stands here."""
    if status is Status.HELD:
        if reason is Reason.ASK_A_PERSON:
            return "Nothing, until somebody in operations says whether to send it again."
        if reason is Reason.CHANNEL_OFF:
            return "It goes out when the channel is switched on again."
        return f"It goes out on {moment(due_at)}, or soon after." if due_at else "It waits to be released."
    return _NEXT[status]


WHAT: dict[str, str] = {
    "queued": "Written",
    "held": "Held",
    "moved": "Moved to another of the person's channels",
    "handed_over": "Handed to the sending service",
    "unknown": "Interrupted while it was being sent",
    "settled_sent": "The sending service says that it went out",
    "settled_unsent": "The sending service says that it never went out",
    "unproven_again": "Nobody can say whether it went out, so it is sent again",
    "unproven_held": "Nobody can say whether it went out, so a person decides",
    "person_sends_again": "Somebody in operations had it sent again",
    "person_lets_it_be": "Somebody in operations left it as it was",
    "sent": "Taken by the sending service",
    "delivered": "Arrived",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "withdrawn": "Withdrawn while it was being sent, so it is not tried again",
    "expired": "Out of date",
}
"""What each line of a message's history is called."""
