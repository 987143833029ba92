"""Do the records of a referral still say what the audit log vouches for (R34)? Values in, findings out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from referrals.model.proof import Check, Line
from referrals.model.records import Kept, Record

KEPT = "kept"
"""The name under which a line of the log keeps the records that it vouches for."""
_OLDER = frozenset({"referrals.issue", "referrals.change"})
"""Steps that there were before their lines vouched for records."""
_OF_AN_ISSUE = frozenset({Record.ROUTE, Record.VERSION})
_NOTHING: Mapping[Record, str] = {Record.DECISION: "Not decided yet"}
_Identity = tuple[str, str]


def record_hash(content: object) -> str:
    """Return the SHA-256 over what a record says; times count as the moments that they are."""
    whole = json.dumps(content, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(whole.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def check_records(
    lines: Iterable[Line], stored: Iterable[Kept], same: Mapping[str, str], hidden: Collection[Record]
) -> Iterator[Check]:
    """Compare each kind of record with the last line that vouches for it; a line and its record go together.

    `same` gives whom an account was found to be, `hidden` the kinds that whoever reads the proof must not see yet.
    """
    lines, stored = list(lines), list(stored)
    logged = [Kept.of(one) for line in lines for one in line.details.get(KEPT, ())]
    is_older = any(line.action in _OLDER and KEPT not in line.details for line in lines)
    for record in Record:
        if record in hidden:
            yield Check(record.words, holds=True, found="Compared once all scores are in")
            continue
        there = _by_identity((one for one in stored if one.record is record), same)
        known = _by_identity((one for one in logged if one.record is record), same)
        if is_older and record in _OF_AN_ISSUE:
            there = {identity: one for identity, one in there.items() if identity in known}
        yield _compare(record, known, there, same)


def _by_identity(found: Iterable[Kept], same: Mapping[str, str]) -> dict[_Identity, Kept]:
    return {(one.key, same.get(one.owner, one.owner)): one for one in found}


def _compare(
    record: Record, logged: Mapping[_Identity, Kept], stored: Mapping[_Identity, Kept], same: Mapping[str, str]
) -> Check:
    both = logged.keys() & stored.keys()
    faults = [
        f"{count} {words}"
        for count, words in (
            (len(logged.keys() - stored.keys()), "of the log are not stored"),
            (len(stored.keys() - logged.keys()), "are stored and not in the log"),
            (sum(logged[one].hash != stored[one].hash for one in both), "have been changed since"),
            (sum(_people(logged[one], same) != _people(stored[one], same) for one in both), "name somebody else"),
        )
        if count
    ]
    good = f"{len(stored)}, as the log has it" if stored else _NOTHING.get(record, "None")
    return Check(record.words, not faults, "; ".join(faults) or good)


def _people(one: Kept, same: Mapping[str, str]) -> list[str]:
    return [same.get(each, each) for each in one.people]
