from __future__ import annotations

from flask import Blueprint, render_template

from fps.model import DOCUMENT_WORDS
from fps.waiting import documents_running_out
from kernel.calendar import london_date
from kernel.web import ground
from people.permissions import Permission
from people.queries import organisations
from people.web.guard import current_actor, requires
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("documents", __name__)


@pages.get("/documents")
@requires(Permission.PROVIDERS_MANAGE)
def running_out() -> str:
    """Show the lead authority which documents of settings have run out or soon will: a lapsed one stops referrals."""
    now, number = ground().clock.now(), page_asked()
    with ground().read() as session:
        found, total = documents_running_out(session, current_actor(), now, offset=(number - 1) * SIZE)
        names = {place.id: place.name for place in organisations(session)}
    return render_template(
        "documents/running_out.html",
        found=found,
        page=Page(number, SIZE, total),
        names=names,
        words=DOCUMENT_WORDS,
        today=london_date(now),
    )
