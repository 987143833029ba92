"""A council's own framework for independent education, as a published strategy plans one; it names no council (C1)."""

from __future__ import annotations

from fps.model import DocumentKind, NewLot, Regime, SettingKind

NAME = "Independent education framework"
# planned for after the Procurement Act began on 24 February 2025 (C6)
REGIME = Regime.PA23

_EACH = (DocumentKind.INSURANCE, DocumentKind.POLICIES, DocumentKind.SERVICES_AND_COSTS)
_SCHOOL = (DocumentKind.DFE_REGISTRATION, DocumentKind.OFSTED_REGISTRATION, DocumentKind.LATEST_JUDGEMENT, *_EACH)

LOTS = (
    NewLot(1, "independent special schools", _SCHOOL, (SettingKind.INDEPENDENT_SPECIAL,)),
    NewLot(
        2,
        "alternative education packages",  # section 19, and education other than at school
        _EACH,
        (
            SettingKind.REGISTERED_AP,
            SettingKind.AP_UNREGISTERED,
            SettingKind.ONLINE,
            SettingKind.INDEPENDENT_LEARNING_PROVIDER,
        ),
    ),
)
