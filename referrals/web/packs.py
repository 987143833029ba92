"""The "why this placement" pack of a referral, on the page, as PDF and as JSON (R35)."""

from __future__ import annotations

import json
from dataclasses import asdict

from flask import Blueprint, Response, render_template

from kernel import audit
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.documents.pack_pdf import pack_as_pdf
from referrals.model.packs import Pack
from referrals.queries.packs import pack
from referrals.rules.pack_document import pack_document

pages = Blueprint("packs", __name__)


@pages.get("/commissioning/referrals/<referral_id>/pack")
@requires(Permission.REFERRALS_READ)
def one(referral_id: str) -> str:
    """Show on what a placement rests: options, who was asked and answered, scores, family's view, who decided."""
    with ground().read() as session:
        found = pack(session, current_actor(), referral_id, ground().keys, ground().clock.now())
    return render_template(
        "referrals/packs/one.html", referral_id=referral_id, pack=found, document=pack_document(found)
    )


@pages.get("/commissioning/referrals/<referral_id>/pack.pdf")
@requires(Permission.REFERRALS_READ)
def as_pdf(referral_id: str) -> Response:
    """Hand out the pack as PDF."""
    found = _taken(referral_id, "pdf")
    return _file(pack_as_pdf(pack_document(found)), "application/pdf", f"why-{found.reference}.pdf")


@pages.get("/commissioning/referrals/<referral_id>/pack.json")
@requires(Permission.REFERRALS_READ)
def as_json(referral_id: str) -> Response:
    """Hand out the pack as JSON."""
    found = _taken(referral_id, "json")
    written = json.dumps(asdict(found), default=lambda at: at.isoformat(), indent=2, ensure_ascii=False)
    return _file(written.encode(), "application/json", f"why-{found.reference}.json")


def _taken(referral_id: str, form: str) -> Pack:
    """Return the pack, and put on record that it was taken out of the hub."""
    actor = current_actor()
    with ground().work() as work:
        found = pack(work.session, actor, referral_id, ground().keys, work.now)
        about, details = ("referral", referral_id), {"format": form}
        audit.record(work, actor=actor.id, action="referrals.take_pack", subject=about, details=details)
    return found


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype=kind, headers=headers)
