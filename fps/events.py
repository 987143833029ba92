from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True)
class SettingRegistered(Event):
    """A provider's setting has been put on the register."""

    name: ClassVar[str] = "fps.setting_registered"
    setting_id: str
    provider_id: str


@dataclass(frozen=True)
class SettingStatusChanged(Event):
    """A setting has taken a step on a lot. `effective_on` is an ISO date; `from_status` is None for the first."""

    name: ClassVar[str] = "fps.setting_status_changed"
    setting_id: str
    lot_id: str
    from_status: str | None
    to_status: str
    effective_on: str
