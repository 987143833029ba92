from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from fps.model import DOCUMENT_WORDS, STATUS_WORDS, DocumentKind, SettingKind, Status
from kernel.errors import ConflictError, InvalidInputError

# The machine of DOMAIN.md 2; a hold ends when the document is renewed, and a pause or hold may turn into suspension.
# [own]: who is refused, withdraws or never signs leaves, and may apply again in a later round; a suspension is lifted
# to where the setting stood before, or to a hold where a document has lapsed meanwhile.
ALLOWED: Mapping[Status | None, frozenset[Status]] = {
    None: frozenset({Status.APPLIED}),
    Status.APPLIED: frozenset({Status.ADMITTED, Status.EXITED}),
    Status.ADMITTED: frozenset({Status.ACTIVE, Status.EXITED}),
    Status.ACTIVE: frozenset({Status.SELF_PAUSED, Status.COMPLIANCE_HOLD, Status.SUSPENDED}),
    Status.SELF_PAUSED: frozenset({Status.ACTIVE, Status.SUSPENDED}),
    Status.COMPLIANCE_HOLD: frozenset({Status.ACTIVE, Status.SUSPENDED}),
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.SELF_PAUSED, Status.COMPLIANCE_HOLD, Status.DECOMMISSIONING}),
    Status.DECOMMISSIONING: frozenset({Status.EXITED}),
    Status.EXITED: frozenset({Status.APPLIED}),
}
OLDEST_LEARNER = 25
_NEVER = date.min
_PROVIDERS_OWN = frozenset({(Status.ACTIVE, Status.SELF_PAUSED), (Status.SELF_PAUSED, Status.ACTIVE)})
_URN = re.compile(r"[0-9]{6}")
_WITHOUT_URN = frozenset({SettingKind.AP_UNREGISTERED, SettingKind.INDEPENDENT_LEARNING_PROVIDER})


def is_providers_own(before: Status | None, after: Status) -> bool:
    """Tell whether a provider may take this step itself: to pause its own setting and to end the pause."""
    return (before, after) in _PROVIDERS_OWN


def check_transition(before: Status | None, after: Status) -> None:
    """Raise ConflictError unless the status machine of DOMAIN.md 2 allows the step."""
    if after in ALLOWED[before]:
        return
    if before is None:
        raise ConflictError("The setting is not on this lot. It must apply first.")
    if before is after:
        raise ConflictError("The setting {before} already.", before=STATUS_WORDS[before])
    raise ConflictError(
        "The setting {before}. From there it cannot become {after}.",
        before=STATUS_WORDS[before],
        after=after.replace("_", " "),
    )


def check_effective_date(effective_on: date, today: date, last_effective_on: date | None) -> None:
    """Raise InvalidInputError for a step that counts from a day to come, or from before the last step.

    So the status on any day is the last step that counts from that day or earlier.
    """
    if effective_on > today:
        raise InvalidInputError("effective_on", "Record the change on the day it takes effect, not in advance.")
    if last_effective_on is not None and effective_on < last_effective_on:
        raise InvalidInputError(
            "effective_on",
            "The last change counts from {last}. This one cannot count from before it.",
            last=f"{last_effective_on:%d %B %Y}",
        )


def document_faults(
    required: Iterable[DocumentKind], held: Mapping[DocumentKind, date | None], on: date
) -> tuple[str, ...]:
    """Say of each required document that does not hold on the day what is wrong with it (R3).

    A document holds to the end of its last day; None stands for no end.
    """
    faults = []
    for kind in required:
        last = held.get(kind, _NEVER)
        if last is not None and last < on:
            faults.append(_fault(kind, last))
    return tuple(faults)


def _fault(kind: DocumentKind, last: date) -> str:
    if last == _NEVER:
        return f"no {DOCUMENT_WORDS[kind]} is on record"
    return f"the {DOCUMENT_WORDS[kind]} ended on {last.day} {last:%B %Y}"


def check_ages(age_from: int, age_to: int) -> None:
    """Raise InvalidInputError unless 0 <= age_from <= age_to <= 25."""
    if not 0 <= age_from <= age_to <= OLDEST_LEARNER:
        raise InvalidInputError("age_from", "Enter the registered ages, from 0 to {oldest}.", oldest=OLDEST_LEARNER)


def check_urn(kind: SettingKind, urn: str | None) -> None:
    """Raise InvalidInputError unless the setting has a URN of six digits, or is of a kind that may have none."""
    if urn is None and kind in _WITHOUT_URN:
        return
    if urn is None or not _URN.fullmatch(urn):
        raise InvalidInputError("urn", "Enter the school's unique reference number (URN): six digits.")
