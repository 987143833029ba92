"""A provider's free places: seen, confirmed with one press, changed at any time; councils read what was told."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from fps.actions.directory.report_places import OpenBand, close_band, open_band, report_places
from fps.model import LotCard, SettingCard
from fps.model.directory import VacancyCard
from fps.queries import setting
from fps.queries.directory_standing import lots_of
from fps.queries.vacancies import count_reports, settings_with_places, vacancies_of, vacancy_reports
from fps.rules.vacancies import Told, is_fresh
from fps.web.directory_forms import BandForm, PlacesForm
from fps.web.own_profile import own_setting
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.queries import persons
from people.web.contact_forms import PressForm
from people.web.guard import current_actor, requires
from people.web.paging import SIZE, Page, page_asked, page_of

pages = Blueprint("places", __name__)

_CHANNELS = {"web": "on this site", "sms": "by text message", "email": "by email", "slack": "in Slack"}
Answer = str | Response | tuple[str, int]


@pages.get("/my-settings/places")
@requires(Permission.SETTINGS_OWN)
def index() -> str:
    """Show a provider the free places of all its settings."""
    own, number = organisations_with(current_actor(), Permission.SETTINGS_OWN), page_asked()
    today = london_date(ground().clock.now())
    with ground().read() as session:
        found, total = settings_with_places(session, own, today, offset=(number - 1) * SIZE, limit=SIZE)
        page = Page(number, SIZE, total)
        if not found and total:
            found, total = settings_with_places(session, own, today, offset=page.offset, limit=SIZE)
        bands = vacancies_of(session, [setting_id for setting_id, _ in found])
    return render_template(
        "fps/directory/own_places.html", settings=found, bands=bands, page=page, is_fresh=_fresh, form=PressForm()
    )


def _fresh(card: VacancyCard) -> bool:
    return is_fresh(card.confirmed_at, london_date(ground().clock.now()))


@pages.route("/my-settings/<setting_id>/places/new", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def new(setting_id: str) -> Answer:
    """Tell of free places for a further age band."""
    card, form = own_setting(setting_id), BandForm()
    with ground().read() as session:
        found = _lots(session, card)
    form.lot.choices = [SelectChoice(lot.id, lot.title) for lot in found]
    if not form.is_submitted():
        form.age_from.data, form.age_to.data = card.age_from, card.age_to
    if not form.validate_on_submit():
        return _new_page(card, form), 422 if form.is_submitted() else 200
    command = OpenBand(card.id, form.lot.data, int(form.age_from.data), int(form.age_to.data), form.told())
    try:
        with ground().work() as work:
            open_band(work, current_actor(), command)
    except InvalidInputError as error:
        form.show(error)
        return _new_page(card, form), error.status
    except ConflictError as error:
        form.show_at(form.age_from, str(error))
        return _new_page(card, form), error.status
    flash(f"The free places of {card.name} are noted.")
    return redirect(url_for(".index"), code=303)


def _lots(session: Session, card: SettingCard) -> list[LotCard]:
    return lots_of(session, card.id, london_date(ground().clock.now()))


def _new_page(card: SettingCard, form: BandForm) -> str:
    return render_template("fps/directory/band.html", card=card, form=form, band=None)


@pages.route("/my-settings/<setting_id>/places/<band_id>", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def edit(setting_id: str, band_id: str) -> Answer:
    """Change the free places of an age band."""
    card, form = own_setting(setting_id), PlacesForm()
    band = _band(card, band_id)
    if not form.is_submitted():
        form.fill(band)
    if not form.validate_on_submit():
        return _band_page(card, band, form), 422 if form.is_submitted() else 200
    try:
        with ground().work() as work:
            report_places(work, current_actor(), band.id, form.told())
    except InvalidInputError as error:
        form.show(error)
        return _band_page(card, band, form), error.status
    flash(f"The free places of {card.name} are noted.")
    return redirect(url_for(".index"), code=303)


def _band_page(card: SettingCard, band: VacancyCard, form: PlacesForm) -> str:
    return render_template("fps/directory/band.html", card=card, form=form, band=band, press=PressForm())


def _band(card: SettingCard, band_id: str) -> VacancyCard:
    with ground().read() as session:
        bands = vacancies_of(session, [card.id]).get(card.id, [])
    found = next((band for band in bands if band.id == band_id), None)
    if found is None:
        raise NotFoundError
    return found


@pages.post("/my-settings/<setting_id>/places/<band_id>/confirm")
@requires(Permission.SETTINGS_OWN)
def confirm(setting_id: str, band_id: str) -> Response:
    """Confirm with one press that the free places are as they were."""
    card = own_setting(setting_id)
    band = _band(card, band_id)
    if band.places is None:
        return redirect(url_for(".edit", setting_id=card.id, band_id=band.id), code=303)
    today = london_date(ground().clock.now())
    is_ahead = band.expected_on is not None and band.expected_on > today
    expected = (band.expected_places, band.expected_on) if is_ahead else (None, None)
    with ground().work() as work:
        report_places(work, current_actor(), band.id, Told(band.places, *expected, band.note))
    flash(f"Confirmed: {band.places} at {card.name}, ages {band.age_from} to {band.age_to}.")
    return redirect(url_for(".index"), code=303)


@pages.post("/my-settings/<setting_id>/places/<band_id>/close")
@requires(Permission.SETTINGS_OWN)
def close(setting_id: str, band_id: str) -> Response:
    """Take an age band off the list."""
    card = own_setting(setting_id)
    with ground().work() as work:
        close_band(work, current_actor(), _band(card, band_id).id)
    flash(f"That age group of {card.name} is off the list. What you told of it stays in the history.")
    return redirect(url_for(".index"), code=303)


@pages.get("/my-settings/<setting_id>/places/history")
@requires(Permission.SETTINGS_OWN)
def own_history(setting_id: str) -> str:
    """Show a provider what it has told of a setting's free places."""
    return _history(own_setting(setting_id), is_own=True)


@pages.get("/register/settings/<setting_id>/places")
@requires(Permission.REGISTER_READ)
def history(setting_id: str) -> str:
    """Show councils what the provider has told of a setting's free places, and when."""
    with ground().read() as session:
        card = setting(session, setting_id)
    return _history(card, is_own=False)


def _history(card: SettingCard, *, is_own: bool) -> str:
    with ground().read() as session:
        page = page_of(count_reports(session, card.id))
        found = vacancy_reports(session, card.id, offset=page.offset, limit=page.size)
        names = persons(session, {report.reported_by for report, _, _ in found}) if is_own else {}
        bands = vacancies_of(session, [card.id]).get(card.id, [])
    return render_template(
        "fps/directory/places_history.html",
        card=card,
        reports=found,
        bands=bands,
        page=page,
        names=names,
        is_own=is_own,
        is_fresh=_fresh,
        channels=_CHANNELS,
    )
