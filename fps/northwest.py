"""The North West SEND Flexible Purchasing System as its notices describe it (DOMAIN.md 2; C3, C4, C5)."""

from __future__ import annotations

from datetime import date

from fps.model import DocumentKind, NewLot, Regime, SettingKind

NAME = "North West SEND Flexible Purchasing System"
REGIME = Regime.PCR_LIGHT_TOUCH
STARTS_ON = date(2021, 2, 22)
# the 2020 notice; another source says 2031, so the lead authority confirms it before going live
ENDS_ON = date(2030, 2, 28)
CONTRACT = "DN505426"
OCID = "ocds-h6vhtk-0547f9"
NOTICES = ("032055-2025",)
# sources say September to October 2023 for alternative provision and name no day for the rest
SEVEN_LOTS_SINCE = date(2023, 10, 1)
THREE_LOTS_UNTIL = date(2023, 9, 30)

_EACH = (
    DocumentKind.DFE_REGISTRATION,
    DocumentKind.OFSTED_REGISTRATION,
    DocumentKind.INSURANCE,
    DocumentKind.STATEMENT_OF_PURPOSE,
)
# a school that lodges a child for 295 days a year or more is a children's home too
_ALL_YEAR = (*_EACH, DocumentKind.CHILDRENS_HOME_REGISTRATION)
_UNREGISTERED = (DocumentKind.INSURANCE, DocumentKind.STATEMENT_OF_PURPOSE)

_SCHOOLS = (SettingKind.NMSS, SettingKind.INDEPENDENT_SPECIAL, SettingKind.INDEPENDENT_OTHER)
_FIRST_PHASE = (*_SCHOOLS, SettingKind.SPECIAL_POST16)
_SECOND_PHASE = (*_FIRST_PHASE, SettingKind.FE_COLLEGE, SettingKind.INDEPENDENT_LEARNING_PROVIDER)
_REGISTERED_AP = (
    SettingKind.REGISTERED_AP,
    SettingKind.INDEPENDENT_SPECIAL,
    SettingKind.INDEPENDENT_OTHER,
    SettingKind.ONLINE,
)
_OTHER_AP = (SettingKind.AP_UNREGISTERED, SettingKind.INDEPENDENT_LEARNING_PROVIDER, SettingKind.ONLINE)


def _lot(
    number: int,
    name: str,
    documents: tuple[DocumentKind, ...],
    kinds: tuple[SettingKind, ...],
    replaces: int | None = None,
) -> NewLot:
    return NewLot(number, name, documents, kinds, since=SEVEN_LOTS_SINCE, replaces=replaces)


EARLY_LOTS = (
    NewLot(1, "day", _EACH, _FIRST_PHASE, until=THREE_LOTS_UNTIL),
    NewLot(2, "38-week residential", _EACH, _FIRST_PHASE, until=THREE_LOTS_UNTIL),
    NewLot(3, "52-week residential", _ALL_YEAR, _FIRST_PHASE, until=THREE_LOTS_UNTIL),
)
"""The three lots of the beginning; no source at hand gives their names, so the lead authority confirms them."""

LOTS = (
    _lot(1, "day, 0 to 16", _EACH, _SCHOOLS, replaces=1),
    _lot(2, "38-week residential, 0 to 16", _EACH, _SCHOOLS, replaces=2),
    _lot(3, "52-week residential, 0 to 16", _ALL_YEAR, _SCHOOLS, replaces=3),
    _lot(4, "day, 16 and over", _EACH, _SECOND_PHASE, replaces=1),
    _lot(5, "residential, 16 and over", _EACH, _SECOND_PHASE, replaces=2),
    _lot(6, "alternative provision, registered", _EACH, _REGISTERED_AP),
    _lot(7, "alternative provision, not registered", _UNREGISTERED, _OTHER_AP),
)
"""The seven lots since; in its second phase the list takes colleges and learning providers for those over 16."""
