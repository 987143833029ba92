from __future__ import annotations

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovTextInput
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from fps.actions.standing.edit_setting import SettingFacts
from fps.model import Intake, SettingKind
from fps.model.standing import LONGEST_WORDS, NEXT_STEP_WORDS, NextStep
from fps.web.fields import day_field, line_field, text_field, ticks_field
from fps.web.standing_words import INTAKES, KINDS
from people.web.forms import PageForm
from people.web.options import options

_NO_CHILD = "Name no child, and nothing by which one could be known."
_DAY = "For example, 9 12 2026"


def _age(label: str) -> IntegerField:
    return IntegerField(
        label,
        widget=GovTextInput(),
        render_kw={"params": {"classes": "govuk-input--width-2", "inputmode": "numeric"}},
        validators=[InputRequired(f"{label}: enter it in whole years")],
    )


class SettingForm(PageForm):
    """What the register says of a setting."""

    name = line_field("Name of the setting", 200, missing="Enter the name")
    kind = SelectField("Kind", choices=options((each.value, KINDS[each]) for each in SettingKind), widget=GovSelect())
    urn = line_field(
        "Unique reference number (URN)", 6, hint="Six digits. Unregistered provision and learning providers have none."
    )
    age_from = _age("Youngest age")
    age_to = _age("Oldest age")
    intake = RadioField(
        "Registered for",
        choices=[SelectChoice(each.value, INTAKES[each]) for each in Intake],
        default=Intake.MIXED.value,
        widget=GovRadioInput(),
    )
    district = line_field("Council district", 100, missing="Enter the council district", hint="For example, Sefton")
    referral_contact_id = SelectField(
        "To whom do referrals go?", widget=GovSelect(), validators=[InputRequired("Choose who gets the referrals")]
    )

    def facts(self) -> SettingFacts:
        """Return what was written."""
        return SettingFacts(
            name=str(self.name.data),
            urn=str(self.urn.data or "").strip() or None,
            kind=SettingKind(str(self.kind.data)),
            age_from=int(self.age_from.data or 0),
            age_to=int(self.age_to.data or 0),
            intake=Intake(str(self.intake.data)),
            district=str(self.district.data),
            referral_contact_id=str(self.referral_contact_id.data),
        )


class NewSettingForm(SettingForm):
    """A setting of a provider that is known already."""

    provider_id = SelectField("Provider", widget=GovSelect(), validators=[InputRequired("Choose the provider")])


class ContactForm(PageForm):
    """Who gets the referrals of a setting."""

    referral_contact_id = SelectField(
        "To whom do referrals go?", widget=GovSelect(), validators=[InputRequired("Choose who gets the referrals")]
    )


class StepForm(PageForm):
    """One step by the lead authority."""

    lot = SelectField("Lot and step", widget=GovSelect(), validators=[InputRequired("Choose a lot and a step")])
    reason = text_field("Why?", LONGEST_WORDS, missing="Say why", hint=_NO_CHILD)
    effective_on = day_field("From which day does it count?", hint=f"Leave empty for today. {_DAY}", missing=None)
    document = SelectField("Evidence", widget=GovSelect())

    def offer_documents(self, kinds: Iterable[tuple[str, str]]) -> None:
        """Offer the setting's documents as evidence."""
        self.document.choices = options(kinds, first="No document")


class SuspendForm(PageForm):
    """A decision to suspend, or the notice of one."""

    lots = ticks_field("On which lots?", {})
    reasons = text_field(
        "Why?", LONGEST_WORDS, missing="Say why", hint=f"The provider and all member councils read this. {_NO_CHILD}"
    )
    when = RadioField(
        "When does it count?",
        choices=[
            SelectChoice("notice", "After the provider had its chance to reply: 5 working days"),
            SelectChoice("now", "At once, because children are at risk: the provider replies after"),
        ],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose when the suspension counts")],
    )
    review_on = day_field(
        "When is it reviewed?",
        hint=f"Only if it counts at once: a working day, at most 20 working days from today. {_DAY}",
        missing=None,
    )


class InForceForm(PageForm):
    """The day of the first review."""

    review_on = day_field(
        "When is it reviewed?",
        hint=f"A working day, at most 20 working days from today. {_DAY}",
        missing="Enter the day of the review",
    )


class ReasonsForm(PageForm):
    """Why a decision ends."""

    reasons = text_field("Why?", LONGEST_WORDS, missing="Say why", hint=_NO_CHILD)


class KeepForm(ReasonsForm):
    """A review that keeps a suspension or a pause."""

    review_on = day_field(
        "When is it reviewed again?",
        hint=f"A working day, at most 20 working days from today. {_DAY}",
        missing="Enter the day of the next review",
    )


class LeaveForm(ReasonsForm):
    """A decision that a setting leaves."""

    leaves_on = day_field("By when does it leave?", hint=_DAY, missing="Enter the day by which it leaves")


_COUNCIL = "Choose the council that pauses"


class FinishForm(PageForm):
    """The last step of a plan by which a setting leaves."""

    without = text_field(
        "If a council has not answered: why does the setting leave without its answer?",
        LONGEST_WORDS,
        hint=f"Leave it empty where all have answered. It stands in the setting’s history. {_NO_CHILD}",
    )


class PauseForm(PageForm):
    """A council's own pause."""

    council = SelectField("Which council pauses?", widget=GovSelect(), validators=[InputRequired(_COUNCIL)])
    lot = SelectField("On which lot?", widget=GovSelect())
    reason = text_field("Why?", LONGEST_WORDS, missing="Say why", hint=f"Other councils do not read this. {_NO_CHILD}")
    review_on = day_field(
        "When do you review it?",
        hint=f"A working day, at most 20 working days from today. {_DAY}",
        missing="Enter the day of the review",
    )
    tells_provider = BooleanField(
        "Tell the provider, with the reason, and let it reply", default=True, widget=GovCheckboxInput()
    )


class OwnPauseForm(PageForm):
    """A provider's own pause of new referrals, and its end."""

    lots = ticks_field("On which lots?", {})
    reason = text_field("Why?", LONGEST_WORDS, missing="Say why", hint=f"Councils read this. {_NO_CHILD}")


class ReplyForm(PageForm):
    """A provider's reply to a decision."""

    reply = text_field(
        "Your reply", LONGEST_WORDS, missing="Write your reply", hint=f"You can send it once. {_NO_CHILD}"
    )


class LearnerForm(PageForm):
    """A learner who must move, by a code."""

    reference = line_field(
        "Your own reference for the learner",
        12,
        missing="Enter your reference",
        hint="A short code such as LN-4821. Never a name, initials alone, date of birth or pupil number.",
    )
    next_step = SelectField(
        "What comes next?",
        choices=options((each.value, NEXT_STEP_WORDS[each]) for each in NextStep),
        widget=GovSelect(),
    )
    due_on = day_field("By when?", hint=_DAY, missing="Enter a day")
