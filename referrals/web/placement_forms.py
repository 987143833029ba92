from __future__ import annotations

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovTextInput
from wtforms import BooleanField, DecimalField, HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from fps.web.fields import day_field, line_field
from people.web.forms import PageForm
from people.web.widgets import CountedText
from referrals.model import YEAR_GROUPS
from referrals.model.contracts import ContractCard, ContractKind
from referrals.model.placement_reviews import ReviewKind
from referrals.model.placement_reviews import ReviewOutcome as Outcome
from referrals.model.placements import Basis, EndReason, Fees, Part, PlacementCard, PlacementKind
from referrals.queries.placement_contacts import ContactChoices
from referrals.rules.placements import LONGEST_CODE, LONGEST_TEXT, AgreementTerms

_NOT_CHOSEN = SelectChoice("", "Choose one")
_KEPT = SelectChoice("", "As it is")
_NO_NAMES = "No names, initials, addresses, schools or dates of birth."
_DAY = "For example, 11 1 2027"


def _confirmed() -> BooleanField:
    return BooleanField("I have checked that nothing here tells who the learner is", widget=GovCheckboxInput())


def _words(label: str, hint: str) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        widget=CountedText(LONGEST_TEXT),
        validators=[Optional(), Length(max=LONGEST_TEXT, message=f"Use at most {LONGEST_TEXT} characters")],
    )


def _number(label: str, hint: str, *, missing: str | None = None) -> IntegerField:
    return IntegerField(
        label,
        description=hint,
        widget=GovTextInput(),
        render_kw={"params": {"classes": "govuk-input--width-10", "inputmode": "numeric"}},
        validators=[InputRequired(missing) if missing else Optional()],
    )


def _year_group() -> SelectField:
    return SelectField(
        "Year group today",
        description="The package ends with the learner's phase of education.",
        choices=[_NOT_CHOSEN, *(SelectChoice(year) for year in YEAR_GROUPS)],
        widget=GovSelect(),
        validators=[InputRequired("Choose the year group")],
    )


class ContractForm(PageForm):
    """A contract of the council with a setting."""

    kind = RadioField(
        "What kind of contract is it?",
        choices=[
            SelectChoice(ContractKind.BLOCK.value, "Block contract: places bought together"),
            SelectChoice(ContractKind.EXISTING.value, "Existing contract: made before or beside the framework"),
        ],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose the kind of contract")],
    )
    setting = line_field(
        "School or other setting", 200, missing="Enter the name or the URN of the setting", hint="Its name or URN"
    )
    lot = SelectField("Lot", widget=GovSelect())
    reference = line_field("Reference of the contract", 40, missing="Enter the reference of the contract")
    since = day_field("First day", hint="For example, 1 9 2026", missing="Enter the first day")
    until = day_field("Last day", hint="Leave it empty if the contract runs on", missing=None)
    places = _number("Places", "How many learners can have a place at the same time. A block contract needs it.")


class ChangeContractForm(PageForm):
    """What can be changed of a contract."""

    reference = line_field("Reference of the contract", 40, missing="Enter the reference of the contract")
    until = day_field("Last day", hint="Leave it empty if the contract runs on", missing=None)
    places = _number("Places", "How many learners can have a place at the same time. A block contract needs it.")


class SeenForm(PageForm):
    """A change of a placement as somebody saw it."""

    edition = HiddenField()

    def seen(self) -> int:
        """Return the edition of the placement that was looked at."""
        told = str(self.edition.data or "")
        return int(told) if told.isdecimal() and len(told) <= LONGEST_CODE else 0


def _contact(label: str) -> SelectField:
    return SelectField(label, choices=[], validate_choice=False, widget=GovSelect())


class AgreementForm(SeenForm):
    """What a commissioner writes of an agreement."""

    kind = RadioField(
        "What kind of placement is it?",
        choices=[SelectChoice(each.value, each.words) for each in PlacementKind],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose the kind of placement")],
    )
    learner_code = line_field(
        "The learner's code in your own system",
        LONGEST_CODE,
        hint="For example, SEND-20418. Suppliers do not see it in the hub. "
        "Never a name, a date of birth or a pupil number.",
    )
    basis = SelectField(
        "What does the placement rest on?",
        choices=[_NOT_CHOSEN, *(SelectChoice(each.value, each.words) for each in Basis)],
        widget=GovSelect(),
    )
    outcomes = _words("Outcomes", f"What the learner should achieve there, one a line. {_NO_NAMES}")
    starts_on = day_field("Admission date", hint=_DAY, missing=None)
    ends_on = day_field("Last day", hint="The end of the learner's phase, or an earlier day", missing=None)
    council_contact = _contact("Contact at the council")
    provider_contact = _contact("Contact at the supplier")
    is_confirmed = _confirmed()

    def offer(self, choices: ContactChoices) -> None:
        """Offer the contacts; none of a supplier that is not on the register."""
        self.council_contact.choices = [_KEPT, *(SelectChoice(each.id, each.name) for each in choices.council)]
        self.provider_contact.choices = [_KEPT, *(SelectChoice(each.id, each.name) for each in choices.provider)]
        if not choices.provider:
            del self.provider_contact

    def fill(self, card: PlacementCard) -> None:
        """Show what is written already."""
        self.council_contact.data = card.council_contact_id
        if self.provider_contact is not None:
            self.provider_contact.data = card.provider_contact_id or ""
        self.edition.data = str(card.edition)
        self.kind.data, self.basis.data = card.kind.value, card.basis.value if card.basis else ""
        self.learner_code.data, self.outcomes.data = card.learner_code, card.outcomes
        self.starts_on.data, self.ends_on.data = card.starts_on, card.ends_on

    def terms(self) -> AgreementTerms:
        """Return what was written."""
        return AgreementTerms(
            kind=PlacementKind(str(self.kind.data)),
            learner_code=str(self.learner_code.data or "").strip(),
            basis=Basis(str(self.basis.data)) if self.basis.data else None,
            outcomes=str(self.outcomes.data or ""),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
        )


class PartForm(SeenForm):
    """Hours, weeks and fees of one supplier's part."""

    service = line_field("What does the supplier do?", 200, missing="Say what the supplier does", hint=_NO_NAMES)
    hours = DecimalField(
        "Hours a week",
        places=None,
        description="In quarters, for example 12.5",
        widget=GovTextInput(),
        render_kw={"params": {"classes": "govuk-input--width-5", "inputmode": "decimal"}},
        validators=[Optional()],
    )
    weeks = _number("Weeks a year", "For example, 38")
    education = _number("Education", "Whole pounds a year")
    care = _number("Care and boarding", "Whole pounds a year")
    therapy = _number("Therapy", "Whole pounds a year")
    transport = _number("Transport", "Whole pounds a year")
    is_confirmed = _confirmed()

    def fill(self, part: Part) -> None:
        """Show what is written already."""
        self.service.data, self.weeks.data = part.service, part.weeks_a_year
        self.hours.data = part.hours_a_week or None
        for name in ("education", "care", "therapy", "transport"):
            self[name].data = getattr(part.fees, name)

    def fees(self) -> Fees:
        """Return the fees that were written."""
        return Fees(self.education.data, self.care.data, self.therapy.data, self.transport.data)


class Supplied(PageForm):
    """From whom it is bought: a contract of the council, or a supplier off the framework."""

    contract = SelectField("Under which contract is it bought?", widget=GovSelect())
    supplier = line_field("Supplier", 200, hint="Only if it is bought off the framework")
    bought_under = line_field(
        "Reference under your contract procedure rules",
        60,
        hint="What is bought off the framework needs one",
    )

    def offer(self, contracts: Iterable[ContractCard]) -> None:
        """Offer the contracts that have a place."""
        self.contract.choices = [
            SelectChoice("", "None: it is bought off the framework"),
            *(SelectChoice(card.id, _contract_words(card)) for card in contracts if card.places_left != 0),
        ]


def _contract_words(card: ContractCard) -> str:
    left = "" if card.places_left is None else f", {card.places_left} left"
    return f"{card.setting_name}: {card.reference} ({card.kind.words.lower()}{left})"


class NewPartForm(Supplied, PartForm):
    """Another supplier's part of a package."""


class PackageForm(Supplied):
    """A package begun by hand, with its first supplier."""

    year_group = _year_group()
    service = line_field("What does the supplier do?", 200, missing="Say what the supplier does", hint=_NO_NAMES)
    is_confirmed = _confirmed()


class SignForm(SeenForm):
    """The day on which the last party signed."""

    signed_on = day_field(
        "On which day did the last party sign?", hint="For example, 4 1 2027", missing="Enter the day of the signatures"
    )


class EndForm(PageForm):
    """Why and when a placement ended."""

    ended_on = day_field("Last day", hint=_DAY, missing="Enter the last day")
    reason = RadioField(
        "Why did it end?",
        choices=[SelectChoice(each.value, each.words) for each in EndReason if not each.is_by_itself],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose why it ended")],
    )
    words = _words("What else should be on record?", f"You may leave this empty. {_NO_NAMES} Suppliers do not see it.")
    is_confirmed = _confirmed()


class ReviewDayForm(PageForm):
    """A day for a planned review."""

    due_on = day_field("Day of the review", hint="For example, 22 2 2027", missing="Enter the day of the review")


class NewReviewForm(ReviewDayForm):
    """A review to plan."""

    kind = RadioField(
        "Which review is it?",
        choices=[SelectChoice(each.value, each.words) for each in ReviewKind],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose which review it is")],
    )


class HoldForm(PageForm):
    """What came of a review."""

    held_on = day_field("When was it held?", hint="For example, 22 2 2027", missing="Enter the day of the review")
    outcome = RadioField(
        "How is the placement going?",
        choices=[SelectChoice(each.value, each.words) for each in Outcome],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how the placement is going")],
    )
    words = _words("What came of each outcome of the agreement?", f"The suppliers read this. {_NO_NAMES}")
    hours_in_school = _number("Hours a week in school now", "Whole hours; 0 for none")
    return_on = day_field(
        "When is the learner to be back in school?", hint="Leave it empty if nobody can say yet", missing=None
    )
    is_confirmed = _confirmed()

    def stay_in_school(self) -> None:
        """Ask nothing of the way back to school: the learner is in one."""
        del self.hours_in_school
        del self.return_on
        self.outcome.choices = [SelectChoice(each.value, each.words) for each in Outcome if not each.is_way_back]
