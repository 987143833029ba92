from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextInput
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from fps.model import DOCUMENT_WORDS
from fps.model.frameworks import KIND_WORDS, REGIME_WORDS
from fps.ready_made import READY_MADE
from fps.rules.frameworks import LONGEST_REASON
from fps.web.fields import day_field, line_field, text_field, ticks_field
from people.web.forms import PageForm

_WHY = "It stands in the framework's history, which commissioners and QA officers read. Name no child and no setting."
LONGEST_LIST = 2000


def _count(label: str, missing: str) -> IntegerField:
    return IntegerField(
        label,
        invalid_value_message="Enter a whole number",
        render_kw={"params": {"classes": "govuk-input--width-3", "inputmode": "numeric"}},
        widget=GovTextInput(),
        validators=[InputRequired(missing)],
    )


def _kinds() -> SelectMultipleField:
    return ticks_field("Which kinds of setting does it take?", {str(kind): words for kind, words in KIND_WORDS.items()})


def _documents() -> SelectMultipleField:
    return ticks_field(
        "What must an active setting hold?",
        {str(kind): words for kind, words in DOCUMENT_WORDS.items()},
        hint="A setting whose document runs out gets no referrals until the new one is accepted.",
    )


def _reason() -> TextAreaField:
    return text_field("Reason", LONGEST_REASON, missing="Say why", hint=_WHY)


def _name() -> StringField:
    return line_field("Name", 200, missing="Enter a name")


def _contract() -> StringField:
    return line_field("Contract reference", 64, hint="As the procurement portal gives it, for example DN505426")


def _ocid() -> StringField:
    return line_field("Procurement identifier (OCID)", 64, hint="For example, ocds-h6vhtk-0547f9")


def _notices() -> TextAreaField:
    return text_field("Notices", LONGEST_LIST, hint="The number of each published notice, one a line")


def _panel() -> StringField:
    hint = "Leave it empty if placements need no panel's approval"
    return line_field("Panel that approves placements", 100, hint=hint)


class EditionForm(PageForm):
    """A form that knows which edition of the framework was seen."""

    edition = HiddenField()

    @property
    def seen(self) -> int:
        """The edition that was seen; none that ever was for whatever is no number."""
        written = self.edition.data or ""
        return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0  # noqa: PLR2004 - as many changes as never will be


class FactsForm(EditionForm):
    """What is said of a framework."""

    name = _name()
    contract = _contract()
    ocid = _ocid()
    notices = _notices()
    approval_panel = _panel()


class OpenForm(PageForm):
    """A framework to be opened."""

    name = _name()
    lead = SelectField("Lead authority", widget=GovSelect())
    regime = RadioField(
        "Procurement law",
        choices=[SelectChoice(regime.value, words[0].upper() + words[1:]) for regime, words in REGIME_WORDS.items()],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose the law under which it was procured")],
    )
    starts_on = day_field("First day", hint="For example, 1 4 2027", missing="Enter the first day")
    ends_on = day_field("Last day", hint="Without any extension, for example 31 3 2030", missing="Enter the last day")
    lots = RadioField(
        "Which lots does it begin with?",
        description="You can change them afterwards.",
        choices=[
            SelectChoice("", "None yet"),
            *(SelectChoice(name, words) for name, (words, _) in READY_MADE.items()),
        ],
        default="",
        widget=GovRadioInput(),
    )
    contract = _contract()
    ocid = _ocid()
    notices = _notices()
    approval_panel = _panel()
    users = text_field(
        "Who may use it besides member councils",
        LONGEST_LIST,
        hint="One a line, for example Virtual School. Leave it empty if nobody else may.",
    )


class TermForm(EditionForm):
    """A new last day."""

    by = RadioField(
        "Why does the last day change?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose why the last day changes")],
    )
    ends_on = day_field(
        "New last day",
        hint="As the contract says. The hub does not work it out. For example, 28 2 2032",
        missing="Enter the new last day",
    )
    reason = _reason()


class OptionForm(EditionForm):
    """An extension option of the contract."""

    months = _count("Months", "Enter how many months")
    note = line_field("Note", 200, hint="What the contract says of it, for example “by agreement of both sides”")


class MemberForm(EditionForm):
    """A council that joins."""

    council = SelectField("Council", widget=GovSelect(), validators=[InputRequired("Choose a council")])
    since = day_field("First day", hint="For example, 1 4 2027", missing="Enter the first day")
    until = day_field("Last day, if it is known", hint="Leave it empty while it goes on", missing=None)


class LastDayForm(EditionForm):
    """The last day of a membership or a use."""

    until = day_field(
        "Last day", hint="It may still buy on this day. For example, 31 3 2027", missing="Enter the last day"
    )


class UserForm(EditionForm):
    """Who else may use a framework."""

    name = line_field("Who may use it", 200, missing="Enter who may use it", hint="For example, Virtual School")
    since = day_field("First day", hint="For example, 1 4 2027", missing="Enter the first day")


class ChangeLotForm(EditionForm):
    """What a lot takes and asks for from a day on."""

    kinds = _kinds()
    documents = _documents()
    price_band = line_field(
        "National price band", 40, hint="Only once the law knows such bands. Leave it empty until then."
    )
    since = day_field(
        "From which day?", hint="Today or later. What held before stays as it was.", missing="Enter the first day"
    )
    reason = _reason()


class ReplaceLotForm(EditionForm):
    """A lot that takes the place of another from today on."""

    number = _count("Number of the new lot", "Enter the number of the new lot")
    name = line_field("Name of the new lot", 200, missing="Enter a name", hint="For example, day, 0 to 16")
    kinds = _kinds()
    documents = _documents()
    reason = _reason()


class AddLotForm(EditionForm):
    """A lot to be added."""

    number = _count("Number", "Enter the number of the lot")
    name = line_field("Name", 200, missing="Enter a name", hint="For example, day, 0 to 16")
    since = day_field("First day", hint="For example, 1 4 2027", missing="Enter the first day")
    replaces = SelectField("Does it follow a lot that has ended?", widget=GovSelect(), validators=[Optional()])
    kinds = _kinds()
    documents = _documents()
    reason = _reason()


class EndLotForm(EditionForm):
    """The last day of a lot."""

    until = day_field("Last day", hint="Today or later, for example 31 3 2027", missing="Enter the last day")
    reason = _reason()
