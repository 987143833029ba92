from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.email.settings import EmailSettings
from channels.email.webhook import LIMIT, EmailWebhook
from channels.inbox.accept import Inbox
from kernel.work import Ground
from people.queries import contact_points
from tests.channels.email.smtp_world import DOMAIN, PARENT, REPLIES, settings
from tests.channels.people_to_write_to import ASKED, parent
from tests.channels.posting import Answered, send
from tests.opened import opened

MAIL = "message/rfc822"
SECRET, OLDER = "a present secret", "an older secret"
SETTINGS: EmailSettings = settings(webhook_secrets=(SECRET, OLDER))
OURS = "01j0000000000000000000000a"
RAW = f"From: {PARENT}\nTo: reply+{OURS}@{REPLIES}\nMessage-ID: <1@example.org>\n\nYes żółw\n".encode()


@pytest.fixture
def counted() -> Counter[str]:
    return Counter()


@pytest.fixture
def webhook(ground: Ground, counted: Counter[str]) -> Iterator[EmailWebhook]:
    inbox = Inbox(ground)
    yield EmailWebhook(SETTINGS, inbox, ground, lambda how: counted.update([how]))
    inbox.close()


def signed(ground: Ground, raw: bytes, *, secret: str = SECRET, age_s: int = 0) -> dict[str, str]:
    at = int(ground.clock.now().timestamp()) - age_s
    proof = hmac.digest(secret.encode(), f"{at}.".encode() + raw, "sha256").hex()
    return {"X-Hub-Signature": f"t={at},v1={proof}"}


def come(webhook: EmailWebhook, ground: Ground, raw: bytes = RAW) -> Answered:
    return send(webhook, raw, MAIL, signed(ground, raw))


def stored(ground: Ground) -> list[tuple[str, str, str, str | None, str | None]]:
    with ground.read() as session:
        rows = opened(session, "inbound", "channel", "sender", "body", "thread", "automatic")
        return [tuple(row) for row in rows]


def test_a_signed_mail_is_stored_once(webhook: EmailWebhook, ground: Ground, counted: Counter[str]) -> None:
    first, second = come(webhook, ground), come(webhook, ground)
    assert (first.status, first.body) == (second.status, second.body) == (200, b"Stored.\n")
    assert stored(ground) == [("email", PARENT, "Yes żółw", OURS, None)]
    assert counted == {"accepted": 2}


def test_the_older_secret_still_verifies_while_secrets_change(webhook: EmailWebhook, ground: Ground) -> None:
    assert send(webhook, RAW, MAIL, signed(ground, RAW, secret=OLDER)).status == 200
    both = signed(ground, RAW)["X-Hub-Signature"] + ",v1=ffff"
    assert send(webhook, RAW, MAIL, {"X-Hub-Signature": both}).status == 200


@pytest.mark.parametrize("header", ["", "t=1", "v1=", "t=,v1=", "ü=ü,v1=ü", "t=1,v1=" + "0" * 64])
def test_a_forged_mail_is_refused(webhook: EmailWebhook, ground: Ground, header: str) -> None:
    answered = send(webhook, RAW, MAIL, {"X-Hub-Signature": header})
    assert (answered.status, answered.body) == (403, b"The signature does not fit.\n")
    assert send(webhook, RAW + b"x", MAIL, signed(ground, RAW)).status == 403
    assert send(webhook, RAW, MAIL, signed(ground, RAW, secret="another")).status == 403
    assert stored(ground) == []


def test_without_a_secret_nothing_is_let_in(ground: Ground) -> None:
    inbox = Inbox(ground)
    webhook = EmailWebhook(settings(), inbox, ground)
    assert send(webhook, RAW, MAIL, signed(ground, RAW, secret="")).status == 403
    inbox.close()


@pytest.mark.parametrize(("age_s", "status"), [(299, 200), (301, 403), (-299, 200), (-301, 403)])
def test_a_signature_holds_for_five_minutes(webhook: EmailWebhook, ground: Ground, age_s: int, status: int) -> None:
    assert send(webhook, RAW, MAIL, signed(ground, RAW, age_s=age_s)).status == status


def test_what_is_no_mail_is_refused_in_words(webhook: EmailWebhook, ground: Ground, counted: Counter[str]) -> None:
    assert send(webhook, b"", MAIL).status == 400
    assert send(webhook, RAW, "text/plain", signed(ground, RAW)).status == 415
    assert send(webhook, b"x", MAIL, length=str(LIMIT + 1)).status == 413
    nobody = come(webhook, ground, b"Subject: x\n\nx")
    assert (nobody.status, nobody.body) == (400, b"The mail has no sender.\n")
    assert stored(ground) == []
    assert counted == {"malformed": 3, "oversized": 1}


def bounce(attempt: str) -> bytes:
    return f"""From: MAILER-DAEMON@mx.example.org
Message-ID: <b@mx.example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {PARENT}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: <{attempt}@{DOMAIN}>

--b--
""".encode()


def test_a_bounce_fails_its_message_and_is_answered_by_nobody(webhook: EmailWebhook, ground: Ground) -> None:
    person_id = parent(ground, ("email", PARENT))
    with ground.work() as work:
        (message_id,) = queue_messages(work, [NewMessage(type=ASKED, values={"word": "x"}, person_id=person_id)])
        work.session.execute(text("UPDATE messages SET status = 'sent', attempts = 1"))
    for _ in range(2):
        assert come(webhook, ground, bounce(f"{message_id}-1")).status == 200
    with ground.read() as session:
        status = session.execute(text("SELECT status FROM messages")).scalar()
        (detail,) = [row.detail for row in opened(session, "message_history") if row.what == "failed"]
        (point,) = contact_points(session, person_id)
    assert (status, detail, point.failed_at) == ("failed", "returned 5.1.1", ground.clock.now())
    assert [row[4] for row in stored(ground)] == ["bounce"]


def test_an_automatic_answer_is_stored_as_one(webhook: EmailWebhook, ground: Ground) -> None:
    come(webhook, ground, b"Auto-Submitted: auto-replied\n" + RAW)
    assert [row[4] for row in stored(ground)] == ["auto_reply"]
