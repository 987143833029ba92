from __future__ import annotations

from flask import Blueprint

from referrals.web import (
    admitting,
    agreements,
    answer_calendar,
    answering,
    approving,
    awarding,
    changing,
    clocks,
    contracts,
    drafting,
    evaluating,
    fairness,
    faults,
    files,
    handing,
    issuing,
    notices,
    opening,
    outcomes,
    overview,
    own_placements,
    packs,
    placement_calendars,
    placement_parts,
    placement_reviews,
    placements,
    preparing,
    proof,
    questions,
    routing,
    statistics,
    withdrawing,
)

_PARTS = (
    overview,
    clocks,
    statistics,
    notices,
    packs,
    drafting,
    routing,
    preparing,
    approving,
    issuing,
    files,
    changing,
    withdrawing,
    questions,
    fairness,
    evaluating,
    awarding,
    outcomes,
    proof,
    answering,
    answer_calendar,
    handing,
    opening,
    admitting,
    faults,
    agreements,
    contracts,
    own_placements,
    placement_calendars,
    placement_parts,
    placement_reviews,
    placements,
)


def blueprint() -> Blueprint:
    """Return the pages of referrals: those of councils under /commissioning/referrals, of providers under /referrals.

    The link of an alert leads to the provider's page.
    """
    pages = Blueprint("referrals", "referrals", template_folder="templates")
    for part in _PARTS:
        pages.register_blueprint(part.pages)
    return pages
