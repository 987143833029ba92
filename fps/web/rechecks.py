"""The yearly check of registrations and insurance, as the lead authority runs it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply
from wtforms.fields.choices import SelectChoice

from fps.actions.evidence.close_recheck import close_recheck
from fps.actions.evidence.start_recheck import StartRecheck, start_recheck
from fps.model.evidence import RecheckItem
from fps.queries.rechecks import (
    all_items,
    count_rechecks,
    count_silent_providers,
    led_frameworks,
    recheck,
    rechecks,
    silent_providers,
)
from fps.web.evidence_forms import RecheckForm
from fps.web.evidence_words import kind_words
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError
from kernel.web import ground
from people.model import OrganisationKind
from people.permissions import Permission
from people.queries import organisations, persons
from people.web.guard import current_actor, requires
from people.web.paging import page_of

pages = Blueprint("rechecks", __name__)

_HEAD = ("Provider", "Setting", "Document", "Answer", "Answered on", "Holds until")
_ANSWERS = {None: "Not answered", "confirmed": "Confirmed", "uploaded": "Uploaded"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@pages.get("/register/documents/yearly-checks")
@requires(Permission.EVIDENCE_JUDGE)
def index() -> str:
    """Show the yearly checks of the lead authority's frameworks, and start another."""
    return _index_page(RecheckForm())


@pages.post("/register/documents/yearly-checks")
@requires(Permission.EVIDENCE_JUDGE)
def start() -> Reply | tuple[str, int]:
    """Start a yearly check: every provider of the framework is asked."""
    form = RecheckForm()
    _offer_frameworks(form)
    if not form.validate():
        return _index_page(form), 422
    try:
        with ground().work() as work:
            command = StartRecheck(str(form.framework.data), form.due_on.data)
            recheck_id = start_recheck(work, current_actor(), command)
    except InvalidInputError as error:
        form.show(error)
        return _index_page(form), error.status
    except ConflictError as error:
        form.show_at(form.framework, str(error))
        return _index_page(form), error.status
    flash("The yearly check is started. Every provider has been told.")
    return redirect(url_for(".one", recheck_id=recheck_id), code=303)


@pages.get("/register/documents/yearly-checks/<recheck_id>")
@requires(Permission.EVIDENCE_JUDGE)
def one(recheck_id: str) -> str:
    """Show how far a yearly check has come, and who has not answered."""
    return _page(recheck_id)


@pages.get("/register/documents/yearly-checks/<recheck_id>/report.csv")
@requires(Permission.EVIDENCE_JUDGE)
def report(recheck_id: str) -> Response:
    """Send every document that was asked for with its answer, as CSV in which no cell is a formula."""
    held = ground()
    with held.read() as session:
        card = recheck(session, current_actor(), recheck_id)
        names = {place.id: place.name for place in organisations(session, OrganisationKind.PROVIDER)}

    def rows() -> Iterator[str]:
        with held.read() as session:
            yield "\ufeff" + _line(_HEAD)
            for item in all_items(session, card.id):
                yield _line(_cells(item, names))

    answer = Response(rows(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"yearly-check-{card.due_on.isoformat()}.csv")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/register/documents/yearly-checks/<recheck_id>/close")
@requires(Permission.EVIDENCE_JUDGE)
def close(recheck_id: str) -> Reply | tuple[str, int]:
    """Close a yearly check."""
    try:
        with ground().work() as work:
            close_recheck(work, current_actor(), recheck_id)
    except ConflictError as error:
        return _page(recheck_id, refusal=str(error)), error.status
    flash("The yearly check is closed. Its report stays here.")
    return redirect(url_for(".one", recheck_id=recheck_id), code=303)


def _offer_frameworks(form: RecheckForm) -> None:
    with ground().read() as session:
        found = led_frameworks(session, current_actor())
    form.framework.choices = [SelectChoice(framework_id, name) for framework_id, name in found]


def _index_page(form: RecheckForm) -> str:
    actor = current_actor()
    _offer_frameworks(form)
    with ground().read() as session:
        page = page_of(count_rechecks(session, actor))
        found = rechecks(session, actor, offset=page.offset)
    return render_template(
        "fps/evidence/rechecks.html", found=found, page=page, form=form, can_start=bool(form.framework.choices)
    )


def _page(recheck_id: str, *, refusal: str = "") -> str:
    with ground().read() as session:
        card = recheck(session, current_actor(), recheck_id)
        page = page_of(count_silent_providers(session, recheck_id))
        silent = silent_providers(session, recheck_id, offset=page.offset)
        names = {place.id: place.name for place in organisations(session, OrganisationKind.PROVIDER)}
        starter = persons(session, {card.started_by}).get(card.started_by)
    return render_template(
        "fps/evidence/recheck.html",
        card=card,
        page=page,
        silent=silent,
        names=names,
        starter=starter.name if starter else "somebody who has left",
        today=london_date(ground().clock.now()),
        refusal=refusal,
    )


def _cells(item: RecheckItem, names: dict[str, str]) -> tuple[str, ...]:
    return (
        names[item.provider_id],
        item.setting_name or "All settings",
        kind_words(item.kind),
        _ANSWERS[item.answer],
        london_date(item.answered_at).isoformat() if item.answered_at else "",
        item.valid_until.isoformat() if item.valid_until else "",
    )


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()
