from fps.tables.register import (
    DocumentRow,
    FrameworkRow,
    LotRow,
    MembershipRow,
    SettingOnLotRow,
    SettingRow,
    StatusChangeRow,
)

__all__ = [
    "DocumentRow",
    "FrameworkRow",
    "LotRow",
    "MembershipRow",
    "SettingOnLotRow",
    "SettingRow",
    "StatusChangeRow",
]
