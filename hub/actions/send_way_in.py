from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from hub.messages import COME_BACK, SIGN_IN
from kernel.work import Work
from people.actions.answer_ask import Answer, answer_ask
from people.actions.issue_grant import issue_grant
from people.events import WayInAsked
from people.model import PersonCard, Role

TO_SIGN_IN = "hub.sign_in"
TO_COME_BACK = "hub.come_back"


def send_way_in(work: Work, asked: WayInAsked) -> None:
    """Send what was asked for to each owner of the address: a link with a code to sign in, a code to come back.

    A shared mailbox gets one for each of its people, a shared phone one. Where there is nobody, nothing is sent.
    """
    queue_messages(work, [_link(work, answer) for answer in answer_ask(work, asked.ask_id, TO_SIGN_IN, _has_account)])
    queue_messages(work, [_code(answer) for answer in answer_ask(work, asked.ask_id, TO_COME_BACK, is_family)[:1]])


def _has_account(card: PersonCard) -> bool:
    return bool(card.roles)


def is_family(card: PersonCard) -> bool:
    """Tell whether somebody is a parent, carer or young person here."""
    return card.has(Role.FAMILY) or card.has(Role.YOUNG_PERSON)


def _link(work: Work, answer: Answer) -> NewMessage:
    grant_id = issue_grant(
        work, purpose=TO_SIGN_IN, target=answer.ask_id, person_id=answer.person.id, expires_at=answer.expires_at
    )
    values = {"name": answer.person.name, "link": grant_id, "code": answer.code_id}
    return NewMessage(type=SIGN_IN, values=values, person_id=answer.person.id, contact_point_id=answer.point.id)


def _code(answer: Answer) -> NewMessage:
    values = {"code": answer.code_id}
    return NewMessage(type=COME_BACK, values=values, person_id=answer.person.id, contact_point_id=answer.point.id)
