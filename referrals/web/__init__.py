from __future__ import annotations

from flask import Blueprint

from referrals.web import (
    agreements,
    answering,
    approving,
    changing,
    clocks,
    contracts,
    drafting,
    fairness,
    issuing,
    overview,
    own_placements,
    placement_calendars,
    placement_parts,
    placement_reviews,
    placements,
    preparing,
    questions,
    routing,
    statistics,
)


def blueprint() -> Blueprint:
    """Return the pages of referrals: those of councils under /commissioning/referrals, of providers under /referrals.

    The link of an alert leads to the provider's page.
    """
    pages = Blueprint("referrals", "referrals", template_folder="templates")
    for part in (
        overview,
        clocks,
        statistics,
        drafting,
        routing,
        preparing,
        approving,
        issuing,
        files,
        changing,
        questions,
        fairness,
        answering,
        agreements,
        contracts,
        own_placements,
        placement_calendars,
        placement_parts,
        placement_reviews,
        placements,
    ):
        pages.register_blueprint(part.pages)
    return pages
