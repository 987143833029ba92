from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, exists, or_, select, update
from sqlalchemy.orm import aliased

from channels.actions.write_history import write_history
from channels.adapter import Adapter
from channels.delivery.pacing import charge, look
from channels.model import Attachment, Channel, Post, Reason, Status, Urgency
from channels.reach import Reaches, reaches
from channels.render import Renderer
from channels.rules.choose import Wish
from channels.rules.decide import Candidate, Decision, End, Hold, Move, Send, decide
from channels.rules.segments import plain, segments
from channels.tables import EARLIER_UNFINISHED, OPEN, MessageRow
from channels.wording import Registry
from kernel.work import Ground, Work
from people.model import ContactPoint

log = logging.getLogger(__name__)

_NEEDED = (
    MessageRow.seq,
    MessageRow.id,
    MessageRow.person_id,
    MessageRow.contact_point_id,
    MessageRow.channel,
    MessageRow.pin,
    MessageRow.key,
    MessageRow.values,
    MessageRow.attachments,
    MessageRow.urgency,
    MessageRow.order_key,
    MessageRow.attempts,
    MessageRow.tried,
    MessageRow.due_at,
    MessageRow.expires_at,
)
_DEFAULT_LANGUAGE = "en"
_HELD_BACK = (Reason.ASK_A_PERSON, Reason.QUIET_HOURS, Reason.SCHEDULED)
_UNWRITABLE = (LookupError, ValueError, TypeError, AttributeError)
"""What a value or a wording raises that does not fit the message."""


@dataclass(frozen=True)
class Claimed:
    """A batch under lease, rendered. `wait_s`: how long until more may go, None when nothing more is due.

    `may_free_others`: some of it is ordered, so that more may be due as soon as its outcomes are recorded.
    """

    posts: Sequence[Post]
    wait_s: float | None
    may_free_others: bool = False


@dataclass(frozen=True)
class Claimer:
    """Takes what is due for one channel, decides at that moment whether it may go, and renders it."""

    ground: Ground
    registry: Registry
    renderer: Renderer
    adapter: Adapter
    lease: timedelta

    def claim(self, wanted: int) -> Claimed:
        """Claim up to `wanted` messages under a lease, the urgent before the bulk, in one transaction."""
        with self.ground.work() as work:
            granted = look(work, self.adapter, wanted)
            if granted.count == 0:
                return Claimed((), granted.wait_s)
            rows = self._due(work, granted.count)
            if not rows:
                return Claimed((), None)
            posts, used = self._prepare(work, rows, granted.count)
            charge(work, self.adapter, granted, used)
        return Claimed(posts, 0.0, may_free_others=any(row.order_key is not None for row in rows))

    def _due(self, work: Work, limit: int) -> list[Row[Any]]:
        found: list[Row[Any]] = []
        for urgency in Urgency:
            if len(found) < limit:
                found += work.session.execute(self._claim(work, urgency, limit - len(found)))
        return sorted(found, key=lambda row: (row.urgency, row.seq))

    def _claim(self, work: Work, urgency: Urgency, limit: int) -> Any:  # noqa: ANN401 - SQLAlchemy's update
        earlier = aliased(MessageRow, name="earlier")
        goes_first = exists().where(
            EARLIER_UNFINISHED,
            earlier.order_key == MessageRow.order_key,
            earlier.seq < MessageRow.seq,
            # what waits for the morning or for a person keeps nobody's answer back
            or_(earlier.reason.is_(None), earlier.reason.not_in(_HELD_BACK), earlier.due_at <= work.now),
        )
        due = (
            select(MessageRow.seq)
            .where(
                OPEN,
                MessageRow.channel == self.adapter.channel,
                MessageRow.urgency == urgency,
                MessageRow.due_at <= work.now,
                or_(MessageRow.order_key.is_(None), ~goes_first),
            )
            .order_by(MessageRow.due_at, MessageRow.seq)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        return (
            update(MessageRow)
            .where(MessageRow.seq.in_(select(due.c.seq)))
            .values(
                status=Status.HANDING_OVER,
                reason=None,
                lease_until=work.now + self.lease,
                attempts=MessageRow.attempts + 1,
                handed_at=work.now,
            )
            .returning(*_NEEDED)
            .execution_options(synchronize_session=False)
        )

    def _prepare(self, work: Work, rows: Sequence[Row[Any]], turns: int) -> tuple[list[Post], int]:
        """Decide and render; return what may go and the turns that it takes, beyond `turns` by the last text at most.

        How many turns a text takes shows only now. What has none left waits with the others, lest an urgent text wait
        for all the parts of many long ones.
        """
        known = reaches(work.session, rows)
        posts: list[Post] = []
        used = 0
        for index, row in enumerate(rows):
            if used >= turns and self.adapter.pace is not None:
                _unclaim(work, rows[index:])
                break
            post = self._prepare_one(work, row, known)
            if post is not None:
                posts.append(post)
                used += _weight(self.adapter.channel, post)
        return posts, used

    def _prepare_one(self, work: Work, row: Row[Any], known: Reaches) -> Post | None:
        if row.key not in self.registry:
            _fail_unwritten(work, row, "no domain knows this message")
            return None
        decision = self._decide(work, row, known)
        if isinstance(decision, Send):
            return self._render(work, row, decision.point, known)
        _put_back(work, row, decision)
        return None

    def _decide(self, work: Work, row: Row[Any], known: Reaches) -> Decision:
        policy = self.registry[row.key].policy
        wish = Wish(
            solicited=policy.solicited,
            channel=row.channel if row.pin == "channel" else None,
            contact_point_id=row.contact_point_id if row.pin == "point" else None,
            tried=frozenset(row.tried or ()),
        )
        candidate = Candidate(wish, row.channel, policy.mind_quiet_hours, row.expires_at)
        quiet = known.quiet.get(row.person_id or "", (None, None))
        return decide(candidate, known.of(row), quiet, work.now)

    def _render(self, work: Work, row: Row[Any], point: ContactPoint, known: Reaches) -> Post | None:
        language = known.languages.get(row.person_id or "", _DEFAULT_LANGUAGE)
        try:
            rendered = self.renderer.render(self.registry[row.key], row.values, language)
        except _UNWRITABLE as error:
            _fail_unwritten(work, row, type(error).__name__)
            return None
        if point.id != row.contact_point_id:
            change = update(MessageRow).where(MessageRow.seq == row.seq)
            work.session.execute(change.values(contact_point_id=point.id))
        return Post(
            attempt_id=f"{row.id}-{row.attempts}",
            message_id=row.id,
            key=row.key,
            address=point.address,
            language=language,
            rendered=rendered,
            attachments=tuple(Attachment(**attachment) for attachment in row.attachments or ()),
            due_at=row.due_at,
        )


def _fail_unwritten(work: Work, row: Row[Any], why: str) -> None:
    log.error("message not rendered", extra={"message_id": row.id, "key": row.key, "error": why})
    _put_back(work, row, End(Status.FAILED, Reason.NOT_RENDERED))


def _weight(channel: Channel, post: Post) -> int:
    """Count the turns that a post takes: one, but UK senders are limited by SMS segments, not messages."""
    return segments(plain(post.rendered.short)).count if channel is Channel.SMS else 1


def _unclaim(work: Work, rows: Sequence[Row[Any]]) -> None:
    """Let messages wait as if nobody had looked at them."""
    change = update(MessageRow).where(MessageRow.seq.in_([row.seq for row in rows]))
    back = {"status": Status.QUEUED, "lease_until": None, "handed_at": None, "attempts": MessageRow.attempts - 1}
    work.session.execute(change.values(back), execution_options={"synchronize_session": False})


def _put_back(work: Work, row: Row[Any], decision: Move | Hold | End) -> None:
    values: dict[str, Any] = {"lease_until": None, "attempts": row.attempts - 1, "handed_at": None}
    if isinstance(decision, Move):
        values |= {
            "status": Status.QUEUED,
            "channel": decision.point.channel,
            "contact_point_id": decision.point.id,
            "due_at": work.now,
        }
        what, reason = "moved", None
        work.ring(decision.point.channel)
    elif isinstance(decision, Hold):
        values |= {"status": Status.HELD, "reason": decision.reason, "due_at": decision.until}
        what, reason = "held", decision.reason
    else:
        values |= {"status": decision.status, "reason": decision.reason, "due_at": None}
        what, reason = decision.status.value, decision.reason
    work.session.execute(update(MessageRow).where(MessageRow.seq == row.seq).values(values))
    write_history(work, [row.id], what, reason=reason)
