from __future__ import annotations

from referrals.tables.approvals import ApprovalRow
from referrals.tables.asking import (
    ConfirmationRow,
    ExclusionRow,
    IssueRow,
    LateResponseRow,
    RecipientRow,
    ReferralRow,
    ReminderRow,
    ResponseRow,
    UnsealRow,
)
from referrals.tables.awards import AwardRow
from referrals.tables.evaluations import (
    EvaluatorRow,
    FamilyViewRow,
    ModerationRow,
    PreferenceRow,
    ScoreRow,
    SettledScoreRow,
)
from referrals.tables.equal import AcknowledgementRow, AlarmRow, QuestionAskerRow, QuestionRow
from referrals.tables.preparing import AgreementRow, AttachmentRow

__all__ = [
    "AcknowledgementRow",
    "AgreementRow",
    "AlarmRow",
    "ApprovalRow",
    "AttachmentRow",
    "AwardRow",
    "ConfirmationRow",
    "EvaluatorRow",
    "ExclusionRow",
    "FamilyViewRow",
    "IssueRow",
    "LateResponseRow",
    "ModerationRow",
    "PreferenceRow",
    "QuestionAskerRow",
    "QuestionRow",
    "RecipientRow",
    "ReferralRow",
    "ReminderRow",
    "ResponseRow",
    "ScoreRow",
    "SettledScoreRow",
    "UnsealRow",
]
