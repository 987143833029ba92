from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovTextInput,
)
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms import TextAreaField as Area
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from fps.model import LotCard
from fps.model.application_form import LONG, Ask, Question, Section
from fps.model.applications import CRITERIA, MARKS, Answer, Answers, Decision, Mark, Outcome
from fps.rules.applications import LONGEST_REASON
from fps.web.fields import day_field, line_field, text_field
from people.web.forms import PageForm
from people.web.widgets import CountedText

_YES_NO = (("yes", "Yes"), ("no", "No"))


class SectionForm(PageForm):
    """A section of an application; `version` is the one that its writer has before them."""

    version = HiddenField(default="0")


def section_form(section: Section, lots: Iterable[LotCard], kept: Answers, version: int) -> SectionForm:
    """Return the form of a section with what was saved of it. What must be answered is the task list's matter."""
    fields = {question.name: _field(question, lots) for question in section.questions}
    made: SectionForm = type("OneSectionForm", (SectionForm,), fields)(data={**kept, "version": str(version)})
    return made


def _field(question: Question, lots: Iterable[LotCard]) -> Any:  # noqa: ANN401 - fields have no types
    label = question.label if question.must else f"{question.label} (optional)"
    hint = question.hint
    if question.ask is Ask.WORDS:
        return Area(label, description=hint, widget=CountedText(LONG))
    if question.ask is Ask.SEVERAL:
        pairs = question.choices or tuple((lot.id, lot.title) for lot in lots)
        choices = [SelectChoice(value, words) for value, words in pairs]
        return SelectMultipleField(
            label, description=hint, choices=choices, widget=GovCheckboxesInput(), validate_choice=False
        )
    if question.ask in (Ask.YES_NO, Ask.ONE):
        pairs = _YES_NO if question.ask is Ask.YES_NO else question.choices
        choices = [SelectChoice(value, words) for value, words in pairs]
        return RadioField(label, description=hint, choices=choices, widget=GovRadioInput(), validate_choice=False)
    classes = "govuk-input--width-10" if question.ask in (Ask.NUMBER, Ask.MONEY) or question.form else ""
    return StringField(label, description=hint, widget=GovTextInput(), render_kw={"params": {"classes": classes}})


def answers_of(form: SectionForm, section: Section) -> dict[str, Answer]:
    """Return what was answered in the form of a section."""
    return {question.name: form[question.name].data or "" for question in section.questions}


class StartForm(PageForm):
    """For which provider to apply, where somebody acts for several."""

    provider = SelectField("Which provider applies?", widget=GovSelect())


class AddSettingForm(PageForm):
    """A setting of the register, or a new one."""

    setting = RadioField(
        "Which setting do you want to add?", widget=GovRadioInput(), validators=[InputRequired("Choose a setting")]
    )


class EvidenceForm(PageForm):
    """A piece of evidence with the days on which it holds."""

    file = FileField(
        "The file",
        description="PDF, Word (.docx), PNG or JPEG",
        widget=GovFileInput(),
        render_kw={"params": {"attributes": {"accept": ".pdf,.docx,.png,.jpg,.jpeg"}}},
        validators=[FileRequired("Choose a file")],
    )
    valid_from = day_field("Holds from (optional)", hint="For example, 1 4 2026", missing=None)
    valid_until = day_field(
        "Holds until (optional)", hint="The last day named in it. Leave it empty if it has no end.", missing=None
    )


class DeclareForm(PageForm):
    """What whoever sends an application says."""

    is_declared = BooleanField(
        "What this application says is true, and I may send it for the provider", widget=GovCheckboxInput()
    )


class AnswerForm(PageForm):
    """The answer to a question of the councils."""

    answer = Area("Your answer", widget=CountedText(LONG), validators=[InputRequired("Write your answer")])


class EvaluatorsForm(PageForm):
    """Who evaluates."""

    people = SelectMultipleField("Who evaluates?", widget=GovCheckboxesInput(), validate_choice=False)


class InterestForm(PageForm):
    """Whether an evaluator has a conflict of interest."""

    conflict = RadioField(
        "Do you have a conflict of interest?",
        description="For example, you or somebody close to you works for the provider, or has money in it.",
        choices=[SelectChoice("no", "No, I have none"), SelectChoice("yes", "Yes, I have one")],
        widget=GovRadioInput(),
        validators=[InputRequired("Say whether you have a conflict of interest")],
    )


class AskForm(PageForm):
    """A question to one applicant."""

    question = Area("What is not clear?", widget=CountedText(LONG), validators=[InputRequired("Write the question")])
    due_on = day_field("Answer by the end of", hint="For example, 11 1 2027", missing="Enter a day")


class ModerationForm(PageForm):
    """What the evaluators have settled."""

    words = Area(
        "What did the evaluators settle?",
        description="Say who met and when, where the marks differed and what you agreed.",
        widget=CountedText(LONGEST_REASON),
        validators=[InputRequired("Write what was settled")],
    )


class ContractForm(PageForm):
    """A signed contract."""

    reference = line_field("Reference of the contract", 40, missing="Enter the reference")
    signed_on = day_field("Signed on", hint="The day of the last signature", missing="Enter the day of signature")
    effective_on = day_field("Begins on", hint="From this day the settings can become active", missing="Enter the day")
    provider_signatory = line_field("Who signed for the provider?", 200, missing="Enter who signed for the provider")
    authority_signatory = line_field(
        "Who signed for the lead authority?", 200, missing="Enter who signed for the lead authority"
    )
    file = FileField(
        "The signed contract",
        description="PDF, Word (.docx), PNG or JPEG",
        widget=GovFileInput(),
        validators=[FileRequired("Choose the file of the signed contract")],
    )


def marks_form(wanted: Iterable[tuple[str, str]], kept: Iterable[Mark]) -> PageForm:
    """Return the form in which an evaluator gives marks with reasons, with what they have saved."""
    by_key = {each.key: each for each in CRITERIA}
    fields: dict[str, Any] = {}
    for subject, key in wanted:
        criterion = by_key[key]
        choices = [SelectChoice(value, words) for value, words in MARKS[criterion.scale]]
        fields[f"mark-{subject}-{key}"] = RadioField(
            criterion.title, description=criterion.asks, choices=choices, widget=GovRadioInput(), validate_choice=False
        )
        fields[f"reason-{subject}-{key}"] = Area(
            f"Reason: {criterion.title.lower()}", widget=CountedText(LONGEST_REASON)
        )
    data = {f"mark-{mark.subject}-{mark.criterion}": mark.mark for mark in kept}
    data |= {f"reason-{mark.subject}-{mark.criterion}": mark.reason for mark in kept}
    made: PageForm = type("MarksForm", (PageForm,), fields)(data=data)
    return made


def marks_of(form: PageForm, wanted: Iterable[tuple[str, str]]) -> tuple[Mark, ...]:
    """Return the marks that were given; what was left wholly empty is left out."""
    found = [
        Mark(subject, key, form[f"mark-{subject}-{key}"].data or "", form[f"reason-{subject}-{key}"].data or "")
        for subject, key in wanted
    ]
    return tuple(mark for mark in found if mark.mark or mark.reason.strip())


Asked = tuple[str, str, str, tuple[str, ...]]
"""An entry and a lot of which is decided, what they are in words, and the checks on which an evaluator failed it."""


def decision_form(asked: Iterable[Asked], kept: Iterable[Decision]) -> PageForm:
    """Return the form in which each setting is admitted to its lots or refused, with what was decided before."""
    fields: dict[str, Any] = {}
    for entry_id, lot_id, words, failed in asked:
        fields[f"outcome-{entry_id}-{lot_id}"] = RadioField(
            words,
            choices=[SelectChoice("admit", "Admit"), SelectChoice("refuse", "Refuse")],
            widget=GovRadioInput(),
            validators=[InputRequired("Choose admit or refuse")],
        )
        fields[f"reasons-{entry_id}-{lot_id}"] = text_field(
            f"Reasons: {words}", LONGEST_REASON, hint="The provider reads this in its letter."
        )
        if failed:
            fields[f"override-{entry_id}-{lot_id}"] = text_field(
                f"Why admit it all the same: {words}",
                LONGEST_REASON,
                hint=f"An evaluator has failed it: {', '.join(failed)}. Leave this empty if you refuse. "
                "The provider does not read it.",
            )
    data = {f"outcome-{each.entry_id}-{each.lot_id}": each.outcome.value for each in kept}
    data |= {f"reasons-{each.entry_id}-{each.lot_id}": each.reasons for each in kept}
    data |= {f"override-{each.entry_id}-{each.lot_id}": each.override for each in kept}
    made: PageForm = type("DecisionForm", (PageForm,), fields)(data=data)
    return made


def decisions_in(form: PageForm, asked: Iterable[Asked]) -> tuple[Decision, ...]:
    """Return what was decided in the form."""
    return tuple(
        Decision(
            entry_id,
            lot_id,
            Outcome(form[f"outcome-{entry_id}-{lot_id}"].data),
            form[f"reasons-{entry_id}-{lot_id}"].data or "",
            (form[f"override-{entry_id}-{lot_id}"].data or "") if failed else "",
        )
        for entry_id, lot_id, _, failed in asked
    )
