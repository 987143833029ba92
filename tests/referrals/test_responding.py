from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInputError
from referrals.model import AnswerFile, Costs, DeclineCode, Response, ResponseKind
from referrals.rules.responding import check_response

DAY = date(2027, 1, 11)
COSTS = Costs(education=40_000, care=0, therapy=5_000, transport=3_000)
FILE = AnswerFile("id", "Our offer.pdf", "pdf", 9, "a" * 64)


@pytest.mark.parametrize(
    "response",
    [
        Response(ResponseKind.OFFER, starts_on=DAY, costs=COSTS, words="A class of six."),
        Response(ResponseKind.OFFER_WITH_CONDITIONS, conditions="With an escort.", starts_on=DAY, costs=Costs(care=1)),
        *(Response(ResponseKind.DECLINE, code, words="Closed on Fridays.") for code in DeclineCode),
        Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE),
        Response(ResponseKind.NEED_MORE_INFORMATION, information_wanted="Is a lift needed?"),
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
        (Response(ResponseKind.OFFER, DeclineCode.NO_PLACE, "", DAY, COSTS), "decline_code"),
        (Response(ResponseKind.OFFER, costs=COSTS), "starts_on"),
        (Response(ResponseKind.OFFER, starts_on=DAY), "education"),
        (Response(ResponseKind.OFFER, starts_on=DAY, costs=Costs()), "education"),
        (Response(ResponseKind.OFFER, starts_on=DAY, costs=Costs(unsplit=48_000)), "education"),
        (Response(ResponseKind.OFFER, starts_on=DAY, costs=Costs(education=9, therapy=-1)), "therapy"),
        (Response(ResponseKind.OFFER, starts_on=DAY, costs=Costs(transport=2_000_001)), "transport"),
        (Response(ResponseKind.OFFER, starts_on=DAY, costs=Costs(1_500_000, 1_500_000)), "education"),
        (Response(ResponseKind.OFFER, starts_on=DAY, costs=COSTS, conditions="With an escort."), "conditions"),
        (Response(ResponseKind.OFFER, starts_on=DAY, costs=COSTS, information_wanted="What?"), "information_wanted"),
        (Response(ResponseKind.OFFER, starts_on=DAY, costs=COSTS, files=(FILE,) * 6), "files"),
        (Response(ResponseKind.OFFER_WITH_CONDITIONS, words="x", starts_on=DAY, costs=COSTS), "conditions"),
        (Response(ResponseKind.NEED_MORE_INFORMATION, words="x"), "information_wanted"),
        (Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE, costs=COSTS), "kind"),
        (Response(ResponseKind.NEED_MORE_INFORMATION, information_wanted="x" * 4001), "information_wanted"),
        (Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE, words="x" * 4001), "words"),
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
        conditions = "Words." if kind is ResponseKind.OFFER_WITH_CONDITIONS else ""
        wanted = "Words." if kind is ResponseKind.NEED_MORE_INFORMATION else ""
        starts_on = DAY if offers else None
        costs = COSTS if offers else None
        response = Response(kind, code, "Words.", starts_on, costs, conditions, wanted)
        if (kind is ResponseKind.DECLINE) == (code is not None):
            check_response(response)
        else:
            with pytest.raises(InvalidInputError):
                check_response(response)


def test_only_the_wish_for_more_information_is_not_final() -> None:
    """R18"""
    assert [kind for kind in ResponseKind if not kind.is_final] == [ResponseKind.NEED_MORE_INFORMATION]
