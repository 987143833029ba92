from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from channels.adapter import Pace
from channels.crew import Crew, Done, lost_over
from channels.model import Channel, Outcome, OutcomeKind, PastAttempt, Post, Settled, Settlement
from channels.rules.segments import plain
from channels.tables import SandboxPostRow
from kernel.work import Ground

log = logging.getLogger(__name__)

_WIDTH = 100


class SandboxAdapter:
    """Stands in for the vendor of one channel: what it is handed is shown on the sandbox page, and goes nowhere."""

    pace: Pace | None = None

    def __init__(self, channel: Channel, ground: Ground) -> None:
        self.channel = channel
        self.provider = f"sandbox-{channel}"
        self._ground = ground
        insert = sqlite.insert if ground.database.is_sqlite else postgresql.insert
        self._insert = insert(SandboxPostRow).on_conflict_do_nothing(index_elements=["attempt_id"])

    def crew(self) -> Crew:
        """Return hands that write what they were given together, in one transaction."""
        return _BatchCrew(self)

    def hand_over(self, post: Post) -> Outcome:
        """Show one post; the same attempt a second time is not shown again."""
        return self.hand_over_all([post])[0][1]

    def hand_over_all(self, posts: Sequence[Post]) -> list[Done]:
        """Show posts together and return each with its outcome."""
        with self._ground.work() as work:
            work.session.execute(self._insert, [self._row(post, work.now) for post in posts])
        return [(post, Outcome(OutcomeKind.SENT, vendor_id=_vendor_id(post.attempt_id))) for post in posts]

    def settle(self, attempts: Sequence[PastAttempt]) -> dict[str, Settled]:
        """Say which attempts are shown: a sandbox always knows."""
        wanted = [attempt.attempt_id for attempt in attempts]
        with self._ground.read() as session:
            found = select(SandboxPostRow.attempt_id).where(SandboxPostRow.attempt_id.in_(wanted))
            shown = set(session.scalars(found))
        return {
            attempt_id: Settled(Settlement.PROVEN_SENT, _vendor_id(attempt_id))
            if attempt_id in shown
            else Settled(Settlement.PROVEN_UNSENT)
            for attempt_id in wanted
        }

    def _row(self, post: Post, now: datetime) -> dict[str, Any]:
        is_sms = self.channel is Channel.SMS
        return {
            "attempt_id": post.attempt_id,
            "message_id": post.message_id,
            "channel": self.channel,
            "address": post.address,
            "title": "" if is_sms else post.rendered.title,
            "body": plain(post.rendered.short) if is_sms else post.rendered.text,
            "buttons": [asdict(button) for button in post.rendered.buttons],
            "attachments": [asdict(attachment) for attachment in post.attachments],
            "at": now,
        }


class _BatchCrew:
    """Hands that do all they were given when they are asked what is done."""

    width = _WIDTH

    def __init__(self, adapter: SandboxAdapter) -> None:
        self._adapter = adapter
        self._given: list[Post] = []

    def submit(self, post: Post) -> None:
        """Take a post."""
        self._given.append(post)

    def collect(self, timeout_s: float) -> list[Done]:  # noqa: ARG002 - nothing is ever under way
        """Show what was given and return it with its outcomes."""
        given, self._given = self._given, []
        try:
            return self._adapter.hand_over_all(given) if given else []
        except SQLAlchemyError as error:
            log.exception("sandbox failed", extra={"posts": len(given)})
            return [(post, lost_over(error)) for post in given]

    def close(self) -> None:
        """Leave what was given but never asked about: its attempts are settled later, like any that were lost."""


def _vendor_id(attempt_id: str) -> str:
    return f"sandbox:{attempt_id}"
