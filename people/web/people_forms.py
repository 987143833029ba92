from __future__ import annotations

from datetime import time

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextInput
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from people.web.forms import PageForm
from people.web.options import options
from people.web.words import LANGUAGES

_USUAL = "The usual hours"
HOURS = [(f"{hour:02}:00", f"{hour % 12 or 12}{'am' if hour < 12 else 'pm'}") for hour in range(24)]  # noqa: PLR2004 - noon


def read_hour(chosen: str | None) -> time | None:
    """Return the time that was chosen, None for the usual hours."""
    return time.fromisoformat(chosen) if chosen else None


def write_hour(at: time | None) -> str:
    """Return the choice that stands for a time."""
    return at.strftime("%H:00") if at else ""


class EditPersonForm(PageForm):
    """What a person is called, which language they read, when they want quiet."""

    name = StringField("Full name", widget=GovTextInput(), validators=[InputRequired("Enter a name"), Length(max=200)])
    language = RadioField(
        "Language of messages",
        choices=options(LANGUAGES.items()),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose a language")],
    )
    quiet_from = SelectField(
        "No messages from",
        description="The usual quiet hours of families are 8pm to 8am.",
        choices=options(HOURS, first=_USUAL),
        widget=GovSelect(),
    )
    quiet_to = SelectField("No messages until", choices=options(HOURS, first=_USUAL), widget=GovSelect())


class GiveRoleForm(PageForm):
    """A role in an organisation."""

    role = SelectField("Role to give", widget=GovSelect(), validators=[InputRequired("Choose a role")])
