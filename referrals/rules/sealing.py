from __future__ import annotations

import base64
import hashlib
import json
from datetime import date, datetime

from cryptography.fernet import Fernet, MultiFernet

from referrals.model import DeclineCode, Response, ResponseKind

PURPOSE = "referrals.sealed"


def seal(key: bytes, response: Response, at: datetime) -> str:
    """Return the response as ciphertext (Fernet: AES-128-CBC with HMAC-SHA-256) under a 32-byte key (R21)."""
    plain = {
        "kind": response.kind.value,
        "decline_code": response.decline_code.value if response.decline_code else None,
        "words": response.words,
        "starts_on": response.starts_on.isoformat() if response.starts_on else None,
        "yearly_cost": response.yearly_cost,
    }
    return _box(key).encrypt_at_time(json.dumps(plain).encode(), int(at.timestamp())).decode()


def unseal(key: bytes, sealed: str, *others: bytes) -> Response:
    """Return what `seal` sealed, under this key or one of the others.

    Raises cryptography's InvalidToken if it was changed or the keys are others.
    """
    plain = json.loads(MultiFernet([_box(each) for each in (key, *others)]).decrypt(sealed.encode()))
    return Response(
        kind=ResponseKind(plain["kind"]),
        decline_code=DeclineCode(plain["decline_code"]) if plain["decline_code"] else None,
        words=plain["words"],
        starts_on=date.fromisoformat(plain["starts_on"]) if plain["starts_on"] else None,
        yearly_cost=plain["yearly_cost"],
    )


def checksum(sealed: str) -> str:
    """Return the SHA-256 of a sealed response, as the receipt carries it.

    It is taken over the ciphertext: a digest of the plain response could be found by trying the few likely ones.
    """
    return hashlib.sha256(sealed.encode()).hexdigest()


def _box(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key))
