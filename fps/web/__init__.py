from __future__ import annotations

from flask import Blueprint

from fps.web import (
    applications,
    concluding,
    council_pauses,
    decisions,
    directory,
    evaluating,
    evidence,
    fee_programs,
    fees,
    framework_editing,
    framework_lots,
    frameworks,
    joining,
    open_data,
    open_referral,
    own_applications,
    own_evidence,
    own_evidence_pieces,
    own_fees,
    own_profile,
    own_rechecks,
    own_sending,
    own_settings,
    places,
    rechecks,
    register,
    register_setting,
    round_people,
    round_questions,
    round_sessions,
    rounds,
    schools,
    taking_part,
)

_PARTS: tuple[Blueprint, ...] = (
    applications.pages,
    concluding.pages,
    evaluating.pages,
    own_applications.pages,
    own_evidence_pieces.pages,
    own_sending.pages,
    register.pages,
    register_setting.pages,
    decisions.pages,
    council_pauses.pages,
    own_settings.pages,
    rounds.pages,
    round_sessions.pages,
    round_people.pages,
    round_questions.pages,
    joining.pages,
    taking_part.pages,
    open_data.pages,
    schools.pages,
    directory.pages,
    open_referral.pages,
    frameworks.pages,
    framework_editing.pages,
    framework_lots.pages,
    places.pages,
    own_profile.pages,
    fees.pages,
    fee_programs.pages,
    own_fees.pages,
    evidence.pages,
    rechecks.pages,
    own_evidence.pages,
    own_rechecks.pages,
)


def blueprint() -> Blueprint:
    """Return the pages of the register.

    Staff's under /register, a provider's own under /my-settings and /my-applications, open ones under /directory and
    /joining.
    """
    pages = Blueprint("fps", "fps", template_folder="templates")
    for part in _PARTS:
        pages.register_blueprint(part)
    return pages
