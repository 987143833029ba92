"""One person of whom every domain holds something; every word of theirs carries a marker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.messages import ANSWER_FROM_PERSON
from channels.model import Subject
from channels.tables import HistoryRow, InboundRow, MessageRow, QueueItemRow, SandboxPostRow
from kernel.database import Base
from kernel.ids import new_id
from kernel.work import Ground, Work
from people.actions.issue_grant import issue_grant
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role
from people.queries import contact_points
from surveys.tables import AnswerRow, RemarkRow, SessionRow, SurveyRow, SurveyVersionRow

NAME = "Marker Quillfeather"
PHONE = "+447700900311"
EMAIL = "marker.quillfeather@example.org"
WORDS = {
    "answer": "marker-answer the bus is late",
    "remark": "marker-remark and crowded",
    "question": "marker-question what is an IPA",
    "reply": "marker-reply it is a contract",
    "message": "marker-message hello",
    "referral": "marker-referral hello",
    "unheard": "marker-unheard hello",
}


@dataclass(frozen=True)
class Place:
    """The ids of the council, its forum, its data-protection officer and the person."""

    council: str
    forum: str
    officer: str
    person: str


def plant(work: Work) -> Place:
    """Register a council with an officer, and a parent of whom everything is held."""
    council = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Seaborough", code="E99000011"))
    forum = register_organisation(
        work, NewOrganisation(OrganisationKind.FORUM, "Seaborough Parent Carer Forum", council_id=council)
    )
    officer = register_person(
        work, NewPerson("Dora Pryce", "en", ((Role.AUDITOR, council),), (("email", "dora@example.org"),))
    )
    person = parent(work, forum, NAME, PHONE, EMAIL)
    write_all(work, person, forum, officer)
    return Place(council, forum, officer, person)


def parent(work: Work, forum: str, name: str, *addresses: str) -> str:
    """Register a parent."""
    points = tuple(("email" if "@" in address else "sms", address) for address in addresses)
    return register_person(work, NewPerson(name, "en", ((Role.FAMILY, forum),), points))


def write_all(work: Work, person: str, forum: str, officer: str) -> None:
    """Let every domain hold something of the person."""
    session = work.session
    survey = new_id()
    session.add(
        SurveyRow(
            id=survey,
            forum_id=forum,
            title="Transport",
            version=1,
            status="open",
            created_by=officer,
            created_at=work.now,
        )
    )
    session.flush()
    session.add(SurveyVersionRow(survey_id=survey, number=1, definition={}, created_by=officer, created_at=work.now))
    session.flush()
    _answer(work, person, survey, forum)
    write_messages(work, person)
    say(work, person, WORDS["question"], "questions", answer=WORDS["reply"])


def _answer(work: Work, person: str, survey: str, forum: str) -> None:
    session = work.session
    sitting = new_id()
    grant = issue_grant(
        work, purpose="surveys.answer", target=sitting, person_id=person, expires_at=work.now + timedelta(days=9)
    )
    session.add(
        SessionRow(
            id=sitting,
            survey_id=survey,
            version=1,
            person_id=person,
            language="en",
            state={"said": WORDS["answer"]},
            phase="ended",
            grant_id=grant,
            asked_at=work.now,
            answered_at=work.now,
            finished_at=work.now,
        )
    )
    session.flush()
    _settle(work, sitting, survey, forum)


def _settle(work: Work, sitting: str, survey: str, forum: str) -> None:
    session = work.session
    session.add(
        AnswerRow(
            session_id=sitting,
            question_id="bus",
            survey_id=survey,
            version=1,
            forum_id=forum,
            kind="text",
            outcome="answered",
            value_number=3,
            value_text=WORDS["answer"],
            language="en",
            channel="sms",
            recorded_at=work.now,
        )
    )
    session.add(
        RemarkRow(
            id=new_id(),
            session_id=sitting,
            question_id="bus",
            text=WORDS["remark"],
            channel="sms",
            recorded_at=work.now,
        )
    )


def write_messages(work: Work, person: str) -> None:
    """Send the person a message, one about a referral, and hear one that nobody has recognised yet."""
    about = (("message", None), ("referral", Subject("referral", new_id())))
    for name, subject in about:
        (sent,) = queue_messages(
            work, [NewMessage(ANSWER_FROM_PERSON, {"answer": WORDS[name]}, person_id=person, about=subject)]
        )
        work.session.add(HistoryRow(message_id=sent, at=work.now, what="held", detail=f"{WORDS[name]} to {PHONE}"))
        work.session.add(
            SandboxPostRow(
                attempt_id=sent,
                message_id=sent,
                channel="sms",
                address=PHONE,
                title="",
                body=WORDS[name],
                buttons=[],
                attachments=[],
                at=work.now,
            )
        )
    work.session.add(_inbound(work.now, None, WORDS["unheard"], "waiting"))
    work.session.flush()


def _inbound(now: datetime, person: str | None, body: str, state: str) -> InboundRow:
    return InboundRow(
        id=new_id(),
        channel="sms",
        vendor_id=new_id(),
        sender=PHONE,
        recipient="+447700900999",
        body=body,
        values={},
        received_at=now,
        state=state,
        due_at=now,
        person_id=person,
    )


def say(work: Work, person: str, words: str, queue: str, answer: str | None = None) -> str:
    """Let a text of the person wait in a queue; return the item's id."""
    inbound = _inbound(work.now, person, words, "ended")
    work.session.add(inbound)
    work.session.flush()
    item = new_id()
    point = contact_points(work.session, person)[0].id
    work.session.add(
        QueueItemRow(
            id=item,
            queue=queue,
            inbound_id=inbound.id,
            person_id=person,
            contact_point_id=point,
            reason="for a person",
            text=words,
            opened_at=work.now,
            answer=answer,
        )
    )
    work.session.flush()
    return item


def everything(session: Session) -> Iterator[tuple[str, str]]:
    """Return each table's name with each of its values as text, opened where they are sealed."""
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            for column, value in zip(table.columns, row, strict=True):
                yield f"{table.name}.{column.name}", str(value)


def rows(ground: Ground) -> dict[str, list[Any]]:
    """Return every row of every table but the log."""
    with ground.read() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name != "audit"
        }


def messages_of(session: Session, person: str) -> list[MessageRow]:
    """Return the messages to a person."""
    return list(session.scalars(select(MessageRow).where(MessageRow.person_id == person).order_by(MessageRow.seq)))
