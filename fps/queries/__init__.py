from fps.queries.candidates import candidates, held_by
from fps.queries.frameworks import (
    framework,
    framework_id_of,
    frameworks_of,
    lot,
    lots,
    lots_by_id,
)
from fps.queries.settings import setting, settings_by_id, settings_of
from fps.queries.standing import status_history, status_on

__all__ = [
    "candidates",
    "framework",
    "framework_id_of",
    "frameworks_of",
    "held_by",
    "lot",
    "lots",
    "lots_by_id",
    "setting",
    "settings_by_id",
    "settings_of",
    "status_history",
    "status_on",
]
