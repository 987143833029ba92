from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fps.model import Status
from fps.model.standing import LeavingAnswer, StandingTerms
from fps.rules import ALLOWED
from fps.rules.standing import (
    can_be_suspended,
    check_may_leave,
    check_may_reply,
    check_notice_over,
    check_reference,
    check_review_day,
    check_words,
    is_plan_chased,
    reply_day,
    status_after,
    steps_by_hand,
)
from kernel.errors import ConflictError, InvalidInputError, TooLateError

TODAY = date(2026, 11, 23)
TERMS = StandingTerms()


def test_a_provider_may_reply_for_five_working_days_and_a_review_comes_within_twenty() -> None:
    """L4 to L6 of DOMAIN.md 4 [own]"""
    assert reply_day(date(2026, 12, 21), TERMS) == date(2026, 12, 30), "Christmas and Boxing Day do not count"
    check_review_day(date(2026, 12, 21), TODAY, TERMS)
    for wrong in (TODAY, date(2026, 12, 19), date(2026, 12, 22)):
        with pytest.raises(InvalidInputError) as refused:
            check_review_day(wrong, TODAY, TERMS)
        assert "21 December 2026" in str(refused.value)
    longer = StandingTerms.of({"review_wd": 21, "deadline_hour": 9})
    check_review_day(date(2026, 12, 22), TODAY, longer)


def test_nobody_is_suspended_before_its_chance_to_reply_unless_children_are_at_risk() -> None:
    """L5"""
    last = date(2026, 11, 30)
    with pytest.raises(ConflictError):
        check_notice_over(is_urgent=False, has_replied=False, reply_by=last, today=last)
    check_notice_over(is_urgent=False, has_replied=False, reply_by=last, today=date(2026, 12, 1))
    check_notice_over(is_urgent=False, has_replied=True, reply_by=last, today=TODAY)
    check_notice_over(is_urgent=True, has_replied=False, reply_by=last, today=TODAY)


def test_a_reply_comes_once_in_time_and_while_the_decision_stands() -> None:
    check_may_reply(has_replied=False, reply_by=TODAY, today=TODAY, is_over=False)
    for facts, error in (
        ({"has_replied": True}, ConflictError),
        ({"is_over": True}, ConflictError),
        ({"today": date(2026, 11, 24)}, TooLateError),
    ):
        given_facts = {"has_replied": False, "reply_by": TODAY, "today": TODAY, "is_over": False, **facts}
        with pytest.raises(error):
            check_may_reply(**given_facts)  # type: ignore[arg-type]  # facts of several kinds


@pytest.mark.parametrize("written", ["LN-4821", "ln 4821".replace(" ", ""), "A1B2", "2026/117", "SEF-77-B"])
def test_a_councils_own_code_is_a_reference(written: str) -> None:
    assert check_reference(f" {written} ") == written.upper()


@pytest.mark.parametrize(
    "written",
    [
        "",
        "A1",
        "Amelia",
        "AmeliaH1",
        "A B 1",
        "L20 3DL",
        "L203DL",
        "A1234567890",
        "4857773456",
        "12/03/2014",
        "12-03-14",
        "12032014",
        "AB",
        "x" * 13 + "1",
        "1-2-",
    ],
)
def test_what_may_say_who_a_learner_is_is_no_reference(written: str) -> None:
    """A3, R30"""
    with pytest.raises(InvalidInputError):
        check_reference(written)


@given(st.text(max_size=14))
def test_a_reference_never_holds_a_word_of_four_letters(written: str) -> None:
    try:
        reference = check_reference(written)
    except InvalidInputError:
        return
    letters = "".join(char if char.isalpha() else " " for char in reference)
    assert max(len(word) for word in [*letters.split(), ""]) < 4
    assert any(char.isdigit() for char in reference)


def test_lifting_leads_back_to_where_the_setting_stood_or_to_a_hold() -> None:
    assert status_after(Status.ACTIVE, has_documents=True) is Status.ACTIVE
    assert status_after(Status.ACTIVE, has_documents=False) is Status.COMPLIANCE_HOLD
    assert status_after(Status.COMPLIANCE_HOLD, has_documents=True) is Status.ACTIVE
    assert status_after(Status.SELF_PAUSED, has_documents=False) is Status.SELF_PAUSED


@given(st.sampled_from([None, *Status]), st.booleans())
def test_what_a_form_or_a_lifting_offers_is_always_a_step_of_the_machine(
    before: Status | None, has_documents: bool
) -> None:
    assert set(steps_by_hand(before)) <= ALLOWED[before]
    assert not {Status.SUSPENDED, Status.DECOMMISSIONING} & set(steps_by_hand(before))
    if can_be_suspended(before):
        assert status_after(before, has_documents=has_documents) in ALLOWED[Status.SUSPENDED]


def test_a_setting_leaves_only_when_all_have_answered_and_all_is_done() -> None:
    """L6"""
    at, leaves_on = datetime(2026, 11, 23, 10, tzinfo=UTC), date(2026, 11, 30)
    done, silent, undone = LeavingAnswer("a", 2, 2, at), LeavingAnswer("b", 0, 0, None), LeavingAnswer("b", 3, 2, at)
    assert check_may_leave([done, LeavingAnswer("b", 0, 0, at)], leaves_on, TODAY, goes_without=False) == 0
    for wrong in (silent, undone):
        with pytest.raises(ConflictError):
            check_may_leave([done, wrong], leaves_on, TODAY, goes_without=False)
    with pytest.raises(ConflictError, match="From 30 November 2026 on you can go on without them"):
        check_may_leave([done, silent], leaves_on, date(2026, 11, 29), goes_without=True)
    assert check_may_leave([done, silent], leaves_on, leaves_on, goes_without=True) == 1
    for answer in (undone, LeavingAnswer("b", 3, 2, None)):
        with pytest.raises(ConflictError, match="not done yet: 1"):
            check_may_leave([done, answer], leaves_on, leaves_on, goes_without=True)


def test_a_plan_is_chased_every_five_working_days_and_on_its_own_day() -> None:
    leaves_on = date(2026, 12, 5)
    found = [day for day in range(1, 32) if is_plan_chased(TODAY, leaves_on, date(2026, 12, day))]
    assert found[0:3] == [7, 14, 21], "the 5th is a Saturday"
    assert is_plan_chased(TODAY, leaves_on, date(2026, 11, 30))
    assert not is_plan_chased(TODAY, leaves_on, TODAY)
    assert not is_plan_chased(TODAY, date(2026, 12, 8), date(2026, 12, 9))
    assert is_plan_chased(TODAY, date(2026, 12, 8), date(2026, 12, 8))


def test_a_reason_has_words_and_not_too_many() -> None:
    assert check_words("reason", " Because. ") == "Because."
    for wrong in (" ", "x" * 2001):
        with pytest.raises(InvalidInputError):
            check_words("reason", wrong)
