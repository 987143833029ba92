"""A Twilio adapter that talks to the vendors' stub, posts to hand it, and a ledger to tell it what we know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from channels.model import PastAttempt, Post, Rendered
from channels.sms.adapter import TwilioAdapter
from channels.sms.ledger import Known
from channels.sms.settings import TwilioSettings
from kernel.clock import SystemClock
from tests.services.vendor import VendorStub

ACCOUNT = "AC" + "0" * 32
SENDER = "+447700900000"
FAMILY = "+447700900123"
BASE_URL = "https://hub.example.org"


def message_id(number: int) -> str:
    return f"01sms{number:021d}"


def post(number: int = 1, text: str = "Reply YES or NO.", address: str = FAMILY, language: str = "en") -> Post:
    own = message_id(number)
    return Post(f"{own}-1", own, "test.asked", address, language, Rendered("A title", "A text", text))


def past(number: int = 1, address: str = FAMILY, at: datetime | None = None) -> PastAttempt:
    return PastAttempt(f"{message_id(number)}-1", message_id(number), address, at or datetime.now(UTC))


class FakeLedger:
    """Knows the texts that a test gives it."""

    def __init__(self, bodies: Mapping[str, str] | None = None) -> None:
        self.bodies = dict(bodies or {})
        self.recorded: set[str] = set()
        self.live_twins: set[str] = set()

    def look_up(self, message_ids: Collection[str], vendor_ids: Collection[str]) -> Known:
        bodies = {known: body for known, body in self.bodies.items() if known in message_ids}
        return Known(bodies, frozenset(self.recorded & set(vendor_ids)), frozenset(self.live_twins))


def settings(url: str, token: str, **more: float | str) -> TwilioSettings:
    sender = {} if "messaging_service_sid" in more else {"from_number": SENDER}
    given = {"listed_after_s": 0.0, "timeout_s": 2.0, **sender, **more}
    return TwilioSettings(ACCOUNT, token, BASE_URL, api_url=url, **given)  # type: ignore[arg-type]  # each has its type


def adapter_of(vendor: VendorStub, ledger: FakeLedger | None = None, **more: float | str) -> TwilioAdapter:
    told = settings(vendor.url, vendor.auth_token or "", **more)
    return TwilioAdapter(told, SystemClock(), ledger or FakeLedger())
