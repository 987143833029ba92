"""Settings and posts for tests of email."""

from __future__ import annotations

from channels.email.adapter import SmtpAdapter
from channels.email.settings import EmailSettings
from channels.model import Attachment, Post, Rendered
from kernel.clock import SystemClock
from tests.services.mailbox import Mailbox

PARENT = "parent@example.org"
DOMAIN, REPLIES = "hub.example.org", "reply.hub.example.org"
INVITATION = Attachment("visit.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR\nEND:VCALENDAR\n")


def message_id(number: int) -> str:
    return f"01mail{number:020d}"


def settings(**more: object) -> EmailSettings:
    given = {"security": "none", "timeout_s": 5.0, **more}
    return EmailSettings(
        "127.0.0.1",
        f"hub@{DOMAIN}",
        from_name="Co-production Hub",
        inbound_domain=REPLIES,
        **given,  # type: ignore[arg-type]  # each has its type
    )


def post(
    number: int = 1,
    text: str = "A visit is planned.\n\nSee https://hub.example.org/l/abc.",
    title: str = "A visit",
    address: str = PARENT,
    language: str = "en",
    attachments: tuple[Attachment, ...] = (),
) -> Post:
    own = message_id(number)
    return Post(f"{own}-1", own, "test.asked", address, language, Rendered(title, text, "short"), attachments)


def adapter_of(mailbox: Mailbox, **more: object) -> SmtpAdapter:
    return SmtpAdapter(settings(port=mailbox.port, **more), SystemClock())
