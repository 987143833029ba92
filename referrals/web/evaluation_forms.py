"""Forms of the evaluation: who scores, scores, what the family says, what law puts first, and the award."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovSelect, GovTextInput
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from people.web.forms import PageForm
from people.web.widgets import CountedText
from referrals.model.awards import CHOSEN_STEPS
from referrals.model.criteria import BEST_SCORE, Criterion
from referrals.model.evaluation import PreferenceKind, Score, ViewWay
from referrals.rules.evaluating import LONGEST_REASON
from referrals.web.forms import DayField

SCORE_WORDS = ("nothing in it", "poor", "weak", "fair", "good", "very good")
_SCORES = [SelectChoice(str(score), f"{score}: {SCORE_WORDS[score]}") for score in range(BEST_SCORE + 1)]


def _area(label: str, hint: str = "") -> TextAreaField:
    return TextAreaField(label, description=hint, widget=CountedText(LONGEST_REASON))


class EvaluatorsForm(PageForm):
    """Whom to name."""

    people = SelectMultipleField(
        "Who scores the offers?",
        description="Commissioners of your council. Each scores alone.",
        widget=GovCheckboxesInput(),
        validate_choice=False,
    )


class InterestForm(PageForm):
    """Whether one has a conflict of interest."""

    conflict = RadioField(
        "Do you have a conflict of interest in this referral?",
        description="For example, you know the family, or you or somebody near you works for a setting that was asked.",
        choices=[SelectChoice("no", "No"), SelectChoice("yes", "Yes")],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose yes or no")],
    )


class ModerationForm(PageForm):
    """How the evaluators came to agree."""

    words = _area("How did you come to agree?", "Say who met and when, and why scores changed. Name no learner.")


class ViewForm(PageForm):
    """What the family and the learner say."""

    way = RadioField(
        "How did they give their view?",
        choices=[SelectChoice(way.value, way.words) for way in ViewWay],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how they gave their view")],
    )
    heard_on = DayField("Day on which you asked them", "For example, 2 12 2026", must=False)
    words = _area(
        "What do they say?", "Their words as far as you can, or why they gave no view. Name no learner and no family."
    )
    preferred = SelectField("Which setting would they choose?", widget=GovSelect(), validate_choice=False)


class PreferenceForm(PageForm):
    """What law puts first."""

    kind = RadioField(
        "What puts a setting first?",
        choices=[SelectChoice(kind.value, kind.words) for kind in PreferenceKind],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose what puts it first")],
    )
    setting = SelectField("Which setting?", widget=GovSelect(), validate_choice=False)
    school = StringField(
        "Name of the setting", description="Only if it was not asked in this referral.", widget=GovTextInput()
    )
    words = _area("What is it based on?", "For example, the date of the request or of the order. Name no learner.")


class WithdrawForm(PageForm):
    """Why a duty or an order stands no more."""

    words = _area("Why does it stand no more?", "The first record stays. Name no learner.")


class AwardForm(PageForm):
    """Who is awarded, and why."""

    winner = RadioField("Who is awarded?", widget=GovRadioInput(), validate_choice=False)
    reasons = _area("Why?", "Your council keeps this. Providers read their own scores and reasons instead.")
    seen = HiddenField()


class SpotForm(PageForm):
    """Why a supplier off the framework is awarded."""

    reasons = _area("Why?", "Your council keeps this. Name no learner.")


class CloseForm(PageForm):
    """Why nobody is awarded, and what follows."""

    reason = _area("Why is nobody awarded?", "The reason stays on the record. Name no learner.")
    next_step = RadioField(
        "What follows?",
        description="What follows begins as a draft with what is written here.",
        choices=[SelectChoice(step.value, step.words) for step in CHOSEN_STEPS],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose what follows")],
    )


def choices(settings: Mapping[str, str], none: str) -> list[SelectChoice]:
    """Return the settings that were asked as choices, after the one for none of them."""
    return [SelectChoice("", none), *(SelectChoice(recipient_id, name) for recipient_id, name in settings.items())]


def scores_form(used: Iterable[Criterion], known: Sequence[Score], hint: str) -> PageForm:
    """Return the form in which one offer is scored criterion by criterion, with what is known of it."""
    fields: dict[str, Any] = {}
    for criterion in used:
        fields[f"score-{criterion}"] = RadioField(
            criterion.words, description=criterion.asks, choices=_SCORES, widget=GovRadioInput(), validate_choice=False
        )
        fields[f"reason-{criterion}"] = _area(f"Reason: {criterion.words.lower()}", hint)
    data = {f"score-{one.criterion}": str(one.score) for one in known if one.score >= 0}
    data |= {f"reason-{one.criterion}": one.reason for one in known}
    made: PageForm = type("ScoresForm", (PageForm,), fields)(data=data)
    return made


def scores_in(form: PageForm, used: Iterable[Criterion], recipient_id: str) -> tuple[Score, ...]:
    """Return the scores that were given; what was left wholly empty is left out, and -1 stands for none chosen."""
    found = []
    for criterion in used:
        given, reason = str(form[f"score-{criterion}"].data or ""), form[f"reason-{criterion}"].data or ""
        if given or reason.strip():
            found.append(Score(recipient_id, criterion, int(given) if given.isdecimal() else -1, reason))
    return tuple(found)


def to_agree(given: Iterable[Sequence[Score]], recipient_id: str, used: Iterable[Criterion]) -> list[Score]:
    """Return what the agreement on an offer begins with: the score where all gave the same, and all reasons."""
    scores = [score for each in given for score in each if score.recipient_id == recipient_id]
    found = []
    for criterion in used:
        own = [score for score in scores if score.criterion is criterion]
        alike = {score.score for score in own}
        reasons = "\n".join(dict.fromkeys(score.reason for score in own))
        found.append(Score(recipient_id, criterion, alike.pop() if len(alike) == 1 else -1, reasons))
    return found
