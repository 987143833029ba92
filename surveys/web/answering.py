from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Reply

from channels.inbox.accept import Inbox
from channels.messages import WORRY_REPLY
from channels.model import Arrival, Channel
from channels.rules.safety import worry_in
from kernel.errors import NotFoundError
from kernel.translation import Phrase, say
from kernel.web import ground
from people.model import Grant
from people.queries import contact_points, open_grant, organisation
from people.web.guard import public
from surveys.actions.record_answer import fill_form
from surveys.actions.start_survey import PURPOSE
from surveys.model import Answer, Outcome, Question, QuestionKind, SurveyStatus
from surveys.queries import SessionCard, session_card
from surveys.rules.read_form import LONGEST_TEXT, NOT_KNOWN, answer_from_form, skipped
from surveys.rules.state import Phase
from surveys.rules.wording import SAID_NO, SAID_NOT_KNOWN, SAID_YES

pages = Blueprint("answering", __name__)

_CHOOSE = say("surveys.page.choose", "Choose an answer, or skip the question")
_WRITE = say("surveys.page.write", "Write an answer, or skip the question")
_TOO_LONG = say("surveys.page.too_long", "Write no more than {longest} letters")
_PHRASES = {"yes": SAID_YES, "no": SAID_NO, "not_known": SAID_NOT_KNOWN}


@dataclass(frozen=True)
class Visit:
    """Somebody at a survey by their own link."""

    token: str
    grant: Grant
    card: SessionCard
    forum: str

    @property
    def is_open(self) -> bool:
        """Tell whether there is still something to answer."""
        return self.card.survey.status is SurveyStatus.OPEN and self.card.state.phase is Phase.ASKING


def _visit(token: str) -> Visit:
    """Open a link, in its owner's language; raises NotFoundError or TooLateError for one that leads nowhere."""
    with ground().read() as session:
        grant = open_grant(session, token, PURPOSE, ground().clock.now())
        return _found(session, token, grant)


def _found(session: Session, token: str, grant: Grant) -> Visit:
    card = session_card(session, grant.target)
    g.language = card.state.language
    g.branded_as = card.survey.council_id
    return Visit(token, grant, card, organisation(session, card.survey.forum_id).name)


def _over(visit: Visit) -> str:
    finished = visit.card.state.phase is Phase.FINISHED
    return render_template("surveys/over.html", forum=visit.forum, is_finished=finished)


@pages.get("/s/<token>")
@public("the link in the invitation grants it, to the person who got it")
def show(token: str) -> str | Reply:
    """Lead to where the person stands: before the first question, at the next one, or after the last."""
    visit = _visit(token)
    if not visit.is_open:
        return _over(visit)
    if visit.card.state.answers:
        return redirect(url_for(".question", token=token, question_id=visit.card.state.current), code=303)
    return render_template(
        "surveys/before.html",
        forum=visit.forum,
        count=len(visit.card.definition.asked),
        first=url_for(".question", token=token, question_id=visit.card.state.current),
    )


@pages.get("/s/<token>/<question_id>")
@public("the link in the invitation grants it, to the person who got it")
def question(token: str, question_id: str) -> str | Reply:
    """Show one question, the next one or an earlier one again."""
    visit = _visit(token)
    if not visit.is_open:
        return _over(visit)
    asked = _question(visit, question_id)
    if asked is None:
        return redirect(url_for(".show", token=token), code=303)
    return _page(visit, asked, visit.card.state.answer_to(question_id))


@pages.post("/s/<token>/<question_id>")
@public("the link in the invitation grants it, to the person who got it")
def answer(token: str, question_id: str) -> str | Reply | tuple[str, int]:
    """Take the answer to one question, or leave it out; then go on to the next that is open."""
    visit = _visit(token)
    if not visit.is_open:
        return _over(visit)
    asked = _question(visit, question_id)
    if asked is None:
        return redirect(url_for(".show", token=token), code=303)
    written = request.form.get("answer", "")
    given = skipped(asked) if request.form.get("do") == "skip" else answer_from_form(asked, written)
    if given is None:
        return _page(visit, asked, None, error=_WRITE if asked.kind is QuestionKind.TEXT else _CHOOSE), 422
    if given.text is not None and len(given.text) > LONGEST_TEXT:
        return _page(visit, asked, given, error=_TOO_LONG), 422
    return _take(visit, given)


def _question(visit: Visit, question_id: str) -> Question | None:
    """The question if its turn has come; raises NotFoundError for one that this survey does not ask."""
    state = visit.card.state
    if question_id not in {one.id for one in visit.card.definition.questions}:
        raise NotFoundError
    if question_id != state.current and state.answer_to(question_id) is None:
        return None
    return visit.card.definition.question(question_id)


def _take(visit: Visit, given: Answer) -> Reply:
    """Record an answer. Words that give cause to worry go to the duty officer first and stay out of the survey (V9)."""
    worries = given.text is not None and worry_in(given.text, visit.card.state.language) is not None
    if worries:
        _hand_to_duty(visit, given)
        given = Answer(given.question_id, Outcome.PASSED_ON)
    with ground().work() as work:
        fill_form(work, visit.card.id, given, Channel.WEB)
    return redirect(url_for(".told" if worries else ".show", token=visit.token), code=303)


def _hand_to_duty(visit: Visit, given: Answer) -> None:
    """Put the words into the inbox as if the person had texted them: there worries go before everything else."""
    with ground().read() as session:
        point = contact_points(session, visit.grant.person_id or "")[0]
    digest = hashlib.sha256((given.text or "").encode()).hexdigest()[:32]
    inbox = Inbox(ground())
    try:
        inbox.accept(
            Arrival(
                channel=Channel(point.channel),
                vendor_id=f"survey:{visit.card.id}:{given.question_id}:{digest}",
                sender=point.address,
                body=given.text or "",
            )
        )
    finally:
        inbox.close()


@pages.get("/s/<token>/told/us")
@public("the link in the invitation grants it, to the person who got it")
def told(token: str) -> str:
    """Say what happens with words that give cause to worry, and whom to call (V9)."""
    visit = _visit(token)
    return render_template("surveys/told.html", words=WORRY_REPLY.text, phrase=_phrase, on=visit.is_open, token=token)


def _phrase(text: Phrase, locale: str, **values: object) -> str:
    return ground().translations.phrase(text, locale, **values)


def _page(visit: Visit, asked: Question, given: Answer | None, error: Phrase | None = None) -> str:
    questions = visit.card.definition.questions
    earlier = questions[: questions.index(asked)]
    numbered = visit.card.definition.asked
    return render_template(
        "surveys/question.html",
        token=visit.token,
        question=asked,
        number=numbered.index(asked) + 1 if asked in numbered else None,
        total=len(numbered),
        back=url_for(".question", token=visit.token, question_id=earlier[-1].id) if earlier else None,
        given=given,
        error=error,
        phrase=_phrase,
        phrases=_PHRASES,
        not_known=NOT_KNOWN,
        longest=LONGEST_TEXT,
    )
