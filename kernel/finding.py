"""What a search finds, and how words are looked for in a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

_MOST_WORDS = 6


@dataclass(frozen=True)
class Found:
    """One thing that a search found: its id, what it is called, and a line that tells it from others."""

    id: str
    text: str
    detail: str = ""


def holds(column: InstrumentedAttribute[Any] | ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Return the condition that a column holds each of the words, in any order and in capitals or not.

    What databases read as wildcards stands for itself.
    """
    parts = words.split()[:_MOST_WORDS]
    return and_(*(column.icontains(part, autoescape=True) for part in parts))
