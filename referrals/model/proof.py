"""What a proof of a referral sets side by side: what the audit log says, what the tables hold, what follows (R34)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.model import Send
from referrals.model.records import Kept, Record

BY_PROVIDERS = frozenset(
    {
        "referrals.ask",
        "referrals.acknowledge",
        "referrals.open_request",
        "referrals.respond",
        "referrals.respond_late",
        "referrals.hand_over",
    }
)
"""The steps that providers take."""


@dataclass(frozen=True)
class Line:
    """A line of the audit log about a referral."""

    seq: int
    at: datetime
    actor: str
    action: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class StoredIssue:
    """A version as it is stored; `hash` is the one kept beside it, `present_hash` what its content gives now."""

    id: str
    version: int
    issued_at: datetime
    release_at: datetime
    deadline_at: datetime
    hash: str
    present_hash: str


@dataclass(frozen=True)
class StoredAnswer:
    """A sealed answer; `present_checksum` is what the ciphertext gives now. A late one has no number."""

    recipient_id: str
    number: int | None
    received_at: datetime
    checksum: str
    present_checksum: str


@dataclass(frozen=True)
class Evidence:
    """Everything about a referral that is stored, with the lines of the log in their order.

    `same` gives for an account the person that it was found to be, `hidden` what whoever reads it must not see yet.
    """

    lines: tuple[Line, ...]
    issues: tuple[StoredIssue, ...]
    recipients: Mapping[str, str]
    excluded: Mapping[str, tuple[str, ...]]
    answers: tuple[StoredAnswer, ...]
    late: tuple[StoredAnswer, ...]
    unsealers: Mapping[str, datetime]
    questions: Mapping[str, tuple[str, str]]
    sends: tuple[Send, ...]
    heard_by: Mapping[str, tuple[str, ...]]
    records: tuple[Kept, ...]
    same: Mapping[str, str]
    hidden: frozenset[Record]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what must hold, whether it does, and what was found."""

    name: str
    holds: bool
    found: str


@dataclass(frozen=True)
class Chain:
    """What is known of the audit log that the proof rests on."""

    holds: bool
    found: str
    head: str


@dataclass(frozen=True)
class Proof:
    """A referral rebuilt from the audit log, and whether what is stored agrees with it."""

    reference: str
    made_at: datetime
    chain: Chain
    checks: tuple[Check, ...]
    lines: tuple[Line, ...]

    @property
    def holds(self) -> bool:
        """Whether everything agrees."""
        return self.chain.holds and all(check.holds for check in self.checks)

    @property
    def plain(self) -> dict[str, Any]:
        """The proof as plain values, for JSON."""
        return {
            "reference": self.reference,
            "made_at": self.made_at.isoformat(),
            "holds": self.holds,
            "chain": vars(self.chain),
            "checks": [vars(check) for check in self.checks],
            "lines": [
                {"seq": one.seq, "at": one.at.isoformat(), "actor": one.actor, "action": one.action, **_facts(one)}
                for one in self.lines
            ],
        }


def _facts(line: Line) -> dict[str, Any]:
    return {"details": dict(line.details)}
