from __future__ import annotations

from hub.demo.cast import Cast
from kernel.work import Work
from people.queries import person
from referrals.actions.equal.answer_question import AnswerQuestion, answer_question
from referrals.actions.equal.ask_question import AskQuestion, ask_question
from referrals.queries.providers import invitations_of

_ANSWERED = "Does the learner need a lift or a ground-floor classroom?"
_WAITING = "How many hours of speech and language therapy does the plan name?"


def seed(work: Work, cast: Cast) -> None:
    """Let two providers ask about the referral that is out: one question is answered to all, one waits."""
    first, second = (person(work.session, cast.providers[number][1]) for number in (0, 1))
    asked = next(iter(invitations_of(work.session, first, work.now)))
    question_id = ask_question(work, first, AskQuestion(asked.referral_id, _ANSWERED))
    answer = AnswerQuestion(question_id, _ANSWERED, "No. All floors are fine.")
    answer_question(work, person(work.session, cast.commissioner_id), answer)
    ask_question(work, second, AskQuestion(asked.referral_id, _WAITING))
