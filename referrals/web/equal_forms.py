"""Forms of what all who were asked read: questions, answers, changes. Each shows what the scan finds in it."""

from __future__ import annotations

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount, GovCheckboxesInput, GovTextArea
from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from people.web.forms import PageForm
from referrals.rules.changing import LONGEST_REASON
from referrals.rules.drafting import LONGEST_TEXT, REQUIRED
from referrals.rules.identifying import Finding
from referrals.rules.questions import LONGEST, LONGEST_ANSWER
from referrals.web.forms import DayField


class ScannedForm(PageForm):
    """A form whose words a person confirms where the scan finds something in them (R31)."""

    confirmed = SelectMultipleField(
        "Which of these tell nobody who the learner is, or who asked?",
        description="Tick a finding only if it is safe. Change the wording to take the others out.",
        choices=[],
        widget=GovCheckboxesInput(),
    )

    def offer(self, findings: Iterable[Finding]) -> None:
        """Offer the findings to be confirmed; none before anything has been written."""
        self.confirmed.choices = [SelectChoice(one.key, f"“{one.text}” looks like {one.mark}") for one in findings]


class QuestionForm(ScannedForm):
    """A provider's question."""

    words = TextAreaField(
        "Your question",
        description="Everybody who was asked reads it, without who asked. Leave out your school, names and places.",
        widget=GovCharacterCount(),
        validators=[InputRequired("Enter your question"), Length(max=LONGEST)],
    )


class WithdrawReferralForm(PageForm):
    """Why a referral is withdrawn."""

    reason = TextAreaField(
        "Why do you withdraw it?",
        description="The reason stays on the record of your council. Name no learner.",
        widget=GovCharacterCount(),
        validators=[InputRequired("Say why you withdraw it"), Length(max=LONGEST_REASON)],
    )


class AnswerForm(ScannedForm):
    """The question as all will read it, and its answer."""

    shown = TextAreaField(
        "The question as everybody will read it",
        description="Take out whatever could tell who asked.",
        widget=GovCharacterCount(),
        validators=[InputRequired("Enter the question as everybody will read it"), Length(max=LONGEST)],
    )
    answer = TextAreaField(
        "Your answer",
        description="Nothing that tells who the learner is.",
        widget=GovCharacterCount(),
        validators=[InputRequired("Enter your answer"), Length(max=LONGEST_ANSWER)],
    )


class ChangeForm(ScannedForm):
    """What may change in an issued referral. `version` is the one that was looked at."""

    version = HiddenField()
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
        widget=GovTextArea(),
        validators=[InputRequired(REQUIRED["travel_zone"]), Length(max=LONGEST_TEXT)],
    )
    starts_from = DayField("Earliest start", "For example, 4 1 2027")
    starts_until = DayField("Latest start", "For example, 26 2 2027")
    deadline = DayField("Last day for answers", "A working day, for example 1 12 2026. Answers close at midday.")
    reason = TextAreaField(
        "What has changed, and why?",
        description="Everybody who was asked reads this.",
        widget=GovCharacterCount(),
        validators=[InputRequired("Say what has changed and why"), Length(max=LONGEST_REASON)],
    )
