from __future__ import annotations

from channels.wording import Kind, MessageType, Policy
from kernel.translation import say
from qa_visits.model import VisitCard
from qa_visits.rules.wording import time_label

_WORK = Policy(solicited=True)
_INVITATION_VALUES = {
    "council": Kind.TEXT,
    "setting": Kind.TEXT,
    "day": Kind.DATE,
    "starts": Kind.TEXT,
    "ends": Kind.TEXT,
}

INVITATION = MessageType(
    key="qa_visits.invitation",
    values=_INVITATION_VALUES,
    title=say("qa_visits.invitation.title", "Quality visit to {setting}"),
    text=say(
        "qa_visits.invitation.text",
        "{council} will visit {setting} to check quality on {day}, from {starts} to {ends}.\n\n"
        "The calendar invitation is attached. If we move or cancel the visit, it changes by itself.",
    ),
    short=say(
        "qa_visits.invitation.short", "{council} will visit {setting} to check quality: {day}, {starts} to {ends}."
    ),
    policy=_WORK,
)

INVITATION_MOVED = MessageType(
    key="qa_visits.invitation_moved",
    values=_INVITATION_VALUES,
    title=say("qa_visits.invitation_moved.title", "New day for the quality visit to {setting}"),
    text=say(
        "qa_visits.invitation_moved.text",
        "The visit of {council} to {setting} has moved. It is now on {day}, from {starts} to {ends}.\n\n"
        "The new calendar invitation is attached. It replaces the one before.",
    ),
    short=say(
        "qa_visits.invitation_moved.short",
        "The visit of {council} to {setting} has moved to {day}, {starts} to {ends}.",
    ),
    policy=_WORK,
)

CANCELLED = MessageType(
    key="qa_visits.cancelled",
    values={"council": Kind.TEXT, "setting": Kind.TEXT, "day": Kind.DATE},
    title=say("qa_visits.cancelled.title", "Cancelled: quality visit to {setting}"),
    text=say(
        "qa_visits.cancelled.text",
        "{council} will not visit {setting} on {day}. The attached note takes the visit out of your calendar.",
    ),
    short=say("qa_visits.cancelled.short", "Cancelled: the visit of {council} to {setting} on {day}."),
    policy=_WORK,
)


def invitation_values(visit: VisitCard, council: str) -> dict[str, object]:
    """Return the values of an invitation; `council` is the visiting council's name."""
    return {
        "council": council,
        "setting": visit.setting_name,
        "day": visit.day.isoformat(),
        "starts": time_label(visit.starts_at),
        "ends": time_label(visit.ends_at),
    }


def cancellation_values(visit: VisitCard, council: str) -> dict[str, object]:
    """Return the values of a cancellation."""
    return {"council": council, "setting": visit.setting_name, "day": visit.day.isoformat()}
