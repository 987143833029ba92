"""Losses, late reports, slow workers and settlers in any order: each text arrives once, whoever is taken for whom."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from channels.crew import Done
from channels.model import Status
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.channels.people_to_write_to import ALIKE, ASKED, PHONE
from tests.channels.sms.lost_world import LostWorld
from tests.services.vendor import VendorStub

_STEPS = 25
_MOST_LAPSES = 8


@dataclass
class Storm:
    """Draws what happens next; twins of both kinds are frequent, for there are only two texts."""

    world: LostWorld
    dice: random.Random
    queued: Counter[str] = field(default_factory=Counter)
    slow: list[Done] = field(default_factory=list)
    lapses: int = 0

    def step(self) -> None:
        """Let one thing happen."""
        steps = [self.lose, self.lose, self.hold_up, self.record_late, self.report, self.settle, self.settle, self.send]
        self.dice.choice(steps)()

    def lose(self) -> None:
        """Lose some texts before or after they are sent."""
        lose = self.world.lose_after if self.dice.random() < 0.5 else self.world.lose_before
        lose(*self._words(), kind=self.dice.choice([ASKED, ALIKE]))

    def _words(self) -> list[str]:
        words = self.dice.choices(["one", "two"], k=self.dice.randint(1, 3))
        self.queued.update(words)
        return words

    def hold_up(self) -> None:
        """Let a worker send some texts and stand still before it records them."""
        words = self._words()
        self.world.put(*words, kind=self.dice.choice([ASKED, ALIKE]))
        posts = self.world.lane().claimer().claim(len(words)).posts
        self.slow += [(post, self.world.adapter().hand_over(post)) for post in posts]

    def record_late(self) -> None:
        """Let a worker that stood still record what it sent."""
        if self.slow:
            self.world.lane().recorder().record([self.slow.pop(self.dice.randrange(len(self.slow)))])

    def report(self) -> None:
        """Let Twilio report, late or twice, of something that it took."""
        if taken := self.world.vendor.taken():
            mark = self.dice.choice(taken).mark or ""
            status = self.dice.choice([Status.SENT, Status.DELIVERED])
            self.world.report(mark, status, self.world.sid_of(mark))

    def settle(self) -> None:
        """Let a settler come, and something else happen while it looks things up."""
        if self.lapses < _MOST_LAPSES and self.dice.random() < 0.7:
            self.lapses += 1
            self.world.lapse()
        meanwhile = self.dice.choice([self.record_late, self.report, self._settle_beside, None])
        self.world.settler(meanwhile).settle()

    def _settle_beside(self) -> None:
        self.world.clock.move(timedelta(seconds=2))
        self.world.settler().settle()

    def send(self) -> None:
        """Let a worker send whatever is due."""
        self.world.lane().drain()


@pytest.mark.parametrize("seed", range(12))
def test_each_text_arrives_once(ground: Ground, clock: FixedClock, vendor: VendorStub, seed: int) -> None:
    storm = Storm(LostWorld(ground, clock, vendor), random.Random(seed))  # noqa: S311 - a test's dice
    for _ in range(_STEPS):
        storm.step()
    storm.world.calm()
    assert set(storm.world.statuses().values()) <= {"sent", "delivered"}
    bodies = Counter(each["Body"] for each in vendor.bodies("messages.create"))
    assert bodies == {f"You asked about {word}.": count for word, count in storm.queued.items()}
    assert vendor.counts().recipients == {PHONE: storm.queued.total()}
    ids = storm.world.vendor_ids()
    assert len(ids) == len(set(ids)) == storm.queued.total()
