"""Nothing of what people are called, where they are reached or what they write stands in any line of the log."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from hub.logs import prepare_logs
from kernel.database import Database
from tests.channels.slack.payloads import command, press
from tests.opened import opened
from tests.outside import (
    AMELIA,
    BEN,
    HUB_NUMBER,
    NADIA,
    PRIYA,
    QUENTIN,
    Outside,
    button,
    by,
    free_port,
    mail,
    monday_clock,
    outside,
    settings_for,
    sid,
    start_the_survey,
)
from tests.services.mailbox import Mailbox
from tests.services.vendor import VendorStub

SAID = (
    "Ring us back about Zuzanna",
    "the escort hits him in the taxi",
    "Who do I ring about the school minibus",
    "What is an IPA, asks Grandad",
    "STOP it with the letters",
)
_TOKEN = re.compile(r"/l/([\w-]{22})")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """All that is logged, down to the finest level, as `hub` writes it."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    prepare_logs("DEBUG")
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.stream = stream = io.StringIO()
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # the tests' own SMTP server, which runs in this process
    yield stream
    root.handlers[:] = kept
    root.setLevel(level)


@pytest.fixture
def hub(database: Database, vendor: VendorStub, mailbox: Mailbox, lines: io.StringIO) -> Iterator[Outside]:
    url = database.url.render_as_string(hide_password=False)
    assert lines.getvalue() == ""
    with outside(settings_for(url, vendor, mailbox, free_port()), vendor, mailbox, monday_clock()) as hub:
        yield hub


def live(hub: Outside) -> None:
    """Let people ask, answer, worry, stop and sign in, on every channel."""
    start_the_survey(hub)
    for number, words in enumerate(("4", "YES", "b", SAID[0])):
        hub.text_in(AMELIA, words, sid(number))
        hub.work()
    for number, words in enumerate(SAID[1:]):
        hub.text_in(BEN, words, sid(10 + number))
        hub.mail_in(mail(NADIA, words, number))
        hub.slack_in(by(QUENTIN, command(words, trigger_id=f"{number}.invented")))
        hub.work()
    hub.client.get(hub.texts_to(AMELIA)[0].split("Web: ")[1].split()[0].removeprefix(hub.house.ground.base_url))
    hub.client.get("/none-such", query_string={"email": NADIA})


def go_wrong(hub: Outside) -> None:
    """Let vendors refuse by name and number, and strangers knock."""
    hub.vendor.fail_next(
        1, 400, content={"code": 21211, "message": f"Invalid 'To' Phone Number: {AMELIA}"}, call="messages.create"
    )
    hub.text_in(AMELIA, "what is an EHCP?", sid(20))
    hub.work()
    hub.mailbox.refuse_recipients(1, f"550 5.1.1 <{NADIA}> Nadia Forster has left")
    hub.mail_in(mail(NADIA, "What is an EHCP?", 20))
    hub.work()
    hub.vendor.fail_next(1, 200, content={"ok": False, "error": "expired_trigger_id"}, call="views.open")
    proposed = next(post for post in hub.posts_to(QUENTIN) if "Proposed visit" in post["text"])
    hub.slack_in(by(QUENTIN, press(button(proposed, "Another day"))))
    form = {"From": AMELIA, "To": HUB_NUMBER, "Body": SAID[0], "MessageSid": sid(30)}
    hub.client.post("/webhooks/sms", data=form, headers={"X-Twilio-Signature": "forged"})
    hub.client.post("/webhooks/email", data=mail(NADIA, SAID[1], 30), content_type="message/rfc822")
    hub.work()


def personal(hub: Outside) -> set[str]:
    """Return every name, number, address, text and link that the hub holds."""
    asked = (("persons", "name", 0), ("contact_points", "address", 0), ("inbound", "body", 8))
    with hub.house.ground.read() as session:
        found = {
            row[0]
            for table, name, longer_than in asked
            for row in opened(session, table, name)
            if len(row[0]) > longer_than
        }
    numbers = {value.removeprefix("+44") for value in found if value.startswith("+44")}
    tokens = {token for sent in hub.vendor.bodies() for token in _TOKEN.findall(str(sent))}
    names = {part for value in found if value.istitle() for part in value.split()}
    return {value for value in found | numbers | tokens | names | set(SAID) if len(value) > 3}


def test_no_line_of_the_log_holds_personal_data(hub: Outside, lines: io.StringIO) -> None:
    live(hub)
    go_wrong(hub)
    written = lines.getvalue()
    secrets = personal(hub)
    assert {"Amelia", "Forster", AMELIA, NADIA, PRIYA, QUENTIN, *SAID} <= secrets
    assert [json.loads(line)["event"] for line in written.splitlines()], "every line is JSON, and there are some"
    assert [secret for secret in secrets if secret.lower() in written.lower()] == []
