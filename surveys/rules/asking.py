"""Who may be asked now, and in which language."""

from datetime import datetime, timedelta

from surveys.model import FALLBACK_LANGUAGE, Definition, LeftOut

ASK_AT_MOST_EVERY = timedelta(days=30)
"""V2: at most one unasked-for question set a person in this time."""
LINK_OUTLIVES_SURVEY = timedelta(days=60)
"""How long after the close a link still leads to a page that says so, instead of an error."""


def left_out(*, last_asked_at: datetime | None, way: LeftOut | None, now: datetime) -> LeftOut | None:
    """Why somebody is not asked, or None; way is why no message could reach them, if none could."""
    if way is not None:
        return way
    if last_asked_at is not None and now - last_asked_at < ASK_AT_MOST_EVERY:
        return LeftOut.ASKED_LATELY
    return None


def language_for(definition: Definition, language: str) -> str:
    """The person's language where the whole survey is written in it, else English."""
    texts = [definition.title, *(question.text for question in definition.questions)]
    texts += [option.label for question in definition.questions for option in question.options]
    is_complete = all(text.by_language.get(language) for text in texts)
    return language if is_complete else FALLBACK_LANGUAGE
