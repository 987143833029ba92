from __future__ import annotations

import hashlib

from kernel.keys import Keys

_CODE = "people.contact_code"
_KEPT = "people.contact_code.kept"
_DIGITS = 6


def codes_of(keys: Keys, check_id: str) -> list[str]:
    """Return the 6-digit code of a check under each accepted secret, the newest's first; no table holds it."""
    return [_six_digits(token) for token in keys.tokens(_CODE, check_id)]


def _six_digits(token: str) -> str:
    number = int.from_bytes(hashlib.sha256(token.encode()).digest()[:8], "big")
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def code_digest(keys: Keys, check_id: str, code: str) -> str:
    """Return what is kept of a code: a digest under a key of the hub's."""
    return keys.token(_KEPT, f"{check_id}:{code}")


def is_code(keys: Keys, check_id: str, code: str, kept: str) -> bool:
    """Tell whether a typed code is the one that was sent."""
    return kept in keys.tokens(_KEPT, f"{check_id}:{code}")
