"""What each step of the audit log about a referral is called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

STEPS: Mapping[str, str] = MappingProxyType(
    {
        "referrals.draft": "Written",
        "referrals.draft_by_program": "Written by the council's case system",
        "referrals.edit_draft": "Draft changed",
        "referrals.choose_route": "Route chosen",
        "referrals.plan_times": "Times planned",
        "referrals.weigh_criteria": "Criteria weighted",
        "referrals.confirm_wording": "Wording confirmed",
        "referrals.attach_file": "File attached",
        "referrals.remove_file": "File removed",
        "referrals.ask_approval": "Approval asked for",
        "referrals.decide_approval": "Approval decided",
        "referrals.withdraw_approval": "Approval no longer asked for",
        "referrals.record_agreements": "Agreement to a shorter deadline recorded",
        "referrals.override_guard": "Registration guard overridden with a reason",
        "referrals.issue": "Issued to everybody",
        "referrals.change": "New version to everybody",
        "referrals.open_request": "Opened by a provider for the first time",
        "referrals.acknowledge": "Version confirmed",
        "referrals.ask": "Question asked",
        "referrals.answer_question": "Question answered to everybody",
        "referrals.not_reached": "Not everybody reached",
        "referrals.reached": "Reached after all",
        "referrals.tell_again": "Same alert sent again",
        "referrals.remind": "Reminder to those with no final answer",
        "referrals.hand_over": "Request handed to a colleague",
        "referrals.respond": "Answer received, sealed",
        "referrals.respond_late": "Late answer received, sealed and kept apart",
        "referrals.admit_late": "Late answer let in",
        "referrals.open_answers": "Answer read where nobody competes",
        "referrals.open_answer_file": "File of an answer taken",
        "referrals.unseal": "Half of the unsealing",
        "referrals.name_evaluators": "Evaluators named",
        "referrals.release_evaluator": "Evaluator released",
        "referrals.declare_interest": "Interest declared",
        "referrals.save_scores": "Scores saved",
        "referrals.hand_in_scores": "Scores handed in",
        "referrals.settle_scores": "Scores settled",
        "referrals.write_moderation": "Moderation recorded",
        "referrals.record_family_view": "Family's view recorded",
        "referrals.record_preference": "Statutory preference recorded",
        "referrals.withdraw_preference": "Statutory preference withdrawn",
        "referrals.award": "Decided",
        "referrals.confirm_award": "Award confirmed",
        "referrals.tell_outcome": "Outcome told to everybody",
        "referrals.close": "Closed",
        "referrals.withdraw": "Withdrawn before the deadline",
        "referrals.take_pack": "Pack taken out of the hub",
    }
)
