from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check went: as it should, not as it should be, or so that messages are lost."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """What a check of a channel found: what was looked at, how it is, and in `text` what to do about it."""

    title: str
    state: State
    text: str


@dataclass(frozen=True)
class Section:
    """What was found of one part of the hub."""

    title: str
    findings: tuple[Finding, ...]


def good(title: str, text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(title, State.GOOD, text)


def warning(title: str, text: str) -> Finding:
    """Say that something works, but not as it should."""
    return Finding(title, State.WARNING, text)


def bad(title: str, text: str) -> Finding:
    """Say that something does not work."""
    return Finding(title, State.BAD, text)
