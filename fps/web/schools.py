from __future__ import annotations

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from fps.model.open_data import Judgement
from fps.queries import setting
from fps.queries.open_data import judgements, links, school
from fps.queries.open_data_imports import setting_of
from fps.rules.open_data.changes import KINDS
from fps.rules.open_data.pages import grades_of, ofsted_page, web_address
from kernel.errors import NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import requires

pages = Blueprint("schools", __name__)


@pages.get("/register/schools/<urn>")
@requires(Permission.REGISTER_READ)
def one(urn: str) -> str:
    """Show what GIAS and Ofsted say of a school."""
    with ground().read() as session:
        return _page(session, urn)


@pages.get("/register/settings/<setting_id>/public-registers")
@requires(Permission.REGISTER_READ)
def of_setting(setting_id: str) -> str:
    """Show what GIAS and Ofsted say of a setting; without a URN neither knows it."""
    with ground().read() as session:
        card = setting(session, setting_id)
        if card.urn is not None and (school(session, card.urn) or judgements(session, card.urn)):
            return _page(session, card.urn)
    return render_template("fps/open_data/unknown.html", setting=card)


def _page(session: Session, urn: str) -> str:
    found, told = school(session, urn), judgements(session, urn)
    if found is None and not told:
        raise NotFoundError
    return render_template(
        "fps/open_data/school.html",
        urn=urn,
        school=found,
        judgements=[(KINDS[each.kind], each, grades_of(each)) for each in _in_order(told)],
        links=links(session, urn),
        setting=setting_of(session, urn),
        ofsted=ofsted_page(urn, found.type_code) if found else None,
        website=web_address(found.website) if found else None,
    )


def _in_order(told: list[Judgement]) -> list[Judgement]:
    order = list(KINDS)
    return sorted(told, key=lambda each: order.index(each.kind))
