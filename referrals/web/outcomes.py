"""What providers read of how a referral ended: who was awarded, and their own scores with the reasons (R27)."""

from __future__ import annotations

from flask import Blueprint, render_template

from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.queries.outcomes import count_outcomes, outcome, outcomes_of, own_offers

pages = Blueprint("outcomes", __name__)


@pages.get("/referrals/outcomes")
@requires(Permission.REFERRALS_ANSWER)
def index() -> str:
    """Show the outcomes of which one's provider was told, the newest first."""
    actor = current_actor()
    with ground().read() as session:
        page = page_of(count_outcomes(session, actor))
        lines = outcomes_of(session, actor, offset=page.offset, limit=page.size)
    return render_template("referrals/evaluation/outcomes.html", lines=lines, page=page)


@pages.get("/referrals/<referral_id>/outcome")
@requires(Permission.REFERRALS_ANSWER)
def one(referral_id: str) -> str:
    """Show one outcome to a provider that was asked."""
    with ground().read() as session:
        found = outcome(session, current_actor(), referral_id)
        offered = own_offers(session, found, ground().keys)
    return render_template("referrals/evaluation/outcome.html", told=found, offered=offered)
