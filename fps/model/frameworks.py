from __future__ import annotations

from collections.abc import Mapping

from fps.model import Regime, SettingKind

KIND_WORDS: Mapping[SettingKind, str] = {
    SettingKind.NMSS: "non-maintained special school",
    SettingKind.INDEPENDENT_SPECIAL: "independent special school",
    SettingKind.INDEPENDENT_OTHER: "other independent school",
    SettingKind.SPECIAL_POST16: "special post-16 institution",
    SettingKind.FE_COLLEGE: "further education college",
    SettingKind.ONLINE: "online school",
    SettingKind.REGISTERED_AP: "registered alternative provision",
    SettingKind.INDEPENDENT_LEARNING_PROVIDER: "independent learning provider",
    SettingKind.AP_UNREGISTERED: "alternative provision that is not registered",
}
REGIME_WORDS: Mapping[Regime, str] = {
    Regime.PCR_LIGHT_TOUCH: "light touch, Public Contracts Regulations 2015",
    Regime.PCR_DPS: "dynamic purchasing system, Public Contracts Regulations 2015",
    Regime.PA23: "Procurement Act 2023",
}
