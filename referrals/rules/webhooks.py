from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from kernel.backoff import backoff
from kernel.errors import InvalidInputError
from referrals.model.webhooks import CHOSEN_TYPES, EventType

LONGEST_NAME = 60
LONGEST_URL = 500
MOST_ENDPOINTS = 5
GIVEN_UP_AFTER = timedelta(days=3)
OLD_SECRET_HOLDS = timedelta(hours=24)
_PORTS = frozenset({443, 8443})
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 10, 6 * 3600
_LONGEST_REST_S = 900


def checked_name(name: str) -> str:
    """Return what an address is called without idle space; raises InvalidInputError for nothing or too much."""
    found = " ".join(name.split())
    if not found:
        raise InvalidInputError("name", "Enter the name of the system, such as: case management.")
    if len(found) > LONGEST_NAME:
        raise InvalidInputError("name", "Use {most} letters or fewer.", most=LONGEST_NAME)
    return found


def checked_types(types: Sequence[EventType]) -> tuple[EventType, ...]:
    """Return what an address is told of, each once; raises InvalidInputError for nothing."""
    found = tuple(each for each in CHOSEN_TYPES if each in types)
    if not found:
        raise InvalidInputError("types", "Choose what the system is told.")
    return found


def checked_url(url: str, inside: Collection[str] = ()) -> str:
    """Return an address to which the hub may send; raises InvalidInputError for any other.

    Only https to a host with a public name on port 443 or 8443, without user or fragment: so nobody can point the hub
    at the inside of its network. `inside` are the hosts within it, with their ports, that whoever runs the hub lets
    it call all the same. What the name leads to is looked at again each time that something is sent.
    """
    found = url.strip()
    if len(found) > LONGEST_URL:
        raise InvalidInputError("url", "Use {most} letters or fewer.", most=LONGEST_URL)
    parts = _parts(found)
    if is_inside(parts, inside):
        return found
    if parts.scheme != "https":
        raise InvalidInputError("url", "Enter an address that begins with https://")
    if not _has_public_name(parts.hostname or ""):
        raise InvalidInputError("url", "Enter the address by the full name of the server, not by its number.")
    if (parts.port or 443) not in _PORTS:
        raise InvalidInputError("url", "Use port 443 or 8443. The hub calls no other.")
    return found


def _parts(url: str) -> SplitResult:
    wrong = InvalidInputError("url", "Enter an address like https://cases.example.org/hub, without user or password.")
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise wrong
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise wrong from error
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise wrong
    return parts


def is_inside(parts: SplitResult, inside: Collection[str]) -> bool:
    """Tell whether an address is one within the hub's own network that whoever runs the hub lets it call."""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return usual is not None and f"{parts.hostname}:{parts.port or usual}" in inside


def _has_public_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        last = host.rstrip(".").rsplit(".", 1)
        return len(last) > 1 and bool(last[0]) and not last[1].isdigit() and not host.lower().startswith("0x")
    return False


def signature(secrets: Sequence[str], at: datetime, body: str) -> str:
    """Return the header that proves who sent a body and when: one v1 for each secret that holds, the newest first.

    Each is the HMAC-SHA256 of the Unix time, a full stop and the body, as Stripe has it.
    """
    moment = str(int(at.timestamp()))
    macs = [hmac.digest(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hex() for secret in secrets]
    return ",".join([f"t={moment}", *(f"v1={mac}" for mac in macs)])


def is_taken(status: int | None) -> bool:
    """Tell whether an answer says that the other side has taken it; a redirect says no such thing."""
    return status is not None and 200 <= status < 300  # noqa: PLR2004 - as HTTP has it


def next_try(tries: int, since: datetime, now: datetime) -> datetime | None:
    """Return when to try again after so many failures, None where 3 days have passed: then it is parked."""
    due_at = now + backoff(tries, base_s=_FIRST_PAUSE_S, cap_s=_LONGEST_PAUSE_S)
    return due_at if due_at < since + GIVEN_UP_AFTER else None


def rest(failures: int) -> timedelta:
    """Return how long an address is left alone after so many failures in a row, whatever else waits for it."""
    return backoff(failures, base_s=_FIRST_PAUSE_S, cap_s=_LONGEST_REST_S)
