from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextInput,
)
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from hub.web.rights_words import CAME_BY, EXTENSIONS, IDENTITIES, KINDS, OUTCOMES, PAUSES, PURPOSES
from people.web.forms import PageForm
from people.web.options import options
from people.web.widgets import DayInput
from people.web.words import LANGUAGES

MOST_WORDS = 4000
_NAME_LENGTH = 200


_Key = TypeVar("_Key", bound=StrEnum)


def _choices(words: Mapping[_Key, str]) -> list[SelectChoice]:
    return options((key.value, text) for key, text in words.items())


class LogForm(PageForm):
    """A request as it came in."""

    council = SelectField(
        "Council that answers for it", widget=GovSelect(), validators=[InputRequired("Choose a council")]
    )
    kind = RadioField(
        "What do they ask for?",
        choices=_choices(KINDS),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose what they ask for")],
    )
    received_on = DateField(
        "When was it received?",
        format="%d %m %Y",
        invalid_value_message="Enter a real date, with day, month and year",
        widget=DayInput(),
        description="The day on which it reached the council, also if that was a weekend.",
        validators=[InputRequired("Enter the day on which it was received")],
    )
    came_by = SelectField(
        "How did it come?",
        choices=_choices(CAME_BY),
        widget=GovSelect(),
        validators=[InputRequired("Choose how it came")],
    )
    requester = StringField(
        "Who asks?",
        widget=GovTextInput(),
        description="The person, or who acts for them.",
        validators=[InputRequired("Enter who asks"), Length(max=_NAME_LENGTH)],
    )
    reach = StringField("How do you reach them?", widget=GovTextInput(), validators=[Length(max=320)])
    words = TextAreaField(
        "What did they say?",
        widget=GovCharacterCount(),
        description="In their words, as far as you need them.",
        validators=[Length(max=MOST_WORDS)],
    )


class FindForm(PageForm):
    """Whom a request is about."""

    who = StringField(
        "Phone number, email address or name",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a phone number, an email address or a name"), Length(max=320)],
    )


class IdentityForm(PageForm):
    """How somebody made sure who asks."""

    how = RadioField(
        "How did you make sure who asks?",
        choices=_choices(IDENTITIES),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how you made sure")],
    )


class PauseForm(PageForm):
    """Why the clock stops."""

    why = RadioField(
        "Why does the clock stop?",
        choices=_choices(PAUSES),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose why")],
    )


class ExtendForm(PageForm):
    """Two more months."""

    reason = RadioField(
        "Why do you need two more months?",
        choices=_choices(EXTENSIONS),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose why")],
    )
    has_told = BooleanField("I have told them, and why", widget=GovCheckboxInput())


class CloseForm(PageForm):
    """How a request ended."""

    outcome = RadioField(
        "How did it end?",
        choices=_choices(OUTCOMES),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how it ended")],
    )


class CorrectForm(PageForm):
    """What is right."""

    name = StringField(
        "Name", widget=GovTextInput(), validators=[InputRequired("Enter the name"), Length(max=_NAME_LENGTH)]
    )
    language = SelectField("Language", choices=options(LANGUAGES.items()), widget=GovSelect())


class PurposeForm(PageForm):
    """Why a person's data is opened."""

    purpose = RadioField(
        "Why do you open it?",
        choices=_choices(PURPOSES),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose why you open it")],
    )


class EraseForm(PageForm):
    """The second time of asking."""

    is_sure = BooleanField(
        "I have read what goes and what stays. It cannot be undone.",
        widget=GovCheckboxInput(),
        validators=[InputRequired("Confirm that it cannot be undone")],
    )


class HandForm(PageForm):
    """Who handles a request."""

    handler = RadioField("Who handles it?", widget=GovRadioInput(), validators=[InputRequired("Choose who handles it")])
