"""How evenly a message went out to all who were asked: what the fairness page shows (R9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.model import Send

ALL = "all"


@dataclass(frozen=True)
class Spread:
    """When the messages of one channel, or of all, were handed over: seconds after the moment from which they might.

    `never` is how many have not been handed over; the seconds are None where none has.
    """

    channel: str
    count: int
    never: int
    first_s: float | None
    middle_s: float | None
    last_s: float | None

    @property
    def spread_s(self) -> float | None:
        """Seconds from the first hand-over to the last."""
        return None if self.first_s is None or self.last_s is None else self.last_s - self.first_s


@dataclass(frozen=True)
class Round:
    """One message to all who were asked: its key, the moment from which it might leave, and its spread.

    `early` counts those handed over before that moment (R9: none), `wordings` the different wordings (R9, R18: one).
    """

    key: str
    queued_at: datetime
    from_at: datetime
    early: int
    wordings: int
    spreads: tuple[Spread, ...]
    sends: tuple[Send, ...]

    @property
    def name(self) -> str:
        """Names the round among those of its referral."""
        return f"{self.key.rpartition('.')[2]}-{self.queued_at:%Y%m%d%H%M%S}"


def rounds(sends: Iterable[Send], release_at: datetime) -> tuple[Round, ...]:
    """Return the rounds in which messages went out, the newest first: what was queued as one belongs together."""
    together: dict[tuple[datetime, str], list[Send]] = defaultdict(list)
    for send in sends:
        together[send.queued_at, send.key].append(send)
    return tuple(_round(key, at, group, release_at) for (at, key), group in sorted(together.items(), reverse=True))


def _round(key: str, queued_at: datetime, sends: Sequence[Send], release_at: datetime) -> Round:
    from_at = max(queued_at, release_at)
    by_channel: dict[str, list[Send]] = defaultdict(list)
    for send in sends:
        by_channel[send.channel].append(send)
    spreads = [_spread(channel, group, from_at) for channel, group in sorted(by_channel.items())]
    if len(spreads) > 1:
        spreads.insert(0, _spread(ALL, sends, from_at))
    return Round(
        key,
        queued_at,
        from_at,
        sum(send.handed_at is not None and send.handed_at < from_at for send in sends),
        len({repr(sorted(send.values.items())) for send in sends}),
        tuple(spreads),
        tuple(sends),
    )


def _spread(channel: str, sends: Sequence[Send], from_at: datetime) -> Spread:
    seconds = sorted((send.handed_at - from_at).total_seconds() for send in sends if send.handed_at is not None)
    never = len(sends) - len(seconds)
    if not seconds:
        return Spread(channel, len(sends), never, None, None, None)
    return Spread(channel, len(sends), never, seconds[0], seconds[len(seconds) // 2], seconds[-1])
