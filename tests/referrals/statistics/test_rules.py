from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as some

from referrals.model.answers import DeclineCode
from referrals.model.statistics import Asked, Quarter, Side, Won
from referrals.rules.statistics import (
    breakdown,
    gaps,
    hidden_places,
    is_small,
    last_quarter,
    quarter_of,
    reach_of_lot,
    reach_of_settings,
    shown,
)

COUNCILS = ("a", "b", "c")
PLACES = ("p", "q", "r", "s")
SHARES = some.dictionaries(some.sampled_from(COUNCILS), some.integers(1, 9))
ROW = some.dictionaries(some.sampled_from(PLACES), SHARES)


def asked(
    council: str = "a",
    need: str = "n",
    code: DeclineCode | None = DeclineCode.NO_PLACE,
    answered: frozenset[str] = frozenset({"s1"}),
) -> Asked:
    return Asked(council, "l", need, frozenset({"s1"}), answered, frozenset({code} if code else ()))


def test_quarters_follow_one_another() -> None:
    assert quarter_of(date(2026, 11, 23)) == Quarter(date(2026, 10, 1))
    assert last_quarter(date(2026, 11, 23)) == Quarter(date(2026, 7, 1))
    assert last_quarter(date(2027, 2, 1)) == Quarter(date(2026, 10, 1))
    assert Quarter(date(2026, 10, 1)).after == date(2027, 1, 1)
    assert Quarter(date(2026, 10, 1)).words == "October to December 2026"


def test_V10_a_figure_is_small_for_everybody_and_for_a_council_that_subtracts_its_own() -> None:
    assert [is_small({"a": count}) for count in range(7)] == [False, True, True, True, True, False, False]
    assert is_small({"a": 7, "b": 2}), "a knows its 7 and would read the 2"
    assert not is_small({"a": 7, "b": 5})
    assert shown({"a": 3, "b": 1}) is None
    assert shown({}) == 0


def test_V10_one_hidden_figure_takes_others_with_it() -> None:
    cells = {"p": {"a": 6}, "q": {"a": 8}, "r": {"a": 3}}
    assert hidden_places(cells) == {"p", "r"}
    assert hidden_places({"p": {"a": 6}, "q": {"a": 8}}) == frozenset()


@settings(max_examples=400)
@given(ROW, ROW)
def test_V10_nobody_ever_learns_of_fewer_than_5_by_adding_and_subtracting(
    having: dict[str, dict[str, int]], lacking: dict[str, dict[str, int]]
) -> None:
    found = breakdown(having, lacking)
    if found is None:
        return
    whole = {place: Counter(having.get(place, {})) + Counter(lacking.get(place, {})) for place in {*having, *lacking}}
    for cells in (having, lacking, whole):
        hidden: Counter[str] = Counter()
        for place in found:
            shares = Counter(cells.get(place, {}))
            if found[place] is None:
                hidden.update(shares)
                continue
            for reader in ("", *COUNCILS):  # somebody without a share of their own, and each council
                left = shares.total() - shares[reader]
                assert left == 0 or left >= 5
        for reader in ("", *COUNCILS):
            left = hidden.total() - hidden[reader]
            assert left == 0 or left >= 5


@given(ROW)
def test_V10_equal_figures_of_one_council_are_hidden_alike(cells: dict[str, dict[str, int]]) -> None:
    alone = {place: {"a": sum(shares.values())} for place, shares in cells.items()}
    hidden = hidden_places(alone)
    sums = {sum(alone[place].values()) for place in hidden}
    assert all(place in hidden for place, shares in alone.items() if sum(shares.values()) in sums)


def test_too_few_referrals_say_nothing() -> None:
    assert gaps([asked() for _ in range(4)]) == (None, [])


def test_gaps_count_a_learner_once_however_many_settings_declined() -> None:
    rows = [asked(council, need) for council in ("a", "b") for need in ("n", "m") for _ in range(6)]
    rows += [asked(council, need, None) for council in ("a", "b") for need in ("n", "m") for _ in range(5)]
    base, found = gaps(rows)
    (gap,) = [each for each in found if each.code is DeclineCode.NO_PLACE]
    assert (base, gap.referrals) == (44, 24)
    assert gap.sides[Side.NEED] == {"m": 12, "n": 12}
    assert gap.sides[Side.PLACE] == {"a": 12, "b": 12}
    (none,) = [each for each in found if each.code is DeclineCode.DISTANCE]
    assert (none.referrals, dict(none.sides)) == (0, {})


def test_a_reason_that_few_gave_is_not_shown_and_neither_is_one_that_few_did_not_give() -> None:
    few = [asked(code=DeclineCode.DISTANCE)] * 3 + [asked()] * 20
    found = {each.code: each.referrals for each in gaps(few)[1]}
    assert found[DeclineCode.DISTANCE] is None
    assert found[DeclineCode.NO_PLACE] is None


def test_R39_reach_says_who_was_asked_answered_and_won_and_who_never_was() -> None:
    rows = [asked(code=None) for _ in range(6)] + [asked(code=None, answered=frozenset()) for _ in range(5)]
    won = [Won("a", "l", "s1")] * 5
    first, never = reach_of_settings(["s1", "s2"], rows, won)
    assert (first.invited, first.answered, first.won) == (11, 6, 5)
    assert (never.invited, never.answered, never.won) == (0, 0, 0)
    lot = reach_of_lot("l", {"s1", "s2"}, rows, won)
    assert (lot.active, lot.referrals, lot.invited, lot.answered, lot.won) == (2, 11, 1, 1, 1)
    assert reach_of_lot("l", {"s1"}, rows[:4], won).referrals is None


def test_R39_small_figures_of_a_setting_are_hidden() -> None:
    rows = [asked(code=None) for _ in range(6)] + [asked(code=None, answered=frozenset())]
    (few,) = reach_of_settings(["s1"], rows, [Won("a", "l", "s1")])
    assert (few.invited, few.answered, few.won) == (7, None, None), "one did not answer: 6 of 7 would tell of it"
