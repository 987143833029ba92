from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.applications.check_holds import check_asked_once
from fps.actions.applications.find_application import find_writable
from fps.actions.rounds.take_part import note_application
from fps.events import ApplicationSubmitted
from fps.messages.applications import RECEIPT
from fps.model.applications import ApplicationState, Draft, Submitted
from fps.model.rounds import RoundCard
from fps.queries.applications import application_card, draft_of, last_submission
from fps.rules.application_tasks import all_tasks, frozen
from fps.rules.applications import checksum
from fps.rules.wording import to_the_second
from fps.tables import ApplicationRow, SubmissionRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor


@dataclass(frozen=True)
class SubmitApplication:
    """Whoever sends an application says that it is true; `received_at` is when the server had it (R16)."""

    application_id: str
    is_declared: bool
    received_at: datetime


def submit_application(work: Work, actor: Actor, command: SubmitApplication) -> Submitted:
    """Send an application: what it says is frozen, with a checksum and a receipt; return it as it was sent.

    Until its round closes it may be changed and sent again; sent twice unchanged, it is sent once. Nothing of it
    reaches the register before it is opened after that (R21). Raises InvalidInputError for what is missing,
    TooLateError one second after the round has closed (R16).
    """
    row, joined = find_writable(work, actor, command.application_id, command.received_at)
    if not command.is_declared:
        raise InvalidInputError("is_declared", "Tick the box to say that what you send is true.")
    draft = draft_of(work.session, application_card(row))
    _check_complete(draft, london_date(command.received_at))
    content = frozen(draft)
    before = last_submission(work.session, row.id)
    if before is not None and before.checksum == row.checksum == checksum(content):
        return before
    check_asked_once(work, row, content)
    number = before.number + 1 if before else 1
    sent = Submitted(number, command.received_at, actor.id, checksum(content), content)
    _keep(work, row, sent)
    details = {"number": number, "checksum": sent.checksum}
    audit.record(
        work, actor=actor.id, action="fps.submit_application", subject=("application", row.id), details=details
    )
    publish(work, ApplicationSubmitted(row.id, row.round_id, row.provider_id, actor.id, number))
    _send_receipt(work, row, joined, sent)
    note_application(work, row.round_id, actor.id, row.provider_id)
    return sent


def _check_complete(draft: Draft, on: date) -> None:
    open_tasks = [task for task in all_tasks(draft, on) if not task.is_done]
    if open_tasks:
        raise InvalidInputError(
            "is_declared",
            "{count} of the tasks are not done yet. The first is: {title}.",
            count=len(open_tasks),
            title=open_tasks[0].title,
        )


def _keep(work: Work, row: ApplicationRow, sent: Submitted) -> None:
    content: Mapping[str, Any] = sent.content
    work.session.add(
        SubmissionRow(
            application_id=row.id,
            number=sent.number,
            submitted_at=sent.submitted_at,
            submitted_by=sent.submitted_by,
            content=dict(content),
            checksum=sent.checksum,
        )
    )
    row.state, row.checksum = ApplicationState.SUBMITTED, sent.checksum
    row.submitted_at, row.submitted_by = sent.submitted_at, sent.submitted_by
    work.session.flush()


def _send_receipt(work: Work, row: ApplicationRow, joined: RoundCard, sent: Submitted) -> None:
    values = {
        "round": joined.title,
        "received": to_the_second(sent.submitted_at),
        "closes": joined.closes_at.isoformat(),
        "checksum": sent.checksum,
        "link": f"/my-applications/{row.id}",
    }
    queue_messages(
        work,
        [
            NewMessage(
                type=RECEIPT,
                values=values,
                person_id=sent.submitted_by,
                dedupe_key=f"fps.application_receipt:{row.id}:{sent.number}",
                about=Subject("application", row.id),
            )
        ],
    )
