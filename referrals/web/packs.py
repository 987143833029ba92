"""The "why this placement" pack of a referral, on the page, as PDF and as JSON (R35)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from types import MappingProxyType

from flask import Blueprint, Response, render_template

from kernel import audit
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.paging import Page, page_of
from referrals.actions.note_opening import note_opening
from referrals.documents.pack_pdf import pack_as_pdf
from referrals.model.packs import Pack
from referrals.queries.packs import pack
from referrals.rules.agreement import Section
from referrals.rules.pack_document import ANSWERED, ASKED, LEFT_OUT, pack_document

pages = Blueprint("packs", __name__)

_NAMES: Mapping[str, str] = MappingProxyType({ASKED: "asked", LEFT_OUT: "left_out"})
"""What the number of the page of a section's table is called in the address."""


@pages.get("/commissioning/referrals/<referral_id>/pack")
@requires(Permission.REFERRALS_READ)
def one(referral_id: str) -> str:
    """Show on what a placement rests: options, who was asked and answered, scores, family's view, who decided."""
    with ground().read() as session:
        found = pack(session, current_actor(), referral_id, ground().keys, ground().clock.now())
    if found.judging.answers:
        with ground().work() as work:
            note_opening(work, current_actor(), referral_id)
    answers = page_of(len(found.judging.answers), name="answers")
    listed = found.judging.answers[answers.offset : answers.last_row]
    document = pack_document(replace(found, judging=replace(found.judging, answers=listed)))
    return render_template(
        "referrals/packs/one.html",
        referral_id=referral_id,
        document=document,
        sections=[_paged(section, number) for number, section in enumerate(document.sections)],
        answered=ANSWERED,
        answers=answers,
    )


def _paged(section: Section, number: int) -> tuple[Section, Page]:
    """Return a section with the page of its table that the address asks for."""
    page = page_of(len(section.table), name=_NAMES.get(section.title, f"part{number}"))
    return replace(section, table=section.table[page.offset : page.last_row]), page


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
