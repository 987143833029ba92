from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInputError
from referrals.model import DeclineCode, Response, ResponseKind
from referrals.rules.responding import check_response

DAY = date(2027, 1, 11)


@pytest.mark.parametrize(
    "response",
    [
        Response(ResponseKind.OFFER, starts_on=DAY, yearly_cost=48_000),
        Response(ResponseKind.OFFER_WITH_CONDITIONS, words="With an escort.", starts_on=DAY, yearly_cost=1),
        *(Response(ResponseKind.DECLINE, code, words="Closed on Fridays.") for code in DeclineCode),
        Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE),
        Response(ResponseKind.NEED_MORE_INFORMATION, words="Is a lift needed?"),
    ],
)
def test_the_four_kinds_of_response_are_taken(response: Response) -> None:
    """R23"""
    check_response(response)


@pytest.mark.parametrize(
    ("response", "field"),
    [
        (Response(ResponseKind.DECLINE), "decline_code"),
        (Response(ResponseKind.DECLINE, DeclineCode.OTHER, words=" "), "words"),
        (Response(ResponseKind.OFFER, DeclineCode.NO_PLACE, "", DAY, 1), "decline_code"),
        (Response(ResponseKind.OFFER, yearly_cost=1), "starts_on"),
        (Response(ResponseKind.OFFER, starts_on=DAY), "yearly_cost"),
        (Response(ResponseKind.OFFER, starts_on=DAY, yearly_cost=0), "yearly_cost"),
        (Response(ResponseKind.OFFER_WITH_CONDITIONS, starts_on=DAY, yearly_cost=1), "words"),
        (Response(ResponseKind.NEED_MORE_INFORMATION), "words"),
        (Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE, yearly_cost=1), "kind"),
        (Response(ResponseKind.NEED_MORE_INFORMATION, words="x" * 4001), "words"),
    ],
)
def test_a_response_that_lacks_what_its_kind_needs_is_refused(response: Response, field: str) -> None:
    """R23"""
    with pytest.raises(InvalidInputError) as refused:
        check_response(response)
    assert refused.value.field == field


@given(st.none() | st.sampled_from(DeclineCode))
def test_a_decline_always_has_a_code_and_nothing_else_ever_has(code: DeclineCode | None) -> None:
    """R23"""
    for kind in ResponseKind:
        offers = kind in {ResponseKind.OFFER, ResponseKind.OFFER_WITH_CONDITIONS}
        response = Response(kind, code, "Words.", DAY if offers else None, 1 if offers else None)
        if (kind is ResponseKind.DECLINE) == (code is not None):
            check_response(response)
        else:
            with pytest.raises(InvalidInputError):
                check_response(response)


def test_only_the_wish_for_more_information_is_not_final() -> None:
    """R18"""
    assert [kind for kind in ResponseKind if not kind.is_final] == [ResponseKind.NEED_MORE_INFORMATION]
