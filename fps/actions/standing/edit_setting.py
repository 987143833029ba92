from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fps.events import SettingEdited
from fps.model import Intake, SettingKind
from fps.rules import check_ages, check_urn
from fps.rules.settings import check_text
from fps.tables import FrameworkRow, LotRow, SettingOnLotRow, SettingRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor, Role
from people.permissions import Permission, organisations_with
from people.queries import person


@dataclass(frozen=True)
class SettingFacts:
    """What the register says of a setting; ages are whole years, both ends included."""

    name: str
    urn: str | None
    kind: SettingKind
    age_from: int
    age_to: int
    intake: Intake
    district: str
    referral_contact_id: str


def edit_setting(work: Work, actor: Actor, setting_id: str, facts: SettingFacts) -> None:
    """Change what the register says of a setting: its facts and to whom referrals go.

    For the lead authority of a framework on which it stands, and any lead authority while it stands on none. Raises
    NotFoundError for anybody else's, InvalidInputError for a fact that cannot be, ConflictError for a URN of another.
    """
    row = _found(work, setting_id)
    led = set(organisations_with(actor, Permission.REGISTER_MANAGE))
    leads = _leads_of(work, setting_id)
    if not led or (leads and not led & leads):
        raise NotFoundError
    check_ages(facts.age_from, facts.age_to)
    check_urn(facts.kind, facts.urn)
    _check_contact(work, row, facts.referral_contact_id)
    written = {
        **asdict(facts),
        "name": check_text("name", facts.name, longest=200),
        "district": check_text("district", facts.district, longest=100),
    }
    _write(work, actor, row, written)


def change_contact(work: Work, actor: Actor, setting_id: str, contact_id: str) -> None:
    """Change to whom the referrals of one's own setting go; all else is the lead authority's to change.

    Raises NotFoundError for another provider's setting, InvalidInputError for who is no user of the provider.
    """
    row = _found(work, setting_id)
    if row.provider_id not in organisations_with(actor, Permission.SETTINGS_OWN):
        raise NotFoundError
    _check_contact(work, row, contact_id)
    _write(work, actor, row, {"referral_contact_id": contact_id})


def _found(work: Work, setting_id: str) -> SettingRow:
    row = work.session.get(SettingRow, setting_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    return row


def _leads_of(work: Work, setting_id: str) -> set[str]:
    found = (
        select(FrameworkRow.lead_id)
        .join(LotRow, LotRow.framework_id == FrameworkRow.id)
        .join(SettingOnLotRow, SettingOnLotRow.lot_id == LotRow.id)
        .where(SettingOnLotRow.setting_id == setting_id)
    )
    return set(work.session.scalars(found))


def _check_contact(work: Work, row: SettingRow, contact_id: str) -> None:
    if not person(work.session, contact_id).has(Role.PROVIDER_USER, row.provider_id):
        raise InvalidInputError("referral_contact_id", "Choose somebody who is a user of the provider.")


def _write(work: Work, actor: Actor, row: SettingRow, written: dict[str, object]) -> None:
    """Write what differs; nothing is recorded where nothing does."""
    changed = sorted(name for name, value in written.items() if getattr(row, name) != value)
    if not changed:
        return
    try:
        with work.session.begin_nested():
            for name in changed:
                setattr(row, name, written[name])
    except IntegrityError:
        raise ConflictError("A setting with the URN {urn} is registered already.", urn=written.get("urn")) from None
    audit.record(
        work, actor=actor.id, action="fps.edit_setting", subject=("setting", row.id), details={"changed": changed}
    )
    publish(work, SettingEdited(row.id))
