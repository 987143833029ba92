from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from fps.model import Regime
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import insert_ignore
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_draft
from referrals.queries.previews import preview
from referrals.rules.routes import LONGEST_LINE
from referrals.tables import AgreementRow


@dataclass(frozen=True)
class RecordAgreements:
    """Settings have agreed to a deadline that is shorter than the law's; `evidence` says where that is on file."""

    referral_id: str
    deadline_on: date
    setting_ids: Collection[str]
    evidence: str


def record_agreements(work: Work, actor: Actor, command: RecordAgreements) -> None:
    """Record who has agreed to a shorter deadline on a dynamic purchasing system (R15).

    Settings that would not be asked are passed over; the same agreement twice is one. Raises NotFoundError for another
    council's, ConflictError once it is issued or where nobody needs to agree, InvalidInputError without evidence.
    """
    row = find_draft(work, actor, command.referral_id)
    shown = preview(work.session, row, row.release_at or work.now)
    if shown.framework.regime is not Regime.PCR_DPS or not shown.route.is_competitive:
        raise ConflictError("Under this framework nobody has to agree to the deadline.")
    evidence = command.evidence.strip()
    if not evidence:
        raise InvalidInputError("evidence", "Say where the agreements are on file.")
    if len(evidence) > LONGEST_LINE:
        raise InvalidInputError("evidence", "Write no more than {most} characters.", most=LONGEST_LINE)
    asked = {one.setting.id for one in shown.selection.recipients}
    agreed = sorted(asked.intersection(command.setting_ids))
    if not agreed:
        raise InvalidInputError("settings", "Tick the settings that have agreed.")
    values = {"referral_id": row.id, "deadline_on": command.deadline_on, "evidence": evidence}
    who = {"recorded_by": actor.id, "recorded_at": work.now}
    insert_ignore(work.session, AgreementRow, [{**values, **who, "setting_id": one} for one in agreed])
    details = {"deadline_on": command.deadline_on.isoformat(), "settings": agreed}
    audit.record(
        work, actor=actor.id, action="referrals.record_agreements", subject=("referral", row.id), details=details
    )
