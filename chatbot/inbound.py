from __future__ import annotations

from datetime import timedelta

from channels.actions.pass_to_person import QUESTIONS, pass_to_person
from channels.inbox.hearing import Disposition, Ending, Heard, Hearer, reply
from channels.messages import HELP
from channels.queries import messages_to
from chatbot.knowledge import explain, reader
from chatbot.messages import ASK_WHICH, EXPLAINED, EXPLAINED_IN_PART, PASSED_ON
from chatbot.model import AskWhich, Courtesy, NotUnderstood, Understood
from kernel.translation import SOURCE_LOCALE
from kernel.work import Work

TOLD_FOR = timedelta(hours=1)
"""How long somebody who was told that a person will answer is not told again, however much they write."""


def hear_question(work: Work, heard: Heard) -> Disposition | None:
    """Explain the words that a text asks about; offer a person for everything else."""
    if heard.action is not None:
        return None
    understanding = reader().understand(heard.text)
    match understanding:
        case Understood():
            return _explain(work, heard, understanding)
        case AskWhich():
            return _ask_which(work, heard, understanding)
        case NotUnderstood():
            return _offer_a_person(work, heard)
        case Courtesy():
            # "Thanks" wants no answer: one would cost a text, and two machines could thank each other for ever.
            return Disposition(Ending.IGNORED, "thanks")
    reply(work, heard, HELP, {})  # a bare hello asks, in effect, what this number is for
    return Disposition(Ending.ANSWERED, "help")


def _explain(work: Work, heard: Heard, understood: Understood) -> Disposition:
    language = _language(heard, understood.language)
    explanations = [explain(key, language) for key in understood.keys]
    values = {
        "term": ", ".join(explanation.title for explanation in explanations),
        "answer": "\n\n".join(explanation.answer for explanation in explanations),
        "brief": "\n".join(explanation.short for explanation in explanations),
    }
    if not understood.leaves_rest:
        reply(work, heard, EXPLAINED, values)
        return Disposition(Ending.ANSWERED, " ".join(understood.keys))
    reply(work, heard, EXPLAINED_IN_PART, values)
    return pass_to_person(work, heard, QUESTIONS, reason=f"more than {' '.join(understood.keys)}")


def _ask_which(work: Work, heard: Heard, asked: AskWhich) -> Disposition:
    """Ask which is meant. The full names are names of the terms, so the next text answers without any memory."""
    language = _language(heard, asked.language)
    choices = [explain(key, language).title for key in asked.keys]
    reply(work, heard, ASK_WHICH, {"name": asked.name, "choices": choices})
    return Disposition(Ending.ANSWERED, "which of " + " ".join(asked.keys))


def _offer_a_person(work: Work, heard: Heard) -> Disposition:
    if not _was_told_lately(work, heard):
        reply(work, heard, PASSED_ON, {})
    return pass_to_person(work, heard, QUESTIONS, reason="not understood")


def _was_told_lately(work: Work, heard: Heard) -> bool:
    since = work.now - TOLD_FOR
    told = {PASSED_ON.key, EXPLAINED_IN_PART.key}
    latest = messages_to(work.session, heard.person.id, limit=20)
    return any(message.key in told and message.queued_at > since for message in latest)


def _language(heard: Heard, asked_in: str | None) -> str:
    """Answer a Polish or Urdu question in kind; an English one in the person's own language, which may be another."""
    return asked_in if asked_in not in (None, SOURCE_LOCALE) else heard.person.language


HEARERS: tuple[Hearer, ...] = (hear_question,)
