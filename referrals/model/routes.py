"""The routes by which a place is bought (R1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Route(StrEnum):
    """The one route of a placement (R1)."""

    MINI_COMPETITION = "mini_competition"
    DIRECT_AWARD = "direct_award"
    BLOCK_CALLDOWN = "block_calldown"
    OFF_FRAMEWORK_SPOT = "off_framework_spot"
    EXISTING_CONTRACT = "existing_contract"

    @property
    def words(self) -> str:
        """The route as pages name it."""
        return _ROUTE_WORDS[self]

    @property
    def is_competitive(self) -> bool:
        """Whether all settings on the lot are asked at once and answers are sealed (R2, R21)."""
        return self is Route.MINI_COMPETITION

    @property
    def asks_provider(self) -> bool:
        """Whether a provider is asked through the hub; a supplier off the framework is not (R7)."""
        return self is not Route.OFF_FRAMEWORK_SPOT

    @property
    def is_on_framework(self) -> bool:
        """Whether the place is called off the framework; else its notice names none (R7, R8)."""
        return self not in {Route.OFF_FRAMEWORK_SPOT, Route.EXISTING_CONTRACT}

    @property
    def has_contract(self) -> bool:
        """Whether the place is called off a contract that the council has already (R6, R8)."""
        return self in {Route.BLOCK_CALLDOWN, Route.EXISTING_CONTRACT}


_ROUTE_WORDS: Mapping[Route, str] = MappingProxyType(
    {
        Route.MINI_COMPETITION: "Mini-competition",
        Route.DIRECT_AWARD: "Direct award",
        Route.BLOCK_CALLDOWN: "Block call-down",
        Route.OFF_FRAMEWORK_SPOT: "Off-framework spot purchase",
        Route.EXISTING_CONTRACT: "Existing contract",
    }
)
