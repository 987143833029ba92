from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from fps.web.fields import day_field, line_field, text_field
from people.web.forms import PageForm
from people.web.options import options
from referrals.model.clocks import ClockKind, SchoolType
from referrals.rules.clocks import LONGEST_CODE, LONGEST_REASON, LONGEST_SCHOOL

_ONLY = "Only for a consultation."


class StartForm(PageForm):
    """A clock to start."""

    kind = RadioField(
        "What has happened?",
        choices=options(
            (kind.value, f"{kind.words}: {kind.starts_with[0].lower()}{kind.starts_with[1:]}") for kind in ClockKind
        ),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose what has happened")],
    )
    started_on = day_field(
        "On which day?",
        hint="The day on which it was served, sent, received or held. For example, 23 11 2026",
        missing="Enter the day",
    )
    learner_code = line_field(
        "Your council's code for the learner",
        LONGEST_CODE,
        hint="The code of your own case system. Never a name, initials or a date of birth.",
        missing="Enter your council's own code for the learner. Never a name.",
    )
    urn = line_field("URN of the school", 6, hint=f"{_ONLY} 6 digits: the hub then knows its name and type.")
    school = line_field("Name of the school", LONGEST_SCHOOL, hint=f"{_ONLY} Where you have no URN.")
    school_type = SelectField(
        "Type of the school",
        description=f"{_ONLY} It decides whether a family can ask for the school to be named.",
        choices=options(((kind.value, kind.words) for kind in SchoolType), first="Choose one"),
        widget=GovSelect(),
    )
    reference = line_field(
        "Referral beside which it runs",
        12,
        hint="If there is one, its reference. A referral is never the consultation.",
    )


class DoneForm(PageForm):
    """On which day a step was done."""

    done_on = day_field("On which day was it done?", hint="For example, 23 11 2026", missing="Enter the day")


class StopForm(PageForm):
    """Why a clock stops."""

    reason = text_field(
        "Why does this clock stop?",
        LONGEST_REASON,
        hint="The reason stays on the record. Name no learner.",
        missing="Say why this clock stops.",
    )
