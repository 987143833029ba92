from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.web import ground
from people.actions.decide_api_token import decide_api_token
from people.api_scopes import APPROVAL_WORDS, SCOPE_WORDS
from people.permissions import Permission, organisations_with
from people.queries import persons
from people.queries.api_tokens import ApiTokenCard, tokens_to_approve
from people.web.guard import current_actor, requires

pages = Blueprint("fee_programs", __name__)


@pages.get("/register/fees/programs")
@requires(Permission.FEES_READ)
def index() -> str:
    """List the programs of one's council that ask for fees or referrals, or have them."""
    with ground().read() as session:
        own = organisations_with(current_actor(), Permission.FEES_READ)
        found = tokens_to_approve(session, own, ground().clock.now())
        named = {card.id: card.name for card in persons(session, _people(found)).values()}
    words = {"approvals": APPROVAL_WORDS, "words": SCOPE_WORDS}
    return render_template("fps/fees/programs.html", found=found, names=named, **words)


def _people(found: list[ApiTokenCard]) -> set[str]:
    return {who for token in found for who in (token.created_by, token.decided_by) if who is not None}


@pages.post("/register/fees/programs/<api_token_id>/approve")
@requires(Permission.FEES_READ)
def approve(api_token_id: str) -> Response:
    """Let a program have what it asks for."""
    return _decide(api_token_id, is_approved=True)


@pages.post("/register/fees/programs/<api_token_id>/refuse")
@requires(Permission.FEES_READ)
def refuse(api_token_id: str) -> Response:
    """Let a program not have it, or no more."""
    return _decide(api_token_id, is_approved=False)


_DONE: Mapping[bool, str] = {
    True: "Approved. The program has what it asks for now.",
    False: "Refused. The program reads no fees and no referrals.",
}


def _decide(token_id: str, *, is_approved: bool) -> Response:
    with ground().work() as work:
        decide_api_token(work, current_actor(), token_id, is_approved=is_approved)
    flash(_DONE[is_approved])
    return redirect(url_for(".index"), code=303)
