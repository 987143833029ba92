from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from people.web.forms import PageForm

_LONGEST = 40


class AppCodeForm(PageForm):
    """Asks for the code that an authenticator app shows."""

    code = StringField(
        "Code from your authenticator app",
        description="6 digits. Your app shows a new code every 30 seconds.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the 6 digits that your app shows"), Length(max=_LONGEST)],
    )


class RecoveryCodeForm(PageForm):
    """Asks for one of the recovery codes."""

    code = StringField(
        "Recovery code",
        description="16 letters and digits in four groups. Each code works once.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter one of your recovery codes"), Length(max=_LONGEST)],
    )


class ConfirmForm(PageForm):
    """A button, and nothing to fill in."""
