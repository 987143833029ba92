from __future__ import annotations

from referrals.tables.answers import AnswerFileRow, FaultRow, HandoverRow, LateAdmissionRow, LateNoteRow
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
from referrals.tables.clocks import ClockRow, ClockStepRow
from referrals.tables.contracts import ContractRow
from referrals.tables.equal import AcknowledgementRow, AlarmRow, QuestionAskerRow, QuestionRow
from referrals.tables.evaluations import (
    EvaluatorRow,
    FamilyViewRow,
    ModerationRow,
    PreferenceRow,
    ScoreRow,
    SettledScoreRow,
)
from referrals.tables.notices import NoticePublisherRow, NoticeReminderRow, NoticeRow
from referrals.tables.placements import PlacementPartRow, PlacementReviewRow, PlacementRow
from referrals.tables.preparing import AgreementRow, AttachmentRow
from referrals.tables.statistics import StatisticsRow
from referrals.tables.webhooks import WebhookAttemptRow, WebhookDeliveryRow, WebhookEndpointRow, WebhookEventRow

__all__ = [
    "AcknowledgementRow",
    "AgreementRow",
    "AlarmRow",
    "AnswerFileRow",
    "ApprovalRow",
    "AttachmentRow",
    "AwardRow",
    "ClockRow",
    "ClockStepRow",
    "ConfirmationRow",
    "ContractRow",
    "EvaluatorRow",
    "ExclusionRow",
    "FamilyViewRow",
    "FaultRow",
    "HandoverRow",
    "IssueRow",
    "LateAdmissionRow",
    "LateNoteRow",
    "LateResponseRow",
    "ModerationRow",
    "NoticePublisherRow",
    "NoticeReminderRow",
    "NoticeRow",
    "PlacementPartRow",
    "PlacementReviewRow",
    "PlacementRow",
    "PreferenceRow",
    "QuestionAskerRow",
    "QuestionRow",
    "RecipientRow",
    "ReferralRow",
    "ReminderRow",
    "ResponseRow",
    "ScoreRow",
    "SettledScoreRow",
    "StatisticsRow",
    "UnsealRow",
    "WebhookAttemptRow",
    "WebhookDeliveryRow",
    "WebhookEndpointRow",
    "WebhookEventRow",
]
