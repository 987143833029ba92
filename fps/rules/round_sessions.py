from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.errors import InvalidInputError

MOST_SEATS = 2000
_LONGEST = {"title": 200, "place": 300, "link": 500}


@dataclass(frozen=True)
class SessionTerms:
    """What an engagement session is: when, where or by which link, for how many."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    capacity: int


def check_session(terms: SessionTerms, taken: int, now: datetime) -> None:
    """Check a session; raises InvalidInputError at the field that is wrong."""
    for field, longest in _LONGEST.items():
        if len(getattr(terms, field)) > longest:
            raise InvalidInputError(field, "Use at most {longest} characters.", longest=longest)
    if not terms.title:
        raise InvalidInputError("title", "Enter what the session is about.")
    if terms.starts_at <= now:
        raise InvalidInputError("day", "The session must lie in the future.")
    if terms.ends_at <= terms.starts_at:
        raise InvalidInputError("ends", "The session must end after it starts.")
    if not terms.place and not terms.link:
        raise InvalidInputError("place", "Enter a place, a link, or both.")
    if terms.link and not terms.link.startswith("https://"):
        raise InvalidInputError("link", "Enter a link that starts with https://")
    _check_capacity(terms.capacity, taken)


def _check_capacity(capacity: int, taken: int) -> None:
    if not 1 <= capacity <= MOST_SEATS:
        raise InvalidInputError("capacity", "Enter a number of places from 1 to {most}.", most=MOST_SEATS)
    if capacity < taken:
        raise InvalidInputError("capacity", "{taken} places are taken already. Enter that or more.", taken=taken)
