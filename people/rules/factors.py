from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp

from people.model import Actor
from people.permissions import STRONG, may

STEP_S = 30
DRIFT_STEPS = 1
RECOVERY_CODES = 10
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RECOVERY_LETTERS, _GROUP = 16, 4
_CODE = re.compile(r"[0-9]{6}")


def needs_second_factor(actor: Actor) -> bool:
    """Tell whether what the person may do asks for a second factor."""
    return any(may(actor, permission) for permission in STRONG)


def new_secret() -> str:
    """Return a fresh secret for an authenticator app: 160 random bits, in the base32 that apps take."""
    return pyotp.random_base32()


def setup_uri(secret: str, account: str, issuer: str) -> str:
    """Return what the picture that an app scans says: the secret, and the names under which the app files it."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def in_groups(secret: str) -> str:
    """Return a secret as one can type it: four letters, a space, four letters."""
    return " ".join(secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP))


def step_at(moment: datetime) -> int:
    """Return the number of the 30-second step that a moment lies in."""
    return int(moment.timestamp()) // STEP_S


def matching_step(secret: str, typed: str, now: datetime, last_step: int | None) -> int | None:
    """Return the step whose code was typed, or None.

    A clock may be one step off. No step counts that is not later than `last_step`: a code works once, also for
    whoever looked over a shoulder.
    """
    code = re.sub(r"\s", "", typed)
    if not code.isascii() or not _CODE.fullmatch(code):
        return None
    here = step_at(now)
    found = None
    for step in range(here - DRIFT_STEPS, here + DRIFT_STEPS + 1):
        is_right = hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step), code)
        if is_right and (last_step is None or step > last_step):
            found = step
    return found


def new_recovery_codes() -> tuple[str, ...]:
    """Return fresh recovery codes: 80 random bits each, as four groups of letters that cannot be misread."""
    return tuple(_grouped("".join(map(secrets.choice, [_ALPHABET] * _RECOVERY_LETTERS))) for _ in range(RECOVERY_CODES))


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def recovery_digest(person_id: str, typed: str) -> str:
    """Return what is kept of a recovery code.

    A plain digest is enough: nobody guesses 80 random bits. It needs no key, so codes outlive a change of keys.
    """
    letters = re.sub(r"[\s-]", "", typed).lower().replace("o", "0").replace("i", "1").replace("l", "1")
    return hashlib.sha256(f"{person_id}:{letters}".encode()).hexdigest()
