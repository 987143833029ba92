from __future__ import annotations

from datetime import date, datetime, time

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput
from wtforms import DateField, Field, RadioField
from wtforms.validators import InputRequired

from kernel.calendar import at_london
from kernel.errors import InvalidInputError

LAST_MOMENT = time(23, 59)


class SurveyForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A form of this domain. Rules live in the actions; what they refuse is shown at the field it is about."""

    def show(self, error: InvalidInputError) -> None:
        """Show an action's refusal at its field, or at the first one where the form has no such field."""
        named: Field | None = self._fields.get(error.field)
        shown = named or next(iter(self._fields.values()))
        shown.errors = [*shown.errors, str(error)]


class NewSurveyForm(SurveyForm):
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


class StartForm(SurveyForm):
    """Until when answers count."""

    closes_on = DateField(
        "Last day for answers",
        format="%d %m %Y",
        description="Two weeks are usual. For example, 9 12 2026",
        invalid_value_message="Enter a real date, with day, month and year",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the last day for answers")],
    )

    def closes_at(self) -> datetime:
        """Return the last moment of the day that was entered, London time."""
        day: date = self.closes_on.data
        return at_london(day, LAST_MOMENT)
