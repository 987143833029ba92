from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from fps.actions.applications.open_evidence import open_evidence
from fps.actions.applications.stand_on_lots import apply_on_lots
from fps.events import SettingRegistered
from fps.model.applications import Answers
from fps.model.rounds import RoundCard
from fps.queries.applications import last_submission
from fps.tables import ApplicationRow, ApplicationSettingRow, SettingRow
from kernel import audit
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role
from people.queries import persons_with_role


def open_application(work: Work, actor: Actor, row: ApplicationRow, joined: RoundCard) -> None:
    """Open an application of a round that has closed, as it was last sent; one that is open stays as it is.

    Only now its settings go on the register, apply on their lots, and its evidence goes to the evidence store: before,
    nobody but its provider can tell that it is there (R21). A new setting has its URN on the register once it is
    admitted, so that nobody takes a rival's by entering it first.
    """
    if row.opened_at is not None:
        return
    row.opened_at = work.now
    work.session.flush()
    sent = last_submission(work.session, row.id)
    for one in sent.content["settings"] if sent else ():
        _register(work, actor, row, one)
    work.session.flush()
    apply_on_lots(work, actor.id, row, joined)
    open_evidence(work, actor, row)


def _register(work: Work, actor: Actor, row: ApplicationRow, one: Mapping[str, Any]) -> None:
    entry = work.session.get_one(ApplicationSettingRow, str(one["entry"]))
    if entry.setting_id is not None:
        entry.urn = _urn_before(work, entry.setting_id)
        return
    place = one["sections"]["place"]
    entry.urn = str(place["urn"]) if place.get("urn") else None
    entry.setting_id = _own_with(work, row, entry.urn) or _put_on_register(work, actor, row, place)


def _urn_before(work: Work, setting_id: str) -> str | None:
    """Return the URN with which a setting that was never admitted has applied before, None for any other."""
    if work.session.get_one(SettingRow, setting_id).urn is not None:
        return None
    entries = select(ApplicationSettingRow.urn).where(
        ApplicationSettingRow.setting_id == setting_id, ApplicationSettingRow.urn.is_not(None)
    )
    return work.session.scalar(entries.order_by(ApplicationSettingRow.added_at.desc()).limit(1))


def _own_with(work: Work, row: ApplicationRow, urn: str | None) -> str | None:
    """Return the provider's setting that has the URN already: entered as a new one, it is that one all the same."""
    named = select(ApplicationSettingRow.setting_id).where(
        ApplicationSettingRow.application_id == row.id, ApplicationSettingRow.setting_id.is_not(None)
    )
    own = select(SettingRow.id).where(
        SettingRow.urn == urn, SettingRow.provider_id == row.provider_id, SettingRow.id.not_in(named)
    )
    return work.session.scalar(own) if urn else None


def _put_on_register(work: Work, actor: Actor, row: ApplicationRow, place: Answers) -> str:
    setting_id = new_id()
    work.session.add(
        SettingRow(
            id=setting_id,
            name=str(place["name"]),
            provider_id=row.provider_id,
            urn=None,
            kind=str(place["kind"]),
            age_from=int(str(place["age_from"])),
            age_to=int(str(place["age_to"])),
            intake=str(place["intake"]),
            district=str(place["district"]),
            referral_contact_id=_contact(work, row),
        )
    )
    work.session.flush()
    details = {"application_id": row.id}
    audit.record(work, actor=actor.id, action="fps.register_setting", subject=("setting", setting_id), details=details)
    publish(work, SettingRegistered(setting_id, row.provider_id))
    return setting_id


def _contact(work: Work, row: ApplicationRow) -> str:
    """Return whoever sent the application, or a colleague where they have left the provider since."""
    users = [user.id for user in persons_with_role(work.session, Role.PROVIDER_USER, row.provider_id)]
    sender = row.submitted_by or row.created_by
    return sender if sender in users or not users else users[0]
