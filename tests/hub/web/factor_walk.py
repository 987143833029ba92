"""What somebody with an authenticator app does, for the tests of the second factor."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import timedelta

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel.clock import FixedClock
from people.rules.factors import step_at
from tests.hub.web.village import token_on

APP = "/account/second-factor/app"
ASK = "/second-factor"


@dataclass
class Phone:
    """A phone with an authenticator app: it shows a code for the hub's present time."""

    secret: str
    clock: FixedClock

    def code(self, steps: int = 0) -> str:
        """Return what the app shows, `steps` steps later."""
        return pyotp.TOTP(self.secret).generate_otp(step_at(self.clock.now()) + steps)

    def next_code(self) -> str:
        """Wait for the next code and return it."""
        self.clock.move(timedelta(seconds=30))
        return self.code()


def secret_on(client: FlaskClient) -> str:
    """Read the key from the page of setting up."""
    found = re.search(r'<code class="hub-key">([A-Z2-7 ]+)</code>', client.get(APP).get_data(as_text=True))
    assert found is not None
    return found[1].replace(" ", "")


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form of a page, with its token."""
    return client.post(path, data={"csrf_token": token_on(client, path), **fields})


def enrol(client: FlaskClient, clock: FixedClock) -> tuple[Phone, list[str]]:
    """Set up an authenticator app; return the phone and the recovery codes."""
    phone = Phone(secret_on(client), clock)
    answer = send(client, APP, code=phone.code())
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return phone, codes_on(answer)


def codes_on(answer: TestResponse) -> list[str]:
    """Read recovery codes from a page."""
    return re.findall(r'<code class="hub-key">([0-9a-z-]+)</code>', html.unescape(answer.get_data(as_text=True)))
