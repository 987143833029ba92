"""Lots that a new framework may begin with: those of the frameworks that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fps import bury, independent_education, northwest
from fps.model import NewLot

READY_MADE: Mapping[str, tuple[str, tuple[NewLot, ...]]] = {
    "north_west": ("The seven lots of the North West list", northwest.LOTS),
    "bury": ("The six lots of Bury's alternative provision list", bury.LOTS),
    "independent_education": ("Independent special schools and alternative packages", independent_education.LOTS),
}
"""By name: what the lots are called on the page, and the lots."""


def ready_made_lots(name: str) -> tuple[NewLot, ...]:
    """Return the lots of that name as a new framework begins with them, on its first day; none for another name."""
    _, lots = READY_MADE.get(name, ("", ()))
    return tuple(replace(lot, since=None, replaces=None) for lot in lots)
