from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from fps.web.fields import line_field
from people.web.forms import PageForm
from referrals.rules.agreement import Identity

WORD, PDF = "word", "pdf"


class DocumentForm(PageForm):
    """What goes into the document and is never kept."""

    format = RadioField(
        "Which document do you need?",
        choices=[SelectChoice(WORD, "Word, to be edited"), SelectChoice(PDF, "PDF, to be printed or signed")],
        default=WORD,
        widget=GovRadioInput(),
    )
    supplier = SelectField("With whom is it agreed?", widget=GovSelect())
    name = line_field("Learner's full name", 120)
    born = line_field("Date of birth", 30)
    learner_number = line_field("Unique learner number", 20)
    address = line_field("Address", 200)

    def identity(self) -> Identity:
        """Return what was typed in."""
        typed = (self.name.data, self.born.data, self.learner_number.data, self.address.data)
        return Identity(*(str(each or "").strip() for each in typed))
