"""A provider's placements: what it supplies, until when, and the next review."""

from __future__ import annotations

from flask import Blueprint, render_template

from kernel.calendar import london_date
from kernel.web import ground
from people.permissions import Permission
from people.queries import organisation, organisations_by_id, persons
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.queries.placements import WantedPlacements, count_own_placements, own_placement, own_placements
from referrals.web.placement_words import STATE_TAGS
from referrals.web.placements import bought_through, filter_choices, wanted_placements

pages = Blueprint("own_placements", __name__)


@pages.get("/placements")
@requires(Permission.PLACEMENTS_OWN)
def index() -> str:
    """Show the placements to which one's provider supplies something, the newest first."""
    actor, today, wanted = current_actor(), london_date(ground().clock.now()), wanted_placements()
    with ground().read() as session:
        page = page_of(count_own_placements(session, actor, today, wanted))
        lines = own_placements(session, actor, today, wanted, offset=page.offset, limit=page.size)
        councils = organisations_by_id(session, {line.card.council_id for line in lines})
    return render_template(
        "referrals/placements/own_index.html",
        lines=lines,
        councils=councils,
        page=page,
        wanted=wanted,
        is_narrowed=wanted != WantedPlacements(),
        today=today,
        **filter_choices(),
    )


@pages.get("/placements/<placement_id>")
@requires(Permission.PLACEMENTS_OWN)
def one(placement_id: str) -> str:
    """Show a placement as its supplier reads it: its own part, and nobody else's."""
    today = london_date(ground().clock.now())
    with ground().read() as session:
        card = own_placement(session, current_actor(), placement_id)
        contact = persons(session, [card.council_contact_id])[card.council_contact_id]
        council, bought = organisation(session, card.council_id), bought_through(session, card)
    return render_template(
        "referrals/placements/own_one.html",
        card=card,
        state=card.state(today),
        tags=STATE_TAGS,
        today=today,
        contact=contact,
        council=council,
        bought=bought,
    )
