from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.rules.pace import grant

STEPS = st.lists(st.tuples(st.floats(0, 5), st.integers(1, 300)), min_size=1, max_size=60)


@given(STEPS, st.floats(0.2, 50), st.integers(1, 100))
def test_never_more_than_the_burst_and_what_the_time_allows(
    steps: list[tuple[float, int]], per_s: float, burst: int
) -> None:
    now, free_from, total = 1_700_000_000.0, 0.0, 0
    start = now
    for pause, wanted in steps:
        now += pause
        granted = grant(wanted, free_from, now, per_s, burst)
        assert 0 <= granted.count <= min(wanted, burst)
        free_from, total = granted.free_from, total + granted.count
        assert total <= burst + (now - start) * per_s + 0.1


@given(st.floats(0.2, 50), st.integers(1, 100))
def test_after_the_wait_that_it_names_one_more_may_go(per_s: float, burst: int) -> None:
    now = 1_700_000_000.0
    first = grant(burst, 0.0, now, per_s, burst)
    assert first.count == burst
    assert grant(1, first.free_from, now, per_s, burst).count == 0
    assert grant(1, first.free_from, now + first.wait_s, per_s, burst).count == 1


def test_nothing_goes_during_a_pause_that_the_vendor_asked_for() -> None:
    assert grant(10, 1_000.0, 990.0, 10, 5).count == 0
    assert grant(10, 1_000.0, 1_001.0, 10, 5).count == 5
