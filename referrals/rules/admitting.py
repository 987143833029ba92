"""When a late answer may be let in (R17)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.errors import ConflictError, InvalidInputError
from referrals.model import Phase
from referrals.model.late import Fault, LateGround
from referrals.rules.identifying import identifying_text

LONGEST_REASON = 1000
_BEFORE = timedelta(days=1)
"""How long before the deadline a fault may have ended and still have made somebody late."""


@dataclass(frozen=True)
class Case:
    """What the rule must know: whose the referral is, how it stands, and what came in time, of the setting and of all.

    `actor_id` is who wants to let the late answer in, or decides.
    """

    council_id: str
    actor_id: str
    phase: Phase
    deadline_at: datetime
    timely_of_all: int
    timely_of_setting: int


def check_case(case: Case) -> None:
    """Raise ConflictError unless the referral waits for its decision and the setting has no answer in time."""
    if case.phase not in {Phase.SEALED, Phase.UNSEALED}:
        raise ConflictError("A late answer can be let in between the deadline and the decision.")
    if case.timely_of_setting:
        raise ConflictError("This setting has an answer in time. That one stands.")


def check_ground(case: Case, ground: LateGround, fault: Fault | None) -> None:
    """Raise InvalidInputError where the ground does not hold: there are two, and each can be looked up (R17)."""
    if ground is LateGround.NO_TIMELY_ANSWER:
        if case.timely_of_all:
            raise InvalidInputError("ground", "There is an answer in time, so this is no reason to let a late one in.")
        return
    if fault is None:
        raise InvalidInputError("fault", "Choose the recorded fault. An administrator of the hub records faults.")
    check_recorder(case, fault)
    ended = fault.ended_at or fault.recorded_at
    if fault.began_at > case.deadline_at or ended < case.deadline_at - _BEFORE:
        raise InvalidInputError("fault", "That fault was not in the day before the deadline.")


def check_recorder(case: Case, fault: Fault) -> None:
    """Raise InvalidInputError where the council that decides has made its own ground (R17)."""
    if fault.is_own(case.council_id) or fault.recorded_by == case.actor_id:
        raise InvalidInputError(
            "fault",
            "Somebody of your council recorded that fault. Another administrator of the hub must record it.",
        )


def check_shown(shown: str) -> None:
    """Raise InvalidInputError unless the reason can be shown to all who were asked."""
    if not shown.strip():
        raise InvalidInputError("shown", "Say why it is let in. Everybody who was asked reads this.")
    if len(shown) > LONGEST_REASON:
        raise InvalidInputError("shown", "Write no more than {most} characters.", most=LONGEST_REASON)
    found = identifying_text({"shown": shown})
    if found:
        raise InvalidInputError(
            "shown", "“{words}” may identify somebody. Take it out: every provider reads this.", words=found[0].text
        )


def fingerprint(late_id: str, checksum: str, ground: LateGround, fault_id: str | None, shown: str) -> str:
    """Return the SHA-256 over exactly what a second person approves."""
    whole = [late_id, checksum, ground.value, fault_id, shown]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()
