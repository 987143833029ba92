from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from hub import personal_data
from hub.actions.erase_person import councils_to_agree, erase_person
from hub.subject_access import About, Held, digest_of, records, zipped
from hub.web.rights import read_request
from hub.web.rights_forms import EraseForm, PurposeForm
from hub.web.rights_words import KINDS, LEAVE_OUT
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from people.actions.find_request import find_request, note_step
from people.actions.review_records import decide_records, finish_review, state_purpose
from people.permissions import Permission
from people.queries import organisation, organisations, person
from people.rights.model import LeaveOut, Purpose, RequestCard, RequestKind
from people.rights.queries import decisions_on, has_stated_purpose
from people.web.guard import current_actor, requires
from people.web.paging import page_of

pages = Blueprint("rights_data", __name__)
_SUBJECT = "rights_request"
_ON_A_PAGE = 25


class _PurposeMissingError(Exception):
    """Nobody has said yet why the data is opened."""


@pages.errorhandler(_PurposeMissingError)
def ask_purpose(_error: _PurposeMissingError) -> Response:
    """Lead to where the purpose is stated."""
    request_id = (request.view_args or {})["request_id"]
    return redirect(url_for("rights_data.purpose", request_id=request_id, to=request.endpoint), code=303)


def _opened(session: Session, request_id: str) -> tuple[RequestCard, str]:
    """Return a request and whom it is about, to somebody who has said why they open it (DOMAIN.md 1.3)."""
    card = read_request(session, request_id)
    if card.person_id is None:
        raise ConflictError("Say first whom the request is about.")
    if not has_stated_purpose(session, current_actor().id, (_SUBJECT, request_id), ground().clock.now()):
        raise _PurposeMissingError
    return card, card.person_id


@pages.route("/rights/<request_id>/purpose", methods=["GET", "POST"])
@requires(Permission.RIGHTS_HANDLE)
def purpose(request_id: str) -> str | Response | tuple[str, int]:
    """Say why one opens what is held about somebody; it goes into the log before anything is shown."""
    form = PurposeForm()
    with ground().read() as session:
        card = read_request(session, request_id)
    if not form.validate_on_submit():
        page = render_template("rights/purpose.html", form=form, card=card, kind=KINDS[card.kind])
        return page, 422 if form.errors else 200
    with ground().work() as work:
        state_purpose(work, current_actor(), (_SUBJECT, request_id), Purpose(form.purpose.data))
    wanted = request.args.get("to", "")
    onward = wanted if wanted in ("rights_data.erase", "rights_data.review") else "rights_data.review"
    return redirect(url_for(onward, request_id=request_id), code=303)


@pages.get("/rights/<request_id>/records")
@requires(Permission.RIGHTS_HANDLE)
def review(request_id: str) -> str:
    """Show all that would be given out, record by record, so that a person reads it first."""
    with ground().read() as session:
        card, person_id = _opened(session, request_id)
        decisions = decisions_on(session, request_id)
        of = Held(person_id, card.council_id)
        total = sum(1 for _ in records(session, of, decisions))
        page = page_of(total, _ON_A_PAGE)
        shown = list(islice(records(session, of, decisions), page.offset, page.offset + page.size))
        now = digest_of(session, of, decisions) if card.reviewed_digest else None
        name = person(session, person_id).name
        places = {place.id: place.name for place in organisations(session)}
    return render_template(
        "rights/records.html",
        card=card,
        name=name,
        page=page,
        shown=shown,
        decisions=decisions,
        choices=LEAVE_OUT,
        places=places,
        has_changed=card.reviewed_digest is not None and now != card.reviewed_digest,
    )


@pages.post("/rights/<request_id>/records")
@requires(Permission.RIGHTS_HANDLE)
def decide(request_id: str) -> Response:
    """Leave the records that were ticked out of the copy, give them out after all, or undo such a decision."""
    keys = request.form.getlist("record")
    chosen = request.form.get("reason", "")
    if not keys:
        raise InvalidInputError("record", "Tick the records that you decide about.")
    if chosen and chosen not in {reason.value for reason in LeaveOut}:
        raise InvalidInputError("reason", "Choose what to do with them.")
    with ground().work() as work:
        _opened(work.session, request_id)
        decide_records(work, current_actor(), request_id, keys, LeaveOut(chosen) if chosen else None)
    flash(f"Decided about {len(keys)} record{'' if len(keys) == 1 else 's'}.")
    return redirect(url_for(".review", request_id=request_id, page=request.args.get("page")), code=303)


@pages.post("/rights/<request_id>/read")
@requires(Permission.RIGHTS_HANDLE)
def finish(request_id: str) -> Response:
    """Record that somebody has read everything."""
    with ground().work() as work:
        card, person_id = _opened(work.session, request_id)
        digest = digest_of(work.session, Held(person_id, card.council_id), decisions_on(work.session, request_id))
        finish_review(work, current_actor(), request_id, digest)
    flash("Recorded. The copy can be downloaded now.")
    return redirect(url_for(".review", request_id=request_id), code=303)


@pages.post("/rights/<request_id>/copy")
@requires(Permission.RIGHTS_HANDLE)
def copy(request_id: str) -> Response:
    """Send the copy to its handler, made while it is sent: it never lies on a disk of ours."""
    actor = current_actor()
    with ground().work() as work:
        card, person_id = _opened(work.session, request_id)
        if card.handler_id != actor.id:
            raise ConflictError("Only the handler of a request downloads the copy. Take the request on first.")
        decisions = decisions_on(work.session, request_id)
        of = Held(person_id, card.council_id)
        if card.reviewed_digest is None or digest_of(work.session, of, decisions) != card.reviewed_digest:
            raise ConflictError("Something has come in since the copy was read, or nobody has read it. Read it again.")
        row = find_request(work, actor, request_id)
        note_step(work, row, actor.id, "downloaded")
        council = organisation(work.session, card.council_id).name
    about = About(card.id, council, card.received_on, ground().clock.now())
    held = ground()

    def stream() -> Iterator[bytes]:
        with held.read() as session:
            yield from zipped(session, of, decisions, about)

    answer = Response(stream(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="request-{card.id}.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.route("/rights/<request_id>/erase", methods=["GET", "POST"])
@requires(Permission.RIGHTS_HANDLE)
def erase(request_id: str) -> str | Response | tuple[str, int]:
    """Show what would go and what must stay, ask twice, and erase."""
    form = EraseForm()
    with ground().read() as session:
        card, person_id = _opened(session, request_id)
        if card.kind is not RequestKind.ERASURE:
            raise NotFoundError
        shown = {
            "card": card,
            "form": form,
            "name": person(session, person_id).name,
            "held": personal_data.summary(session, person_id),
            "kept": personal_data.kept(session, person_id),
            "others": [
                organisation(session, each).name for each in councils_to_agree(session, person_id, card.council_id)
            ],
        }
    if not form.validate_on_submit():
        return render_template("rights/erase.html", **shown), 422 if form.errors else 200
    try:
        with ground().work() as work:
            erase_person(work, current_actor(), request_id)
    except ConflictError as error:
        form.show(InvalidInputError("is_sure", str(error)))
        return render_template("rights/erase.html", **shown), error.status
    flash("Erased. Tell them what was kept and why, then close the request.")
    return redirect(url_for("rights.one", request_id=request_id), code=303)
