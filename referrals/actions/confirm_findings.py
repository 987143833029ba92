from __future__ import annotations

from collections.abc import Collection

from kernel import audit
from kernel.events import insert_ignore
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_draft
from referrals.queries.drafts import need_of
from referrals.rules.identifying import identifying_text
from referrals.tables import ConfirmationRow


def confirm_findings(work: Work, actor: Actor, referral_id: str, keys: Collection[str]) -> None:
    """Record that a person looked at findings of the scan and let them stand, each by its key (R31).

    Keys of nothing that the scan finds are passed over. Raises NotFoundError and ConflictError as find_draft does.
    """
    row = find_draft(work, actor, referral_id)
    findings = {finding.key: finding for finding in identifying_text(need_of(row).free_text)}
    confirmed = [key for key in dict.fromkeys(keys) if key in findings]
    rows = [{"referral_id": row.id, "finding_key": key, "person_id": actor.id, "at": work.now} for key in confirmed]
    if rows:
        insert_ignore(work.session, ConfirmationRow, rows)
    details = {"confirmed": [{"key": key, "mark": findings[key].mark.name} for key in confirmed]}
    audit.record(
        work, actor=actor.id, action="referrals.confirm_wording", subject=("referral", row.id), details=details
    )
