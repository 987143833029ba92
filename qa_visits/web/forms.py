from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from people.web.forms import PageForm
from people.web.widgets import CountedText, DayInput
from qa_visits.model import DEFAULT_END, DEFAULT_START, Head, Judgement, Priority, VisitType
from qa_visits.rules.plans import MAX_EVIDENCE_CHARACTERS

LONGEST_NOTE = 1000


def _day_field(label: str, *, description: str, must: bool = True) -> DateField:
    return DateField(
        label,
        format="%d %m %Y",
        description=description,
        invalid_value_message="Enter a real date, with day, month and year",
        widget=DayInput(),
        validators=[InputRequired("Enter a date") if must else Optional()],
    )


def _clock_field(label: str, default: object) -> TimeField:
    return TimeField(
        label,
        description="London time, for example 09:30",
        default=default,
        invalid_value_message="Enter a real time, like 09:30",
        render_kw={"params": {"classes": "govuk-input--width-5"}},
        widget=GovTextInput(),
        validators=[InputRequired(f"Enter when the visit {label.lower().removesuffix(' at')}")],
    )


class ProposeForm(PageForm):
    """What, where, when and who of a visit to propose."""

    setting = SelectField("Setting", widget=GovSelect())
    visit_type = SelectField(
        "Type of visit",
        choices=[SelectChoice(each.value, each.label.capitalize()) for each in VisitType],
        default=VisitType.ANNUAL.value,
        widget=GovSelect(),
    )
    officer = SelectField("Officer", widget=GovSelect())
    day = _day_field("Day of the visit", description="For example, 9 12 2026")
    starts_at = _clock_field("Starts at", DEFAULT_START)
    ends_at = _clock_field("Ends at", DEFAULT_END)
    is_unannounced = BooleanField("The visit is unannounced: the provider is not told", widget=GovCheckboxInput())
    seen_others = HiddenField()


class OtherDayForm(PageForm):
    """Another day for a visit."""

    day = _day_field("Which day suits you?", description="For example, 9 12 2026")


class DeclineForm(PageForm):
    """A no, with a reason if there is one to give."""

    reason = TextAreaField(
        "Why can you not make it?",
        description="You may leave this empty.",
        widget=GovTextArea(),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )


class CancelForm(PageForm):
    """Why a visit will not be."""

    reason = TextAreaField(
        "Why is the visit cancelled?",
        description="Your colleagues read this. The provider is told only that the visit is cancelled.",
        widget=GovTextArea(),
        validators=[InputRequired("Say why the visit is cancelled"), Length(max=LONGEST_NOTE)],
    )


class OutcomeForm(PageForm):
    """What a visit found, and the improvement action that it leaves."""

    judgement = RadioField(
        "What do you judge?",
        choices=[SelectChoice(each.value, each.label) for each in Judgement],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose a judgement")],
    )
    summary = TextAreaField(
        "What did you find?",
        description="A sentence or two. Name no learner.",
        widget=CountedText(LONGEST_NOTE),
        validators=[InputRequired("Say what you found"), Length(max=LONGEST_NOTE)],
    )
    title = StringField(
        "What is to be improved?",
        description="Leave this empty only if the setting is assured.",
        widget=GovTextInput(),
        validators=[Optional(), Length(max=200)],
    )
    head = SelectField(
        "Which part of the visit does it belong to?",
        choices=[SelectChoice(each.value, each.label) for each in Head],
        widget=GovSelect(),
    )
    priority = SelectField(
        "How urgent is it?",
        choices=[SelectChoice(each.value, each.value.capitalize()) for each in Priority],
        default=Priority.MEDIUM.value,
        widget=GovSelect(),
    )
    owner = SelectField("Who at the provider sees to it?", widget=GovSelect())
    success_measure = TextAreaField(
        "How will everybody know that it is done?",
        widget=GovTextArea(),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )
    due_on = _day_field("When is it due?", description="A working day, for example 4 1 2027", must=False)


class EvidenceForm(PageForm):
    """What the provider has done."""

    text = TextAreaField(
        "What have you done?",
        description="Say what has changed and how it can be seen. Name no learner.",
        widget=CountedText(MAX_EVIDENCE_CHARACTERS),
        validators=[InputRequired("Say what you have done"), Length(max=MAX_EVIDENCE_CHARACTERS)],
    )


class SendBackForm(PageForm):
    """What is missing."""

    reason = TextAreaField(
        "What is missing?",
        description="The provider reads this.",
        widget=GovTextArea(),
        validators=[InputRequired("Say what is missing"), Length(max=LONGEST_NOTE)],
    )


class TermDatesForm(PageForm):
    """A setting's half-terms and closures, one a line."""

    half_terms = TextAreaField(
        "Half-terms",
        description="One a line, first and last day, for example 2 11 2026 to 18 12 2026",
        widget=GovTextArea(),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )
    closures = TextAreaField(
        "Closure days",
        description="One a line, for example 27 11 2026, or 10 12 2026 to 11 12 2026",
        widget=GovTextArea(),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )


class FigureForm(PageForm):
    """One figure; several are parted by commas."""

    value = StringField(
        "Value",
        render_kw={"params": {"classes": "govuk-input--width-10"}},
        widget=GovTextInput(),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )
