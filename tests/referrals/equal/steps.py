"""What tests of equal treatment do again and again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from channels.tables import MessageRow
from referrals.actions.equal.change_issue import ChangeIssue, Wording, change_issue
from referrals.tables import IssueRow
from tests.referrals.sample import need
from tests.referrals.world import DEADLINE_ON, World

REASON = "The start has moved, because the transport begins later."


def wording(outcomes: str = "Learns to ask for help.") -> Wording:
    """Return what a council writes in place of what it issued."""
    was = need()
    return Wording(outcomes, was.risk_wording, was.travel_zone, was.starts_from, was.starts_until)


def change(
    world: World, referral_id: str, new: Wording | None = None, deadline_on: date = DEADLINE_ON, version: int = 1
) -> str:
    """Change an issued referral, with all that the scan finds let stand."""
    with world.ground.work() as work:
        command = ChangeIssue(referral_id, version, new or wording(), deadline_on, REASON)
        return change_issue(work, world.commissioner, command)


def versions(world: World, referral_id: str) -> list[IssueRow]:
    """Return the versions of a referral in their order."""
    with world.ground.read() as session:
        rows = select(IssueRow).where(IssueRow.referral_id == referral_id).order_by(IssueRow.version)
        return list(session.scalars(rows))


def sent(world: World, key: str) -> list[MessageRow]:
    """Return the messages of a key in the order in which they were queued."""
    with world.ground.read() as session:
        return list(session.scalars(select(MessageRow).where(MessageRow.key == key).order_by(MessageRow.seq)))
