"""How addresses and quiet hours are written where a passer-by may look over a shoulder."""

from __future__ import annotations

_SHOWN_DIGITS = 3


def masked(channel: str, address: str) -> str:
    """Return an address that its owner recognises and nobody else learns: the last 3 digits, or the first letter."""
    if channel == "sms":
        return f"•••{address[-_SHOWN_DIGITS:]}"
    if channel == "email":
        name, _, domain = address.partition("@")
        return f"{name[:1]}•••@{domain}"
    return "•••"
