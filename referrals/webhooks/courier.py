from __future__ import annotations

import time
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from kernel.clock import Clock
from kernel.work import Ground
from referrals.model.webhooks import Result
from referrals.webhooks.claim import Parcel, claim, is_any_due
from referrals.webhooks.record import record

_LOOK_EVERY_S = 0.5


class Posts(Protocol):
    """Posts a body to an address."""

    def post(self, url: str, headers: dict[str, str], body: str) -> Result:
        """Post once and return what came of it; takes its time, but not for ever, and raises nothing."""
        ...


@dataclass(frozen=True)
class Courier:
    """Delivers facts to the systems of councils, at least once each.

    A delivery is claimed under a lease in a transaction of its own, sent with no transaction open, and recorded in
    another: whoever is killed in between leaves it to be sent again after the lease. Each address has at most one
    delivery under way, and up to `width` addresses have one at once, so that one that hangs holds up no other. The
    lease is longer than any attempt can take.
    """

    ground: Ground
    line: Posts
    lease: timedelta = timedelta(seconds=60)
    width: int = 8

    def drain(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Deliver until nothing is due or `stop()` is true; return how many were attempted."""
        if not is_any_due(self.ground):
            return 0
        done = 0
        under_way: dict[Future[tuple[Result, int]], Parcel] = {}
        with ThreadPoolExecutor(self.width, thread_name_prefix="webhook") as hands:
            while True:
                for parcel in [] if stop() else self._claim({each.endpoint_id for each in under_way.values()}):
                    under_way[hands.submit(_send, self.line, self.ground.clock, parcel)] = parcel
                if not under_way:
                    return done
                finished, _ = wait(under_way, _LOOK_EVERY_S, return_when=FIRST_COMPLETED)
                for future in finished:
                    record(self.ground, under_way.pop(future), *future.result())
                    done += 1

    def _claim(self, busy: Collection[str]) -> list[Parcel]:
        return claim(self.ground, self.lease, self.width - len(busy), busy) if len(busy) < self.width else []


def _send(line: Posts, clock: Clock, parcel: Parcel) -> tuple[Result, int]:
    began = time.monotonic()
    result = line.post(parcel.url, parcel.headers(clock.now()), parcel.body)
    return result, int((time.monotonic() - began) * 1000)
