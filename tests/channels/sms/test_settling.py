from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.model import Settlement
from channels.sms.settling import SKEW, Claim, Listed, settle_number

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SENT, UNSENT, UNPROVEN = Settlement.PROVEN_SENT, Settlement.PROVEN_UNSENT, Settlement.UNPROVEN


def claim(name: str, body: str | None = "hello", *, age_s: float = 300, has_live_twin: bool = False) -> Claim:
    return Claim(name, NOW - timedelta(seconds=age_s), body, has_live_twin)


def listed(sid: str, body: str = "hello", *, age_s: float = 299) -> Listed:
    return Listed(sid, body, NOW - timedelta(seconds=age_s))


def settle(claims: list[Claim], found: list[Listed], *, is_whole: bool = True) -> dict[str, Settlement]:
    before = NOW - timedelta(seconds=60) if is_whole else None
    return {name: each.settlement for name, each in settle_number(claims, found, settled_before=before).items()}


def test_its_own_text_in_the_list_proves_it_sent() -> None:
    settled = settle_number([claim("a")], [listed("SM1")], settled_before=None)
    assert (settled["a"].settlement, settled["a"].vendor_id) == (SENT, "SM1")


def test_an_empty_list_proves_it_unsent_once_it_is_old_enough_and_the_list_was_whole() -> None:
    assert settle([claim("a")], []) == {"a": UNSENT}
    assert settle([claim("a", age_s=30)], []) == {"a": UNPROVEN}
    assert settle([claim("a")], [], is_whole=False) == {"a": UNPROVEN}


def test_of_two_attempts_with_one_text_and_one_message_one_was_sent_and_one_was_not() -> None:
    assert settle([claim("a"), claim("b", age_s=200)], [listed("SM1")]) == {"a": SENT, "b": UNSENT}
    both = settle_number([claim("a"), claim("b")], [listed("SM1"), listed("SM2")], settled_before=None)
    assert {each.vendor_id for each in both.values()} == {"SM1", "SM2"}


def test_texts_tell_attempts_apart() -> None:
    assert settle([claim("a", "one"), claim("b", "two")], [listed("SM1", "two")]) == {"a": UNSENT, "b": SENT}


def test_a_message_that_nothing_explains_leaves_open_who_it_was() -> None:
    assert settle([claim("a", "one")], [listed("SM1", "another")]) == {"a": UNPROVEN}
    assert settle([claim("a", "one")], [listed("SM1", "")]) == {"a": UNPROVEN}
    assert settle([claim("a", None)], [listed("SM1", "one")]) == {"a": UNPROVEN}


def test_a_message_from_before_the_attempt_is_not_it() -> None:
    before = SKEW.total_seconds() + 301
    assert settle([claim("a")], [listed("SM1", age_s=before)]) == {"a": UNSENT}
    assert settle([claim("a")], [listed("SM1", age_s=before - 2)]) == {"a": SENT}


def test_while_a_twin_is_on_its_way_a_message_may_be_the_twins() -> None:
    assert settle([claim("a", has_live_twin=True)], [listed("SM1")]) == {"a": UNPROVEN}
    assert settle([claim("a", has_live_twin=True)], []) == {"a": UNSENT}


TEXTS = st.sampled_from(["one", "two", "three"])


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, st.booleans()), max_size=8))
def test_what_was_sent_is_always_counted_right(attempts: list[tuple[str, bool]]) -> None:
    """Whatever was sent and lost, of each text exactly as many are found sent as were."""
    claims = [claim(str(at), text, age_s=300 + at) for at, (text, _) in enumerate(attempts)]
    found = [listed(f"SM{at}", text, age_s=299 + at) for at, (text, was_sent) in enumerate(attempts) if was_sent]
    settled = settle(claims, found)
    for wanted in ("one", "two", "three"):
        sent = sum(was_sent for text, was_sent in attempts if text == wanted)
        said = sum(settled[str(at)] is SENT for at, (text, _) in enumerate(attempts) if text == wanted)
        assert said == sent
    assert UNPROVEN not in settled.values()


@settings(deadline=None)
@given(
    st.lists(st.tuples(TEXTS, st.floats(0, 9000), st.booleans()), max_size=5),
    st.lists(st.tuples(st.sampled_from(["one", "two", "", "else"]), st.floats(0, 9000)), max_size=5),
)
def test_what_may_have_been_sent_is_never_called_unsent(
    attempts: list[tuple[str, float, bool]], messages: list[tuple[str, float]]
) -> None:
    """An attempt is called unsent only if every message late enough to be it is taken by another of the same text."""
    claims = [claim(str(at), text, age_s=age, has_live_twin=twin) for at, (text, age, twin) in enumerate(attempts)]
    found = [listed(f"SM{at}", text, age_s=age) for at, (text, age) in enumerate(messages)]
    settled = settle_number(claims, found, settled_before=NOW - timedelta(seconds=60))
    assert settled.keys() == {each.attempt_id for each in claims}
    ids = [each.vendor_id for each in settled.values() if each.vendor_id]
    assert len(ids) == len(set(ids))
    for each in claims:
        if settled[each.attempt_id].settlement is UNSENT:
            could_be = [message for message in found if each.may_be(message)]
            texts = [other.body for other in claims if other is not each]
            assert all(message.body in texts for message in could_be)
            assert each.started_at <= NOW - timedelta(seconds=60)
