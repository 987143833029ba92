from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from channels.model import Channel
from hub.demo.cast import Cast
from kernel.work import Work
from people.model import Actor
from people.queries import person
from surveys.actions.close_survey import close_survey
from surveys.actions.create_survey import CreateSurvey, create_survey
from surveys.actions.record_answer import hear_text
from surveys.actions.start_survey import StartSurvey, start_survey
from surveys.queries import session_of
from surveys.rules.ready_made_surveys import ready_made_surveys

LAST_TERM = timedelta(days=75)
OPEN_FOR = timedelta(days=14)

_ANSWERS = {
    "en": (
        ("4", "Yes", "B", "Ring us the same day when something goes wrong."),
        ("four", "yeah", "quicker replies", "Somebody who picks up the phone."),
        ("4/5", "Yes they do", "b", "More swimming, he loves it."),
        ("4", "yep", "A", "Tell us who does what."),
        ("2", "yes", "a", "The taxi is late most days."),
        ("4 thanks", "Yes", "clear information", "One letter instead of five."),
        ("4", "Yes please", "C", "Ask her, not only us."),
        ("2", "y", "B", "Reports that we can read."),
    ),
    "pl": (
        ("czwórka", "nie", "A", "Tłumacz na spotkaniach."),
        ("dwa", "Nie", "c", "Więcej czasu na pytania."),
        ("4", "raczej nie", "B", "Listy po polsku."),
    ),
    "ur": (
        ("۲", "نہیں", "۲", "اسکول ہم سے زیادہ بات کرے۔"),
        ("do", "nahi", "1", "Urdu mein khat bhejein."),
        ("۲", "جی نہیں", "۳", "ملاقات کا وقت شام کو رکھیں۔"),
    ),
}
"""What each family texted last term, by language and in the cast's order."""


def seed(work: Work, cast: Cast) -> None:
    """Show a survey of last term with its results, and one of this term that is ready to be started."""
    coordinator = person(work.session, cast.coordinator_id)
    _ask_last_term(replace(work, now=work.now - LAST_TERM), cast, coordinator)
    create_survey(work, coordinator, CreateSurvey(cast.forum_id, ready_made_surveys()[0]))


def _ask_last_term(work: Work, cast: Cast, coordinator: Actor) -> None:
    survey_id = create_survey(work, coordinator, CreateSurvey(cast.forum_id, ready_made_surveys()[0]))
    start_survey(work, coordinator, StartSurvey(survey_id, work.now + OPEN_FOR))
    said = {language: iter(answers) for language, answers in _ANSWERS.items()}
    for hours, parent in enumerate(cast.parents, start=1):
        at = replace(work, now=work.now + timedelta(hours=hours))
        for text in next(said[person(work.session, parent).language]):
            hear_text(at, session_of(work.session, survey_id, parent), text, Channel.SMS)
    close_survey(replace(work, now=work.now + OPEN_FOR), coordinator, survey_id)
