from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from channels.model import Reason, Status
from channels.rules.choose import WITHOUT_A_WAY, Reach, Wish, choose
from people.model import ContactPoint
from people.rules import QUIET_FROM, QUIET_TO, end_of_quiet


@dataclass(frozen=True)
class Send:
    """Hand it over now, to this contact point."""

    point: ContactPoint


@dataclass(frozen=True)
class Move:
    """It goes by another channel than the one it waited for: let that one's lane take it."""

    point: ContactPoint


@dataclass(frozen=True)
class Hold:
    """Not now; again at `until`."""

    until: datetime
    reason: Reason


@dataclass(frozen=True)
class End:
    """It will not go out."""

    status: Status
    reason: Reason


Decision = Send | Move | Hold | End


@dataclass(frozen=True)
class Candidate:
    """A claimed message as far as the decision needs it."""

    wish: Wish
    channel: str
    minds_quiet_hours: bool
    expires_at: datetime | None


def decide(candidate: Candidate, reach: Reach, quiet: tuple[time | None, time | None], now: datetime) -> Decision:
    """Say what happens to a message at the moment of sending: consent, STOP, preference, quiet hours, expiry.

    What was true when it was queued may no longer be.
    """
    if candidate.expires_at is not None and candidate.expires_at <= now:
        return End(Status.EXPIRED, Reason.TOO_LATE)
    chosen = choose(candidate.wish, reach)
    if isinstance(chosen, Reason):
        return End(WITHOUT_A_WAY[chosen], chosen)
    if candidate.minds_quiet_hours:
        until = end_of_quiet(now, quiet[0] or QUIET_FROM, quiet[1] or QUIET_TO)
        if until is not None:
            return Hold(until, Reason.QUIET_HOURS)
    return Send(chosen) if chosen.channel == candidate.channel else Move(chosen)
