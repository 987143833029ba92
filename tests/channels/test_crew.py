"""An adapter that fails over one post, in a way that nobody foresaw, costs no other post its outcome."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from channels.actions.queue_messages import NewMessage
from channels.crew import Crew, Done, HandOver, InlineCrew, ThreadCrew
from channels.model import Channel, Outcome, OutcomeKind, Post, Rendered, Status
from channels.sandbox.adapter import SandboxAdapter
from channels.sms.crew import CurlCrew
from kernel.work import Ground
from tests.channels.delivery.lanes import lane, queue, stands
from tests.channels.people_to_write_to import ASKED, PHONE, parent
from tests.channels.recording_adapter import RecordingAdapter

POISON = 3
CREWS: dict[str, Callable[[HandOver], Crew]] = {
    "inline": lambda hand_over: InlineCrew(hand_over, 5),
    "threads": lambda hand_over: ThreadCrew(hand_over, 5, "test"),
    "curl": lambda hand_over: CurlCrew(hand_over, 5),
}


def post(number: int) -> Post:
    message_id = f"01crew{number:020d}"
    return Post(f"{message_id}-1", message_id, "test.asked", PHONE, "en", Rendered("", "", "A private word"))


def hand_over(given: Post) -> Outcome:
    if given == post(POISON):
        raise KeyError(given.rendered.short)
    return Outcome(OutcomeKind.SENT, f"V-{given.attempt_id}")


@pytest.mark.parametrize("kind", CREWS)
def test_post_over_which_the_adapter_fails_is_unknown_and_the_others_have_their_outcomes(kind: str) -> None:
    crew, done = CREWS[kind](hand_over), dict[Post, Outcome]()
    posts = [post(number) for number in range(5)]
    for each in posts:
        crew.submit(each)
    until = time.monotonic() + 20
    while len(done) < len(posts) and time.monotonic() < until:
        done.update(crew.collect(1))
    crew.close()
    kinds = [done[each].kind for each in posts]
    assert kinds == [OutcomeKind.UNKNOWN if number == POISON else OutcomeKind.SENT for number in range(5)]
    assert done[post(POISON)].detail == "the adapter failed: KeyError"


def test_sandbox_whose_database_is_away_knows_of_none_of_its_posts(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: SandboxAdapter, _posts: object) -> None:
        raise OperationalError("INSERT", None, Exception("away"))

    monkeypatch.setattr(SandboxAdapter, "hand_over_all", fail)
    crew = SandboxAdapter(Channel.SMS, ground).crew()
    crew.submit(post(1))
    crew.submit(post(2))
    assert [outcome.kind for _, outcome in crew.collect(1)] == [OutcomeKind.UNKNOWN] * 2


def test_lane_records_the_others_and_leaves_the_one_to_be_settled(ground: Ground) -> None:
    sms, person = RecordingAdapter(), parent(ground)
    ids = queue(ground, *(NewMessage(ASKED, {"word": str(number)}, person) for number in range(5)))

    def answer(given: Post) -> Outcome:
        if given.message_id == ids[POISON]:
            raise KeyError
        return Outcome(OutcomeKind.SENT, f"V-{given.attempt_id}")

    sms.answer = answer
    assert lane(ground, sms).drain() == 5
    statuses = [stands(ground, message_id)[0] for message_id in ids]
    assert statuses == [Status.UNKNOWN if number == POISON else Status.SENT for number in range(5)]


class BreakingCrew(InlineCrew):
    """Hands that lose their own tools after the second outcome."""

    def __init__(self, hand_over: HandOver) -> None:
        super().__init__(hand_over, width=10)
        self.turns = 0
        self.told: list[Done] = []

    def collect(self, timeout_s: float) -> list[Done]:
        self.turns += 1
        if self.turns == 3:
            raise OSError
        self.told += super().collect(timeout_s)
        return [self.told.pop(0)]


class BreakingAdapter(RecordingAdapter):
    def crew(self) -> Crew:
        return BreakingCrew(self.hand_over)


def test_what_the_crew_had_told_before_it_broke_is_recorded(ground: Ground) -> None:
    sms, person = BreakingAdapter(), parent(ground)
    ids = queue(ground, *(NewMessage(ASKED, {"word": str(number)}, person) for number in range(3)))
    with pytest.raises(OSError):  # noqa: PT011 - it has no words
        lane(ground, sms).drain()
    assert [stands(ground, message_id)[0] for message_id in ids] == [Status.SENT, Status.SENT, Status.HANDING_OVER]
