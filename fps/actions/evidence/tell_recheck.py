from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from fps.tables import RecheckItemRow
from kernel.work import Work
from people.model import Role
from people.queries import persons_with_role

OWN_RECHECK_PATH = "/my-settings/yearly-check"


def tell_owing(work: Work, recheck_id: str, due_on: date, message: MessageType, key: str) -> int:
    """Tell the users of every provider that owes answers in a re-check how many; return how many messages that is."""
    owed = (
        select(RecheckItemRow.provider_id, func.count())
        .where(RecheckItemRow.recheck_id == recheck_id, RecheckItemRow.answer.is_(None))
        .group_by(RecheckItemRow.provider_id)
        .order_by(RecheckItemRow.provider_id)
    )
    counts = {provider_id: count for provider_id, count in work.session.execute(owed)}  # noqa: C416 - rows, not pairs
    if not counts:
        return 0
    messages = [
        NewMessage(
            message,
            {"count": counts[provider_id], "due": due_on.isoformat(), "link": OWN_RECHECK_PATH},
            person_id=person_id,
            dedupe_key=f"{message.key}:{recheck_id}:{key}:{provider_id}:{person_id}",
            about=Subject("recheck", recheck_id),
        )
        for provider_id, people in _users(work).items()
        if provider_id in counts
        for person_id in people
    ]
    queue_messages(work, messages)
    return len(messages)


def _users(work: Work) -> dict[str, list[str]]:
    """Return the users of every provider, in one query however many providers there are."""
    found: dict[str, list[str]] = defaultdict(list)
    for person in persons_with_role(work.session, Role.PROVIDER_USER):
        for held in person.roles:
            if held.role is Role.PROVIDER_USER:
                found[held.organisation_id].append(person.id)
    return found
