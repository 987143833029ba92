"""How what was sealed is opened, where the caller has made sure that it may be."""

from __future__ import annotations

from typing import Protocol

from kernel.keys import Keys
from referrals.model.answers import Response
from referrals.rules.sealing import PURPOSE, unseal


class Sealed(Protocol):
    """A response in time or late, as it is kept: `key` is its own, None while it is sealed under HUB_SECRET."""

    sealed: str
    key: str | None


def open_response(kept: Sealed, keys: Keys) -> Response:
    """Return what a provider responded; raises cryptography's InvalidToken where no key opens it."""
    own = [bytes.fromhex(kept.key)] if kept.key else keys.derive_all(PURPOSE)
    return unseal(own[0], kept.sealed, *own[1:])
