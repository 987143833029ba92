from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence


class Keys:
    """Keys for single purposes, derived from one secret so that no two uses share a key.

    `older` are the secrets that were in use before, the latest first: what was made with them is still accepted, and
    everything new is made with the newest.
    """

    def __init__(self, secret: str, older: Sequence[str] = ()) -> None:
        self._secrets = tuple(each.encode() for each in (secret, *older))

    def __repr__(self) -> str:
        return "Keys(...)"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets, the newest first."""
        return tuple(secret.decode() for secret in self._secrets)

    @property
    def has_older(self) -> bool:
        """Tell whether something made with an older secret may still be about."""
        return len(self._secrets) > 1

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key for a purpose, of the newest secret."""
        return self.derive_all(purpose)[0]

    def derive_all(self, purpose: str) -> list[bytes]:
        """Return the keys for a purpose, the newest first: whatever any of them proves is accepted."""
        return [hmac.digest(secret, purpose.encode(), hashlib.sha256) for secret in self._secrets]

    def token(self, purpose: str, text: str) -> str:
        """Return 128 unguessable bits for `text` as 22 characters fit for a URL or an address."""
        return self.tokens(purpose, text)[0]

    def tokens(self, purpose: str, text: str) -> list[str]:
        """Return every token for `text` that is accepted, that of the newest secret first."""
        macs = (hmac.digest(key, text.encode(), hashlib.sha256) for key in self.derive_all(purpose))
        return [base64.urlsafe_b64encode(mac[:16]).rstrip(b"=").decode() for mac in macs]
