from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from channels.words import CHANNELS, STATUS_TAGS
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.actions.note_opening import note_opening
from referrals.actions.unseal_responses import unseal_responses
from referrals.model import Phase
from referrals.queries.conflicts import has_conflict
from referrals.queries.councils import is_draft, opened_responses, referral
from referrals.queries.lists import Wanted, count_referrals, lots_in_use, referrals_of
from referrals.queries.route_facts import route_facts
from referrals.rules.wording import to_the_second
from referrals.web.words import PHASE_TAGS, time_left

pages = Blueprint("overview", __name__)

_LONGEST_REFERENCE = 30
_WORDS = {"tags": PHASE_TAGS, "alert_tags": STATUS_TAGS, "channels": CHANNELS}


@pages.get("/commissioning/referrals")
@requires(Permission.REFERRALS_READ)
def index() -> str:
    """Show the referrals of one's council, the newest first; all or those that the address asks for."""
    actor, now, wanted = current_actor(), ground().clock.now(), _wanted()
    with ground().read() as session:
        page = page_of(count_referrals(session, actor, now, wanted))
        lines = referrals_of(session, actor, now, wanted, offset=page.offset, limit=page.size)
        lots = lots_in_use(session, actor)
    return render_template(
        "referrals/index.html",
        lines=lines,
        page=page,
        wanted=wanted,
        is_narrowed=wanted != Wanted(),
        lots=[("", "Any lot"), *lots],
        phases=[("", "Any status"), *((phase.value, phase.words) for phase in Phase)],
        **_WORDS,
    )


def _wanted() -> Wanted:
    asked = request.args
    phase = asked.get("status", "")
    return Wanted(
        reference=asked.get("reference", "")[:_LONGEST_REFERENCE],
        lot_id=asked.get("lot") or None,
        phase=Phase(phase) if phase in set(Phase) else None,
    )


@pages.get("/commissioning/referrals/<referral_id>")
@requires(Permission.REFERRALS_READ)
def one(referral_id: str) -> str | Response:
    """Show an issued referral: who was asked and who not, the alerts, counts, and answers once they are unsealed."""
    actor, now = current_actor(), ground().clock.now()
    with ground().read() as session:
        if is_draft(session, actor, referral_id):
            return redirect(url_for("referrals.drafting.wording", referral_id=referral_id), code=303)
        page = referral(session, actor, referral_id, now)
        is_kept_out = has_conflict(session, actor.id, referral_id)
        may_read = page.is_unsealed and not is_kept_out
        opened = opened_responses(session, actor, referral_id, ground().keys) if may_read else None
        facts = route_facts(session, actor, referral_id)
    asked, left_out = page_of(len(page.recipients), name="asked"), page_of(len(page.exclusions), name="left_out")
    if opened and not page.text.route.is_competitive:
        with ground().work() as work:
            note_opening(work, actor, referral_id)
    return render_template(
        "referrals/one.html",
        page=page,
        opened=opened,
        route=facts,
        asked=asked,
        left_out=left_out,
        answers=page_of(len(opened or ()), name="answers"),
        is_kept_out=is_kept_out,
        left=time_left(page.deadline_at, now) if page.phase is Phase.OPEN else None,
        has_unsealed=actor.id in {half.person_id for half in page.halves},
        to_the_second=to_the_second,
        **_WORDS,
    )


@pages.post("/commissioning/referrals/<referral_id>/unseal")
@requires(Permission.REFERRALS_ISSUE)
def unseal(referral_id: str) -> Response:
    """Add one's own half of the unsealing."""
    with ground().work() as work:
        is_open = unseal_responses(work, current_actor(), referral_id)
    flash("The answers are unsealed." if is_open else "Your half is recorded. A colleague must unseal too.")
    return redirect(url_for(".one", referral_id=referral_id), code=303)
