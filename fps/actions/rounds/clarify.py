from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.rounds.find_contact import Door, find_contact
from fps.actions.rounds.find_round import find_published_round, find_round
from fps.actions.rounds.tell_contacts import tell_contacts
from fps.messages.rounds import ANSWERED, QUESTION_ASKED, SET_ASIDE, news_values, question_path
from fps.queries.rounds import round_card
from fps.rules.round_questions import check_answer, check_question
from fps.rules.rounds import check_answer_time
from fps.tables.rounds import RoundAnswerRow, RoundContactRow, RoundQuestionRow, RoundRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooLateError, TooManyError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role
from people.queries import contact_points, person, persons_with_role

_MOST_A_DAY = 10
_LONGEST_REASON = 500


def ask_question(work: Work, door: Door, words: str) -> str:
    """Ask a question about a round and return its id; the lead authority learns what is asked, not who asks (R11).

    The same words again are the same question. Raises TooLateError once questions are closed, InvalidInputError for
    no words, TooManyError for more than 10 in a day.
    """
    over = find_published_round(work, door.round_id)
    if not round_card(over).takes_questions(work.now):
        raise TooLateError("Questions about this round are closed.")
    text = check_question(words)
    contact = find_contact(work, door)
    lately = select(RoundQuestionRow).where(
        RoundQuestionRow.contact_id == contact.id, RoundQuestionRow.asked_at > work.now - timedelta(days=1)
    )
    asked = list(work.session.scalars(lately))
    same = next((row for row in asked if row.words == text), None)
    if same is not None:
        return same.id
    if len(asked) >= _MOST_A_DAY:
        raise TooManyError("You have asked {most} questions today. Ask more tomorrow.", most=_MOST_A_DAY)
    row = RoundQuestionRow(id=new_id(), round_id=over.id, contact_id=contact.id, asked_at=work.now, words=text)
    work.session.add(row)
    work.session.flush()
    contact.left_at = None  # they hear the answer; a place among the interested would tell by its time who asked
    # the log is open to the lead authority's auditors, and must not say who asked
    audit.record(work, actor=audit.SYSTEM, action="fps.ask_about_round", subject=("round_question", row.id))
    _tell_lead(work, over, row.id)
    return row.id


def publish_answer(work: Work, actor: Actor, question_id: str, question: str, answer: str) -> str:
    """Publish a question with its answer and tell everybody who takes part at the same moment; return its id (R11).

    `question` are the words as everybody reads them; the asker's own stay sealed. Raises NotFoundError for another
    authority's question, InvalidInputError at a field, ConflictError for one that is answered or set aside, or where
    less than a working day is left.
    """
    row, over = _waiting(work, actor, question_id)
    check_answer_time(round_card(over), work.now)
    shown, told = check_answer(question, answer, _names(work, row))
    last = work.session.scalar(select(func.max(RoundAnswerRow.number)).where(RoundAnswerRow.round_id == over.id))
    published = RoundAnswerRow(
        id=new_id(),
        round_id=over.id,
        number=(last or 0) + 1,
        question=shown,
        answer=told,
        published_at=work.now,
        answered_by=actor.id,
    )
    work.session.add(published)
    work.session.flush()
    row.answer_id = published.id
    audit.record(
        work,
        actor=actor.id,
        action="fps.answer_about_round",
        subject=("round_question", row.id),
        details={"number": published.number, "edited": shown != row.words},
    )
    tell_contacts(work, over.id, ANSWERED, news_values(round_card(over)), dedupe=f"round_answered:{published.id}")
    return published.id


def set_aside(work: Work, actor: Actor, question_id: str, reason: str) -> None:
    """Set a question aside that cannot be answered in public; its asker alone is told why. Raises as publish_answer."""
    row, over = _waiting(work, actor, question_id)
    tidy = " ".join(reason.split())
    if not tidy:
        raise InvalidInputError("reason", "Say why. Only whoever asked reads it.")
    if len(tidy) > _LONGEST_REASON:
        raise InvalidInputError("reason", "Use at most {most} characters.", most=_LONGEST_REASON)
    row.set_aside_at, row.set_aside_reason = work.now, tidy
    audit.record(work, actor=actor.id, action="fps.set_question_aside", subject=("round_question", row.id))
    asker = work.session.get(RoundContactRow, row.contact_id) if row.contact_id else None
    if asker is None:
        return
    message = NewMessage(
        type=SET_ASIDE,
        values={**news_values(round_card(over)), "reason": tidy},
        person_id=asker.person_id,
        dedupe_key=f"round_set_aside:{row.id}",
    )
    queue_messages(work, [message])


def _waiting(work: Work, actor: Actor, question_id: str) -> tuple[RoundQuestionRow, RoundRow]:
    found = work.session.get(RoundQuestionRow, question_id)
    if found is None:
        raise NotFoundError
    over = find_round(work, actor, found.round_id)
    row = work.session.get_one(RoundQuestionRow, question_id, with_for_update=True, populate_existing=True)
    if row.answer_id is not None:
        raise ConflictError("This question is answered already.")
    if row.set_aside_at is not None:
        raise ConflictError("This question was set aside already.")
    return row, over


def _names(work: Work, row: RoundQuestionRow) -> tuple[str, ...]:
    """Return what would tell who asked: organisation, person and addresses."""
    asker = work.session.get(RoundContactRow, row.contact_id) if row.contact_id else None
    if asker is None:
        return ()
    points = contact_points(work.session, asker.person_id)
    return (asker.organisation_name, person(work.session, asker.person_id).name, *(point.address for point in points))


def _tell_lead(work: Work, over: RoundRow, question_id: str) -> None:
    values = {"round": over.title, "link": question_path(over.id)}
    messages = [
        NewMessage(
            type=QUESTION_ASKED,
            values=values,
            person_id=lead.id,
            dedupe_key=f"round_question:{question_id}:{lead.id}",
            about=Subject("round", over.id),
        )
        for lead in persons_with_role(work.session, Role.LEAD_AUTHORITY, over.lead_id)
    ]
    queue_messages(work, messages)
