from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from referrals.model.placements import PlacementState

STATE_TAGS: Mapping[PlacementState, str] = MappingProxyType(
    {
        PlacementState.DRAFT: "yellow",
        PlacementState.SIGNED: "blue",
        PlacementState.RUNNING: "green",
        PlacementState.ENDED: "grey",
    }
)
