"""What a second person of the council decides before it may happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class ApprovalKind(StrEnum):
    """What is approved."""

    ISSUE = "issue"
    DIRECT_AWARD = "direct_award"
    SHORT_DEADLINE = "short_deadline"
    AP_OVERRIDE = "ap_override"
    LATE_ADMISSION = "late_admission"
    AWARD = "award"

    @property
    def words(self) -> str:
        """What is approved, as pages name it."""
        return _KIND_WORDS[self]


_KIND_WORDS: Mapping[ApprovalKind, str] = MappingProxyType(
    {
        ApprovalKind.ISSUE: "Issue of the referral",
        ApprovalKind.DIRECT_AWARD: "Direct award without a competition",
        ApprovalKind.SHORT_DEADLINE: "Shorter deadline",
        ApprovalKind.AP_OVERRIDE: "Unregistered provision for this learner",
        ApprovalKind.LATE_ADMISSION: "Admission of a late answer",
        ApprovalKind.AWARD: "Award",
    }
)


class ApprovalOutcome(StrEnum):
    """What came of it; whoever asks anew withdraws what they asked of an earlier state."""

    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """The decision as pages name it."""
        return _OUTCOME_WORDS[self]


_OUTCOME_WORDS: Mapping[ApprovalOutcome, str] = MappingProxyType(
    {
        ApprovalOutcome.APPROVED: "Approved",
        ApprovalOutcome.REFUSED: "Sent back",
        ApprovalOutcome.WITHDRAWN: "Withdrawn, because the referral has changed",
    }
)
OF_A_DRAFT = frozenset(
    {ApprovalKind.ISSUE, ApprovalKind.DIRECT_AWARD, ApprovalKind.SHORT_DEADLINE, ApprovalKind.AP_OVERRIDE}
)
"""What is approved before a referral goes out."""


@dataclass(frozen=True)
class ApprovalCard:
    """What was asked, by whom, and what was decided; nothing is decided while `outcome` is None.

    `fingerprint` names exactly what was looked at: an approval holds for nothing else.
    """

    id: str
    referral_id: str
    kind: ApprovalKind
    asked_by: str
    asked_at: datetime
    reasons: str
    fingerprint: str
    decided_by: str | None
    decided_at: datetime | None
    outcome: ApprovalOutcome | None
    words: str

    @property
    def is_approved(self) -> bool:
        """Whether it may happen."""
        return self.outcome is ApprovalOutcome.APPROVED

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.outcome is None
