"""The two steps of an answer: of what kind it is, and then what that kind needs."""

from __future__ import annotations

from flask_wtf.file import MultipleFileField
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovFileInput, GovRadioInput, GovTextInput
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from people.web.forms import PageForm
from people.web.widgets import CountedText
from referrals.model.answers import CostPart, Costs, DeclineCode, Response, ResponseKind
from referrals.rules.responding import LONGEST_WORDS, MOST_FILES, OFFERS
from referrals.web.forms import DayField

CHOOSE = "choose"
"""The name of the first step's button: its form says the kind and nothing else."""


def _pounds(part: CostPart, hint: str) -> IntegerField:
    return IntegerField(
        part.words,
        description=hint,
        render_kw={"params": {"classes": "govuk-input--width-10", "prefix": {"text": "£"}, "inputmode": "numeric"}},
        invalid_value_message="Enter whole pounds, like 48000",
        widget=GovTextInput(),
        validators=[Optional()],
    )


def _words(label: str, hint: str) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        render_kw={"params": {"rows": 4}},
        widget=CountedText(LONGEST_WORDS),
        validators=[Length(max=LONGEST_WORDS, message=f"Write no more than {LONGEST_WORDS:,} characters")],
    )


class ResponseForm(PageForm):
    """A provider's answer for one setting; what a kind does not need is not shown and not read."""

    kind = RadioField(
        "What is your answer?",
        choices=[SelectChoice(kind.value, kind.words) for kind in ResponseKind],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose an answer")],
    )
    starts_on = DayField(
        "Earliest start", "The first day on which the learner could start, for example 11 1 2027", must=False
    )
    education = _pounds(CostPart.EDUCATION, "Whole pounds a year, for example 48000")
    care = _pounds(CostPart.CARE, "Leave this empty if there is none")
    therapy = _pounds(CostPart.THERAPY, "Leave this empty if it is part of another cost")
    transport = _pounds(CostPart.TRANSPORT, "Leave this empty if you bring no learners to school")
    conditions = _words("What are your conditions?", "Say what must be true, or what the council must agree to.")
    decline_code = RadioField(
        "Why do you decline?",
        choices=[SelectChoice(code.value, code.words) for code in DeclineCode],
        widget=GovRadioInput(),
        validate_choice=False,
    )
    information_wanted = _words("What do you need to know?", "The council reads this after the deadline.")
    words = _words("Anything else", "Name no learner.")
    keep_files = BooleanField("Keep the files of your last answer", widget=GovCheckboxInput())
    files = MultipleFileField(
        "Files",
        description=f"Up to {MOST_FILES} files with the answer: PDF, Word, PNG or JPEG. Name no learner in them.",
        widget=GovFileInput(multiple=True),
        render_kw={"params": {"attributes": {"accept": ".pdf,.docx,.png,.jpg,.jpeg"}}},
    )

    @property
    def chosen(self) -> ResponseKind | None:
        """The kind of answer, None while none is chosen."""
        return ResponseKind(self.kind.data) if self.kind.data in set(ResponseKind) else None

    @property
    def is_offer(self) -> bool:
        """Whether a place is offered, with conditions or without."""
        return self.chosen in OFFERS

    def uploads(self) -> list[FileStorage]:
        """Return the files that were sent along; browsers send an empty one where none was chosen."""
        return [each for each in self.files.data or [] if isinstance(each, FileStorage) and each.filename]

    def response(self) -> Response:
        """Return what was filled in, as far as the kind needs it."""
        kind = ResponseKind(self.kind.data)
        code = self.decline_code.data if kind is ResponseKind.DECLINE else None
        costs = Costs(**{part.value: self[part.value].data or 0 for part in CostPart})
        return Response(
            kind=kind,
            decline_code=DeclineCode(code) if code in set(DeclineCode) else None,
            words=self.words.data or "",
            starts_on=self.starts_on.data if self.is_offer else None,
            costs=costs if self.is_offer else None,
            conditions=(self.conditions.data or "") if kind is ResponseKind.OFFER_WITH_CONDITIONS else "",
            information_wanted=(self.information_wanted.data or "")
            if kind is ResponseKind.NEED_MORE_INFORMATION
            else "",
        )
