from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from channels.model import Outcome, OutcomeKind, Reason, Status
from channels.rules.after import ATTEMPTS, CAP_S, after
from kernel.backoff import backoff

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
OUTCOMES = st.builds(
    Outcome,
    kind=st.sampled_from(list(OutcomeKind)),
    retry_after_s=st.none() | st.floats(0, 3600),
    pause_s=st.none() | st.floats(0, 60),
)


@given(OUTCOMES, st.integers(1, 50), st.booleans(), st.floats(0, 1))
def test_refused_for_good_is_never_tried_again_on_the_same_way(
    outcome: Outcome,
    attempts: int,
    has_other_way: bool,
    jitter: float,
) -> None:
    following = after(outcome, attempts, has_other_way=has_other_way, now=NOW, jitter=jitter)
    if outcome.kind is OutcomeKind.FAILED:
        assert following.reason is (Reason.FALLBACK if has_other_way else Reason.REFUSED)
        assert following.status is (Status.QUEUED if has_other_way else Status.FAILED)


@given(st.integers(1, 50), st.none() | st.floats(0, 7200), st.floats(0, 1))
def test_retries_are_never_sooner_than_asked_and_end(attempts: int, asked: float | None, jitter: float) -> None:
    outcome = Outcome(OutcomeKind.RETRY, retry_after_s=asked)
    following = after(outcome, attempts, has_other_way=False, now=NOW, jitter=jitter)
    if attempts >= ATTEMPTS:
        assert (following.status, following.reason) == (Status.FAILED, Reason.GAVE_UP)
    else:
        assert following.due_at is not None
        wait = following.due_at - NOW
        assert timedelta(seconds=asked or 0) <= wait <= timedelta(seconds=max(CAP_S, asked or 0))


@given(st.integers(1, 200), st.floats(0, 1))
def test_pauses_grow_to_their_cap_and_are_spread_over_half_of_it(attempts: int, jitter: float) -> None:
    wait = backoff(attempts, base_s=5, cap_s=900, jitter=jitter).total_seconds()
    whole = min(900, 5 * 2 ** (attempts - 1))
    assert whole / 2 - 1e-6 <= wait <= whole + 1e-6
