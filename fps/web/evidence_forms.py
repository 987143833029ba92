from __future__ import annotations

from collections.abc import Collection

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSelect
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from fps.model import DocumentKind
from fps.rules.evidence import LONGEST_REASON
from fps.web.evidence_words import kind_words
from fps.web.fields import day_field, text_field
from people.web.forms import PageForm


class UploadForm(PageForm):
    """A document with its file and the days on which it holds."""

    kind = SelectField("What is it?", widget=GovSelect())
    file = FileField(
        "The file",
        description="PDF, Word (.docx), PNG or JPEG",
        widget=GovFileInput(),
        render_kw={"params": {"attributes": {"accept": ".pdf,.docx,.png,.jpg,.jpeg"}}},
        validators=[FileRequired("Choose a file")],
    )
    valid_from = day_field(
        "Holds from",
        hint="The first day named in the document, for example 1 4 2027. Leave this empty if there is none.",
        missing=None,
    )
    valid_until = day_field(
        "Holds until",
        hint="The last day named in the document, for example 31 3 2028. Leave this empty if it has no end.",
        missing=None,
    )

    def offer(self, required: Collection[DocumentKind], chosen: str | None = None) -> None:
        """Offer every kind to choose from, those that the lots ask for first."""
        ordered = sorted(DocumentKind, key=lambda kind: (kind not in required, kind_words(kind)))
        self.kind.choices = [SelectChoice(kind.value, kind_words(kind)) for kind in ordered]
        if chosen in {kind.value for kind in DocumentKind} and not self.is_submitted():
            self.kind.data = chosen


class RefuseForm(PageForm):
    """What is wrong with a document."""

    reason = text_field(
        "What is wrong with it?",
        LONGEST_REASON,
        missing="Say what is wrong with the document",
        hint="The provider reads this. Say what to send instead.",
    )


class RecheckForm(PageForm):
    """Which framework is checked anew, and by when providers answer."""

    framework = SelectField("Framework", widget=GovSelect())
    due_on = day_field("Answers are due by", hint="For example, 29 1 2027", missing="Enter the day by which to answer")
