from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from kernel.errors import InvalidInputError
from people.api_scopes import HELD_BY, ApiScope
from people.model import OrganisationKind

LONGEST_NAME = 60
LONGEST = timedelta(days=365)
USE_NOTED_EVERY = timedelta(hours=1)


def checked_name(name: str) -> str:
    """Return a token's name without idle space; raises InvalidInputError where it says nothing or too much."""
    found = " ".join(name.split())
    if not found:
        raise InvalidInputError("name", "Enter what the token is for, such as the name of the program that asks.")
    if len(found) > LONGEST_NAME:
        raise InvalidInputError("name", "Use {most} letters or fewer.", most=LONGEST_NAME)
    return found


def check_scopes(scopes: Collection[ApiScope], kind: OrganisationKind) -> None:
    """Raise InvalidInputError where nothing may be asked for, or something that such an organisation must not know."""
    if not scopes:
        raise InvalidInputError("scopes", "Choose what the token may ask for.")
    if not all(kind in HELD_BY[scope] for scope in scopes):
        raise InvalidInputError("scopes", "Only councils can have this. Choose a council, or another thing to ask for.")


def check_expiry(expires_at: datetime, now: datetime) -> None:
    """Raise InvalidInputError unless a token ends in time to come, and within a year."""
    if expires_at <= now:
        raise InvalidInputError("last_day", "Choose a last day from today on.")
    if expires_at > now + LONGEST:
        raise InvalidInputError("last_day", "A token can last for a year at most. Choose an earlier last day.")


def is_use_due(last_used_at: datetime | None, now: datetime) -> bool:
    """Tell whether a use is to be noted: to the hour is enough to see which tokens nobody needs any more."""
    return last_used_at is None or now - last_used_at >= USE_NOTED_EVERY
