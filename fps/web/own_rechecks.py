"""The yearly check, as a provider answers it: one list, and one press for what still holds."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.evidence.answer_recheck import confirm_documents
from fps.model.evidence import RecheckItem
from fps.queries.rechecks import items_of_provider
from fps.web.evidence_words import ending_tag, kind_words
from kernel.calendar import london_date
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.queries import organisations
from people.web.guard import current_actor, requires

pages = Blueprint("own_rechecks", __name__)

_ALL = "all"


@pages.get("/my-settings/yearly-check")
@requires(Permission.SETTINGS_OWN)
def show() -> str:
    """Show a provider everything that the yearly check asks, what is not answered first."""
    today, actor = london_date(ground().clock.now()), current_actor()
    own = organisations_with(actor, Permission.SETTINGS_OWN)
    with ground().read() as session:
        items = items_of_provider(session, actor)
        names = {place.id: place.name for place in organisations(session) if place.id in own}
    owed = [item for item in items if item.answer is None]
    return render_template(
        "fps/evidence/own_recheck.html",
        items=[(item, ending_tag(item.valid_until, today), _can_confirm(item, today)) for item in items],
        owed=len(owed),
        confirmable=sum(_can_confirm(item, today) for item in owed),
        due=min((item.due_on for item in owed), default=None),
        names=names,
        kind_words=kind_words,
        all=_ALL,
    )


@pages.post("/my-settings/yearly-check")
@requires(Permission.SETTINGS_OWN)
def confirm() -> Reply:
    """Confirm that one document still holds, or all that do."""
    asked = request.form.get("item", "")
    actor = current_actor()
    with ground().work() as work:
        owed = [item.id for item in items_of_provider(work.session, actor) if item.answer is None]
        count = confirm_documents(work, actor, [each for each in owed if asked in (_ALL, each)])
    if count:
        flash(f"{count} {'document is' if count == 1 else 'documents are'} confirmed.")
    else:
        flash("Nothing was left to confirm. What has run out must be uploaded anew.")
    return redirect(url_for(".show"), code=303)


def _can_confirm(item: RecheckItem, today: date) -> bool:
    """Tell whether a document is there that holds today."""
    holds = item.valid_until is None or item.valid_until >= today
    return item.answer is None and item.document_id is not None and holds
