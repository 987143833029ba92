from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from cryptography.fernet import Fernet, MultiFernet

from referrals.model.answers import AnswerFile, Costs, DeclineCode, Response, ResponseKind

PURPOSE = "referrals.sealed"
_STEP = 2048


def seal(key: bytes, response: Response, at: datetime) -> str:
    """Return the response as ciphertext (Fernet: AES-128-CBC with HMAC-SHA-256) under a 32-byte key (R21).

    It is filled up with blanks, so that its length does not tell a short decline from an offer.
    """
    plain = {
        "kind": response.kind.value,
        "decline_code": response.decline_code.value if response.decline_code else None,
        "words": response.words,
        "starts_on": response.starts_on.isoformat() if response.starts_on else None,
        "costs": asdict(response.costs) if response.costs else None,
        "conditions": response.conditions,
        "information_wanted": response.information_wanted,
        "files": [asdict(each) for each in response.files],
    }
    written = json.dumps(plain)
    padded = written.ljust(-(-len(written) // _STEP) * _STEP)
    return _box(key).encrypt_at_time(padded.encode(), int(at.timestamp())).decode()


def unseal(key: bytes, sealed: str, *others: bytes) -> Response:
    """Return what `seal` sealed, under this key or one of the others.

    Raises cryptography's InvalidToken if it was changed or the keys are others.
    """
    plain = json.loads(MultiFernet([_box(each) for each in (key, *others)]).decrypt(sealed.encode()))
    if "costs" not in plain:
        plain = _of_before_the_parts(plain)
    return Response(
        kind=ResponseKind(plain["kind"]),
        decline_code=DeclineCode(plain["decline_code"]) if plain["decline_code"] else None,
        words=plain["words"],
        starts_on=date.fromisoformat(plain["starts_on"]) if plain["starts_on"] else None,
        costs=Costs(**plain["costs"]) if plain["costs"] else None,
        conditions=plain["conditions"],
        information_wanted=plain["information_wanted"],
        files=tuple(AnswerFile(**each) for each in plain["files"]),
    )


def _of_before_the_parts(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Read a response that was sealed when it had one sum and one field for all words."""
    kind, words, cost = ResponseKind(plain["kind"]), plain["words"], plain["yearly_cost"]
    conditions = words if kind is ResponseKind.OFFER_WITH_CONDITIONS else ""
    wanted = words if kind is ResponseKind.NEED_MORE_INFORMATION else ""
    return {
        **plain,
        "words": "" if conditions or wanted else words,
        "costs": None if cost is None else {"unsplit": cost},
        "conditions": conditions,
        "information_wanted": wanted,
        "files": [],
    }


def checksum(sealed: str) -> str:
    """Return the SHA-256 of a sealed response, as the receipt carries it.

    It is taken over the ciphertext: a digest of the plain response could be found by trying the few likely ones.
    """
    return hashlib.sha256(sealed.encode()).hexdigest()


def _box(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key))
