"""Bury's alternative provision list (DOMAIN.md 2; C5, C7); its days are for whoever opens it: no source gives them."""

from __future__ import annotations

from fps.model import DocumentKind, NewLot, Regime, SettingKind

GSS = "E08000002"
NAME = "Bury alternative provision Flexible Purchasing System"
REGIME = Regime.PCR_DPS
APPROVAL_PANEL = "SEN Resource Panel"
USERS = ("Virtual School", "Home Education", "Inclusion team", "All schools in Bury")
# “3 years with 2, plus 1 year extension”: kept as it stands there and never added up
EXTENSIONS = ((24, "3 years “with 2”"), (12, "“plus 1 year extension”"))

# which kinds may offer what, and what they hold, is our own reading: full-time provision is a registered school
_FULL_TIME = (SettingKind.REGISTERED_AP, SettingKind.INDEPENDENT_SPECIAL, SettingKind.INDEPENDENT_OTHER)
_PART_TIME = (*_FULL_TIME, SettingKind.AP_UNREGISTERED, SettingKind.INDEPENDENT_LEARNING_PROVIDER)
_VOCATIONAL = (*_PART_TIME, SettingKind.FE_COLLEGE)
_TUTORING = (*_PART_TIME, SettingKind.ONLINE)
_ALL = (DocumentKind.INSURANCE, DocumentKind.POLICIES)
_SCHOOL = (DocumentKind.DFE_REGISTRATION, DocumentKind.LATEST_JUDGEMENT, *_ALL)

LOTS = (
    NewLot(1, "secondary, full-time", _SCHOOL, _FULL_TIME),
    NewLot(2, "primary, full-time", _SCHOOL, _FULL_TIME),
    NewLot(3, "key stage 3 turnaround, part-time", _ALL, _PART_TIME),
    NewLot(4, "vocational, part-time", _ALL, _VOCATIONAL),
    NewLot(5, "tutoring", _ALL, _TUTORING),
    NewLot(6, "complementary provision and mentoring", _ALL, _PART_TIME),
)
