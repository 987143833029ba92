from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.events import insert_ignore
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.model.notices import NoticeState
from referrals.queries.notice_drafts import Desk, drafted
from referrals.queries.notices import duty, own_councils
from referrals.rules.notices import check_prefix, check_sent, package_hash
from referrals.tables import NoticePublisherRow, NoticeRow

_RECORDED = "This notice is recorded already. See the notices that were sent."


@dataclass(frozen=True)
class RecordNotice:
    """A notice that was sent: which, when, and under which number it was published. `base_url` is the hub's address."""

    key: str
    number: str
    sent_on: date
    base_url: str


def record_notice(work: Work, actor: Actor, command: RecordNotice) -> str:
    """Keep a notice as it was sent, frozen with its hash; returns its id. The hub itself publishes nothing (R38).

    Raises NotFoundError for another council's, ConflictError while its quarter runs or where it is recorded already,
    InvalidInputError for number or day.
    """
    today = london_date(work.now)
    recorded = select(NoticeRow.id).where(NoticeRow.key == command.key, NoticeRow.council_id.in_(own_councils(actor)))
    if work.session.scalar(recorded) is not None:
        raise ConflictError(_RECORDED)
    owed = duty(work.session, actor, command.key, today)
    if owed.state(today) is NoticeState.COLLECTING:
        raise ConflictError("The quarter still runs: more awards may come. Send the notice when it is over.")
    number = check_sent(command.number, command.sent_on, today)
    if owed.quarter and command.sent_on < owed.quarter.after:
        raise InvalidInputError("sent_on", "Enter a day after the end of the quarter.")
    package = drafted(work.session, owed, Desk(work.keys, command.base_url, work.now))
    row = NoticeRow(
        id=new_id(),
        council_id=owed.council_id,
        key=owed.key,
        due_on=owed.due_on,
        sent_on=command.sent_on,
        sent_by=actor.id,
        recorded_at=work.now,
        number=number,
        package=package,
        hash=package_hash(package),
    )
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        raise ConflictError(_RECORDED) from None
    details = {"key": owed.key, "hash": row.hash, "awards": list(owed.award_ids)}
    audit.record(work, actor=actor.id, action="referrals.record_notice", subject=("notice", row.id), details=details)
    return row.id


def set_prefix(work: Work, actor: Actor, council_id: str, written: str) -> None:
    """Set by which prefix a council's contracting processes are known; raises NotFoundError, InvalidInputError."""
    if council_id not in own_councils(actor):
        raise NotFoundError
    prefix = check_prefix(written)
    written_now = {"ocid_prefix": prefix, "changed_by": actor.id, "changed_at": work.now}
    insert_ignore(work.session, NoticePublisherRow, [{"council_id": council_id, **written_now}])
    kept = update(NoticePublisherRow).where(NoticePublisherRow.council_id == council_id)
    work.session.execute(kept.values(written_now))
    about, details = ("organisation", council_id), {"prefix": prefix}
    audit.record(work, actor=actor.id, action="referrals.set_ocid_prefix", subject=about, details=details)
    work.session.flush()
