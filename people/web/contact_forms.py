from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from people.actions.change_contact_points import CHANNELS
from people.web.forms import PageForm
from people.web.options import options
from people.web.words import CHANNELS as CHANNEL_WORDS


class AddressForm(PageForm):
    """A new way to reach somebody."""

    channel = RadioField(
        "How do we reach them there?",
        choices=options((channel, CHANNEL_WORDS[channel]) for channel in CHANNELS),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how to reach them")],
    )
    address = StringField(
        "Phone number, email address or Slack member id",
        description="We send a 6-digit code there. Nothing else goes there until the code has come back.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the number or address"), Length(max=320)],
    )


class CodeForm(PageForm):
    """The code that came."""

    code = StringField(
        "6-digit code",
        description="It works for 15 minutes.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the code"), Length(max=40)],
    )


class PressForm(PageForm):
    """A button alone."""
