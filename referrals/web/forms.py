from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxesInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from people.web.forms import PageForm
from people.web.widgets import DayInput
from referrals.model import YEAR_GROUPS, AgeBand, Gender, NeedArea
from referrals.rules.drafting import LONGEST_TEXT, MOST_HOURS, REQUIRED
from referrals.rules.routes import LONGEST_REASONS

NOW, LATER = "now", "later"
NOT_CHOSEN = SelectChoice("", "Choose one")
"""Stands first where a default would decide who is asked."""
_BOXES = 3


class DayField(DateField):  # type: ignore[misc]  # wtforms has no types
    """A date in three boxes; whatever a browser sends, three are shown again."""

    def __init__(self, label: str, description: str, *, must: bool = True, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(
            label,
            [InputRequired(f"Enter the {label[0].lower()}{label[1:]}") if must else Optional()],
            format="%d %m %Y",
            description=description,
            invalid_value_message="Enter a real date, with day, month and year",
            widget=DayInput(),
            **kwargs,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read day, month and year."""
        self.raw_data = [*valuelist, "", "", ""][:_BOXES]
        super().process_formdata(self.raw_data)


class DraftForm(PageForm):
    """What a commissioner writes of a learner, and the lot."""

    lot = SelectField("Which lot do you need?", widget=GovSelect(), validators=[InputRequired("Choose the lot")])
    age_band = SelectField(
        "Age band",
        description="Providers see the band, never the age or the date of birth.",
        choices=[NOT_CHOSEN, *(SelectChoice(band.value, band.words) for band in AgeBand)],
        widget=GovSelect(),
        validators=[InputRequired("Choose the age band")],
    )
    year_group = SelectField(
        "Year group",
        description="In the school year of the earliest start. The placement ends with the phase of education.",
        choices=[NOT_CHOSEN, *(SelectChoice(year) for year in YEAR_GROUPS)],
        widget=GovSelect(),
        validators=[InputRequired("Choose the year group")],
    )
    gender = SelectField(
        "Gender",
        description="Shown to providers only where a school on the lot is registered for one gender.",
        choices=[
            SelectChoice("", "Not given"),
            *(SelectChoice(gender.value, gender.value.capitalize()) for gender in Gender),
        ],
        widget=GovSelect(),
    )
    need_area = RadioField(
        "Main area of need",
        choices=[SelectChoice(area.value, area.words.capitalize()) for area in NeedArea],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose the main area of need")],
    )
    outcomes = TextAreaField(
        "What should the learner achieve?",
        description="Plain words. No names, initials, places, schools or dates of birth.",
        widget=GovCharacterCount(),
        validators=[InputRequired(REQUIRED["outcomes"]), Length(max=LONGEST_TEXT)],
    )
    risk_wording = TextAreaField(
        "What risks must a provider know of?",
        description="You may leave this empty. Nothing that tells who the learner is.",
        widget=GovCharacterCount(),
        validators=[Length(max=LONGEST_TEXT)],
    )
    travel_zone = TextAreaField(
        "How far can the learner travel?",
        description="For example, within 45 minutes of the north of the borough.",
        widget=GovTextArea(),
        validators=[InputRequired(REQUIRED["travel_zone"]), Length(max=LONGEST_TEXT)],
    )
    starts_from = DayField("Earliest start", "For example, 4 1 2027")
    starts_until = DayField("Latest start", "For example, 26 2 2027")
    weekly_hours = IntegerField(
        "Hours a week",
        description="Only for alternative provision and part-time places. Providers see it.",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(1, MOST_HOURS, f"Enter the hours a week, from 1 to {MOST_HOURS}")],
    )
    is_protected = RadioField(
        "Does the learner have an EHC plan, or is the learner looked after?",
        description="Providers never see this. The law wants some places to register as a school for such a learner.",
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose yes or no")],
    )


class WordingForm(PageForm):
    """The findings of the scan, each to be let stand by a person or taken out of the text."""

    findings = SelectMultipleField(
        "Which of these tell nobody who the learner is?",
        description="Tick a finding only if it is safe. Change the wording to take the others out.",
        widget=GovCheckboxesInput(),
    )


class TimesForm(PageForm):
    """When the referral goes out and until when providers can answer."""

    deadline = DayField("Last day for answers", "A working day, for example 1 12 2026. Answers close at midday.")
    short_reason = TextAreaField(
        "Why is it urgent?",
        description="Only if providers get less time than usual. A colleague must approve it. Name no learner.",
        widget=GovTextArea(),
        validators=[Length(max=LONGEST_REASONS)],
    )
    release = RadioField(
        "When do you want to release it?",
        choices=[SelectChoice(NOW, "As soon as I confirm"), SelectChoice(LATER, "At a time that I choose")],
        default=NOW,
        widget=GovRadioInput(),
    )
    release_day = DayField("Release day", "Only if you choose the time", must=False)
    release_time = TimeField(
        "Release time",
        description="London time, for example 09:30. Only if you choose the time.",
        invalid_value_message="Enter a real time, like 09:30",
        widget=GovTextInput(),
        validators=[Optional()],
    )


class IssueForm(PageForm):
    """What the commissioner looked at, sent back with the press of the button."""

    previewed = HiddenField()
