"""What the page of signing in and that of coming back share: the browser that asks, and the code that is typed."""

from __future__ import annotations

from flask import request, session
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from hub.web.limits import count_attempt
from kernel.web import ground
from people.actions.ask_way_in import ask_way_in
from people.actions.begin_session import new_token
from people.actions.take_way_in import Entrant, take_code
from people.rules import normalise_address
from people.rules.codes import Refusal
from people.web.forms import PageForm

_BROWSER = "browser"
_PER_CLIENT = "30 per 15 minutes"
_PER_ADDRESS = "5 per 15 minutes"
_A_DAY = {"email": "30 per day", "sms": "10 per day"}
"""Nobody's phone is flooded through us: whoever asks need not be its owner."""
_TRIES_PER_CLIENT = "60 per 15 minutes"


class CodeForm(PageForm):
    """Asks for the code that was sent."""

    code = StringField(widget=GovTextInput(), validators=[InputRequired("Enter the code"), Length(max=40)])


def browser() -> str | None:
    """Return the token by which this browser is known as the one that asked; None if it has not asked lately."""
    found: str | None = session.get(_BROWSER)
    return found


def ask(purpose: str, channel: str, typed: str) -> None:
    """Ask for a way in at an address. The answer is the same for any address, and takes as long.

    Raises InvalidInputError for what is no address, TooManyError for one ask too many.
    """
    address = normalise_address(channel, typed)
    count_attempt(f"{purpose}.client", _PER_CLIENT, request.remote_addr or "")
    count_attempt(f"{purpose}.address", _PER_ADDRESS, address)
    count_attempt(f"{purpose}.address_a_day", _A_DAY[channel], address)
    asking = browser() or new_token()
    session[_BROWSER] = asking
    session.permanent = True
    with ground().work() as work:
        ask_way_in(work, purpose, asking, channel, address)


def try_code(purpose: str, typed: str) -> Entrant | Refusal:
    """Take a code that was typed here; raises TooManyError for one try too many from one place."""
    count_attempt(f"{purpose}.code", _TRIES_PER_CLIENT, request.remote_addr or "")
    asked = browser()
    if asked is None:
        return Refusal.NONE_OPEN
    with ground().work() as work:
        return take_code(work, purpose, asked, typed)
