"""The world outside the hub: vendors that sign what they send to its front, and what reaches people through them."""

from __future__ import annotations

import hmac
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from socket import socket
from time import monotonic, sleep, time
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier
from twilio.request_validator import RequestValidator
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import Client, TestResponse

from hub.demo.seed import seed_demo
from hub.engine.hands import Hand, work_once
from hub.serving import open_front
from hub.settings import Settings
from hub.wiring import House, open_house
from kernel.clock import Clock, ShiftedClock, SystemClock
from people.queries import person, persons_by_address
from surveys.actions.start_survey import StartSurvey, start_survey
from surveys.model import SurveyStatus
from surveys.queries import surveys_of
from tests.channels.slack.payloads import FORM, OFFICER, Sent
from tests.services.guarded import Guarded, new_home
from tests.services.mailbox import Mailbox
from tests.services.vendor import VendorStub

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
HUB_NUMBER = "+447700900000"
REPLIES = "reply.hub.example.org"
MAIL_SECRET, SLACK_SECRET = "a secret for the mail server", "a secret for Slack"
ACCOUNT = "AC" + "0" * 32
REPOSITORY = Path(__file__).parents[1]
AMELIA, EWA, BEN = "+447700900101", "+447700900105", "+447700900102"
OWEN, PRIYA_PHONE, DUTY = "+447700900302", "+447700900301", "+447700900201"
PRIYA, SEAN, NADIA = "priya.desai@example.org", "sean.kirby@example.org", "nadia.forster@example.org"
QUENTIN, ROSA = "U0QUENTIN1", "U0PROV303"
PATIENCE_S = 30
LOOK_EVERY_S = 0.02


def settings_for(database_url: str, vendor: VendorStub, mailbox: Mailbox, port: int, **more: Any) -> Settings:  # noqa: ANN401 - settings of any type
    """Return the settings of a hub with real channels, whose vendors are the stubs."""
    return Settings(
        base_url=f"http://127.0.0.1:{port}",
        secret=SecretStr("a secret for tests"),
        second_factor=False,
        database_url=database_url,
        twilio_account_sid=ACCOUNT,
        twilio_auth_tokens=[SecretStr(vendor.auth_token or "")],
        twilio_from=HUB_NUMBER,
        twilio_api_url=vendor.url,
        twilio_per_s=0,
        smtp_host=mailbox.host,
        smtp_port=mailbox.port,
        smtp_security="none",
        smtp_per_s=0,
        email_from="hub@hub.example.org",
        email_inbound_domain=REPLIES,
        email_webhook_secrets=[SecretStr(MAIL_SECRET)],
        slack_bot_token=SecretStr("xoxb-invented"),
        slack_signing_secret=SecretStr(SLACK_SECRET),
        slack_api_url=vendor.slack_url,
        slack_per_s=100,
        **more,
    )


@dataclass(frozen=True)
class Outside:
    """Everybody outside: what they send is signed and posted to the hub's front, what they get is read here."""

    house: House
    client: Client
    vendor: VendorStub
    mailbox: Mailbox
    hands: tuple[Hand, ...]

    def work(self) -> None:
        """Let everything happen that is due, in this process."""
        work_once(self.hands)

    def text_in(self, sender: str, body: str, sid: str, **more: str) -> TestResponse:
        """Let Twilio post a text, signed with its own code."""
        form = {"MessageSid": sid, "From": sender, "To": HUB_NUMBER, "Body": body, "NumMedia": "0", **more}
        return self.twilio_in("/webhooks/sms", form)

    def twilio_in(self, path: str, form: Mapping[str, str]) -> TestResponse:
        """Let Twilio post a form to one of the addresses that it was given."""
        validator = RequestValidator(self.vendor.auth_token)
        proof = validator.compute_signature(self.house.ground.base_url + path, form)
        return self.client.post(path, data=urlencode(form), content_type=FORM, headers={"X-Twilio-Signature": proof})

    def mail_in(self, raw: bytes) -> TestResponse:
        """Let the mail server post a mail as it came, signed."""
        at = int(self.house.ground.clock.now().timestamp())
        proof = hmac.digest(MAIL_SECRET.encode(), f"{at}.".encode() + raw, "sha256").hex()
        headers = {"X-Hub-Signature": f"t={at},v1={proof}"}
        return self.client.post("/webhooks/email", data=raw, content_type="message/rfc822", headers=headers)

    def slack_in(self, sent: Sent) -> TestResponse:
        """Let Slack post an event, a command, a press or a form, signed with its own code."""
        body, content_type = sent
        at = str(int(time()))
        proof = SignatureVerifier(SLACK_SECRET).generate_signature(timestamp=at, body=body)
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": proof or ""}
        return self.client.post("/webhooks/slack", data=body, content_type=content_type, headers=headers)

    def texts_to(self, number: str) -> list[str]:
        """Return what Twilio was handed for a phone, in order."""
        return [body["Body"] for body in self.vendor.bodies("messages.create") if body["To"] == number]

    def posts_to(self, user: str) -> list[dict[str, Any]]:
        """Return what Slack was handed for somebody, in order."""
        return [body for body in self.vendor.bodies("chat.postMessage") if body["channel"].endswith(user[1:])]

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return what the SMTP server took for a mailbox, in order."""
        return [received.message for received in self.mailbox.messages if address in received.recipients]


@contextmanager
def outside(settings: Settings, vendor: VendorStub, mailbox: Mailbox, clock: Clock | None = None) -> Iterator[Outside]:
    """Open a hub with the demo's people and serve its front, so that vendors' callbacks reach it too."""
    house = open_house(settings, clock=clock)
    front = open_front(house)
    port = int(settings.base_url.rpartition(":")[2])
    server = make_server("127.0.0.1", port, front, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with house.ground.work() as work:
            seed_demo(work)
        yield Outside(house, Client(front), vendor, mailbox, house.hands())
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        house.close()


def monday_clock() -> ShiftedClock:
    """Return a clock that goes on from a Monday at ten: signatures and paces need one that goes."""
    clock = ShiftedClock(SystemClock())
    clock.move(MONDAY - clock.now())
    return clock


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Say nothing of single requests."""


def start_the_survey(hub: Outside) -> str:
    with hub.house.ground.work() as work:
        coordinator = persons_by_address(work.session, "email", NADIA)[0]
        forum_id = coordinator.roles[0].organisation_id
        (draft,) = [one for one in surveys_of(work.session, [forum_id]) if one.status is SurveyStatus.DRAFT]
        command = StartSurvey(draft.id, MONDAY + timedelta(days=14))
        start_survey(work, person(work.session, coordinator.id), command)
    hub.work()
    return draft.id


def sid(number: int) -> str:
    return f"SM{number:032x}"


def by(user: str, sent: Sent) -> Sent:
    """Return the same payload, from somebody of the demo."""
    body, content_type = sent
    return body.replace(OFFICER, user), content_type


def mail(sender: str, words: str, number: int, to: str = f"hub@{REPLIES}") -> bytes:
    return f"From: {sender}\nTo: {to}\nMessage-ID: <{number}@example.org>\nSubject: A question\n\n{words}\n".encode()


def button(post: dict[str, Any], label: str) -> dict[str, Any]:
    (found,) = [
        element
        for block in post["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["text"]["text"] == label
    ]
    return dict(found)


@contextmanager
def running_worker(settings: Settings) -> Iterator[None]:
    """Run `hub worker` as a process of its own, with these settings in its environment."""
    environment = [f"{name}={value}" for name, value in _environment(settings).items()]
    program = str(Path(sys.executable).with_name("hub"))
    begin = ["env", f"PYTHONPATH={REPOSITORY}", *environment, program, "worker"]
    worker = Guarded(begin, new_home("worker"), signal.SIGTERM)
    try:
        yield
    finally:
        worker.stop()


def eventually(happened: Callable[[], bool]) -> bool:
    """Wait until something has happened in another process; tell whether it has within the patience."""
    until = monotonic() + PATIENCE_S
    while not happened():
        if monotonic() > until:
            return False
        sleep(LOOK_EVERY_S)
    return True


def _environment(settings: Settings) -> dict[str, str]:
    return {
        f"HUB_{name.upper()}": _written(value)
        for name, value in settings.model_dump(exclude_unset=True).items()
        if value is not None
    }


def _written(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return json.dumps([_written(each) for each in value]) if isinstance(value, list) else str(value)
