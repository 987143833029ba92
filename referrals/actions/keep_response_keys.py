from __future__ import annotations

from cryptography.fernet import InvalidToken
from sqlalchemy import select

from kernel.work import Work
from referrals.rules.sealing import PURPOSE, unseal
from referrals.tables import LateResponseRow, ResponseRow


def keep_response_keys(work: Work, *, limit: int = 200) -> int:
    """Give responses that were sealed under HUB_SECRET itself their key to keep, so that the secret can change.

    Returns how many were given theirs. Those that no secret in use opens stay as they are.
    """
    keys = work.keys.derive_all(PURPOSE)
    in_time = select(ResponseRow).where(ResponseRow.key.is_(None)).limit(limit).with_for_update()
    late = select(LateResponseRow).where(LateResponseRow.key.is_(None)).limit(limit).with_for_update()
    rows: list[ResponseRow | LateResponseRow] = [*work.session.scalars(in_time), *work.session.scalars(late)]
    given = 0
    for row in rows:
        row.key = _opening(keys, row.sealed)
        given += row.key is not None
    work.session.flush()
    return given


def _opening(keys: list[bytes], sealed: str) -> str | None:
    for key in keys:
        try:
            unseal(key, sealed)
        except InvalidToken:
            continue
        return key.hex()
    return None
