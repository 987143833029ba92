"""What each route demands before a referral may go out by it (R5 to R8, R40)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from fps.model import SettingKind
from kernel.errors import InvalidInputError
from referrals.model import Need, Terms
from referrals.model.particulars import Particulars
from referrals.model.routes import Route
from referrals.rules.eligibility import HardFilter, Reason

SHORTEST_REASONS = 100
"""How much must be written on a direct award (R5)."""
SHORTEST_WHY = 30
"""How much must be written on a shorter deadline or an override."""
LONGEST_REASONS = 4000
LONGEST_LINE = 200
_LINK = re.compile(r"https://[^\s/]+\S*", re.IGNORECASE)
_URN, _UKPRN = re.compile(r"\d{6}"), re.compile(r"1\d{7}")
# a contract that was there before binds whether or not the setting is on the lot (R8)
_OF_THE_LOT = frozenset({HardFilter.WRONG_LOT, HardFilter.DOCUMENT_LAPSED})


def check_particulars(route: Route, given: Particulars) -> None:
    """Raise InvalidInputError where a route lacks what it demands (R5, R7)."""
    if route is Route.DIRECT_AWARD:
        _check_direct_award(given)
    elif route is Route.OFF_FRAMEWORK_SPOT:
        _check_spot(given)


def _check_direct_award(given: Particulars) -> None:
    if given.reason_code is None:
        raise InvalidInputError("reason_code", "Choose why you ask this setting alone.")
    check_written("reasons", given.reasons, SHORTEST_REASONS)
    if not _LINK.fullmatch(given.evidence.strip()) or len(given.evidence) > LONGEST_LINE:
        raise InvalidInputError(
            "evidence", "Enter the link to the evidence in your own records. It begins with https://"
        )


def _check_spot(given: Particulars) -> None:
    if not given.rule_reference.strip():
        raise InvalidInputError("rule_reference", "Enter the reference of your contract procedure rules.")
    if not given.supplier.strip():
        raise InvalidInputError("supplier", "Enter the name of the supplier.")
    for field in ("rule_reference", "supplier"):
        if len(getattr(given, field)) > LONGEST_LINE:
            raise InvalidInputError(field, "Write no more than {most} characters.", most=LONGEST_LINE)
    number = given.supplier_number.strip()
    if number and not (_URN.fullmatch(number) or _UKPRN.fullmatch(number)):
        raise InvalidInputError("supplier_number", "Enter a URN of 6 digits or a UKPRN of 8 digits, or leave it empty.")


def check_written(field: str, words: str, least: int) -> None:
    """Raise InvalidInputError where a reason is too short or too long."""
    if len(words.strip()) < least:
        raise InvalidInputError(field, "Write at least {least} characters.", least=least)
    if len(words) > LONGEST_REASONS:
        raise InvalidInputError(field, "Write no more than {most} characters.", most=LONGEST_REASONS)


def against(route: Route, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the reasons of R3 that stand against asking one setting by a route (R5, R6, R8)."""
    if route is Route.EXISTING_CONTRACT:
        return tuple(reason for reason in reasons if reason.filter not in _OF_THE_LOT)
    return tuple(reasons)


def is_guarded(route: Route, kinds: Collection[SettingKind], need: Need, given: Particulars, terms: Terms) -> bool:
    """Tell whether the law may want the place to register as a school, so that an officer must decide (R40).

    One learner with an EHC plan, or looked after, for full-time hours is enough; hours that nobody gave count as
    full-time. `kinds` are those of the settings that would be asked. A supplier without a URN is not registered either.
    """
    hours = terms.ap_full_time_h if need.weekly_hours is None else need.weekly_hours
    if not given.is_protected or hours < terms.ap_full_time_h:
        return False
    if route is Route.OFF_FRAMEWORK_SPOT:
        return not _URN.fullmatch(given.supplier_number.strip())
    return SettingKind.AP_UNREGISTERED in kinds
