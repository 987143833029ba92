from __future__ import annotations

from collections.abc import Collection

from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.model import Status
from kernel.errors import InvalidInputError
from kernel.work import Work
from people.model import Actor


def pause_own(work: Work, actor: Actor, setting_id: str, lot_ids: Collection[str], reason: str) -> None:
    """Pause new referrals to one's own setting on some of its lots; raises what change_status raises, as resume_own."""
    _turn(work, actor, Status.SELF_PAUSED, setting_id, lot_ids, reason)


def resume_own(work: Work, actor: Actor, setting_id: str, lot_ids: Collection[str], reason: str) -> None:
    """End one's own pause on some lots; raises InvalidInputError where no lot is chosen."""
    _turn(work, actor, Status.ACTIVE, setting_id, lot_ids, reason)


def _turn(work: Work, actor: Actor, to: Status, setting_id: str, lot_ids: Collection[str], reason: str) -> None:
    if not lot_ids:
        raise InvalidInputError("lots", "Tick at least one lot.")
    for lot_id in sorted(lot_ids):
        change_status(work, actor, ChangeStatus(setting_id, lot_id, to, reason))
