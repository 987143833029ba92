"""The database goes away for a moment while posts are under way: what came of them is not forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy.exc import OperationalError

from channels.actions.queue_messages import NewMessage
from channels.crew import Crew, Done, InlineCrew
from channels.delivery.claim import Claimed, Claimer
from channels.delivery.record import Recorder
from channels.model import Status
from kernel.work import Ground, Work
from tests.channels.delivery.lanes import lane, queue, stands
from tests.channels.people_to_write_to import ASKED, parent
from tests.channels.recording_adapter import RecordingAdapter

AWAY = OperationalError("UPDATE messages", None, Exception("deadlock detected"))


@dataclass
class Rest:
    """Stands in for the time module of the recorder: counts how long it rests."""

    rests: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.rests.append(seconds)


class SlowCrew(InlineCrew):
    """Hands over at once but tells of it only a few turns after the second claim."""

    claims: list[int]
    turns = 0

    def collect(self, timeout_s: float) -> list[Done]:
        self.turns += len(self.claims) > 1
        return super().collect(timeout_s) if self.turns > 5 else []


class SlowAdapter(RecordingAdapter):
    claims: list[int]

    def crew(self) -> Crew:
        crew = SlowCrew(self.hand_over)
        crew.claims = self.claims
        return crew


def test_outcomes_that_the_database_did_not_take_are_recorded_when_it_is_back(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    sms, rest, failures = RecordingAdapter(), Rest(), [AWAY, AWAY]
    record_sent = Recorder._record_sent  # noqa: SLF001 - the statement that fails

    def fail_at_first(self: Recorder, work: Work, sent: Sequence[Done]) -> Sequence[Done]:
        late = record_sent(self, work, sent)
        if failures:
            raise failures.pop()
        return late

    monkeypatch.setattr(Recorder, "_record_sent", fail_at_first)
    monkeypatch.setattr("channels.delivery.record.time", rest)
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground)))
    lane(ground, sms).drain()
    assert stands(ground, message_id) == (Status.SENT, None)
    assert rest.rests == sorted(rest.rests)
    assert len(rest.rests) == 2


def test_claim_that_fails_does_not_lose_what_is_under_way(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    sms, claim, looks = SlowAdapter(), Claimer.claim, list[int]()
    sms.claims = looks

    def fail_the_second_time(self: Claimer, wanted: int) -> Claimed:
        looks.append(wanted)
        if len(looks) == 2:
            raise AWAY
        return claim(self, wanted)

    monkeypatch.setattr(Claimer, "claim", fail_the_second_time)
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground)))
    with pytest.raises(OperationalError):
        lane(ground, sms).drain()
    assert stands(ground, message_id) == (Status.SENT, None)
