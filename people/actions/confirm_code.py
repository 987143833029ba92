from __future__ import annotations

from sqlalchemy import select

from kernel import audit
from kernel.errors import NotFoundError
from kernel.events import publish
from kernel.work import Work
from people.actions.change_consent import give_consent
from people.codes import is_code
from people.events import AddressAdded, AddressReplaced
from people.queries.accounts import has_account
from people.queries.consent import consents_of
from people.rules.codes import OpenCheck, Refusal, digits_of, judge
from people.tables import ContactCheckRow, ContactPointRow

BASIS = "public_task"


def confirm_code(work: Work, actor_id: str, contact_point_id: str, typed: str) -> Refusal | None:
    """Take a code that was typed: from then on the contact point is proved, and messages may go there.

    Returns why it is refused, so that the try is counted whatever comes of it. Where it replaces another one, that
    one goes and is told; so are all others of somebody who has an account, because it opens that. A contact point that
    is proved already is left as it is. Raises NotFoundError.
    """
    row = work.session.get(ContactPointRow, contact_point_id, with_for_update=True)
    if row is None or row.removed_at is not None or row.person_id is None:
        raise NotFoundError
    if row.verified_at is not None:
        return None
    check = _open_check(work, contact_point_id)
    is_right = check is not None and is_code(work.keys, check.id, digits_of(typed), check.digest)
    refusal = judge(OpenCheck(check.expires_at, check.tries) if check else None, work.now, is_right=is_right)
    if check is None or refusal is not None:
        if check is not None:
            check.tries += 1
        return refusal
    check.ended_at = row.verified_at = work.now
    facts = {"contact_point": row.id, "channel": row.channel}
    audit.record(
        work, actor=actor_id, action="people.contact_verified", subject=("person", row.person_id), details=facts
    )
    held = {card.channel for card in consents_of(work.session, row.person_id)}
    if row.channel not in held:
        give_consent(work, actor_id, row.person_id, row.channel, BASIS)
    if check.replaces_id:
        _replace(work, actor_id, row, check.replaces_id)
    if has_account(work.session, row.person_id):
        publish(work, AddressAdded(row.id))
    return None


def _open_check(work: Work, contact_point_id: str) -> ContactCheckRow | None:
    still_open = select(ContactCheckRow).where(
        ContactCheckRow.contact_point_id == contact_point_id, ContactCheckRow.ended_at.is_(None)
    )
    return work.session.scalars(still_open.order_by(ContactCheckRow.id.desc()).limit(1).with_for_update()).first()


def _replace(work: Work, actor_id: str, row: ContactPointRow, replaced_id: str) -> None:
    old = work.session.get(ContactPointRow, replaced_id, with_for_update=True)
    if old is None or old.person_id != row.person_id or old.removed_at is not None:
        return
    old.removed_at = work.now
    row.rank = old.rank
    facts = {"contact_point": old.id, "channel": old.channel}
    audit.record(
        work,
        actor=actor_id,
        action="people.contact_removed",
        subject=("person", row.person_id or ""),
        details=facts,
    )
    publish(work, AddressReplaced(old.id))
