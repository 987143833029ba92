from __future__ import annotations

from datetime import date

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.applications.find_application import find_led, find_own
from fps.messages.applications import ANSWERED, QUESTION
from fps.model.applications import ApplicationState
from fps.queries.rounds import joining_round
from fps.rules.applications import check_clarification, check_words
from fps.tables import ApplicationRow, ClarificationRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, NotFoundError, TooLateError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role
from people.queries import organisation, persons_with_role


def ask_applicant(work: Work, actor: Actor, application_id: str, question: str, due_on: date) -> str:
    """Ask one applicant to make something clear, by the end of a day; return the question's id.

    Every user of the provider is told. Raises NotFoundError for another authority's application, ConflictError once
    it is decided or withdrawn, InvalidInputError for a question without words or a day that has passed.
    """
    row = find_led(work, actor, application_id)
    if row.state != ApplicationState.SUBMITTED:
        raise ConflictError("This application is decided or withdrawn. Nothing can be asked about it any more.")
    said = check_clarification(question, due_on, london_date(work.now))
    asked = ClarificationRow(
        id=new_id(), application_id=row.id, question=said, asked_at=work.now, asked_by=actor.id, due_on=due_on
    )
    work.session.add(asked)
    work.session.flush()
    details = {"clarification_id": asked.id, "due_on": due_on.isoformat()}
    audit.record(work, actor=actor.id, action="fps.ask_applicant", subject=("application", row.id), details=details)
    queue_messages(work, [_message(work, row, asked, user.id) for user in _users(work, row)])
    return asked.id


def _users(work: Work, row: ApplicationRow) -> list[Actor]:
    return persons_with_role(work.session, Role.PROVIDER_USER, row.provider_id)


def _message(work: Work, row: ApplicationRow, asked: ClarificationRow, person_id: str) -> NewMessage:
    return NewMessage(
        type=QUESTION,
        values={
            "round": joining_round(work.session, row.round_id).title,
            "due": asked.due_on.isoformat(),
            "link": f"/my-applications/{row.id}/questions/{asked.id}",
        },
        person_id=person_id,
        dedupe_key=f"fps.application_question:{asked.id}:{person_id}",
        about=Subject("application", row.id),
    )


def answer_clarification(work: Work, actor: Actor, application_id: str, clarification_id: str, answer: str) -> None:
    """Answer a question about an application of one's own provider, once; it is kept with the application.

    Whoever asked is told. Raises NotFoundError for another's, ConflictError once it is answered, TooLateError after
    the end of its day, InvalidInputError without words.
    """
    row = find_own(work, actor, application_id)
    asked = work.session.get(ClarificationRow, clarification_id, with_for_update=True)
    if asked is None or asked.application_id != row.id:
        raise NotFoundError
    if asked.answered_at is not None:
        raise ConflictError("This question is answered already.")
    if row.state != ApplicationState.SUBMITTED:
        raise ConflictError("This application is decided or withdrawn. Nothing can be added any more.")
    if london_date(work.now) > asked.due_on:
        raise TooLateError("The time to answer this question has passed.")
    asked.answer = check_words("answer", answer)
    asked.answered_at, asked.answered_by = work.now, actor.id
    work.session.flush()
    details = {"clarification_id": asked.id}
    audit.record(
        work, actor=actor.id, action="fps.answer_clarification", subject=("application", row.id), details=details
    )
    values = {
        "provider": organisation(work.session, row.provider_id).name,
        "round": joining_round(work.session, row.round_id).title,
        "link": f"/register/applications/{row.id}",
    }
    about = Subject("application", row.id)
    queue_messages(work, [NewMessage(type=ANSWERED, values=values, person_id=asked.asked_by, about=about)])
