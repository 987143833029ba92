from __future__ import annotations

from sqlalchemy import select

from fps.model import SettingCard
from fps.queries import setting
from fps.tables import SettingRow
from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


def find_own_setting(work: Work, actor: Actor, setting_id: str) -> SettingCard:
    """Return a setting of the actor's own provider and keep others from changing what hangs on it meanwhile.

    Raises NotFoundError for everybody else's: the two look alike.
    """
    own = organisations_with(actor, Permission.SETTINGS_OWN)
    found = select(SettingRow.id).where(SettingRow.id == setting_id, SettingRow.provider_id.in_(own))
    if work.session.scalar(found.with_for_update()) is None:
        raise NotFoundError
    return setting(work.session, setting_id)
