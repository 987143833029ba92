from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True)
class VisitBooked(Event):
    """A visit was booked, or moved to another day: `day` is the ISO date that now holds."""

    name: ClassVar[str] = "qa_visits.visit_booked"
    visit_id: str
    council_id: str
    setting_id: str
    day: str


@dataclass(frozen=True)
class VisitCancelled(Event):
    """A visit will not take place."""

    name: ClassVar[str] = "qa_visits.visit_cancelled"
    visit_id: str
    council_id: str
    setting_id: str


@dataclass(frozen=True)
class VisitDone(Event):
    """A visit took place, with its judgement in the hub's own words."""

    name: ClassVar[str] = "qa_visits.visit_done"
    visit_id: str
    council_id: str
    setting_id: str
    judgement: str


@dataclass(frozen=True)
class ActionVerified(Event):
    """An officer found that an improvement action is done."""

    name: ClassVar[str] = "qa_visits.action_verified"
    action_id: str
    council_id: str
    setting_id: str
