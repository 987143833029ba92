from __future__ import annotations

from datetime import date

from people.rights.model import (
    CameBy,
    ExtensionReason,
    Identity,
    LeaveOut,
    Outcome,
    PauseReason,
    Purpose,
    RequestCard,
    RequestKind,
)

KINDS: dict[RequestKind, str] = {
    RequestKind.ACCESS: "A copy of what is held",
    RequestKind.RECTIFICATION: "Correct what is wrong",
    RequestKind.ERASURE: "Erase what is held",
    RequestKind.OBJECTION: "Object to use",
    RequestKind.RESTRICTION: "Keep but do not use",
    RequestKind.COMPLAINT: "Complaint about data protection",
}
CAME_BY: dict[CameBy, str] = {
    CameBy.EMAIL: "Email",
    CameBy.LETTER: "Letter",
    CameBy.PHONE: "Phone call",
    CameBy.TEXT: "Text message",
    CameBy.IN_PERSON: "In person",
    CameBy.PAGE: "The page about rights",
}
IDENTITIES: dict[Identity, str] = {
    Identity.KNOWN: "We know them and wrote to an address that was checked before",
    Identity.CALLED_BACK: "We called the number we hold",
    Identity.DOCUMENT: "They showed a document",
    Identity.AUTHORITY: "They showed that they may act for the person",
}
PAUSES: dict[PauseReason, str] = {
    PauseReason.CLARIFICATION: "We asked what they mean",
    PauseReason.IDENTITY: "We asked them to show who they are",
}
EXTENSIONS: dict[ExtensionReason, str] = {
    ExtensionReason.COMPLEX: "The request is complex",
    ExtensionReason.MANY: "They have made a number of requests",
}
OUTCOMES: dict[Outcome, str] = {
    Outcome.DONE: "Done",
    Outcome.PARTLY: "Done in part, and they were told why",
    Outcome.NOTHING_HELD: "We hold nothing about them",
    Outcome.REFUSED: "Refused, and they were told why and how to complain",
    Outcome.WITHDRAWN: "They no longer ask for it",
}
PURPOSES: dict[Purpose, str] = {
    Purpose.REQUEST: "To answer this request",
    Purpose.COMPLAINT: "To look into a complaint",
    Purpose.SECURITY: "To look into a security incident",
    Purpose.CHECK: "To check how a request was handled",
}
LEAVE_OUT: dict[LeaveOut, str] = {
    LeaveOut.OTHER_PERSON: "Leave out: it is about somebody else",
    LeaveOut.SERIOUS_HARM: "Leave out: somebody could come to serious harm",
    LeaveOut.LEGAL: "Leave out: the law lets us keep it back",
    LeaveOut.NO_HARM: "Give out: nobody comes to harm by it",
}
STEPS: dict[str, str] = {
    "logged": "Request logged",
    "handed": "Given to a handler",
    "person_named": "Linked to a person",
    "identity_checked": "Made sure who asks",
    "paused": "Clock stopped",
    "resumed": "Clock runs again",
    "extended": "Two more months taken",
    "acknowledged": "Complaint acknowledged",
    "restricted": "Nothing unasked is sent any more",
    "rectified": "Corrected",
    "decided": "Decided about records",
    "reviewed": "Everything read before release",
    "downloaded": "Copy downloaded",
    "erased": "Erased",
    "closed": "Closed",
}
_NOTES: dict[str, str] = {
    **{str(key): text for key, text in PAUSES.items()},
    **{str(key): text for key, text in EXTENSIONS.items()},
    **{str(key): text for key, text in OUTCOMES.items()},
    **{str(key): text for key, text in IDENTITIES.items()},
}


def note_words(note: str) -> str:
    """Say a step's note in words, where it is one of ours."""
    return _NOTES.get(note, note)


def standing(card: RequestCard, today: date) -> tuple[str, str | None]:
    """Return where a request stands as a tag: its words and its colour."""
    if card.ended_at is not None:
        return "Closed", "grey"
    if card.due_on is None:
        return ("Clock stopped", "blue") if card.pause else ("Open", None)
    left = (card.due_on - today).days
    if left < 0:
        return "Late", "red"
    if left == 0:
        return "Due today", "orange"
    soon = 7
    return (f"{left} day{'' if left == 1 else 's'} left", "orange" if left <= soon else "green")


def next_step(card: RequestCard) -> str:
    """Say what is to be done next with an open request."""
    if card.kind is RequestKind.COMPLAINT:
        return "Look into it and tell them the outcome." if card.acknowledged_on else "Acknowledge the complaint."
    if card.pause is not None:
        return "Wait for their answer. When it is there, let the clock run again."
    if card.person_id is None:
        return "Find out whom it is about."
    if card.identity is None:
        return "Make sure who asks, and record how."
    return {
        RequestKind.ACCESS: "Download the copy and send it." if card.reviewed_at else "Read what would be given out.",
        RequestKind.RECTIFICATION: "Correct what is wrong, then close the request.",
        RequestKind.ERASURE: "Look at what would go and what must stay." if card.erased is None else "Tell them.",
    }.get(card.kind, "Stop what they did not ask for, then close the request.")
