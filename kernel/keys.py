from __future__ import annotations

import base64
import hashlib
import hmac


class Keys:
    """Keys for single purposes, derived from one secret so that no two uses share a key."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def __repr__(self) -> str:
        return "Keys(...)"

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key for a purpose."""
        return hmac.digest(self._secret, purpose.encode(), hashlib.sha256)

    def token(self, purpose: str, text: str) -> str:
        """Return 128 unguessable bits for `text` as 22 characters fit for a URL or an address."""
        mac = hmac.digest(self.derive(purpose), text.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac[:16]).rstrip(b"=").decode()
