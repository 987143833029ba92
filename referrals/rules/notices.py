from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from fps.model import Regime
from kernel.errors import InvalidInputError
from referrals.model.notices import NoticeAward, NoticeDuty
from referrals.model.statistics import Quarter
from referrals.rules.statistics import quarter_of

PLACEHOLDER_PREFIX = "ocds-000000"
"""Stands in drafts until a council has entered its own; it is nobody's."""
LONGEST_NUMBER = 60
REMIND_BEFORE_DAYS = (14, 3)
_QUARTERLY_DAYS = 30
_SINGLE_DAYS = 120
_MARK = 20
_PREFIX = re.compile(r"ocds-[a-z0-9]{6}")
_NOTES: Mapping[Regime, str] = {
    Regime.PCR_LIGHT_TOUCH: (
        "A call-off stays under the law of its framework: the light-touch rules of the Public Contracts Regulations "
        "2015. Awards are grouped by quarter and sent within 30 days of its end."
    ),
    Regime.PCR_DPS: (
        "A call-off stays under the law of its system: the Public Contracts Regulations 2015. Awards are grouped by "
        "quarter and sent within 30 days of its end. Dynamic purchasing systems under these regulations must stop by "
        "23 February 2029. Whether that binds a light-touch system is for your lawyers."
    ),
    Regime.PA23: (
        "Under the Procurement Act 2023 each contract has a contract details notice, within 120 days of being entered "
        "into. Whether its value asks for a notice is for your lawyers. A place under a contract from before stays "
        "under the law of that contract."
    ),
}


def note(regime: Regime) -> str:
    """Return under which law a notice stands and what that asks, as pages say it (R37, R38)."""
    return _NOTES[regime]


def duties(awards: Iterable[NoticeAward]) -> list[NoticeDuty]:
    """Return the notices that awards ask for (R38), those due first before the others."""
    grouped: defaultdict[tuple[str, str], list[NoticeAward]] = defaultdict(list)
    for award in awards:
        grouped[award.council_id, _key(award)].append(award)
    found = [_duty(key, council_id, group) for (council_id, key), group in grouped.items()]
    return sorted(found, key=lambda duty: (duty.due_on, duty.key))


def _key(award: NoticeAward) -> str:
    """Name a notice in addresses: no two councils' notices share a name, whatever the quarter and framework."""
    if award.regime is Regime.PA23:
        return f"award-{award.award_id}"
    whose = hashlib.sha256(f"{award.council_id} {award.framework_id}".encode()).hexdigest()[:_MARK]
    return f"{quarter_of(award.decided_on).first.isoformat()}-{whose}"


def _duty(key: str, council_id: str, group: list[NoticeAward]) -> NoticeDuty:
    first = group[0]
    quarter = None if first.regime is Regime.PA23 else quarter_of(first.decided_on)
    return NoticeDuty(
        key,
        council_id,
        first.framework_id,
        first.regime,
        quarter,
        _due_on(quarter, first.entered_on),
        tuple(sorted(award.award_id for award in group)),
    )


def _due_on(quarter: Quarter | None, entered_on: date) -> date:
    if quarter is None:
        return entered_on + timedelta(days=_SINGLE_DAYS)
    return quarter.after + timedelta(days=_QUARTERLY_DAYS - 1)


def reminder_stage(due_on: date, today: date) -> int:
    """Return how many of the reminders of a notice have come due."""
    return sum(today >= due_on - timedelta(days=days) for days in REMIND_BEFORE_DAYS)


def check_sent(number: str, sent_on: date, today: date) -> str:
    """Return the number of a notice that was sent, or raise InvalidInputError for it or for its day."""
    if not number.strip():
        raise InvalidInputError("number", "Enter the number under which it was published.")
    if len(number.strip()) > LONGEST_NUMBER:
        raise InvalidInputError("number", "Use at most {most} characters.", most=LONGEST_NUMBER)
    if sent_on > today:
        raise InvalidInputError("sent_on", "Enter a day that has come.")
    return number.strip()


def check_prefix(written: str) -> str:
    """Return a prefix of the Open Contracting Data Standard, or raise InvalidInputError."""
    prefix = written.strip().lower()
    if not _PREFIX.fullmatch(prefix):
        raise InvalidInputError("ocid_prefix", "Enter a prefix like ocds-ab12cd: ocds, a hyphen and 6 characters.")
    return prefix


def package_hash(package: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a draft as it was sent."""
    return hashlib.sha256(json.dumps(package, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
