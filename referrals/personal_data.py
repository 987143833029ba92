from __future__ import annotations

from kernel.database import Base
from people.holdings import Fate, Holding, Holdings
from referrals import tables
from referrals.placement_holdings import PLACEMENT_HOLDINGS

_WHY = "It is evidence of a procurement: who asked, who answered, who opened, and when (R34, R36)."
_UNTIL = "6 years after the placement agreement has ended"
_SEALED = (
    "What was offered, and the price, is not in this copy: it is sealed until two people open it after the deadline "
    "(R21, R22), and it is the provider's, not a person's."
)


def _evidence(kind: str, title: str, row: type[Base], column: str, shown: dict[str, str], note: str = "") -> Holding:
    return Holding(kind, title, row, Fate.KEEP, column, shown=shown, why=_WHY, until=_UNTIL, note=note)


_RESPONSE = {"received_at": "Received", "checksum": "Checksum of the sealed answer"}

HOLDINGS = (
    _evidence(
        "written",
        "Referrals you wrote",
        tables.ReferralRow,
        "author_id",
        {"reference": "Reference", "created_at": "Written"},
    ),
    _evidence(
        "rewritten",
        "Referrals you wrote last",
        tables.ReferralRow,
        "written_by",
        {"reference": "Reference", "created_at": "Begun"},
    ),
    _evidence(
        "closed",
        "Referrals you closed",
        tables.ReferralRow,
        "closed_by",
        {"reference": "Reference", "closed_at": "Closed", "closed_reason": "Reason"},
    ),
    _evidence(
        "confirmed",
        "Findings you let stand",
        tables.ConfirmationRow,
        "person_id",
        {"referral_id": "Referral", "at": "When"},
    ),
    _evidence(
        "issued",
        "Referrals you issued",
        tables.IssueRow,
        "issued_by",
        {"referral_id": "Referral", "version": "Version", "issued_at": "Issued"},
    ),
    _evidence(
        "asked",
        "Requests that came to you",
        tables.RecipientRow,
        "contact_id",
        {"referral_id": "Referral", "setting_name": "Setting"},
    ),
    _evidence("responses", "Answers you sent in", tables.ResponseRow, "responded_by", _RESPONSE, _SEALED),
    _evidence(
        "late_responses", "Answers that came too late", tables.LateResponseRow, "responded_by", _RESPONSE, _SEALED
    ),
    _evidence(
        "unsealed", "Answers you opened", tables.UnsealRow, "person_id", {"referral_id": "Referral", "at": "When"}
    ),
    _evidence(
        "approvals_asked",
        "Approvals you asked for",
        tables.ApprovalRow,
        "asked_by",
        {"referral_id": "Referral", "asked_at": "Asked", "reasons": "Reasons"},
    ),
    _evidence(
        "approvals_decided",
        "Approvals you decided",
        tables.ApprovalRow,
        "decided_by",
        {"referral_id": "Referral", "decided_at": "Decided", "words": "Words"},
    ),
    _evidence(
        "attachments",
        "Files you looked into for a referral",
        tables.AttachmentRow,
        "confirmed_by",
        {"referral_id": "Referral", "name": "File", "added_at": "Added"},
    ),
    _evidence(
        "agreements",
        "Agreements to a shorter time that you recorded",
        tables.AgreementRow,
        "recorded_by",
        {"referral_id": "Referral", "evidence": "On file", "recorded_at": "Recorded"},
    ),
    _evidence(
        "evaluators",
        "Referrals you were named to evaluate",
        tables.EvaluatorRow,
        "person_id",
        {"referral_id": "Referral", "has_conflict": "Conflict of interest", "finished_at": "Handed in"},
    ),
    _evidence(
        "named_evaluators",
        "Evaluators you named",
        tables.EvaluatorRow,
        "named_by",
        {"referral_id": "Referral", "named_at": "When"},
    ),
    _evidence(
        "scores",
        "Scores you gave",
        tables.ScoreRow,
        "person_id",
        {"referral_id": "Referral", "criterion": "Criterion", "score": "Score", "reason": "Reason"},
    ),
    _evidence(
        "settled_scores",
        "Agreed scores you recorded",
        tables.SettledScoreRow,
        "settled_by",
        {"referral_id": "Referral", "criterion": "Criterion", "score": "Score", "reason": "Reason"},
    ),
    _evidence(
        "moderations",
        "Moderations you recorded",
        tables.ModerationRow,
        "written_by",
        {"referral_id": "Referral", "words": "Words", "written_at": "When"},
    ),
    _evidence(
        "family_views",
        "Views of families you recorded",
        tables.FamilyViewRow,
        "recorded_by",
        {"referral_id": "Referral", "recorded_at": "When"},
        "What the family said is the family's and is not in this copy.",
    ),
    _evidence(
        "preferences",
        "Duties and orders you recorded",
        tables.PreferenceRow,
        "recorded_by",
        {"referral_id": "Referral", "kind": "Kind", "recorded_at": "When"},
    ),
    _evidence(
        "withdrawn_preferences",
        "Duties and orders you withdrew",
        tables.PreferenceRow,
        "withdrawn_by",
        {"referral_id": "Referral", "withdrawn_at": "When", "withdrawn_why": "Why"},
    ),
    _evidence(
        "awards",
        "Decisions on referrals you made",
        tables.AwardRow,
        "decided_by",
        {"referral_id": "Referral", "outcome": "Outcome", "decided_at": "When", "reasons": "Reasons"},
    ),
    _evidence(
        "approved_awards",
        "Awards you approved",
        tables.AwardRow,
        "approved_by",
        {"referral_id": "Referral", "decided_at": "Decided"},
    ),
    _evidence(
        "confirmed_awards",
        "Placements you began after a standstill",
        tables.AwardRow,
        "confirmed_by",
        {"referral_id": "Referral", "confirmed_at": "When"},
    ),
    _evidence(
        "webhooks",
        "Addresses of a council's systems that you added",
        tables.WebhookEndpointRow,
        "created_by",
        {"name": "System", "created_at": "Added"},
    ),
    _evidence(
        "question_askers",
        "Questions you asked about a referral",
        tables.QuestionAskerRow,
        "person_id",
        {"question_id": "Question"},
        "The words of a question stand with the referral: everybody who was asked reads them, without who asked.",
    ),
    _evidence(
        "answered_questions",
        "Questions about a referral that you answered",
        tables.QuestionRow,
        "answered_by",
        {"referral_id": "Referral", "shown": "Question", "answer": "Answer", "answered_at": "Answered"},
    ),
    _evidence(
        "acknowledgements",
        "Changes of a referral that you confirmed",
        tables.AcknowledgementRow,
        "person_id",
        {"issue_id": "Version", "at": "When"},
    ),
    _evidence(
        "kept_clocks",
        "Statutory clocks you keep",
        tables.ClockRow,
        "owner_id",
        {"kind": "Clock", "started_on": "Since", "stop_reason": "Why it stopped"},
    ),
    _evidence(
        "clock_steps",
        "Statutory steps you recorded",
        tables.ClockStepRow,
        "done_by",
        {"clock_id": "Clock", "step": "Step", "done_on": "Done"},
    ),
    _evidence(
        "notices",
        "Procurement notices you recorded",
        tables.NoticeRow,
        "sent_by",
        {"number": "Number", "sent_on": "Sent"},
    ),
    _evidence(
        "publishers",
        "Prefixes for notices you set",
        tables.NoticePublisherRow,
        "changed_by",
        {"ocid_prefix": "Prefix", "changed_at": "When"},
    ),
    _evidence(
        "answer_files",
        "Files you sent with answers",
        tables.AnswerFileRow,
        "added_by",
        {"recipient_id": "Request", "added_at": "Sent"},
        _SEALED,
    ),
    _evidence(
        "requests_taken",
        "Requests that colleagues handed to you",
        tables.HandoverRow,
        "to_id",
        {"recipient_id": "Request", "at": "When"},
    ),
    _evidence(
        "requests_given",
        "Requests you handed to colleagues",
        tables.HandoverRow,
        "by_id",
        {"recipient_id": "Request", "at": "When"},
    ),
    _evidence(
        "faults",
        "Faults of the hub you recorded",
        tables.FaultRow,
        "recorded_by",
        {"began_at": "Began", "ended_at": "Ended", "words": "Words"},
    ),
    _evidence(
        "late_asked",
        "Late answers you wanted to let in",
        tables.LateAdmissionRow,
        "asked_by",
        {"referral_id": "Referral", "ground": "Ground", "shown": "Reason", "asked_at": "When"},
    ),
    _evidence(
        "late_admitted",
        "Late answers you let in",
        tables.LateAdmissionRow,
        "admitted_by",
        {"referral_id": "Referral", "ground": "Ground", "admitted_at": "When"},
    ),
    *PLACEMENT_HOLDINGS,
)
PERSON_DATA = Holdings("referrals", HOLDINGS)
