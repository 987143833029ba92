"""The North West SEND Flexible Purchasing System as its notices describe it (DOMAIN.md 2; C3, C4, C5)."""

from __future__ import annotations

from datetime import date

from fps.model import DocumentKind, NewLot, Regime

NAME = "North West SEND Flexible Purchasing System"
REGIME = Regime.PCR_LIGHT_TOUCH
STARTS_ON = date(2021, 2, 22)
# the 2020 notice; another source says 2031, so the lead authority confirms it before going live
ENDS_ON = date(2030, 2, 28)

_EACH = (
    DocumentKind.DFE_REGISTRATION,
    DocumentKind.OFSTED_REGISTRATION,
    DocumentKind.INSURANCE,
    DocumentKind.STATEMENT_OF_PURPOSE,
)
_UNREGISTERED = (DocumentKind.INSURANCE, DocumentKind.STATEMENT_OF_PURPOSE)

LOTS = (
    NewLot(1, "day, 0 to 16", _EACH),
    NewLot(2, "38-week residential, 0 to 16", _EACH),
    # a school that lodges a child for 295 days a year or more is a children's home too
    NewLot(3, "52-week residential, 0 to 16", (*_EACH, DocumentKind.CHILDRENS_HOME_REGISTRATION)),
    NewLot(4, "day, 16 and over", _EACH),
    NewLot(5, "residential, 16 and over", _EACH),
    NewLot(6, "alternative provision, registered", _EACH),
    NewLot(7, "alternative provision, not registered", _UNREGISTERED),
)
