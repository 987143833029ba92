from __future__ import annotations

from datetime import date, datetime, time

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import DateField, RadioField
from wtforms.validators import InputRequired

from kernel.calendar import at_london
from people.web.forms import PageForm
from people.web.widgets import DayInput

LAST_MOMENT = time(23, 59)


class NewSurveyForm(PageForm):
    """Which questions to ask, for which forum."""

    questions = RadioField(
        "Which questions do you want to ask?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose a set of questions")],
    )
    forum = RadioField(
        "For which forum?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose a forum")],
    )


class StartForm(PageForm):
    """Until when answers count."""

    closes_on = DateField(
        "Last day for answers",
        format="%d %m %Y",
        description="Two weeks are usual. For example, 9 12 2026",
        invalid_value_message="Enter a real date, with day, month and year",
        widget=DayInput(),
        validators=[InputRequired("Enter the last day for answers")],
    )

    def closes_at(self) -> datetime:
        """Return the last moment of the day that was entered, London time."""
        day: date = self.closes_on.data
        return at_london(day, LAST_MOMENT)
