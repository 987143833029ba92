from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from channels.model import Reason, Status
from channels.rules.choose import Reach, Wish
from channels.rules.decide import Candidate, End, Hold, Move, Send, decide
from people.model import ContactPoint

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
ANY_HOURS = (None, None)


def point(name: str, channel: str, *, opted_out: bool = False) -> ContactPoint:
    return ContactPoint(name, "p", None, channel, f"address of {name}", 0, NOON, NOON if opted_out else None, None)


POINTS = st.lists(
    st.builds(
        lambda n, channel, opted_out: point(f"{channel}{n}", channel, opted_out=opted_out),
        st.integers(0, 3),
        st.sampled_from(["sms", "email", "slack"]),
        st.booleans(),
    ),
    max_size=5,
    unique_by=lambda found: found.id,
)
CHANNELS = st.sets(st.sampled_from(["sms", "email", "slack"])).map(frozenset)


@given(POINTS, CHANNELS, st.booleans(), st.none() | st.sampled_from(["sms", "email"]))
def test_V12_nothing_unasked_ever_goes_where_somebody_said_stop_or_never_agreed(
    points: list[ContactPoint],
    consented: frozenset[str],
    minds: bool,
    channel: str | None,
) -> None:
    candidate = Candidate(Wish(solicited=False, channel=channel), "sms", minds, None)
    decision = decide(candidate, Reach(points, consented), ANY_HOURS, NOON)
    if isinstance(decision, Send | Move):
        assert decision.point.opted_out_at is None
        assert decision.point.channel in consented
        assert channel in (None, decision.point.channel)


def test_preference_that_changed_moves_the_message() -> None:
    reach = Reach([point("e", "email"), point("s", "sms")], frozenset({"email", "sms"}))
    decision = decide(Candidate(Wish(solicited=False), "sms", False, None), reach, ANY_HOURS, NOON)
    assert isinstance(decision, Move)
    assert decision.point.id == "e"


def test_V12_a_providers_stop_moves_alerts_to_email() -> None:
    reach = Reach([point("s", "sms", opted_out=True), point("e", "email")], frozenset())
    decision = decide(Candidate(Wish(solicited=True), "email", False, None), reach, ANY_HOURS, NOON)
    assert isinstance(decision, Send)
    assert decision.point.channel == "email"


def test_worthless_after_its_time() -> None:
    reach = Reach([point("s", "sms")], frozenset())
    candidate = Candidate(Wish(solicited=True), "sms", False, NOON - timedelta(seconds=1))
    assert decide(candidate, reach, ANY_HOURS, NOON) == End(Status.EXPIRED, Reason.TOO_LATE)


def test_what_minds_quiet_hours_waits_and_what_does_not_goes() -> None:
    reach = Reach([point("s", "sms")], frozenset())
    minding, urgent = (Candidate(Wish(solicited=True), "sms", minds, None) for minds in (True, False))
    assert isinstance(decide(minding, reach, ANY_HOURS, NIGHT), Hold)
    assert isinstance(decide(urgent, reach, ANY_HOURS, NIGHT), Send)


def test_reply_goes_to_the_very_contact_point_even_after_stop() -> None:
    reach = Reach([point("e", "email"), point("s", "sms", opted_out=True)], frozenset())
    candidate = Candidate(Wish(solicited=True, contact_point_id="s"), "sms", False, None)
    decision = decide(candidate, reach, ANY_HOURS, NOON)
    assert isinstance(decision, Send)
    assert decision.point.id == "s"
