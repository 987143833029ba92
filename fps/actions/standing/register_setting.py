from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import select

from fps.events import SettingRegistered
from fps.model import NewSetting
from fps.rules import check_ages, check_urn
from fps.rules.settings import check_text
from fps.tables import SettingRow
from kernel import audit
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role
from people.queries import person


def register_setting(work: Work, actor: Actor, new: NewSetting) -> str:
    """Put a provider's setting on the register and return its id.

    A lead authority may, and the provider for its own. Raises InvalidInputError for ages, URN or a contact that
    is no user of the provider, ConflictError for a URN that is registered already.
    """
    if not (actor.has(Role.LEAD_AUTHORITY) or actor.has(Role.PROVIDER_USER, new.provider_id)):
        raise ForbiddenError
    new = replace(
        new,
        name=check_text("name", new.name, longest=200),
        district=check_text("district", new.district, longest=100),
    )
    _check(work, new)
    setting_id = new_id()
    work.session.add(SettingRow(id=setting_id, **asdict(new)))
    work.session.flush()
    audit.record(work, actor=actor.id, action="fps.register_setting", subject=("setting", setting_id))
    publish(work, SettingRegistered(setting_id, new.provider_id))
    return setting_id


def _check(work: Work, new: NewSetting) -> None:
    check_ages(new.age_from, new.age_to)
    check_urn(new.kind, new.urn)
    contact = person(work.session, new.referral_contact_id)
    if not contact.has(Role.PROVIDER_USER, new.provider_id):
        raise InvalidInputError("referral_contact_id", "The referral contact must be a user of the provider.")
    if new.urn and work.session.scalar(select(SettingRow.id).where(SettingRow.urn == new.urn)):
        raise ConflictError("A setting with the URN {urn} is registered already.", urn=new.urn)
