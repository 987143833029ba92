from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fps.model import DOCUMENT_WORDS, Intake, SettingKind, Status
from fps.model.standing import Outcome, Pause, Suspension
from fps.queries.standing import LotStep
from kernel.audit import SYSTEM
from kernel.calendar import london_date
from people.model import PersonCard
from people.web.words import ROLES

STATUSES: Mapping[Status, tuple[str, str]] = {
    Status.APPLIED: ("Applied", "light-blue"),
    Status.ADMITTED: ("Admitted", "blue"),
    Status.ACTIVE: ("Active", "green"),
    Status.SELF_PAUSED: ("Self-paused", "yellow"),
    Status.COMPLIANCE_HOLD: ("On hold", "orange"),
    Status.SUSPENDED: ("Suspended", "red"),
    Status.DECOMMISSIONING: ("Decommissioning", "purple"),
    Status.EXITED: ("Left", "grey"),
}
"""Each status in words, with the colour of its tag."""

KINDS: Mapping[SettingKind, str] = {
    SettingKind.NMSS: "Non-maintained special school",
    SettingKind.INDEPENDENT_SPECIAL: "Independent special school",
    SettingKind.INDEPENDENT_OTHER: "Other independent school",
    SettingKind.SPECIAL_POST16: "Special post-16 institution",
    SettingKind.FE_COLLEGE: "General further education college",
    SettingKind.ONLINE: "Online provider",
    SettingKind.REGISTERED_AP: "Registered alternative provision",
    SettingKind.INDEPENDENT_LEARNING_PROVIDER: "Independent learning provider",
    SettingKind.AP_UNREGISTERED: "Alternative provision, not registered",
}
INTAKES: Mapping[Intake, str] = {Intake.MIXED: "All", Intake.BOYS: "Boys", Intake.GIRLS: "Girls"}
_ENDED: Mapping[Outcome, str] = {
    Outcome.WITHDRAWN: "Notice of a suspension withdrawn",
    Outcome.LIFTED: "Suspension lifted",
    Outcome.LEAVING: "Suspension ended: the setting is being decommissioned",
}
_DECIDED = frozenset({Status.SUSPENDED, Status.DECOMMISSIONING})
_GONE = "somebody who has left"


@dataclass(frozen=True)
class Line:
    """A line of a timeline."""

    title: str
    at: datetime
    by: str
    text: str


def who(actor_id: str, people: Mapping[str, PersonCard]) -> str:
    """Name whoever acted, with their role: decisions are taken by somebody."""
    if actor_id == SYSTEM:
        return "the hub itself"
    person = people.get(actor_id)
    if person is None:
        return _GONE
    roles = dict.fromkeys(ROLES[held.role].lower() for held in person.roles)
    return f"{person.name}, {' and '.join(roles)}" if roles else person.name


def step_lines(
    steps: Iterable[LotStep], people: Mapping[str, PersonCard], shared_lots: Collection[str] | None = None
) -> list[Line]:
    """Return the steps on all lots as lines: from which day, why, and on what evidence where it is another day.

    Why a setting was suspended or decommissioned is told for `shared_lots` alone, where they are given.
    """
    return [_step(step, people, tells_why=_tells_why(step, shared_lots)) for step in steps]


def _tells_why(step: LotStep, shared_lots: Collection[str] | None) -> bool:
    is_decision = bool({step.change.from_status, step.change.to_status} & _DECIDED)
    return shared_lots is None or step.lot_id in shared_lots or not is_decision


def _step(step: LotStep, people: Mapping[str, PersonCard], *, tells_why: bool) -> Line:
    change = step.change
    said = [f"{step.lot_title}.", change.reason if tells_why else "The councils of this framework read why."]
    if change.effective_on != london_date(change.recorded_at):
        said.append(f"Counts from {change.effective_on.day} {change.effective_on:%B %Y}.")
    if step.evidence:
        said.append(f"Evidence: {DOCUMENT_WORDS[step.evidence]}.")
    return Line(STATUSES[change.to_status][0], change.recorded_at, who(change.actor_id, people), " ".join(said))


def suspension_lines(found: Iterable[Suspension], people: Mapping[str, PersonCard]) -> list[Line]:
    """Return what happened to suspensions besides the steps themselves: notice, reply, reviews, end."""
    lines = []
    for one in found:
        decider = who(one.decided_by, people)
        if not one.is_urgent:
            lines.append(Line("Notice of a suspension", one.recorded_at, decider, one.reasons))
        if one.replied_at and one.reply:
            lines.append(Line("Reply to the suspension", one.replied_at, "the provider", one.reply))
        lines += [
            Line("Suspension reviewed and kept", each.reviewed_at, who(each.reviewed_by, people), each.reasons)
            for each in one.reviews
        ]
        if one.ended_at and one.outcome:
            lines.append(Line(_ENDED[one.outcome], one.ended_at, decider, one.end_reasons or ""))
    return lines


def pause_lines(found: Iterable[Pause], names: Mapping[str, str]) -> list[Line]:
    """Return a council's own pauses as lines, with the replies to them."""
    lines = []
    for one in found:
        council = names.get(one.council_id, "A council")
        lines.append(Line(f"{council} paused its own placements", one.recorded_at, council, one.reason or ""))
        lines += [
            Line(f"{council} reviewed its pause and kept it", each.reviewed_at, council, each.reasons)
            for each in one.reviews
        ]
        if one.replied_at and one.reply:
            lines.append(Line(f"Reply to {council}", one.replied_at, "the provider", one.reply))
    return lines


def newest_first(*lines: Iterable[Line]) -> list[Line]:
    """Return lines of several kinds as one timeline."""
    return sorted((line for each in lines for line in each), key=lambda line: line.at, reverse=True)
