from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from channels.adapter import Adapter
from channels.crew import Crew, Done
from channels.delivery.claim import Claimed, Claimer
from channels.delivery.record import Recorder
from channels.model import Post
from channels.render import Renderer
from channels.wording import Registry
from kernel.work import Ground

_IDLE_S = 0.005
_LONGEST_WAIT_S = 1.0
_PREFETCH = 4
"""How many times the crew's width are claimed ahead: few large transactions, yet an urgent alert waits briefly."""


@dataclass(frozen=True)
class Lane:
    """One channel's delivery in one worker.

    While the crew hands posts over, one other thread claims the next batch and writes outcomes, so that neither
    the vendor nor the database waits for the other. No transaction is open while a vendor is called.
    """

    ground: Ground
    registry: Registry
    renderer: Renderer
    adapter: Adapter
    lease: timedelta

    def drain(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Deliver until nothing is due or `stop()` is true; return how many were handed over."""
        kept = KeptLane(self)
        try:
            return kept.drain(stop)
        finally:
            kept.close()

    def claimer(self) -> Claimer:
        """Return what claims for this lane."""
        return Claimer(self.ground, self.registry, self.renderer, self.adapter, self.lease)

    def recorder(self) -> Recorder:
        """Return what records for this lane."""
        return Recorder(self.ground, self.adapter.channel, self.adapter.provider)


class KeptLane:
    """A lane that keeps its crew, and so its connections to the vendor, from one drain to the next.

    Used by one thread at a time.
    """

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._crew: Crew | None = None

    def drain(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Deliver until nothing is due or `stop()` is true; return how many were handed over."""
        if self._crew is None:
            self._crew = self._lane.adapter.crew()
        try:
            with ThreadPoolExecutor(1, thread_name_prefix=f"clerk-{self._lane.adapter.channel}") as desk:
                return _Run(self._lane, self._crew, desk, stop).run()
        except BaseException:
            self.close()  # what is under way is left to be settled; the next drain starts with fresh hands
            raise

    def close(self) -> None:
        """Let the connections go."""
        crew, self._crew = self._crew, None
        if crew is not None:
            crew.close()


@dataclass
class _Run:
    lane: Lane
    crew: Crew
    desk: ThreadPoolExecutor
    stop: Callable[[], bool]
    ready: deque[tuple[Post, float]] = field(default_factory=deque)
    outcomes: list[Done] = field(default_factory=list)
    records: deque[Future[None]] = field(default_factory=deque)
    claim: Future[Claimed] | None = None
    failure: BaseException | None = None
    claim_began: float = 0.0
    claim_from: float = 0.0
    is_dry: bool = False
    is_waiting: bool = False
    may_free_others: bool = False
    in_hand: int = 0
    handed: int = 0

    def run(self) -> int:
        claimer, recorder = self.lane.claimer(), self.lane.recorder()
        try:
            while not self._is_finished():
                self._claim_more(claimer)
                self._submit()
                self._collect()
                self._write(recorder)
        except BaseException:
            if self.outcomes:  # whatever broke, what the vendor has said is not forgotten
                recorder.record(self.outcomes)
            raise
        for record in self.records:
            record.result()
        if self.failure is not None:
            raise self.failure
        return self.handed

    def _is_finished(self) -> bool:
        if self.in_hand or self.ready or self.outcomes or self.claim is not None:
            return False
        if self.is_dry and self.may_free_others and self.failure is None:
            self._look_again()
        return self.is_dry or self.stop()

    def _look_again(self) -> None:
        """Once what was ordered is recorded, what comes after it may go: it does not wait for the next sweep."""
        while self.records:
            self.records.popleft().result()
        self.is_dry = self.may_free_others = False

    def _claim_more(self, claimer: Claimer) -> None:
        if self.claim is not None and self.claim.done():
            self.failure = self.claim.exception()
            if self.failure is None:
                self._take_claim(self.claim.result())
            else:
                self.is_dry = True  # what is under way is finished and recorded before the failure is raised
            self.claim = None
        wanted = _PREFETCH * self.crew.width - len(self.ready)
        may_claim = self.claim is None and not self.is_dry and time.monotonic() >= self.claim_from
        if may_claim and wanted >= _PREFETCH * self.crew.width // 2 and not self.stop():
            self.claim_began = time.monotonic()
            self.claim = self.desk.submit(claimer.claim, wanted)

    def _take_claim(self, claimed: Claimed) -> None:
        # a post goes out only in the first half of its lease, which began with the claim at the earliest:
        # a worker that was held up leaves it to be settled
        usable_until = self.claim_began + self.lane.lease.total_seconds() / 2
        self.may_free_others = self.may_free_others or claimed.may_free_others
        self.ready.extend((post, usable_until) for post in claimed.posts)
        # having waited for the pace in vain means that others took the turns: the sweep comes back for the rest
        waited_in_vain = self.is_waiting and not claimed.posts
        if claimed.wait_s is None or claimed.wait_s > _LONGEST_WAIT_S or waited_in_vain:
            self.is_dry = True
            return
        self.is_waiting = claimed.wait_s > 0
        self.claim_from = time.monotonic() + claimed.wait_s

    def _submit(self) -> None:
        while self.ready and self.in_hand < self.crew.width:
            post, usable_until = self.ready.popleft()
            if time.monotonic() < usable_until:
                self.crew.submit(post)
                self.in_hand += 1

    def _collect(self) -> None:
        if self.in_hand:
            done = self.crew.collect(_IDLE_S)
            self.in_hand -= len(done)
            self.handed += len(done)
            self.outcomes += done
        elif self.claim is not None and not self.claim.done():
            self.claim.exception(timeout=None)
        elif self.claim is None and not self.is_dry:
            time.sleep(min(_IDLE_S, max(0.0, self.claim_from - time.monotonic())))

    def _write(self, recorder: Recorder) -> None:
        while self.records and self.records[0].done():
            self.records.popleft().result()
        # few large transactions when busy, at once when idle
        is_worth_it = len(self.outcomes) >= _PREFETCH * self.crew.width // 2 or not (self.records and self.in_hand)
        if self.outcomes and is_worth_it:
            self.records.append(self.desk.submit(recorder.record, self.outcomes))
            self.outcomes = []
