from __future__ import annotations

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26


def new_id() -> str:
    """Return a fresh opaque id: 26 characters, 48 bits of milliseconds and 80 random bits.

    The leading time keeps an index's new entries side by side, which is what keeps inserts cheap in
    large tables. Whoever reads an id learns nothing but roughly when its row was made; an id grants nothing.
    """
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))
