"""One trial: people and load, the storm, the calm after it, and the judgement."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam, text

from kernel.database import Database, Moment
from kernel.doorbell import Doorbell
from tests.crash.evidence import Promised, gather, keep
from tests.crash.fleet import Part
from tests.crash.judge import Finding, judge
from tests.crash.load import FanOut, Phones
from tests.crash.storm import Blow, Storm
from tests.crash.town import ground_over, settle_phones, settle_readers
from tests.services.vendor import VendorStub

_LOOK_EVERY_S = 0.2
_MOVING = text(
    """
    SELECT (SELECT count(*) FROM messages WHERE status IN ('queued', 'held', 'handing_over', 'unknown')) AS messages,
           (SELECT count(*) FROM inbound WHERE state = 'waiting') AS texts,
           (SELECT count(*) FROM events WHERE NOT is_spread)
         + (SELECT count(*) FROM event_handlings WHERE state = 'waiting') AS events
    """
)
_SENT = text(
    "SELECT id FROM messages WHERE status IN ('sent', 'delivered') AND (sent_at IS NULL OR sent_at > :since)"
).bindparams(bindparam("since", type_=Moment()))
_LOOK_BACK = timedelta(seconds=30)


@dataclass(frozen=True)
class Scale:
    """How much is asked of the product, and for how long.

    `per_s` messages a second to `readers`; `phones` that text every `pause_s` seconds on average; blows for at least
    `storm_s` seconds with pauses up to `longest_pause_s`; then up to `calm_s` until everything must be settled.
    """

    readers: int = 40
    per_s: float = 60
    phones: int = 8
    pause_s: float = 0.5
    storm_s: float = 0
    longest_pause_s: float = 1.0
    calm_s: float = 90


@dataclass(frozen=True)
class Stage:
    """Where a trial plays: a prepared, empty database, the vendor, the processes and the blows that may hit them."""

    database: Database
    vendor: VendorStub
    bell: Doorbell
    base_url: str
    parts: Sequence[Part]
    blows: Sequence[Blow]


@dataclass(frozen=True)
class Report:
    """What a trial came to: the blows, counts of messages and accepted texts, what the vendor took, and the faults.

    `tries` counts how often texts were posted; `calm_s` is how long it took to settle what the storm left open, and
    `came_last` what was waited for in the end; `outlived` counts the processes that did not end
    with their parent.
    """

    struck: Counter[str]
    messages: int
    texts: int
    tries: int
    taken: int
    calm_s: float
    came_last: str
    outlived: int
    findings: Sequence[Finding]


class Watcher(threading.Thread):
    """Notes when a message is first seen recorded as sent."""

    def __init__(self, database: Database) -> None:
        super().__init__(name="watcher", daemon=True)
        self._database = database
        self._enough = threading.Event()
        self.seen_sent: dict[str, float] = {}

    def run(self) -> None:
        """Look again and again until told to stop."""
        while not self._enough.wait(_LOOK_EVERY_S):
            with self._database.read() as session:
                found = list(session.scalars(_SENT, {"since": datetime.now(UTC) - _LOOK_BACK}))
            now = time.time()
            for message_id in found:
                self.seen_sent.setdefault(message_id, now)

    def finish(self) -> None:
        """Stop."""
        self._enough.set()
        if self.is_alive():
            self.join()


def run_trial(stage: Stage, scale: Scale, seed: int, folder: Path) -> Report:
    """Let a storm loose on a stage and judge what is left; a trial with findings keeps its evidence in `folder`."""
    ground = ground_over(stage.database, stage.bell, stage.base_url)
    fan_out = FanOut(ground, settle_readers(ground, scale.readers), scale.per_s, seed)
    phones = Phones(stage.base_url, settle_phones(ground, scale.phones), scale.pause_s, seed)
    storm = Storm(stage.blows, random.Random(seed), scale.longest_pause_s)  # noqa: S311 - a test's dice
    watcher = Watcher(stage.database)
    try:
        for part in stage.parts:
            part.start()
        watcher.start()
        calm_s, came_last = _rage(storm, fan_out, phones, stage, scale)
    finally:
        watcher.finish()
        for part in stage.parts:
            part.stop()
        outlived = sum(part.bury() for part in stage.parts)
    evidence = gather(stage.database, stage.vendor, Promised(fan_out.queued, phones.accepted), watcher.seen_sent)
    findings = judge(evidence)
    if findings:
        keep(folder, stage.database, evidence)
    texts = sum(map(len, phones.accepted.values()))
    return Report(
        struck=storm.struck,
        messages=len(evidence.messages),
        texts=texts,
        tries=phones.tries,
        taken=len(evidence.taken),
        calm_s=calm_s,
        came_last=came_last,
        outlived=outlived,
        findings=findings,
    )


def _rage(storm: Storm, fan_out: FanOut, phones: Phones, stage: Stage, scale: Scale) -> tuple[float, str]:
    """Let load and storm run together, then wait until all is settled; return how long, and what came last."""
    fan_out.start()
    phones.start()
    try:
        storm.rage(at_least_s=scale.storm_s)
    finally:
        fan_out.finish()
        phones.finish(scale.calm_s)
    return _wait_for_calm(stage.database, scale.calm_s)


def _wait_for_calm(database: Database, calm_s: float) -> tuple[float, str]:
    """Wait until nothing is under way any more, at most so many seconds; return how long it took, and for what."""
    start, last = time.monotonic(), ""
    while time.monotonic() - start < calm_s:
        with database.read() as session:
            moving = session.execute(_MOVING).mappings().one()
        if not any(moving.values()):
            break
        last = ", ".join(f"{count} {what}" for what, count in moving.items() if count)
        time.sleep(_LOOK_EVERY_S)
    return time.monotonic() - start, last
