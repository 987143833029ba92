from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from channels.model import Urgency
from channels.wording import Button, Field, Form, Kind, MessageType, Policy
from kernel.translation import say
from qa_visits.model import VisitCard
from qa_visits.rules.wording import day_label, time_label

_WORK = Policy(solicited=True)
_ANSWER = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False)

_ACCEPT = Button(action="qa_visits.accept", label=say("qa_visits.accept", "Accept"), value="visit")
_OFFER_DAY = Button(
    action="qa_visits.offer_day",
    label=say("qa_visits.offer_day", "Another day"),
    value="visit",
    form=Form(
        action="qa_visits.offer_day",
        title=say("qa_visits.offer_day.title", "Another day"),
        fields=(
            Field(
                name="day",
                label=say("qa_visits.offer_day.day", "Which day suits you?"),
                kind="choice",
                choices_from="free_days",
            ),
        ),
    ),
)
_DECLINE = Button(
    action="qa_visits.decline",
    label=say("qa_visits.decline", "Decline"),
    value="visit",
    form=Form(
        action="qa_visits.decline",
        title=say("qa_visits.decline.title", "Decline this visit"),
        fields=(Field(name="reason", label=say("qa_visits.decline.reason", "Why can you not make it?")),),
    ),
)

_PROPOSAL_VALUES = {
    "setting": Kind.TEXT,
    "visit_type": Kind.TEXT,
    "day": Kind.DATE,
    "starts": Kind.TEXT,
    "link": Kind.LINK,
    "visit": Kind.TEXT,
    "free_days": Kind.CHOICES,
}

PROPOSAL = MessageType(
    key="qa_visits.proposal",
    values=_PROPOSAL_VALUES,
    title=say("qa_visits.proposal.title", "Proposed visit to {setting}"),
    text=say(
        "qa_visits.proposal.text",
        "{setting}: can you make the {visit_type} on {day} at {starts}?\n\nSee the visit: {link}",
    ),
    short=say("qa_visits.proposal.short", "Proposed visit: {setting}, {day}. Answer: {link}"),
    buttons=(_ACCEPT, _OFFER_DAY, _DECLINE),
    policy=_WORK,
)

PROPOSAL_OF_THE_ONLY_DAY = MessageType(
    key="qa_visits.proposal_only_day",
    values={name: kind for name, kind in _PROPOSAL_VALUES.items() if name != "free_days"},
    title=say("qa_visits.proposal.title", "Proposed visit to {setting}"),
    text=say(
        "qa_visits.proposal_only_day.text",
        "{setting}: can you make the {visit_type} on {day} at {starts}? "
        "We found no other day that fits.\n\nSee the visit: {link}",
    ),
    short=say("qa_visits.proposal.short", "Proposed visit: {setting}, {day}. Answer: {link}"),
    buttons=(_ACCEPT, _DECLINE),
    policy=_WORK,
)

_BOOKED_VALUES = {
    "setting": Kind.TEXT,
    "visit_type": Kind.TEXT,
    "day": Kind.DATE,
    "starts": Kind.TEXT,
    "link": Kind.LINK,
}

BOOKED_OFFICER = MessageType(
    key="qa_visits.booked_officer",
    values=_BOOKED_VALUES,
    title=say("qa_visits.booked_officer.title", "Booked: {setting}"),
    text=say(
        "qa_visits.booked_officer.text",
        "{setting}: the {visit_type} is booked for {day} at {starts}. "
        "The provider is being told, with a calendar invitation.\n\nSee the visit: {link}",
    ),
    short=say("qa_visits.booked_officer.short", "Booked: {setting}, {day} at {starts}. {link}"),
    policy=_ANSWER,
)

BOOKED_QUIETLY = MessageType(
    key="qa_visits.booked_quietly",
    values=_BOOKED_VALUES,
    title=say("qa_visits.booked_officer.title", "Booked: {setting}"),
    text=say(
        "qa_visits.booked_quietly.text",
        "{setting}: the {visit_type} is booked for {day} at {starts}. "
        "The provider is not told.\n\nSee the visit: {link}",
    ),
    short=say("qa_visits.booked_officer.short", "Booked: {setting}, {day} at {starts}. {link}"),
    policy=_ANSWER,
)

DAY_REFUSED = MessageType(
    key="qa_visits.day_refused",
    values={**_PROPOSAL_VALUES, "reasons": Kind.LINES},
    title=say("qa_visits.day_refused.title", "That day does not fit: {setting}"),
    text=say(
        "qa_visits.day_refused.text",
        "{reasons}\n\n{setting}: the {visit_type} still stands for {day} at {starts}. "
        "Choose another day below, or any day here: {link}",
    ),
    short=say("qa_visits.day_refused.short", "That day does not fit for {setting}. Choose another: {link}"),
    buttons=(_OFFER_DAY,),
    policy=_ANSWER,
)

DECLINED = MessageType(
    key="qa_visits.declined",
    values={"setting": Kind.TEXT, "day": Kind.DATE},
    title=say("qa_visits.declined.title", "You declined: {setting}"),
    text=say(
        "qa_visits.declined.text",
        "You declined the visit to {setting} on {day}. The day is free again.",
    ),
    short=say("qa_visits.declined.short", "You declined the visit to {setting} on {day}."),
    policy=_ANSWER,
)

STALE = MessageType(
    key="qa_visits.stale",
    values={"standing": Kind.TEXT, "link": Kind.LINK},
    title=say("qa_visits.stale.title", "That button no longer applies"),
    text=say("qa_visits.stale.text", "{standing} Nothing was changed.\n\nSee how it stands: {link}"),
    short=say("qa_visits.stale.short", "{standing} Nothing was changed. {link}"),
    policy=_ANSWER,
)

PLANNER_BOOKED = MessageType(
    key="qa_visits.planner_booked",
    values=_BOOKED_VALUES,
    title=say("qa_visits.planner_booked.title", "The officer has booked: {setting}"),
    text=say(
        "qa_visits.planner_booked.text",
        "{setting}: the {visit_type} that you proposed is now booked for {day} at {starts}.\n\nSee the visit: {link}",
    ),
    short=say("qa_visits.planner_booked.short", "Your proposed visit is booked: {setting}, {day}. {link}"),
    policy=_WORK,
)

PLANNER_DECLINED = MessageType(
    key="qa_visits.planner_declined",
    values={"setting": Kind.TEXT, "visit_type": Kind.TEXT, "day": Kind.DATE, "reason": Kind.TEXT, "link": Kind.LINK},
    title=say("qa_visits.planner_declined.title", "The officer declined: {setting}"),
    text=say(
        "qa_visits.planner_declined.text",
        "{setting}: the officer declined the {visit_type} on {day}. "
        "Reason: {reason}\n\nPropose another day or another officer: {link}",
    ),
    short=say("qa_visits.planner_declined.short", "Visit declined: {setting}, {day}. {link}"),
    policy=_WORK,
)

CANCELLED_OFFICER = MessageType(
    key="qa_visits.cancelled_officer",
    values={"setting": Kind.TEXT, "visit_type": Kind.TEXT, "day": Kind.DATE, "link": Kind.LINK},
    title=say("qa_visits.cancelled_officer.title", "Cancelled: visit to {setting}"),
    text=say(
        "qa_visits.cancelled_officer.text",
        "{setting}: the {visit_type} on {day} is cancelled. Your day is free again.\n\nSee the visit: {link}",
    ),
    short=say("qa_visits.cancelled_officer.short", "Cancelled: visit to {setting} on {day}. {link}"),
    policy=_WORK,
)


def visit_path(visit_id: str) -> str:
    """Return the path of a visit's page."""
    return f"/visits/{visit_id}"


def visit_values(visit: VisitCard) -> dict[str, object]:
    """Return the values that most messages to officers need."""
    return {
        "setting": visit.setting_name,
        "visit_type": visit.visit_type.label,
        "day": visit.day.isoformat(),
        "starts": time_label(visit.starts_at),
        "link": visit_path(visit.id),
    }


def cancelled_values(visit: VisitCard) -> dict[str, object]:
    """Return the values of messages about a visit that will not be."""
    return {name: value for name, value in visit_values(visit).items() if name != "starts"}


def proposal_values(visit: VisitCard, free_days: Iterable[date]) -> dict[str, object]:
    """Return the values of a proposal; `free_days` are the choices of its form."""
    choices = [[day.isoformat(), day_label(day)] for day in free_days]
    return {**visit_values(visit), "visit": visit.id, "free_days": choices}


def proposal(visit: VisitCard, free_days: Iterable[date]) -> tuple[MessageType, dict[str, object]]:
    """Return the proposal of a visit: without the button for another day where no other day fits."""
    values = proposal_values(visit, free_days)
    if values["free_days"]:
        return PROPOSAL, values
    del values["free_days"]
    return PROPOSAL_OF_THE_ONLY_DAY, values
