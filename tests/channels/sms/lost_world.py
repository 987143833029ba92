"""One number, an outbox and Twilio's list: texts that a crash lost before or after they were sent."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.actions.record_receipt import record_receipt
from channels.delivery.pump import Lane
from channels.delivery.settle import Settler
from channels.model import Receipt, Status
from channels.render import Renderer
from channels.sms.adapter import TwilioAdapter
from channels.sms.ledger import Known, Ledger, MessageLedger
from channels.wording import MessageType
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.channels.people_to_write_to import ASKED, PHONE, REGISTRY, parent
from tests.channels.sms.twilio_world import settings
from tests.services.vendor import VendorStub

LEASE = timedelta(seconds=120)


@dataclass
class SlowLedger:
    """Looks things up, and before it answers other things happen."""

    ledger: MessageLedger
    meanwhile: Callable[[], object]

    def look_up(self, message_ids: Collection[str], vendor_ids: Collection[str]) -> Known:
        """Look up as ever; the answer comes late."""
        known = self.ledger.look_up(message_ids, vendor_ids)
        self.meanwhile()
        return known


@dataclass
class LostWorld:
    """Everything that a test of lost texts needs; its clock begins with the true time, as Twilio's list."""

    ground: Ground
    clock: FixedClock
    vendor: VendorStub
    person_id: str = ""

    def __post_init__(self) -> None:
        self.clock.set(datetime.now(UTC))
        self.person_id = self.person_id or parent(self.ground, ("sms", PHONE))

    @property
    def ledger(self) -> MessageLedger:
        return MessageLedger(self.ground, REGISTRY, self._renderer)

    @property
    def _renderer(self) -> Renderer:
        return Renderer(self.ground.translations, self.ground.base_url, self.ground.keys)

    def adapter(self, ledger: Ledger | None = None) -> TwilioAdapter:
        told = settings(self.vendor.url, self.vendor.auth_token or "", units_per_s=0.0)
        return TwilioAdapter(told, self.clock, ledger or self.ledger)

    def lane(self) -> Lane:
        return Lane(self.ground, REGISTRY, self._renderer, self.adapter(), LEASE)

    def settler(self, meanwhile: Callable[[], object] | None = None) -> Settler:
        slow = SlowLedger(self.ledger, meanwhile) if meanwhile else None
        return Settler(self.ground, REGISTRY, self.adapter(slow), LEASE)

    def put(self, *words: str, kind: MessageType = ASKED) -> list[str]:
        with self.ground.work() as work:
            messages = [NewMessage(kind, {"word": word}, self.person_id) for word in words]
            return [each for message in messages for each in queue_messages(work, [message])]

    def lose_before(self, *words: str, kind: MessageType = ASKED) -> list[str]:
        """Queue texts that a worker claims and never sends."""
        ids = self.put(*words, kind=kind)
        self.lane().claimer().claim(len(words))
        return ids

    def lose_after(self, *words: str, kind: MessageType = ASKED) -> list[str]:
        """Queue texts that a worker sends, and whose answer is lost."""
        ids = self.put(*words, kind=kind)
        self.vendor.drop_after_accept(len(words))
        self.lane().drain()
        return ids

    def lapse(self) -> None:
        """Let every lease run out."""
        self.clock.move(LEASE + timedelta(seconds=1))

    def calm(self) -> None:
        """Settle and send until nothing more is to do."""
        for _ in range(4):
            self.lapse()
            self.settler().settle()
            self.lane().drain()

    def report(self, attempt_id: str, status: Status, vendor_id: str | None) -> bool:
        with self.ground.work() as work:
            return record_receipt(work, Receipt(attempt_id, status, vendor_id, "", work.now))

    def sid_of(self, attempt_id: str) -> str:
        """Return Twilio's id of what this attempt sent."""
        listed = self.vendor.taken()
        number = next(index for index, each in enumerate(listed) if each.mark == attempt_id)
        found = self.adapter()._list(PHONE).messages  # noqa: SLF001 - the vendor's own list, as the adapter reads it
        return list(reversed(found))[number].sid

    def statuses(self) -> dict[str, str]:
        with self.ground.read() as session:
            return {row.id: row.status for row in session.execute(text("SELECT id, status FROM messages"))}

    def vendor_ids(self) -> list[str]:
        with self.ground.read() as session:
            return list(session.scalars(text("SELECT vendor_id FROM messages WHERE vendor_id IS NOT NULL")))
