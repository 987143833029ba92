"""Who at a provider hears what concerns a setting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session

from fps.tables import SettingRow
from people.model import Role
from people.queries.holders import hears_for, holders


def hearers() -> Subquery:
    """Select `setting_id` and `person_id` of all who hear for settings: the contact, or all users of the provider."""
    users = holders(Role.PROVIDER_USER)
    heard = hears_for(users, SettingRow.provider_id.expression, SettingRow.referral_contact_id.expression)
    return select(SettingRow.id.label("setting_id"), users.c.person_id).join(users, heard).subquery()


def who_hears(session: Session, setting_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return who hears for each of these settings, by setting; one of whose provider nobody is left is left out."""
    every = hearers()
    rows = select(every.c.setting_id, every.c.person_id).where(every.c.setting_id.in_(list(setting_ids)))
    found: dict[str, list[str]] = defaultdict(list)
    for setting_id, person_id in session.execute(rows.order_by(every.c.setting_id, every.c.person_id)):
        found[setting_id].append(person_id)
    return dict(found)
