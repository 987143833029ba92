"""The directory for families, schools and councils: search, one setting, several side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from fps.model import LotCard
from fps.model.directory_search import Listing, Wanted
from fps.queries import directory
from fps.queries.frameworks import lots_by_id
from fps.queries.open_data import judgements
from fps.rules.vacancies import is_fresh
from fps.web.directory_asked import DISTANCES, Asked, is_finer_than_district, located, read_asked
from fps.web.directory_words import (
    ATTENDANCE_CHOICES,
    CHOICES,
    KEY_STAGE_CHOICES,
    LABELS,
    all_lots,
    inspections,
    ofsted_page,
    shown_distance,
)
from kernel.calendar import london_date
from kernel.web import ground
from people.permissions import Permission, may
from people.queries import organisation
from people.web.guard import public
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("directory", __name__)

_WHY = "families, schools and councils look for a school here; providers write it for everybody"
_MOST_COMPARED = 4
Answer = str | Response | tuple[str, int]


def _sees_status() -> bool:
    actor = g.get("actor")
    return actor is not None and may(actor, Permission.REGISTER_READ)


@pages.route("/directory", methods=["GET", "POST"])
@public(_WHY)
def index() -> Answer:
    """Search the directory. The form is posted, so that no address ever holds a whole postcode."""
    return _search(is_ap_only=False)


@pages.route("/directory/alternative-provision", methods=["GET", "POST"])
@public(_WHY)
def alternative_provision() -> Answer:
    """Search alternative provision, for schools as for everybody."""
    return _search(is_ap_only=True)


def _search(*, is_ap_only: bool) -> Answer:
    if request.method == "POST":
        asked = read_asked(request.form)
        if not asked.errors:
            return redirect(_address_of(asked), code=303)
        return _results(asked, is_ap_only=is_ap_only), 422
    if is_finer_than_district(request.args.get("near", "")):
        return redirect(_address_of(read_asked(request.args)), code=303)
    return _results(read_asked(request.args), is_ap_only=is_ap_only)


def _address_of(asked: Asked) -> str:
    kept: dict[str, Any] = {**_kept(asked)}
    return url_for(f".{_view()}", **kept)


def _view() -> str:
    return (request.endpoint or "").rsplit(".", 1)[-1]


def _kept(asked: Asked) -> dict[str, str]:
    return {name: value for name, value in asked.args().items() if value}


def _results(asked: Asked, *, is_ap_only: bool) -> str:
    today, number = london_date(ground().clock.now()), page_asked()
    with ground().read() as session:
        asked = located(session, _for_reader(asked, is_ap_only=is_ap_only))
        found, total = directory.find_settings(session, asked.wanted, today, offset=(number - 1) * SIZE, limit=SIZE)
        page = Page(number, SIZE, total)
        if not found and total:
            found, total = directory.find_settings(session, asked.wanted, today, offset=page.offset, limit=SIZE)
        unsaid = directory.count_unsaid(session, asked.wanted, today) if _hides_unsaid(asked.wanted) else 0
        lots = all_lots(session, today) if _sees_status() else []
    return render_template(
        "fps/directory/search.html",
        **_frame(),
        asked=asked,
        found=found,
        page=page,
        unsaid=unsaid,
        lots=lots,
        choices=CHOICES,
        stages=KEY_STAGE_CHOICES if is_ap_only else (),
        attendances=ATTENDANCE_CHOICES if is_ap_only else (),
        distances=DISTANCES,
        is_ap_only=is_ap_only,
        widened={key: value for key, value in _kept(asked).items() if key in ("need", "near", "unit", "lot")},
        here=f".{_view()}",
        kept=_kept(asked),
    )


def _for_reader(asked: Asked, *, is_ap_only: bool) -> Asked:
    lot_id = asked.wanted.lot_id if _sees_status() else None
    wanted = replace(asked.wanted, is_ap_only=is_ap_only, sees_status=_sees_status(), lot_id=lot_id)
    return replace(asked, wanted=wanted)


def _hides_unsaid(wanted: Wanted) -> bool:
    """Tell whether something is asked for that nobody knows of who has published nothing."""
    told = (wanted.need, wanted.stay, wanted.key_stage, wanted.attendance)
    return not wanted.is_unsaid and (wanted.is_residential or any(value is not None for value in told))


def _frame() -> dict[str, object]:
    """Return what each page of the directory needs for its frame and its words."""
    today = london_date(ground().clock.now())
    return {
        "staff_frame": g.get("actor") is not None,
        "sees_status": _sees_status(),
        "phrase": ground().translations.phrase,
        "labels": LABELS,
        "is_fresh": lambda at: is_fresh(at, today),
        "today": today,
        "distance": shown_distance,
    }


@pages.get("/directory/<setting_id>")
@public(_WHY)
def one(setting_id: str) -> str:
    """Show a setting: what it says of itself, its last inspections, its free places, and how to ask for it."""
    today = london_date(ground().clock.now())
    with ground().read() as session:
        asked = located(session, read_asked(_near_only()))
        shown = directory.listing(session, setting_id, today, near=asked.wanted.near, sees_status=_sees_status())
        inspected = inspections(judgements(session, shown.urn)) if shown.urn else []
        lots = _lots(session, [shown])
        provider = organisation(session, shown.provider_id).name
    return render_template(
        "fps/directory/one.html",
        **_frame(),
        one=shown,
        provider=provider,
        inspected=inspected,
        ofsted=ofsted_page(shown),
        lots=lots,
        asked=asked,
    )


def _near_only() -> MultiDict[str, str]:
    named = ((name, request.args.get(name, "")) for name in ("near", "unit"))
    return MultiDict([(name, value) for name, value in named if not is_finer_than_district(value)])


def _lots(session: Session, shown: list[Listing]) -> dict[str, LotCard]:
    if not _sees_status():
        return {}
    return lots_by_id(session, {lot_id for each in shown for lot_id, _ in each.standings})


@pages.get("/directory/compare")
@public(_WHY)
def compare() -> str:
    """Show up to four settings side by side; which ones stands in the address, so that it can be sent on."""
    wanted = list(dict.fromkeys(request.args.getlist("id")))
    today = london_date(ground().clock.now())
    with ground().read() as session:
        asked = located(session, read_asked(_near_only()))
        shown = directory.listings(
            session, wanted[:_MOST_COMPARED], today, near=asked.wanted.near, sees_status=_sees_status()
        )
        told = {each.id: inspections(judgements(session, each.urn)) if each.urn else [] for each in shown}
    return render_template(
        "fps/directory/compare.html",
        **_frame(),
        shown=shown,
        told=told,
        is_cut=len(wanted) > _MOST_COMPARED,
        most=_MOST_COMPARED,
        asked=asked,
    )
