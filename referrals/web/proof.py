"""The proof of a referral, rebuilt from the audit log, as a page and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Blueprint, Response, render_template

from kernel.web import ground
from people.permissions import Permission
from people.queries import persons
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.model.proof import BY_PROVIDERS, Line, Proof
from referrals.queries.proof import proof_for
from referrals.rules.wording import to_the_second
from referrals.web.proof_words import STEPS

pages = Blueprint("proof", __name__)

_A_PROVIDER = "A provider that was asked"
"""Who did what may give away who asked a question: the council reads no name there (R11)."""


@pages.get("/commissioning/referrals/<referral_id>/proof")
@requires(Permission.REFERRALS_READ)
def one(referral_id: str) -> str:
    """Show whether what is stored agrees with the audit log, and every step of the log."""
    with ground().read() as session:
        proof = proof_for(session, current_actor(), referral_id, ground().clock.now())
        page = page_of(len(proof.lines))
        lines = proof.lines[page.offset : page.offset + page.size]
        names = {key: card.name for key, card in persons(session, {line.actor for line in lines}).items()}
    return render_template(
        "referrals/equal/proof.html",
        referral_id=referral_id,
        proof=proof,
        lines=[(line, STEPS.get(line.action, line.action), _who(line, names)) for line in lines],
        page=page,
        to_the_second=to_the_second,
    )


@pages.get("/commissioning/referrals/<referral_id>/proof.json")
@requires(Permission.REFERRALS_READ)
def download(referral_id: str) -> Response:
    """Hand out the proof as JSON; who of a provider did something is not in it (R11)."""
    with ground().read() as session:
        proof = proof_for(session, current_actor(), referral_id, ground().clock.now())
    reply = Response(json.dumps(_for_council(proof), indent=2, ensure_ascii=False), mimetype="application/json")
    reply.headers["Content-Disposition"] = f'attachment; filename="{proof.reference}-proof.json"'
    return reply


def _for_council(proof: Proof) -> dict[str, object]:
    plain = proof.plain
    for line in plain["lines"]:
        if line["action"] in BY_PROVIDERS:
            line["actor"] = "a provider"
            line["details"].pop("acting_for", None)
    return plain


def _who(line: Line, names: Mapping[str, str]) -> str:
    return _A_PROVIDER if line.action in BY_PROVIDERS else names.get(line.actor, "The hub")
