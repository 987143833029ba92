"""Forms of a draft's route, criteria, files and agreements."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovTextInput,
)
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from people.web.forms import PageForm
from people.web.widgets import CountedText
from referrals.model.approvals import ApprovalOutcome
from referrals.model.contracts import ContractCard
from referrals.model.criteria import Criterion
from referrals.model.particulars import DirectAwardReason
from referrals.model.routes import Route
from referrals.rules.routes import LONGEST_LINE, LONGEST_REASONS, SHORTEST_REASONS, SHORTEST_WHY
from referrals.web.forms import NOT_CHOSEN, DayField

ROUTE_HINTS = {
    Route.MINI_COMPETITION: "Everybody active on the lot is asked at the same moment.",
    Route.DIRECT_AWARD: "One setting on the lot is asked. It needs reasons, evidence and a colleague's approval.",
    Route.BLOCK_CALLDOWN: "A place that your council has bought already in a block contract.",
    Route.OFF_FRAMEWORK_SPOT: "A supplier who is not on the framework. It needs a reference of your contract rules.",
    Route.EXISTING_CONTRACT: "A setting with which your council has had a contract from before.",
}


class RouteForm(PageForm):
    """By which route the place is bought."""

    route = RadioField(
        "How do you want to buy this place?",
        choices=[SelectChoice(route.value, route.words) for route in Route],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose a route")],
    )


def _line(label: str, hint: str, missing: str | None = None) -> StringField:
    return StringField(
        label,
        description=hint,
        widget=GovTextInput(),
        validators=[InputRequired(missing) if missing else Optional(), Length(max=LONGEST_LINE)],
    )


def _reasons(label: str, hint: str, missing: str) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        widget=CountedText(LONGEST_REASONS),
        validators=[InputRequired(missing), Length(max=LONGEST_REASONS)],
    )


class DirectAwardForm(PageForm):
    """Why one setting is asked without a competition (R5)."""

    reason_code = SelectField(
        "Why do you ask this setting alone?",
        choices=[NOT_CHOSEN, *(SelectChoice(reason.value, reason.words) for reason in DirectAwardReason)],
        widget=GovSelect(),
        validators=[InputRequired("Choose why you ask this setting alone")],
    )
    reasons = _reasons(
        "What are the reasons?",
        f"At least {SHORTEST_REASONS} characters. They stay on the record. Name no learner.",
        "Write the reasons",
    )
    evidence = _line(
        "Link to the evidence",
        "In your council's own records, for example https://example.org/panel/12",
        "Enter the link to the evidence",
    )


class ContractForm(PageForm):
    """The contract that a place is called off."""

    contract_id = RadioField(
        "Which contract?", widget=GovRadioInput(), validators=[InputRequired("Choose the contract")]
    )

    def offer(self, contracts: Iterable[ContractCard]) -> None:
        """Offer contracts to choose from."""
        self.contract_id.choices = [SelectChoice(one.id, _contract(one)) for one in contracts]


def _contract(one: ContractCard) -> str:
    left = "" if one.places_left is None else f", {one.places_left} of {one.places} places left"
    return f"{one.setting_name}, {one.reference}{left}"


class SpotForm(PageForm):
    """Who sells the place, and by which rule of the council (R7)."""

    supplier = _line("Name of the supplier", "", "Enter the name of the supplier")
    supplier_number = _line("URN or UKPRN", "6 or 8 digits. Leave this empty if the supplier has neither.")
    rule_reference = _line(
        "Reference of your contract procedure rules",
        "The rule or waiver that allows it, for example CPR 14.2 or W-2026-031",
        "Enter the reference of your contract procedure rules",
    )


class WeightsForm(PageForm):
    """How much each criterion counts (R24); one field a criterion."""

    @property
    def points(self) -> dict[Criterion, int]:
        """What was entered, nothing for a criterion that was left empty."""
        return {criterion: self[f"weight-{criterion}"].data or 0 for criterion in Criterion}


for _criterion in Criterion:
    setattr(
        WeightsForm,
        f"weight-{_criterion}",
        IntegerField(
            _criterion.words,
            description=_criterion.asks,
            widget=GovTextInput(),
            validators=[Optional()],
            render_kw={"params": {"classes": "govuk-input--width-3", "inputmode": "numeric", "suffix": {"text": "%"}}},
        ),
    )


class FileForm(PageForm):
    """A file for everybody who is asked."""

    file = FileField(
        "The file",
        description="PDF, Word (.docx), PNG or JPEG, at most 5 MB",
        widget=GovFileInput(),
        render_kw={"params": {"attributes": {"accept": ".pdf,.docx,.png,.jpg,.jpeg"}}},
        validators=[FileRequired("Choose a file")],
    )
    is_confirmed = BooleanField(
        "I have looked into the file. Neither it nor its name tells who the learner is.",
        widget=GovCheckboxInput(),
        validators=[InputRequired("Look into the file, then confirm that it tells nobody who the learner is")],
    )


class OverrideForm(PageForm):
    """Why provision that is not registered as a school may be asked all the same (R40)."""

    override_reason = _reasons(
        "Why may it be asked all the same?",
        f"At least {SHORTEST_WHY} characters. A colleague must approve it.",
        "Write the reason",
    )


class AgreementsForm(PageForm):
    """Who has agreed to a deadline that is shorter than the law's (R15)."""

    deadline = DayField("Which deadline have they agreed to?", "For example, 1 12 2026")
    settings = SelectMultipleField("Who has agreed?", widget=GovCheckboxesInput())
    evidence = _line(
        "Where are the agreements on file?",
        "For example, emails of 3 June in case folder 1204",
        "Say where they are on file",
    )


class DeleteForm(PageForm):
    """A press of the button."""


class DecisionForm(PageForm):
    """What a second person decides."""

    outcome = RadioField(
        "What do you decide?",
        choices=[
            SelectChoice(ApprovalOutcome.APPROVED.value, "Approve it exactly as it is shown"),
            SelectChoice(ApprovalOutcome.REFUSED.value, "Send it back"),
        ],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose whether you approve it")],
    )
    words = TextAreaField(
        "What do you want to say?",
        description="Needed if you send it back: say what has to change.",
        widget=CountedText(LONGEST_REASONS),
        validators=[Length(max=LONGEST_REASONS)],
    )
