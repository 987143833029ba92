from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInputError
from referrals.model import Answer, AnswerKind, DeclineCode
from referrals.rules.answering import check_answer

DAY = date(2027, 1, 11)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(AnswerKind.OFFER, starts_on=DAY, yearly_cost=48_000),
        Answer(AnswerKind.OFFER_WITH_CONDITIONS, words="With an escort.", starts_on=DAY, yearly_cost=1),
        *(Answer(AnswerKind.DECLINE, code, words="Closed on Fridays.") for code in DeclineCode),
        Answer(AnswerKind.DECLINE, DeclineCode.NO_PLACE),
        Answer(AnswerKind.NEED_MORE_INFORMATION, words="Is a lift needed?"),
    ],
)
def test_the_four_kinds_of_answer_are_taken(answer: Answer) -> None:
    """R23"""
    check_answer(answer)


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer(AnswerKind.DECLINE), "decline_code"),
        (Answer(AnswerKind.DECLINE, DeclineCode.OTHER, words=" "), "words"),
        (Answer(AnswerKind.OFFER, DeclineCode.NO_PLACE, "", DAY, 1), "decline_code"),
        (Answer(AnswerKind.OFFER, yearly_cost=1), "starts_on"),
        (Answer(AnswerKind.OFFER, starts_on=DAY), "yearly_cost"),
        (Answer(AnswerKind.OFFER, starts_on=DAY, yearly_cost=0), "yearly_cost"),
        (Answer(AnswerKind.OFFER_WITH_CONDITIONS, starts_on=DAY, yearly_cost=1), "words"),
        (Answer(AnswerKind.NEED_MORE_INFORMATION), "words"),
        (Answer(AnswerKind.DECLINE, DeclineCode.NO_PLACE, yearly_cost=1), "kind"),
        (Answer(AnswerKind.NEED_MORE_INFORMATION, words="x" * 4001), "words"),
    ],
)
def test_an_answer_that_lacks_what_its_kind_needs_is_refused(answer: Answer, field: str) -> None:
    """R23"""
    with pytest.raises(InvalidInputError) as refused:
        check_answer(answer)
    assert refused.value.field == field


@given(st.none() | st.sampled_from(DeclineCode))
def test_a_decline_always_has_a_code_and_nothing_else_ever_has(code: DeclineCode | None) -> None:
    """R23"""
    for kind in AnswerKind:
        offers = kind in {AnswerKind.OFFER, AnswerKind.OFFER_WITH_CONDITIONS}
        answer = Answer(kind, code, "Words.", DAY if offers else None, 1 if offers else None)
        if (kind is AnswerKind.DECLINE) == (code is not None):
            check_answer(answer)
        else:
            with pytest.raises(InvalidInputError):
                check_answer(answer)


def test_only_the_wish_for_more_information_is_not_final() -> None:
    """R18"""
    assert [kind for kind in AnswerKind if not kind.is_final] == [AnswerKind.NEED_MORE_INFORMATION]
