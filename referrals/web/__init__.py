from __future__ import annotations

from flask import Blueprint

from referrals.web import answering, clocks, drafting, issuing, overview


def blueprint() -> Blueprint:
    """Return the pages of referrals: those of councils under /commissioning/referrals, of providers under /referrals.

    The link of an alert leads to the provider's page.
    """
    pages = Blueprint("referrals", "referrals", template_folder="templates")
    for part in (overview, clocks, drafting, issuing, answering):
        pages.register_blueprint(part.pages)
    return pages
