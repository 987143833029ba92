from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.model import Settled, Settlement

SKEW = timedelta(hours=1)
"""How far our clock may be ahead of the vendor's. Generous: what came before is mostly known as another message's."""

_UNPROVEN = Settled(Settlement.UNPROVEN)
_UNSENT = Settled(Settlement.PROVEN_UNSENT)


@dataclass(frozen=True)
class Claim:
    """An attempt whose outcome was lost. `body` is its text, None if it can no longer be written.

    `has_live_twin`: a worker is at this moment handing over what may be the same text to the same number.
    """

    attempt_id: str
    started_at: datetime
    body: str | None
    has_live_twin: bool = False

    def may_be(self, listed: Listed) -> bool:
        """Tell whether the vendor took this message late enough for it to come from this attempt."""
        return listed.created_at >= self.started_at - SKEW


@dataclass(frozen=True)
class Listed:
    """A message as the vendor lists it; its body is empty where the account redacts texts."""

    sid: str
    body: str
    created_at: datetime


def settle_number(
    claims: Sequence[Claim], listed: Sequence[Listed], *, settled_before: datetime | None
) -> dict[str, Settled]:
    """Say what became of the attempts on one number.

    `listed` is what the vendor holds from our sender to this number and what is not yet known as another message of
    ours. The vendor gives no mark of ours back, so an attempt is known by its text, and attempts with the
    same text by their count: one such message for two attempts proves one sent and one unsent, and which is
    which makes no difference to the reader. A message that no attempt explains (redacted, reworded, or sent by
    somebody else with our number) leaves open every attempt that might have been it, and so does a live twin, whose
    message it might be. `settled_before` is how young an attempt may be for its absence to count as proof, None
    if the list was not read to its end.
    """
    ordered = sorted(claims, key=lambda claim: claim.started_at)
    left = sorted(listed, key=lambda each: each.created_at)
    settled: dict[str, Settled] = {}
    for claim in ordered:
        match = next((each for each in left if each.body == claim.body and claim.may_be(each)), None)
        if match is not None:
            left.remove(match)
            proof = Settled(Settlement.PROVEN_SENT, match.sid)
            settled[claim.attempt_id] = _UNPROVEN if claim.has_live_twin else proof
    for claim in ordered:
        if claim.attempt_id not in settled:
            is_old_enough = settled_before is not None and claim.started_at <= settled_before
            is_absent = is_old_enough and not any(claim.may_be(each) for each in left)
            settled[claim.attempt_id] = _UNSENT if is_absent else _UNPROVEN
    return settled
