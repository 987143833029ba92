from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from hub.rights_messages import RIGHTS_DUE, RIGHTS_LATE, RIGHTS_RECEIVED
from kernel.work import Work
from people.model import Role
from people.queries import persons_with_role
from people.rights.model import RequestCard
from people.rights.queries import requests_to_remind
from people.rights.rules import REMIND_DAYS_BEFORE, reminder_due


def _path(request_id: str) -> str:
    return f"/rights/{request_id}"


def tell_of_request(work: Work, request_id: str, council_id: str) -> None:
    """Tell the officers of a council that a request has come in through the public page. Nothing in it identifies."""
    queue_messages(
        work,
        [
            NewMessage(
                RIGHTS_RECEIVED,
                {"link": _path(request_id)},
                person_id=officer.id,
                dedupe_key=f"rights:{request_id}:received:{officer.id}",
                about=Subject("rights_request", request_id),
            )
            for officer in persons_with_role(work.session, Role.AUDITOR, council_id)
        ],
    )


def remind_handlers(work: Work, today: date) -> int:
    """Remind of requests that are due in 14, 7, 3 or 1 days, and each day of those that are late; return how many.

    The handler is told, or every officer of the council where nobody has taken the request on.
    """
    cards = requests_to_remind(work.session, today + timedelta(days=max(REMIND_DAYS_BEFORE)))
    return len(queue_messages(work, [message for card in cards for message in _reminders(work.session, card, today)]))


def _reminders(session: Session, card: RequestCard, today: date) -> list[NewMessage]:
    reminder = reminder_due(card.due_on, today) if card.due_on else None
    if card.due_on is None or reminder is None:
        return []
    officers = persons_with_role(session, Role.AUDITOR, card.council_id)
    told = [officer.id for officer in officers if card.handler_id in (None, officer.id)] or [
        each.id for each in officers
    ]
    return [
        NewMessage(
            RIGHTS_LATE if card.due_on < today else RIGHTS_DUE,
            {"last_day": card.due_on.isoformat(), "link": _path(card.id)},
            person_id=person_id,
            dedupe_key=f"rights:{card.id}:{card.due_on.isoformat()}:{reminder}:{person_id}",
            about=Subject("rights_request", card.id),
        )
        for person_id in told
    ]
